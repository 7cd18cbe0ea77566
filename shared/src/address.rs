//! What stands under one address, where several people's records may lie.
//!
//! Every submit is a subject of its own (decision 0003), so one address may have several. This module says which of them
//! decides, and what brought each consent to where it stands.
//!
//! In scope: following one subject's receipts with the proof of each step, and weighing consents of several subjects.
//! Out of scope: which subjects an address has, and where that is stored (collector).
//!
//! Invariant: pure and total. Whoever stops what stood for them has stopped it for the address, until a later yes; nothing
//! that was never agreed to weighs against what was.

use alloc::vec::Vec;

use crate::ids::{PurposeId, PurposeVersion};
use crate::lifecycle::{Consent, ConsentState, Consents};
use crate::purpose::Basis;
use crate::receipt::{Decided, Decision, fold};
use crate::time::Timestamp;

/// One consent of one subject, and what brought it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands<Proof> {
    /// The consent.
    pub consent: Consent,
    /// Whether it ever stood, or was objected to at a sale: what was only asked for can be stopped too, and that says nothing to
    /// others.
    pub agreed: bool,
    /// What brought it to where it stands.
    pub by: Proof,
}

/// All consents of one subject, in the order in which they were first asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<Proof>(pub Vec<Stands<Proof>>);

impl<Proof> Default for Standing<Proof> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Proof: Clone> Standing<Proof> {
    /// What stands after the decisions of one more receipt.
    #[must_use]
    pub fn after(mut self, decisions: &[Decision], at: Timestamp, by: &Proof) -> Self {
        let before = Consents(self.0.iter().map(|stands| stands.consent.clone()).collect());
        for consent in fold(before, decisions, at).0 {
            let stood =
                consent.is_given() || consent.is_soft_opt_in() || objects(decisions, &consent.purpose);
            match self.0.iter_mut().find(|stands| stands.consent.purpose == consent.purpose) {
                Some(stands) if stands.consent == consent => {}
                Some(stands) => {
                    let agreed = stands.agreed || stood;
                    *stands = Stands { consent, agreed, by: by.clone() };
                }
                None => self.0.push(Stands { consent, agreed: stood, by: by.clone() }),
            }
        }
        self
    }

    /// The consent to one purpose, if it was ever asked.
    #[must_use]
    pub fn get(&self, purpose: &PurposeId) -> Option<&Stands<Proof>> {
        self.0.iter().find(|stands| stands.consent.purpose == *purpose)
    }
}

/// Whether they object to what rests on a sale: that counts also where nothing stood yet.
fn objects(decisions: &[Decision], purpose: &PurposeId) -> bool {
    decisions.iter().any(|one| one.purpose == *purpose && one.decided == Decided::Objected)
}

/// What one consent says about the address, beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Where it stands.
    pub state: ConsentState,
    /// The version that this is about.
    pub version: PurposeVersion,
    /// Whether it ever stood, or was objected to at a sale.
    pub agreed: bool,
}

/// How much a claim weighs.
///
/// The heaviest decides; of equals the one whose receipt was stored last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing was ever agreed to.
    Asked,
    /// It was agreed to, and by itself that is over; or it was another version.
    Over,
    /// It stands, or somebody for whom it stood took it back.
    Decides,
}

impl<Proof> Stands<Proof> {
    /// What it says about the address.
    #[must_use]
    pub const fn claim(&self) -> Claim {
        Claim { state: self.consent.state, version: self.consent.version, agreed: self.agreed }
    }
}

impl Claim {
    /// Whether the data may be used at a moment. Without a version, consent to whichever was given counts.
    #[must_use]
    pub fn may_process(self, version: Option<PurposeVersion>, at: Timestamp) -> bool {
        self.state.may_process(at) && version.is_none_or(|version| version == self.version)
    }

    /// On what it rests, if it stands.
    #[must_use]
    pub const fn basis(self) -> Basis {
        match self.state {
            ConsentState::SoftOptIn { .. } => Basis::SoftOptIn,
            _ => Basis::Consent,
        }
    }

