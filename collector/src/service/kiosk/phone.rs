//! A customer's own phone: a link that a kiosk shows, the form behind it, and what the kiosk hears of it.
//!
//! In scope: who may ask for a link, how long it works, that it is used once. Out of scope: the answer itself, which is that of any form
//! on the web (`service::submit`).
//!
//! Invariant: nothing is stored for a link until somebody answers, and then in the commit of that answer. A kiosk hears that somebody
//! answered, and nothing of what.

use std::sync::Arc;

use shared::ids::{FormRef, KioskId, OrganisationId};
use shared::jwk::PublicKey;
use shared::kiosk::{
    KioskRefusal, PHONE_TYP, PhoneAnswer, PhoneClaims, PhoneRequest, PhoneState, read_signed,
};
use shared::limits::TICKET_OPEN_SECONDS_MAX;
use shared::receipt::AtKiosk;
use shared::refusal::Refusal;
use shared::ticket::Ticket;

use super::Refused;
use crate::catalogue::Organisation;
use crate::keys::random;
use crate::kiosks::{Known, ticket_key};
use crate::service::{Service, Shown, Wish, unavailable};
use crate::store::{Batch, Space};

impl Service {
    /// A link for a customer who would rather answer on their own phone.
    ///
    /// # Errors
    ///
    /// A [`Refused`]: only a kiosk that counts gets one.
    pub fn kiosk_phone(
        &self,
        name: &OrganisationId,
        id: KioskId,
        request: &PhoneRequest,
    ) -> Result<PhoneAnswer, Refused> {
        let organisation = self.kiosk_owner(name)?;
        let known = self.known_kiosk(organisation.number, &id)?;
        let key = known.row.state.key().and_then(|key| PublicKey::from_bytes(key).ok());
        let key = key.ok_or(KioskRefusal::KioskUnknown)?;
        let claims: PhoneClaims =
            read_signed(PHONE_TYP, &request.claims, key).map_err(|_| KioskRefusal::KioskUnknown)?;
        if claims.kiosk != id {
            return Err(KioskRefusal::KioskUnknown.into());
        }
        known.row.state.counts()?;
        let salt = random().map_err(|_| Refusal::StoreUnavailable)?;
        let issued = Self::now();
        let place = |name: &String| known.row.staff.iter().position(|other| other == name);
        let ticket = Ticket {
            kiosk: id,
            issued,
            behind_seconds: issued.unix_seconds() - claims.at.unix_seconds(),
            staff: claims.staff.as_ref().and_then(place).and_then(|place| u8::try_from(place).ok()),
            salt: *salt.first_chunk().expect("16 of 32 bytes"),
        };
        let seconds = u32::try_from(TICKET_OPEN_SECONDS_MAX).unwrap_or_default();
        Ok(PhoneAnswer { url: self.ticket_url(name, &ticket), seconds })
    }

    /// The form behind a link.
    #[must_use]
    pub fn ticket_url(&self, organisation: &OrganisationId, ticket: &Ticket) -> String {
        format!("{}/k/{organisation}/{}", self.base_url, ticket.seal(&self.keys.offer))
    }

    /// What somebody sees who opens a link in time.
    ///
    /// # Errors
    ///
    /// [`Refusal::PhoneLinkOver`] for a link that was used or is too old, or whose kiosk counts no more.
    pub fn shown_on_phone(
        &self,
        name: &OrganisationId,
        token: &str,
        wish: &Wish<'_>,
    ) -> Result<Shown, Refusal> {
        let (organisation, ticket) = self.ticket(name, token)?;
        let known = self.sent_by(&organisation, &ticket)?;
        if !ticket.may_be_opened(Self::now()) || self.is_used(&organisation, &ticket)? {
            return Err(Refusal::PhoneLinkOver);
        }
        let form = FormRef { organisation: name.clone(), form: known.row.form };
        Ok(Shown { ticket: Some(ticket), ..self.shown(&form, wish)? })
    }

    /// What became of a link.
    ///
    /// # Errors
    ///
    /// [`Refusal::LinkUnknown`] for what is no link of ours, or [`Refusal::StoreUnavailable`].
    pub fn phone_state(&self, name: &OrganisationId, token: &str) -> Result<PhoneState, Refusal> {
        let (organisation, ticket) = self.ticket(name, token)?;
        Ok(match (self.is_used(&organisation, &ticket)?, ticket.may_be_answered(Self::now())) {
            (true, _) => PhoneState::Done,
            (false, true) => PhoneState::Waiting,
            (false, false) => PhoneState::Over,
        })
    }

    fn ticket(&self, name: &OrganisationId, token: &str) -> Result<(Arc<Organisation>, Ticket), Refusal> {
        let organisation = self.registry.now().named(name).cloned().ok_or(Refusal::LinkUnknown)?;
        let ticket = Ticket::open(token, &self.keys.offer).ok_or(Refusal::LinkUnknown)?;
        Ok((organisation, ticket))
    }

    /// The kiosk of a ticket, while it counts.
    fn sent_by(&self, organisation: &Organisation, ticket: &Ticket) -> Result<Known, Refusal> {
        let snapshot = self.snapshot()?;
        let known =
            Known::read(snapshot.as_ref(), organisation.number, &ticket.kiosk).map_err(unavailable)?;
        known.filter(|known| known.row.state.counts().is_ok()).ok_or(Refusal::PhoneLinkOver)
    }

    fn is_used(&self, organisation: &Organisation, ticket: &Ticket) -> Result<bool, Refusal> {
        let row = self.snapshot()?.get(Space::KioskTicket, &ticket_key(organisation.number, ticket));
        row.map(|row| row.is_some()).map_err(unavailable)
    }

    /// What an answer by a ticket says of its kiosk. `rows` use the ticket up.
    ///
    /// # Errors
    ///
    /// [`Refusal::PhoneLinkOver`] where the kiosk counts no more.
    pub(in crate::service) fn use_ticket(
        &self,
        organisation: &Organisation,
        ticket: &Ticket,
        rows: &mut Batch,
    ) -> Result<AtKiosk, Refusal> {
        let known = self.sent_by(organisation, ticket)?;
        let key = ticket_key(organisation.number, ticket);
        let issued = ticket.issued.unix_seconds().to_be_bytes();
        rows.expect_absent(Space::KioskTicket, key.clone()).put(Space::KioskTicket, key, issued);
        let staff = ticket.staff.and_then(|place| known.row.staff.get(usize::from(place)));
        Ok(AtKiosk {
            at: ticket.at(),
            behind_seconds: ticket.behind_seconds,
            kiosk: ticket.kiosk,
            number: None,
            staff: staff.cloned(),
        })
    }
}
