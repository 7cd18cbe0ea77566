//! Kiosks at counters: becoming one, and handing in what happened there.
//!
//! In scope: pairing, whether a kiosk counts, the order of entries and what becomes of each number. Out of scope: what an entry does
//! (`take`), making one (`enrol`), rows (`crate::kiosks`).
//!
//! Invariant: a number is used up once, in the commit that says what became of it; what is refused is kept for the owner and stands in
//! the way of nothing that comes after it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use shared::ids::{KioskId, OrganisationId};
use shared::jwk::PublicKey;
use shared::kiosk::{
    Answered, ENTRY_TYP, EntryOutcome, Envelope, KioskRefusal, KioskSetting, Pairing, PairingAnswer,
    SYNC_TYP, SyncAnswer, SyncClaims, SyncRequest, read_signed,
};
use shared::limits::KIOSK_BATCH_MAX;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::manage::ATTEMPTS_MAX;
use super::{Service, refused, unavailable};
use crate::catalogue::Organisation;
use crate::kiosks::{self, EntryRow, Fate, Known, PairingCode, RefusedRow, State};
use crate::records::decode;
use crate::sequencer::{Draft, SequenceError};
use crate::store::{Batch, Space};

pub mod enrol;
mod files;
mod phone;
mod take;

/// Why a kiosk gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Because of what it is or sent.
    Kiosk(KioskRefusal),
    /// Because of the collector, or as anybody would be.
    Other(Refusal),
}

impl From<KioskRefusal> for Refused {
    fn from(refusal: KioskRefusal) -> Self {
        Self::Kiosk(refusal)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Other(refusal)
    }
}

/// A kiosk that asks, with what it says of itself.
struct Sender {
    organisation: Arc<Organisation>,
    id: KioskId,
    key: PublicKey,
    claims: SyncClaims,
    at: Timestamp,
}

impl Sender {
    /// By how many seconds its clock is behind ours.
    fn behind(&self) -> i64 {
        self.at.unix_seconds() - self.claims.at.unix_seconds()
    }
}

impl Service {
    /// Makes a screen the kiosk that its code stands for.
    ///
    /// # Errors
    ///
    /// [`KioskRefusal::PairingUnknown`], or a [`Refusal`].
    pub async fn pair(&self, name: &OrganisationId, pairing: &Pairing) -> Result<PairingAnswer, Refused> {
        let organisation = self.kiosk_owner(name)?;
        let bytes = URL_SAFE_NO_PAD.decode(&pairing.key).ok().and_then(|bytes| bytes.try_into().ok());
        let key: [u8; 32] = bytes.ok_or(Refusal::BodyInvalid)?;
        PublicKey::from_bytes(&key).map_err(|_| Refusal::BodyInvalid)?;
        let hash = PairingCode::parse(&pairing.code).ok_or(KioskRefusal::PairingUnknown)?.hash();
        let snapshot = self.snapshot()?;
        let all = Known::all(snapshot.as_ref(), organisation.number).map_err(unavailable)?;
        let now = Self::now().unix_seconds();
        let waits =
            |state: &State| matches!(state, State::Waiting { code, until } if *code == hash && now <= *until);
        let known = all.into_iter().find(|known| waits(&known.row.state));
        let known = known.ok_or(KioskRefusal::PairingUnknown)?;
        let mut after = known.row.clone();
        after.state = State::Paired(key);
        let mut rows = Batch::default();
        known.change(&mut rows, &after);
        match self.sequencer.store(Draft { rows, ..Draft::default() }).await {
            Ok(_) => {}
            // Somebody else was quicker with the same code.
            Err(SequenceError::Conflict { .. }) => return Err(KioskRefusal::PairingUnknown.into()),
            Err(error) => return Err(refused(error).into()),
        }
        let known = known.with(after);
        Ok(PairingAnswer { setting: self.kiosk_setting(&organisation, &known)? })
    }

    /// Takes what a kiosk hands in.
    ///
    /// # Errors
    ///
    /// A [`Refused`] where nothing at all was looked at.
    pub async fn kiosk_sync(
        &self,
        name: &OrganisationId,
        id: KioskId,
        request: &SyncRequest,
    ) -> Result<SyncAnswer, Refused> {
        let organisation = self.kiosk_owner(name)?;
        let (known, sender) = self.sender(organisation, id, request)?;
        if let Err(refusal) = known.row.state.counts() {
            self.keep_what_counts_no_more(&sender, request, refusal).await?;
            return Err(refusal.into());
        }
        let mut answers = Vec::with_capacity(request.entries.len());
        for text in &request.entries {
            answers.push(self.kiosk_entry(&sender, text).await?);
        }
        if !request.entries.is_empty() {
            self.settle_slips(sender.organisation.number).await?;
        }
        let known = self.seen(&sender).await?;
        known.row.state.counts()?;
        let setting = self.kiosk_setting(&sender.organisation, &known)?;
        Ok(SyncAnswer { answers, next: known.row.next, at: sender.at, setting })
    }