    /// How much it weighs at a moment, when consent to this version is asked about.
    #[must_use]
    pub fn weight(self, version: Option<PurposeVersion>, at: Timestamp) -> Weight {
        match self.state {
            _ if self.may_process(version, at) => Weight::Decides,
            ConsentState::Given { .. } | ConsentState::SoftOptIn { .. } | ConsentState::Expired => {
                Weight::Over
            }
            ConsentState::Withdrawn if self.agreed => Weight::Decides,
            ConsentState::Withdrawn
            | ConsentState::Refused
            | ConsentState::Requested { .. }
            | ConsentState::Lapsed
            | ConsentState::Unproven => Weight::Asked,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    fn letter() -> PurposeId {
        PurposeId::parse("letter").unwrap()
    }

    fn decision(decided: Decided, until: Option<i64>) -> Decision {
        let version = PurposeVersion::FIRST;
        Decision { decided, purpose: letter(), until: until.map(at), version }
    }

    /// One subject's acts: when, under which number, and what was decided.
    fn subject(acts: &[(i64, Decided)]) -> Standing<i64> {
        acts.iter().fold(Standing::default(), |standing, (number, decided)| {
            let stands = matches!(decided, Decided::Given | Decided::NotObjected);
            let until = stands.then_some(100 + number);
            standing.after(&[decision(*decided, until)], at(*number), number)
        })
    }

    /// The number of the receipt that decides at a moment.
    #[track_caller]
    fn check(subjects: &[&[(i64, Decided)]], now: i64, expected: (i64, Weight)) {
        let all: Vec<Standing<i64>> = subjects.iter().map(|acts| subject(acts)).collect();
        let weighed = all
            .iter()
            .filter_map(|standing| standing.get(&letter()))
            .map(|stands| (stands.claim().weight(Some(PurposeVersion::FIRST), at(now)), stands.by));
        let (weight, number) = weighed.max().unwrap();
        assert_eq!((number, weight), expected);
    }

    #[test]
    fn whoever_stops_has_stopped_until_a_later_yes() {
        use Decided::{Given, Withdrawn};
        check(&[&[(1, Given)], &[(2, Given), (3, Withdrawn)]], 9, (3, Weight::Decides));
        check(&[&[(1, Given), (2, Withdrawn)], &[(3, Given)]], 9, (3, Weight::Decides));
    }

    #[test]
    fn the_end_of_an_old_term_does_not_end_a_newer_one() {
        use Decided::{Expired, Given};
        check(&[&[(1, Given), (101, Expired)], &[(90, Given)]], 150, (90, Weight::Decides));
        check(&[&[(1, Given), (101, Expired)], &[(90, Given)]], 200, (101, Weight::Over));
    }

    #[test]
    fn who_objects_at_a_sale_has_stopped_what_earlier_sales_allow() {
        use Decided::{NotObjected, Objected};
        check(&[&[(1, NotObjected)], &[(2, Objected)]], 9, (2, Weight::Decides));
        check(&[&[(1, NotObjected), (3, Objected)], &[(2, NotObjected)]], 9, (3, Weight::Decides));
        check(&[&[(1, NotObjected)], &[(2, NotObjected)]], 9, (2, Weight::Decides));
        check(&[&[(1, NotObjected)]], 200, (1, Weight::Over));
    }

    #[test]
    fn what_was_never_agreed_to_weighs_nothing() {
        use Decided::{Given, NotGiven, Withdrawn};
        check(&[&[(1, Given)], &[(2, NotGiven)]], 9, (1, Weight::Decides));
        check(&[&[(1, Given)], &[(2, NotGiven), (3, Withdrawn)]], 9, (1, Weight::Decides));
        check(&[&[(2, NotGiven)], &[(3, NotGiven)]], 9, (3, Weight::Asked));
    }

    #[test]
    fn the_proof_is_that_of_the_step_that_changed_something() {
        use Decided::{Given, NotGiven, Withdrawn};
        let standing = subject(&[(1, Given), (2, NotGiven)]);
        assert_eq!(standing.get(&letter()).map(|stands| (stands.by, stands.agreed)), Some((1, true)));
        let standing = subject(&[(1, NotGiven), (2, Given), (3, Withdrawn), (4, Given)]);
        assert_eq!(standing.0, vec![Stands { consent: standing.0[0].consent.clone(), agreed: true, by: 4 }]);
    }
}
