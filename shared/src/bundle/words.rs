//! What was found, in words for people.
//!
//! In scope: titles and sentences in each language. Out of scope: codes for programs (`report`).
//!
//! Invariant: no sentence says more than was checked; what was not checked is said to be so.

use alloc::format;
use alloc::string::String;

use super::lines::Summary;
use super::report::{Checked, Fault, Open, Outcome, Report, Step, Verdict};
use crate::jws::JwsError;
use crate::language::Language;

impl Verdict {
    /// The one sentence above all others.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Nl, Self::Holds) => "Dit bewijs klopt.",
            (Language::Nl, Self::HoldsByItsOwnKeys) => {
                "Dit bewijs klopt, als de sleutels in dit bestand echt van de afzender zijn."
            }
            (Language::Nl, Self::Open) => "Zonder sleutels is dit bewijs niet te controleren.",
            (Language::Nl, Self::Fails) => "Dit bewijs klopt niet.",
            (Language::En | Language::Ar, Self::Holds) => "This evidence holds.",
            (Language::En | Language::Ar, Self::HoldsByItsOwnKeys) => {
                "This evidence holds, if the keys in this file are really the sender's."
            }
            (Language::En | Language::Ar, Self::Open) => "Without keys, this evidence cannot be checked.",
            (Language::En | Language::Ar, Self::Fails) => "This evidence does not hold.",
        }
    }
}

impl Step {
    /// A few words.
    #[must_use]
    pub const fn title(self, language: Language) -> &'static str {
        match language {
            Language::Nl => match self {
                Self::File => "Het bestand",
                Self::Keys => "De sleutels",
                Self::Receipts => "De handtekening",
                Self::Wording => "De tekst",
                Self::Checkpoint => "De stand van het logboek",
                Self::Place => "De plaats in het logboek",
                Self::History => "De hele geschiedenis",
                Self::Kept => "De stand die u bewaarde",
                Self::Witnesses => "Getuigen",
            },
            Language::En | Language::Ar => match self {
                Self::File => "The file",
                Self::Keys => "The keys",
                Self::Receipts => "The signature",
                Self::Wording => "The wording",
                Self::Checkpoint => "The head of the log",
                Self::Place => "The place in the log",
                Self::History => "The whole history",
                Self::Kept => "The head that you kept",
                Self::Witnesses => "Witnesses",
            },
        }
    }
}

impl Checked {
    /// What was found at this step.
    #[must_use]
    pub fn sentence(&self, report: &Report, language: Language) -> String {
        match self.outcome {
            Outcome::Holds => holds(self.step, report, language),
            Outcome::NotChecked(open) => open.sentence(language).into(),
            Outcome::Fails(fault, None) => fault.sentence(language).into(),
            Outcome::Fails(fault, Some(at)) => match language {
                Language::Nl => format!("{} (Bewijs {at}.)", fault.sentence(language)),
                Language::En | Language::Ar => format!("{} (Receipt {at}.)", fault.sentence(language)),
            },
        }
    }
}

fn holds(step: Step, report: &Report, language: Language) -> String {
    let (count, size) = (report.receipts.len(), report.head.as_ref().map_or(0, |head| head.size));
    let several = count != 1;
    let listed = report.receipts.iter().any(|receipt| receipt.imported.is_some());
    match language {
        Language::Nl => match step {
            Step::File => "Het bestand is heel en heeft de juiste vorm.".into(),
            Step::Keys => "Wij gebruikten de sleutels die u al had.".into(),
            Step::Receipts if several => {
                format!("Alle {count} bewijzen zijn echt ondertekend en niet veranderd.")
            }
            Step::Receipts => "Het bewijs is echt ondertekend en niet veranderd.".into(),
            Step::Wording if listed => {
                "De teksten zijn precies die uit het bewijs. Dat de lijst ze toonde, zegt de organisatie.".into()
            }
            Step::Wording => "Dit is precies de tekst die op het scherm stond.".into(),
            Step::Checkpoint => {
                format!("De stand van het logboek is ondertekend. Aantal regels: {size}.")
            }
            Step::Place if several => "Elk bewijs staat in het logboek, op zijn eigen plaats.".into(),
            Step::Place => "Het bewijs staat in het logboek, op zijn eigen plaats.".into(),
            Step::History => {
                format!("De afzender heeft ondertekend dat dit alles is. Aantal: {count}, in deze volgorde.")
            }
            Step::Kept => "Het logboek is sinds toen alleen gegroeid. Er is niets uit weggehaald.".into(),
            Step::Witnesses => format!("Gezien door {} van uw getuigen.", report.witnesses),
        },
        Language::En | Language::Ar => match step {
            Step::File => "The file is whole and has the right form.".into(),
            Step::Keys => "We used the keys that you already had.".into(),
            Step::Receipts if several => {
                format!("All {count} receipts are really signed and were not changed.")
            }
            Step::Receipts => "The receipt is really signed and was not changed.".into(),
            Step::Wording if listed => {
                "The texts are exactly those of the receipt. That the list showed them, the organisation says.".into()
            }
            Step::Wording => "This is exactly the text that was on the screen.".into(),
            Step::Checkpoint => format!("The head of the log is signed. Entries: {size}."),
            Step::Place if several => "Each receipt stands in the log, at its own place.".into(),
            Step::Place => "The receipt stands in the log, at its own place.".into(),
            Step::History => {
                format!("The sender has signed that this is all. Receipts: {count}, in this order.")
            }
            Step::Kept => "The log has only grown since then. Nothing was taken out of it.".into(),
            Step::Witnesses => format!("Seen by {} of your witnesses.", report.witnesses),
        },
    }
}