    fn kiosk_owner(&self, name: &OrganisationId) -> Result<Arc<Organisation>, Refused> {
        self.registry.now().named(name).cloned().ok_or(KioskRefusal::KioskUnknown.into())
    }

    fn known_kiosk(&self, organisation: u32, id: &KioskId) -> Result<Known, Refused> {
        let found = Known::read(self.snapshot()?.as_ref(), organisation, id).map_err(unavailable)?;
        found.ok_or(KioskRefusal::KioskUnknown.into())
    }

    /// The kiosk that signed a request.
    fn sender(
        &self,
        organisation: Arc<Organisation>,
        id: KioskId,
        request: &SyncRequest,
    ) -> Result<(Known, Sender), Refused> {
        if request.entries.len() > KIOSK_BATCH_MAX {
            return Err(Refusal::BodyTooLarge.into());
        }
        let known = self.known_kiosk(organisation.number, &id)?;
        let key = known.row.state.key().and_then(|key| PublicKey::from_bytes(key).ok());
        let key = key.ok_or(KioskRefusal::KioskUnknown)?;
        let claims: SyncClaims =
            read_signed(SYNC_TYP, &request.claims, key).map_err(|_| KioskRefusal::KioskUnknown)?;
        if claims.kiosk != id {
            return Err(KioskRefusal::KioskUnknown.into());
        }
        Ok((known, Sender { organisation, id, key, claims, at: Self::now() }))
    }

    /// Everything that a kiosk needs to work without network.
    fn kiosk_setting(&self, organisation: &Organisation, known: &Known) -> Result<KioskSetting, Refused> {
        let row = &known.row;
        let form = organisation.form(&row.form)?;
        let notices = row.languages.iter().filter_map(|language| form.notices.get(language)).cloned();
        Ok(KioskSetting {
            kiosk: known.id,
            name: row.name.clone(),
            place: row.place.clone(),
            organisation: organisation.catalogue.organisation.clone(),
            form: row.form.clone(),
            notices: notices.collect(),
            staff: row.staff.clone(),
            pin: row.pin.told(),
            idle_seconds: row.idle_seconds,
            seal: self.keys.kiosk.public(),
            base_url: self.base_url.clone(),
        })
    }

    /// One entry: what becomes of it, and its number.
    async fn kiosk_entry(&self, sender: &Sender, text: &str) -> Result<Answered, Refused> {
        let hash: [u8; 32] = Sha256::digest(text).into();
        let envelope: Result<Envelope, _> = read_signed(ENTRY_TYP, text, sender.key);
        let envelope = envelope.and_then(|envelope| match envelope.kiosk == sender.id {
            true => Ok(envelope),
            false => Err(KioskRefusal::EntryForeign),
        });
        let envelope = match envelope {
            Ok(envelope) => envelope,
            Err(refusal) => return self.not_taken(sender, text, None, refusal).await,
        };
        for _ in 0..ATTEMPTS_MAX {
            let known = self.known_kiosk(sender.organisation.number, &sender.id)?;
            if let Err(refusal) = known.row.state.counts() {
                return self.not_taken(sender, text, Some(envelope.number), refusal).await;
            }
            if envelope.number < known.row.next {
                return self.known_number(sender, text, &hash, envelope.number).await;
            }
            if envelope.number > known.row.next {
                let refusal = KioskRefusal::EntryOutOfOrder;
                return self.not_taken(sender, text, Some(envelope.number), refusal).await;
            }
            let Some(answered) = self.next_number(sender, &known, (text, hash), &envelope).await? else {
                continue;
            };
            return Ok(answered);
        }
        Err(Refusal::Overloaded.into())
    }

    /// Takes the entry whose turn it is. None: the kiosk's row changed meanwhile.
    async fn next_number(
        &self,
        sender: &Sender,
        known: &Known,
        (text, hash): (&str, [u8; 32]),
        envelope: &Envelope,
    ) -> Result<Option<Answered>, Refused> {
        let number = envelope.number;
        let taken = match self.keys.kiosk.open(&sender.id, number, &envelope.sealed) {
            Ok(entry) => self.take_entry(sender, &known.row.form, number, &entry).await,
            Err(refusal) => Ok(Err(refusal.code())),
        };
        let (receipt, fate) = match taken? {
            Ok((receipt, fate)) => (receipt, fate),
            Err(code) => (None, Fate::Refused(code.into())),
        };
        let mut after = known.row.clone();
        after.next = number + 1;
        let mut rows = Batch::default();
        let answered = match &fate {
            Fate::Refused(code) => {
                let at = sender.at.unix_seconds();
                let refused = RefusedRow { at, number: Some(number), code: code.clone(), entry: text.into() };
                kiosks::refuse(&mut rows, known, &mut after, &refused);
                tracing::warn!(kiosk = %sender.id, number, code, "an entry of a kiosk was refused");
                Answered { outcome: EntryOutcome::Refused, code: Some(code.clone()) }
            }
            _ => Answered { outcome: EntryOutcome::Stored, code: None },
        };
        let row = EntryRow { hash, fate };
        let key = kiosks::entry_key(known.organisation, &sender.id, number);
        rows.expect_absent(Space::KioskEntry, key.clone());
        rows.put(Space::KioskEntry, key, crate::records::encode(&row));
        known.change(&mut rows, &after);
        if let Some(receipt) = &receipt {
            take::expect_free_slip(&mut rows, receipt);
        }
        match self.sequencer.store(Draft { receipt, rows, ..Draft::default() }).await {
            Ok(_) => Ok(Some(answered)),
            Err(SequenceError::Conflict { .. }) => Ok(None),
            Err(error) => Err(refused(error).into()),
        }
    }

