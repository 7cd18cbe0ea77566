//! Messages to own customers without consent (Tw 11.7(3)): what a sale allows, and what becomes of it.
//!
//! In scope: what the receipt of a sale says beside others, and the fate of a sale given what is known of its address. Out of scope:
//! reading requests, finding addresses (collector).
//!
//! Invariant: pure and total. Nothing here is consent and nothing here says "given". Without the offer to object there is no such
//! basis, and whatever a shop says it sold never outweighs what a person did: who stopped, objected or was erased stays away.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::ids::ProductGroup;
use crate::import::Known;
use crate::language::Language;
use crate::lifecycle::UnixSeconds;
use crate::receipt::{Act, CollectionMethod, Decided, Decision, Receipt};
use crate::time::Timestamp;

/// A sale that says less than a month more than one that is known already is not written down again: whoever buys every day does
/// not need a receipt for each.
const WORTH_NOTING_SECONDS: i64 = 30 * 24 * 60 * 60;

/// What was sold, on the receipt of a sale: a claim of the organisation's, kept as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sold {
    /// What was bought, as the organisation groups it.
    pub product_group: ProductGroup,
    /// Where the organisation's own proof of the sale is, such as the number of an order.
    pub sale: String,
    /// When it was sold, as the organisation says.
    pub sold_at: Timestamp,
}

/// Whether a receipt says of a sale what it must: a sale names what was sold, nothing else does, and it agrees to nothing.
#[must_use]
pub fn is_told(receipt: &Receipt) -> bool {
    let Some(sold) = &receipt.sold else {
        let begins = |decision: &Decision| decision.decided == Decided::NotObjected;
        let elsewhere = receipt.act != Act::Sale && receipt.method != CollectionMethod::Sale;
        return elsewhere && !receipt.decisions.iter().any(begins);
    };
    let holds = |decision: &Decision| match decision.decided {
        Decided::NotObjected => decision.until.is_some(),
        Decided::Objected => decision.until.is_none(),
        _ => false,
    };
    receipt.act == Act::Sale
        && receipt.method == CollectionMethod::Sale
        && sold.sold_at <= receipt.at
        && !receipt.decisions.is_empty()
        && receipt.decisions.iter().all(holds)
}

/// What a shop says of the objection at a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Objection {
    /// The person could object, free of charge and easily, and did not.
    Offered,
    /// The person objected.
    Made,
    /// Nobody asked. Then there is no basis.
    NotOffered,
}

/// What becomes of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaleFate {
    /// The customer may be sent messages until this moment, in Unix seconds.
    Recorded(UnixSeconds),
    /// The customer objected at the sale, which is written down.
    ObjectedAtSale,
    /// It is known already, for about as long.
    AlreadyRecorded,
    /// The owner of the address asked to be erased.
    Suppressed,
    /// The person stopped here.
    Stopped,
    /// The person objected to all advertising.
    Objected,
    /// Nobody offered the objection.
    ObjectionNotOffered,
    /// The sale is longer ago than it counts.
    TooOld,
    /// The date has not come yet.
    DateAhead,
    /// The purpose rests on consent, or there is none of that name for customers.
    PurposeUnfit,
    /// What was sold is of another group than the purpose is about.
    ProductGroupDiffers,
    /// A date that cannot be read.
    DateInvalid,
    /// An address that cannot be right.
    EmailInvalid,
    /// A reference that is too long, or that may name a person.
    SaleInvalid,
}

