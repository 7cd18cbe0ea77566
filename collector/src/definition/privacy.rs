//! The fourteen items of the privacy text (GDPR Art. 13), in the order of the law.
//!
//! In scope: their names, articles and headings, and which of them always apply. Out of scope: their standard
//! words (`texts`), what an owner wrote (`file`).
//!
//! Invariant: [`Item::ALL`] has every item that Art. 13 asks for, once.

use shared::Language;

use super::file::{Privacy, PrivacyEntry};

/// One item of Art. 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Controller,
    Representative,
    Dpo,
    Purposes,
    LegitimateInterest,
    Recipients,
    Transfers,
    Storage,
    Rights,
    Withdrawal,
    Complaint,
    Obligation,
    AutomatedDecisions,
    NewPurposes,
}

impl Item {
    pub(super) const ALL: [Self; 14] = [
        Self::Controller,
        Self::Representative,
        Self::Dpo,
        Self::Purposes,
        Self::LegitimateInterest,
        Self::Recipients,
        Self::Transfers,
        Self::Storage,
        Self::Rights,
        Self::Withdrawal,
        Self::Complaint,
        Self::Obligation,
        Self::AutomatedDecisions,
        Self::NewPurposes,
    ];

    /// Its key in the table `[privacy]`.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Controller => "controller",
            Self::Representative => "representative",
            Self::Dpo => "dpo",
            Self::Purposes => "purposes",
            Self::LegitimateInterest => "legitimate_interest",
            Self::Recipients => "recipients",
            Self::Transfers => "transfers",
            Self::Storage => "storage",
            Self::Rights => "rights",
            Self::Withdrawal => "withdrawal",
            Self::Complaint => "complaint",
            Self::Obligation => "obligation",
            Self::AutomatedDecisions => "automated_decisions",
            Self::NewPurposes => "new_purposes",
        }
    }

    /// The article, as a notice writes it.
    pub(super) const fn article(self) -> &'static str {
        match self {
            Self::Controller | Self::Representative => "13(1)(a)",
            Self::Dpo => "13(1)(b)",
            Self::Purposes => "13(1)(c)",
            Self::LegitimateInterest => "13(1)(d)",
            Self::Recipients => "13(1)(e)",
            Self::Transfers => "13(1)(f)",
            Self::Storage => "13(2)(a)",
            Self::Rights => "13(2)(b)",
            Self::Withdrawal => "13(2)(c)",
            Self::Complaint => "13(2)(d)",
            Self::Obligation => "13(2)(e)",
            Self::AutomatedDecisions => "13(2)(f)",
            Self::NewPurposes => "13(3)",
        }
    }

    /// The article, as a finding writes it.
    pub(super) const fn law(self) -> &'static str {
        match self {
            Self::Controller | Self::Representative => "GDPR Art. 13(1)(a)",
            Self::Dpo => "GDPR Art. 13(1)(b)",
            Self::Purposes => "GDPR Art. 13(1)(c)",
            Self::LegitimateInterest => "GDPR Art. 13(1)(d)",
            Self::Recipients => "GDPR Art. 13(1)(e)",
            Self::Transfers => "GDPR Art. 13(1)(f)",
            Self::Storage => "GDPR Art. 13(2)(a)",
            Self::Rights => "GDPR Art. 13(2)(b)",
            Self::Withdrawal => "GDPR Art. 13(2)(c)",
            Self::Complaint => "GDPR Art. 13(2)(d)",
            Self::Obligation => "GDPR Art. 13(2)(e)",
            Self::AutomatedDecisions => "GDPR Art. 13(2)(f)",
            Self::NewPurposes => "GDPR Art. 13(3)",
        }
    }

    /// Whether "not applicable" can never be true where consent is asked.
    pub(super) const fn always_applies(self) -> bool {
        matches!(
            self,
            Self::Controller
                | Self::Purposes
                | Self::Storage
                | Self::Rights
                | Self::Withdrawal
                | Self::Complaint
                | Self::Obligation
        )
    }

    pub(super) const fn heading(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En => self.english(),
            Language::Ar => self.arabic(),
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::Controller => "Wie wij zijn",
            Self::Representative => "Wie ons in de EU vertegenwoordigt",
            Self::Dpo => "Functionaris voor gegevensbescherming",
            Self::Purposes => "Waarvoor we uw gegevens gebruiken",
            Self::LegitimateInterest => "Gebruik zonder toestemming",
            Self::Recipients => "Wie uw gegevens krijgt",
            Self::Transfers => "In welk land uw gegevens zijn",
            Self::Storage => "Hoe lang we ze bewaren",
            Self::Rights => "Uw rechten",
            Self::Withdrawal => "Uw toestemming intrekken",
            Self::Complaint => "Een klacht",
            Self::Obligation => "Moet u iets invullen?",
            Self::AutomatedDecisions => "Besluit een computer over u?",
            Self::NewPurposes => "Als er iets verandert",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Controller => "Who we are",
            Self::Representative => "Who represents us in the EU",
            Self::Dpo => "Data protection officer",
            Self::Purposes => "What we use your data for",
            Self::LegitimateInterest => "Use without consent",
            Self::Recipients => "Who gets your data",
            Self::Transfers => "In which country your data is",
            Self::Storage => "How long we keep it",
            Self::Rights => "Your rights",
            Self::Withdrawal => "Taking back your consent",
            Self::Complaint => "A complaint",
            Self::Obligation => "Do you have to fill in anything?",
            Self::AutomatedDecisions => "Does a computer decide about you?",
            Self::NewPurposes => "When something changes",
        }
    }

    const fn arabic(self) -> &'static str {
        match self {
            Self::Controller => "من نحن",
            Self::Representative => "من يمثلنا في الاتحاد الأوروبي",
            Self::Dpo => "مسؤول حماية البيانات",
            Self::Purposes => "لماذا نستخدم بياناتك",
            Self::LegitimateInterest => "الاستخدام بدون موافقة",
            Self::Recipients => "من يحصل على بياناتك",
            Self::Transfers => "في أي بلد توجد بياناتك",
            Self::Storage => "كم من الوقت نحتفظ بها",
            Self::Rights => "حقوقك",
            Self::Withdrawal => "التراجع عن موافقتك",
            Self::Complaint => "شكوى",
            Self::Obligation => "هل يجب أن تملأ شيئًا؟",
            Self::AutomatedDecisions => "هل يقرر حاسوب عنك؟",
            Self::NewPurposes => "إذا تغيّر شيء",
        }
    }

    /// What the owner wrote about it.
    pub(super) const fn entry(self, privacy: &Privacy) -> Option<&PrivacyEntry> {
        match self {
            Self::Controller => privacy.controller.as_ref(),
            Self::Representative => privacy.representative.as_ref(),
            Self::Dpo => privacy.dpo.as_ref(),
            Self::Purposes => privacy.purposes.as_ref(),
            Self::LegitimateInterest => privacy.legitimate_interest.as_ref(),
            Self::Recipients => privacy.recipients.as_ref(),
            Self::Transfers => privacy.transfers.as_ref(),
            Self::Storage => privacy.storage.as_ref(),
            Self::Rights => privacy.rights.as_ref(),
            Self::Withdrawal => privacy.withdrawal.as_ref(),
            Self::Complaint => privacy.complaint.as_ref(),
            Self::Obligation => privacy.obligation.as_ref(),
            Self::AutomatedDecisions => privacy.automated_decisions.as_ref(),
            Self::NewPurposes => privacy.new_purposes.as_ref(),
        }
    }
}