    /// What is said of a number that is used up: the same as the first time, or that somebody else used it.
    async fn known_number(
        &self,
        sender: &Sender,
        text: &str,
        hash: &[u8; 32],
        number: u64,
    ) -> Result<Answered, Refused> {
        let key = kiosks::entry_key(sender.organisation.number, &sender.id, number);
        let row = self.snapshot()?.get(Space::KioskEntry, &key).map_err(unavailable)?;
        let row: Option<EntryRow> = row.as_deref().map(decode).transpose().map_err(unavailable)?;
        match row {
            Some(EntryRow { hash: first, fate: Fate::Refused(code) }) if first == *hash => {
                Ok(Answered { outcome: EntryOutcome::Refused, code: Some(code) })
            }
            Some(row) if row.hash == *hash => Ok(Answered { outcome: EntryOutcome::Stored, code: None }),
            _ => self.not_taken(sender, text, Some(number), KioskRefusal::EntryNumberUsed).await,
        }
    }

    /// Keeps a refused entry for the owner. Two entries under one number are two screens: the kiosk is stopped with it.
    async fn not_taken(
        &self,
        sender: &Sender,
        text: &str,
        number: Option<u64>,
        refusal: KioskRefusal,
    ) -> Result<Answered, Refused> {
        tracing::warn!(kiosk = %sender.id, number, code = refusal.code(), "an entry of a kiosk was not taken");
        let at = sender.at.unix_seconds();
        self.change_kiosk(sender, |known, rows, after| {
            let code = refusal.code().into();
            kiosks::refuse(rows, known, after, &RefusedRow { at, number, code, entry: text.into() });
            if let (KioskRefusal::EntryNumberUsed, State::Paired(key)) = (refusal, &known.row.state) {
                after.state = State::Cloned { key: *key, at };
            }
        })
        .await?;
        Ok(Answered { outcome: EntryOutcome::NotTaken, code: Some(refusal.code().into()) })
    }

    /// Keeps everything that a kiosk sends which counts no more. Who took something back with it is heard all the same.
    async fn keep_what_counts_no_more(
        &self,
        sender: &Sender,
        request: &SyncRequest,
        refusal: KioskRefusal,
    ) -> Result<(), Refused> {
        for text in &request.entries {
            let envelope: Option<Envelope> = read_signed(ENTRY_TYP, text, sender.key).ok();
            if let Some(envelope) = envelope.as_ref().filter(|envelope| envelope.kiosk == sender.id) {
                self.hear_withdrawal(sender, envelope).await?;
            }
            self.not_taken(sender, text, envelope.map(|envelope| envelope.number), refusal).await?;
        }
        self.seen(sender).await.map(drop)
    }

    /// Notes that a kiosk sent, and what it said of itself.
    async fn seen(&self, sender: &Sender) -> Result<Known, Refused> {
        self.change_kiosk(sender, |_, _, after| {
            after.seen = Some(sender.at.unix_seconds());
            after.behind = sender.behind();
            after.held = sender.claims.held;
        })
        .await
    }

    async fn change_kiosk(
        &self,
        sender: &Sender,
        change: impl Fn(&Known, &mut Batch, &mut kiosks::KioskRow),
    ) -> Result<Known, Refused> {
        for _ in 0..ATTEMPTS_MAX {
            let known = self.known_kiosk(sender.organisation.number, &sender.id)?;
            let (mut rows, mut after) = (Batch::default(), known.row.clone());
            change(&known, &mut rows, &mut after);
            known.change(&mut rows, &after);
            match self.sequencer.store(Draft { rows, ..Draft::default() }).await {
                Ok(_) => return Ok(known.with(after)),
                Err(SequenceError::Conflict { .. }) => {}
                Err(error) => return Err(refused(error).into()),
            }
        }
        Err(Refusal::Overloaded.into())
    }
}
