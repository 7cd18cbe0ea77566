//! What applying a definition changes, said to the person who applies it.
//!
//! In scope: the kinds of change and their sentences. Out of scope: finding them (`compile`).
//!
//! Invariant: a change after which old consent no longer counts always says so.

use shared::Language;
use shared::ids::{FormId, FormVersion, OrganisationId, PurposeId, PurposeVersion};

/// Why a purpose is not the one that people agreed to before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Another channel.
    Channel,
    /// Other contact data.
    Needs,
    /// Other recipients.
    Recipients,
    /// Another term of validity.
    Validity,
    /// Another term for erasure.
    Erasure,
    /// Another kind of purpose (DPV term).
    Kind,
    /// Another group of products, or consent instead of a sale.
    ProductGroup,
    /// Other words, and the file does not say that they mean the same.
    Words,
    /// It was on no form, so what was shown before cannot be compared.
    Returned,
}

impl Difference {
    const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Channel, Language::Nl) => "het kanaal",
            (Self::Channel, Language::En | Language::Ar) => "the channel",
            (Self::Needs, Language::Nl) => "de gegevens",
            (Self::Needs, Language::En | Language::Ar) => "the data",
            (Self::Recipients, Language::Nl) => "de ontvangers",
            (Self::Recipients, Language::En | Language::Ar) => "the recipients",
            (Self::Validity, Language::Nl) => "de geldigheid",
            (Self::Validity, Language::En | Language::Ar) => "the validity",
            (Self::Erasure, Language::Nl) => "de wistermijn",
            (Self::Erasure, Language::En | Language::Ar) => "the time until erasure",
            (Self::Kind, Language::Nl) => "de soort",
            (Self::Kind, Language::En | Language::Ar) => "the kind",
            (Self::ProductGroup, Language::Nl) => "de producten",
            (Self::ProductGroup, Language::En | Language::Ar) => "the products",
            (Self::Words, Language::Nl) => "de woorden",
            (Self::Words, Language::En | Language::Ar) => "the words",
            (Self::Returned, Language::Nl) => "het stond op geen formulier",
            (Self::Returned, Language::En | Language::Ar) => "it was on no form",
        }
    }
}

/// One change that a definition brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The organisation is new.
    OrganisationAdded(OrganisationId),
    /// Its name, address or contact changed.
    ControllerChanged,
    /// Other origins may embed the forms.
    OriginsChanged,
    /// Proof is kept for another number of months.
    ProofTermChanged(u16),
    /// Other languages are spoken, or in another order.
    LanguagesChanged,
    /// A purpose is new.
    PurposeAdded(PurposeId),
    /// A purpose changed in what people agree to.
    PurposeVersioned {
        /// Which.
        purpose: PurposeId,
        /// The version that people agreed to before.
        from: PurposeVersion,
        /// The version from now on.
        to: PurposeVersion,
        /// What differs.
        differences: Vec<Difference>,
    },
    /// Other words for the same purpose; old consent goes on to count.
    PurposeReworded {
        /// Which.
        purpose: PurposeId,
        /// Its version, which stays.
        version: PurposeVersion,
        /// The owner's reason, from the file.
        reason: String,
    },
    /// `wording_only` stands in the file although no word changed.
    WordingOnlyUnused(PurposeId),
    /// A purpose is on no form any more.
    PurposeGone(PurposeId),
    /// A form is new.
    FormAdded(FormId),
    /// A form shows something else.
    FormVersioned {
        /// Which.
        form: FormId,
        /// The version before.
        from: FormVersion,
        /// The version from now on.
        to: FormVersion,
    },
    /// A form asks the owner of the address to confirm from now on, or no longer.
    DoubleOptIn {
        /// Which.
        form: FormId,
        /// Whether it asks.
        on: bool,
    },
    /// A form is no longer there.
    FormGone(FormId),
}

impl Change {
    /// Whether the owner should think twice before applying.
    #[must_use]
    pub const fn warns(&self) -> bool {
        matches!(
            self,
            Self::ControllerChanged
                | Self::PurposeVersioned { .. }
                | Self::WordingOnlyUnused(_)
                | Self::PurposeGone(_)
                | Self::DoubleOptIn { on: false, .. }
                | Self::FormGone(_)
        )
    }