impl SaleFate {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Recorded(0),
        Self::ObjectedAtSale,
        Self::AlreadyRecorded,
        Self::Suppressed,
        Self::Stopped,
        Self::Objected,
        Self::ObjectionNotOffered,
        Self::TooOld,
        Self::DateAhead,
        Self::PurposeUnfit,
        Self::ProductGroupDiffers,
        Self::DateInvalid,
        Self::EmailInvalid,
        Self::SaleInvalid,
    ];

    /// The fate of a sale at a moment, which counts until `until`, beside what is known of the address; `stands` says until when an
    /// earlier sale counts.
    #[must_use]
    pub fn of(
        (sold_at, until): (Timestamp, Timestamp),
        objection: Objection,
        known: Known,
        stands: Option<UnixSeconds>,
        now: Timestamp,
    ) -> Self {
        if objection == Objection::NotOffered {
            return Self::ObjectionNotOffered;
        }
        if known.suppressed {
            return Self::Suppressed;
        }
        if known.objected {
            return Self::Objected;
        }
        if known.stopped {
            return Self::Stopped;
        }
        if sold_at > now {
            return Self::DateAhead;
        }
        if objection == Objection::Made {
            return Self::ObjectedAtSale;
        }
        if until <= now {
            return Self::TooOld;
        }
        match stands {
            Some(end) if until.unix_seconds() < end.saturating_add(WORTH_NOTING_SECONDS) => {
                Self::AlreadyRecorded
            }
            _ => Self::Recorded(until.unix_seconds()),
        }
    }

    /// Whether it makes a receipt.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Recorded(_) | Self::ObjectedAtSale)
    }

    /// The stable code, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recorded(_) => "recorded",
            Self::ObjectedAtSale => "objected_at_sale",
            Self::AlreadyRecorded => "already_recorded",
            Self::Suppressed => "suppressed",
            Self::Stopped => "stopped",
            Self::Objected => "objected",
            Self::ObjectionNotOffered => "objection_not_offered",
            Self::TooOld => "too_old",
            Self::DateAhead => "date_ahead",
            Self::PurposeUnfit => "purpose_unfit",
            Self::ProductGroupDiffers => "product_group_differs",
            Self::DateInvalid => "date_invalid",
            Self::EmailInvalid => "email_invalid",
            Self::SaleInvalid => "sale_invalid",
        }
    }

    /// A plain sentence that says what became of the sale, and what to do.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En | Language::Ar => self.english(),
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::Recorded(_) => "Genoteerd: deze klant mag berichten krijgen over wat hij kocht.",
            Self::ObjectedAtSale => "Genoteerd: deze klant wil geen berichten.",
            Self::AlreadyRecorded => "Dit is al bekend. Er verandert niets.",
            Self::Suppressed => "Deze persoon liet alles wissen. Alleen zelf opnieuw bevestigen kan.",
            Self::Stopped => "Deze persoon is hier gestopt. Een nieuwe aankoop verandert dat niet.",
            Self::Objected => "Deze persoon wil geen reclame meer. Een nieuwe aankoop verandert dat niet.",
            Self::ObjectionNotOffered => {
                "Zonder de kans op bezwaar bij de verkoop mag dit niet (Tw 11.7 lid 3). Er is niets bewaard."
            }
            Self::TooOld => "Deze verkoop is langer geleden dan hij mag tellen.",
            Self::DateAhead => "Deze datum moet nog komen.",
            Self::PurposeUnfit => {
                "Dit doel is niet voor klanten: het vraagt toestemming, of het bestaat niet."
            }
            Self::ProductGroupDiffers => {
                "Dit doel gaat over andere producten. Kies het doel dat erbij hoort."
            }
            Self::DateInvalid => "Deze datum is niet te lezen. Schrijf 2026-05-03.",
            Self::EmailInvalid => "Dit e-mailadres klopt niet.",
            Self::SaleInvalid => {
                "Dit verkoopnummer is te lang of kan een persoon noemen. Gebruik een nummer of code van hooguit 80 tekens."
            }
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Recorded(_) => "Written down: this customer may get messages about what they bought.",
            Self::ObjectedAtSale => "Written down: this customer wants no messages.",
            Self::AlreadyRecorded => "This is known already. Nothing changes.",
            Self::Suppressed => {
                "This person had everything erased. Only their own fresh confirmation brings them back."
            }
            Self::Stopped => "This person stopped here. Another purchase does not change that.",
            Self::Objected => {
                "This person objected to all advertising. Another purchase does not change that."
            }
            Self::ObjectionNotOffered => {
                "Without the chance to object at the sale this is not allowed (Tw 11.7(3)). Nothing is stored."
            }
            Self::TooOld => "This sale is longer ago than it may count.",
            Self::DateAhead => "This date has not come yet.",
            Self::PurposeUnfit => "This purpose is not for customers: it asks for consent, or there is none.",
            Self::ProductGroupDiffers => {
                "This purpose is about other products. Choose the purpose that goes with them."
            }
            Self::DateInvalid => "This date cannot be read. Write 2026-05-03.",
            Self::EmailInvalid => "This e-mail address is not right.",
            Self::SaleInvalid => {
                "This number of the sale is too long or may name a person. Use a number or code of at most 80 characters."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: i64 = 86_400;

    #[track_caller]
    fn check(sold_days_ago: i64, objection: Objection, known: Known, stands: Option<i64>, expected: &str) {
        let now = Timestamp::from_unix_seconds(NOW);
        let sold = now.plus_seconds(-sold_days_ago * DAY);
        let fate = SaleFate::of((sold, sold.plus_months(24)), objection, known, stands, now);
        assert_eq!(fate.code(), expected, "{sold_days_ago} {objection:?} {known:?} {stands:?}");
    }

    #[test]
    fn a_sale_counts_from_its_day_and_only_where_the_objection_was_offered() {
        let nobody = Known::default();
        check(1, Objection::Offered, nobody, None, "recorded");
        check(1, Objection::NotOffered, nobody, None, "objection_not_offered");
        check(1, Objection::Made, nobody, None, "objected_at_sale");
        check(-1, Objection::Offered, nobody, None, "date_ahead");
        check(800, Objection::Offered, nobody, None, "too_old");
    }

    #[test]
    fn no_sale_outweighs_what_a_person_did() {
        for objection in [Objection::Offered, Objection::Made] {
            let known = Known { suppressed: true, stopped: true, ..Known::default() };
            check(1, objection, known, None, "suppressed");
            check(1, objection, Known { objected: true, ..Known::default() }, None, "objected");
            check(1, objection, Known { stopped: true, ..Known::default() }, None, "stopped");
        }
    }

    #[test]
    fn whoever_buys_every_day_has_a_receipt_a_month_and_may_object_at_any_sale() {
        let known = Known { stands: true, known: true, ..Known::default() };
        let end = Timestamp::from_unix_seconds(NOW - 10 * DAY).plus_months(24).unix_seconds();
        check(1, Objection::Offered, known, Some(end), "already_recorded");
        check(1, Objection::Offered, known, Some(end - 40 * DAY), "recorded");
        check(1, Objection::Made, known, Some(end), "objected_at_sale");
    }

    #[test]
    fn every_fate_has_a_code_of_its_own_and_words() {
        let mut codes: alloc::vec::Vec<&str> = SaleFate::ALL.iter().map(|fate| fate.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SaleFate::ALL.len());
        for fate in SaleFate::ALL {
            assert!(Language::ALL.iter().all(|language| !fate.sentence(*language).is_empty()));
        }
    }
}