impl Summary {
    /// What the lines of an organisation are, where all of them hold.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let Self { head, receipts, erased, notices, .. } = self;
        let size = head.size;
        match language {
            Language::Nl => format!(
                "Samen zijn de regels precies het logboek: er ontbreekt niets. Regels: {size}. \
                 Bewijzen: {receipts}. Gewist: {erased}. Teksten: {notices}."
            ),
            Language::En | Language::Ar => format!(
                "Together, the lines are exactly the log: nothing is missing. Entries: {size}. \
                 Receipts: {receipts}. Erased: {erased}. Wordings: {notices}."
            ),
        }
    }
}

impl Open {
    /// Why a step was not checked.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => match self {
                Self::OwnKeys => {
                    "Wij gebruikten de sleutels in dit bestand. Vergelijk ze met de sleutels op de website van de afzender."
                }
                Self::NoKeys => {
                    "Niet nagegaan: dit bestand heeft geen sleutels. Geef ook het bestand jwks.json van de afzender."
                }
                Self::Alone => {
                    "Niet nagegaan: dit is een los bewijs. Vraag het bestand dat eindigt op .vinkje.json."
                }
                Self::OneReceipt => {
                    "Niet nagegaan: dit bestand gaat over één bewijs. Of er meer zijn, zegt het niet."
                }
                Self::NothingKept => "Niet nagegaan: u gaf geen stand van het logboek die u eerder bewaarde.",
                Self::OtherSize => {
                    "Niet nagegaan: dit bestand heeft geen bewijs voor de stand die u bewaarde. Vraag een nieuw bestand."
                }
                Self::NoWitnesses => "Niet nagegaan: u noemde geen getuigen.",
                Self::NoCosignature => "Geen van uw getuigen heeft deze stand ondertekend.",
                Self::Earlier => "Niet nagegaan: een eerdere stap klopt niet.",
            },
            Language::En | Language::Ar => match self {
                Self::OwnKeys => {
                    "We used the keys in this file. Compare them with the keys on the sender's website."
                }
                Self::NoKeys => "Not checked: this file has no keys. Give the sender's file jwks.json too.",
                Self::Alone => {
                    "Not checked: this is a receipt alone. Ask for the file that ends in .vinkje.json."
                }
                Self::OneReceipt => {
                    "Not checked: this file is about one receipt. Whether there are more it does not say."
                }
                Self::NothingKept => "Not checked: you gave no head of the log that you kept before.",
                Self::OtherSize => {
                    "Not checked: this file has no proof for the head that you kept. Ask for a new file."
                }
                Self::NoWitnesses => "Not checked: you named no witnesses.",
                Self::NoCosignature => "None of your witnesses has signed this head.",
                Self::Earlier => "Not checked: an earlier step does not hold.",
            },
        }
    }
}