    /// The change in a sentence or two.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Nl => self.dutch(),
            Language::En | Language::Ar => self.english(),
        }
    }

    fn dutch(&self) -> String {
        match self {
            Self::OrganisationAdded(id) => format!("Organisatie {id} is nieuw."),
            Self::ControllerChanged => "Naam, adres of contact van de organisatie is anders. Neemt een ander bedrijf \
                                        het over? Gebruik dan een nieuwe organisatie: toestemming gaat niet mee."
                .into(),
            Self::OriginsChanged => "De lijst van websites die de formulieren mogen tonen is anders.".into(),
            Self::ProofTermChanged(months) => {
                format!("Het bewijs blijft nu {months} maanden bewaard nadat de laatste toestemming is gestopt.")
            }
            Self::LanguagesChanged => "De talen zijn anders.".into(),
            Self::PurposeAdded(id) => format!("Doel {id} is nieuw (versie 1)."),
            Self::PurposeVersioned { purpose, from, to, differences } => format!(
                "Doel {purpose} krijgt versie {to} ({}). Oude toestemming voor versie {from} telt niet voor versie {to}.",
                list(differences, Language::Nl)
            ),
            Self::PurposeReworded { purpose, version, reason } => format!(
                "Doel {purpose} krijgt andere woorden en blijft versie {version}; oude toestemming blijft gelden. Reden: {reason}"
            ),
            Self::WordingOnlyUnused(id) => format!(
                "Bij doel {id} staat wording_only, maar de woorden zijn gelijk. Haal die regel weg, \
                 anders geldt hij ook voor een latere wijziging."
            ),
            Self::PurposeGone(id) => format!(
                "Doel {id} staat op geen formulier meer. Gegeven toestemming blijft bewaard en kan worden ingetrokken; \
                 vraagt u het later weer, dan krijgt het een nieuwe versie."
            ),
            Self::FormAdded(id) => format!("Formulier {id} is nieuw (versie 1)."),
            Self::FormVersioned { form, from, to } => {
                format!("Formulier {form} gaat van versie {from} naar versie {to}.")
            }
            Self::DoubleOptIn { form, on: true } => {
                format!("Formulier {form} vraagt voortaan een bevestiging per mail.")
            }
            Self::DoubleOptIn { form, on: false } => format!(
                "Formulier {form} vraagt geen bevestiging per mail meer. U kunt dan niet bewijzen dat de eigenaar van het adres ja zei."
            ),
            Self::FormGone(id) => format!(
                "Formulier {id} verdwijnt: pagina's waar het op staat tonen het niet meer. Bewijzen blijven leesbaar."
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::OrganisationAdded(id) => format!("Organisation {id} is new."),
            Self::ControllerChanged => {
                "The name, address or contact of the organisation changed. Does another company \
                                        take over? Then use a new organisation: consent does not go along."
                    .into()
            }
            Self::OriginsChanged => "The list of websites that may show the forms changed.".into(),
            Self::ProofTermChanged(months) => {
                format!("The proof is now kept for {months} months after the last consent has ended.")
            }
            Self::LanguagesChanged => "The languages changed.".into(),
            Self::PurposeAdded(id) => format!("Purpose {id} is new (version 1)."),
            Self::PurposeVersioned { purpose, from, to, differences } => format!(
                "Purpose {purpose} gets version {to} ({}). Old consent to version {from} no longer counts for version {to}.",
                list(differences, Language::En)
            ),
            Self::PurposeReworded { purpose, version, reason } => format!(
                "Purpose {purpose} gets other words and stays version {version}; old consent goes on to count. Reason: {reason}"
            ),
            Self::WordingOnlyUnused(id) => format!(
                "Purpose {id} has wording_only, but its words did not change. Remove that line, \
                 or it will also cover a later change."
            ),
            Self::PurposeGone(id) => format!(
                "Purpose {id} is on no form any more. Consent that was given is kept and can be withdrawn; \
                 if you ask for it again later, it gets a new version."
            ),
            Self::FormAdded(id) => format!("Form {id} is new (version 1)."),
            Self::FormVersioned { form, from, to } => {
                format!("Form {form} goes from version {from} to version {to}.")
            }
            Self::DoubleOptIn { form, on: true } => {
                format!("Form {form} asks for a confirmation by mail from now on.")
            }
            Self::DoubleOptIn { form, on: false } => format!(
                "Form {form} no longer asks for a confirmation by mail. Then you cannot prove that the owner of the address said yes."
            ),
            Self::FormGone(id) => {
                format!("Form {id} disappears: pages that hold it no longer show it. Receipts stay readable.")
            }
        }
    }
}

fn list(differences: &[Difference], language: Language) -> String {
    let changed = match language {
        Language::Nl => "anders: ",
        Language::En | Language::Ar => "changed: ",
    };
    let names: Vec<&str> = differences.iter().map(|difference| difference.name(language)).collect();
    format!("{changed}{}", names.join(", "))
}