impl Fault {
    /// What is wrong.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En | Language::Ar => self.english(),
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::TooLong => "Het bestand is te groot.",
            Self::NotJson => {
                "Dit bestand kunnen wij niet lezen. Is het een bewijs dat eindigt op .vinkje.json?"
            }
            Self::NotCanonical => "Het bestand is na het maken veranderd: het is anders geschreven.",
            Self::NotABundle => "Dit bestand heeft niet de vorm van een bewijs.",
            Self::KeySet => "Een sleutel in dit bestand klopt niet.",
            Self::LogKey => "De sleutel van het logboek klopt niet.",
            Self::Receipt(error) => receipt_dutch(error),
            Self::WordingMissing => {
                "De tekst in dit bestand is niet de tekst die is ondertekend: hij is veranderd of verwisseld."
            }
            Self::WordingUnused => {
                "Er zit een tekst in dit bestand die bij geen bewijs hoort, of op de verkeerde plaats."
            }
            Self::WordingInvalid => "De tekst heeft niet de vorm van een formulier.",
            Self::WordingOther => {
                "De tekst is van een ander formulier, een andere versie of in een andere taal."
            }
            Self::BoxesDiffer => "Het bewijs noemt andere vakjes dan er in de tekst staan.",
            Self::ImportFalse => "Het bewijs van een overgenomen lijst zegt niet wat het moet zeggen.",
            Self::RegisteredFalse => {
                "Het bewijs van wat aan een balie gebeurde zegt niet wat het moet zeggen."
            }
            Self::SaleFalse => "Het bewijs van een verkoop zegt niet wat het moet zeggen.",
            Self::CheckpointShape => "De stand van het logboek kunnen wij niet lezen.",
            Self::CheckpointUnsigned => "De stand van het logboek is niet met deze sleutel ondertekend.",
            Self::CheckpointSignature => "De handtekening onder de stand van het logboek is vals.",
            Self::OtherLog => "Dit is de stand van een ander logboek.",
            Self::NotInLog => "Het bewijs staat niet op deze plaats in het logboek.",
            Self::LogDiffers => {
                "De regels zijn niet precies het logboek: er ontbreekt iets, of er is iets veranderd."
            }
            Self::HistoryMissing => "De afzender heeft niet ondertekend welke bewijzen er zijn.",
            Self::HistoryInvalid => "De ondertekende lijst van bewijzen is vals.",
            Self::HistoryOtherPerson => "Er zit een bewijs van iemand anders bij.",
            Self::HistoryDiffers => {
                "Er ontbreekt een bewijs, er is er een te veel, of de volgorde is veranderd."
            }
            Self::HistoryOrder => "De bewijzen staan in het logboek in een andere volgorde.",
            Self::HistoryImpossible => "Er stopt een toestemming die er niet was.",
            Self::KeptInvalid => "De stand die u bewaarde is niet van dit logboek.",
            Self::Forked => {
                "Het logboek is herschreven: het bevat niet wat er stond toen u de stand bewaarde."
            }
            Self::WitnessFalse => "De handtekening van een getuige is vals.",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::TooLong => "The file is too large.",
            Self::NotJson => "We cannot read this file. Is it evidence that ends in .vinkje.json?",
            Self::NotCanonical => "The file was changed after it was made: it is spelled in another way.",
            Self::NotABundle => "This file does not have the form of evidence.",
            Self::KeySet => "A key in this file is not right.",
            Self::LogKey => "The key of the log is not right.",
            Self::Receipt(error) => receipt_english(error),
            Self::WordingMissing => {
                "The wording in this file is not the one that was signed: it was changed or swapped."
            }
            Self::WordingUnused => {
                "There is a wording in this file that belongs to no receipt, or in the wrong place."
            }
            Self::WordingInvalid => "The wording does not have the form of a form's.",
            Self::WordingOther => "The wording is of another form, another version or in another language.",
            Self::BoxesDiffer => "The receipt names other boxes than the wording has.",
            Self::ImportFalse => "The receipt of an imported list does not say what it must.",
            Self::RegisteredFalse => "The receipt of what happened at a counter does not say what it must.",
            Self::SaleFalse => "The receipt of a sale does not say what it must.",
            Self::CheckpointShape => "We cannot read the head of the log.",
            Self::CheckpointUnsigned => "The head of the log is not signed by this key.",
            Self::CheckpointSignature => "The signature under the head of the log is false.",
            Self::OtherLog => "This is the head of another log.",
            Self::NotInLog => "The receipt is not at this place in the log.",
            Self::LogDiffers => "The lines are not exactly the log: something is missing, or was changed.",
            Self::HistoryMissing => "The sender has not signed which receipts there are.",
            Self::HistoryInvalid => "The signed list of receipts is false.",
            Self::HistoryOtherPerson => "There is a receipt of somebody else among them.",
            Self::HistoryDiffers => "A receipt is missing, there is one too many, or the order was changed.",
            Self::HistoryOrder => "The receipts stand in another order in the log.",
            Self::HistoryImpossible => "A consent ends that was not there.",
            Self::KeptInvalid => "The head that you kept is not of this log.",
            Self::Forked => {
                "The log was rewritten: it does not contain what was there when you kept the head."
            }
            Self::WitnessFalse => "The signature of a witness is false.",
        }
    }
}

const fn receipt_dutch(error: JwsError) -> &'static str {
    match error {
        JwsError::TooLong | JwsError::Shape => "Het bewijs heeft niet de vorm van een ondertekende tekst.",
        JwsError::Header => "De kop van het bewijs heeft onderdelen die er niet horen.",
        JwsError::Algorithm => "Het bewijs is niet met Ed25519 ondertekend.",
        JwsError::Type => "Dit is een ander soort document dan een bewijs van toestemming.",
        JwsError::UnknownKey => "Het bewijs is ondertekend met een sleutel die niet van de afzender is.",
        JwsError::Signature => {
            "De handtekening is vals: het bewijs is veranderd, of iemand anders ondertekende het."
        }
        JwsError::Payload(_) => "Wat er ondertekend is, heeft niet de vorm van een bewijs.",
    }
}

const fn receipt_english(error: JwsError) -> &'static str {
    match error {
        JwsError::TooLong | JwsError::Shape => "The receipt does not have the form of a signed text.",
        JwsError::Header => "The head of the receipt has members that do not belong there.",
        JwsError::Algorithm => "The receipt is not signed with Ed25519.",
        JwsError::Type => "This is another kind of document than a receipt of consent.",
        JwsError::UnknownKey => "The receipt is signed by a key that is not the sender's.",
        JwsError::Signature => "The signature is false: the receipt was changed, or somebody else signed it.",
        JwsError::Payload(_) => "What is signed does not have the form of a receipt.",
    }
}
