//! The texts of controls and messages, per language, as one compile-time table.
//!
//! In scope: buttons, labels, headings, status lines. Out of scope: the wording that people agree to; that comes
//! from the notice, and a receipt names it by hash.
//!
//! Invariant: every [`Text`] has every language; one that is missing does not compile.

use shared::Language;
use shared::purpose::ContactField;

macro_rules! texts {
    // Who lends a list, keeps a log or checks evidence reads Dutch or English; see `Language::for_owners`.
    ($(#[$about:meta])* $table:ident for owners: $($(#[$doc:meta])* $name:ident: $nl:literal, $en:literal;)*) => {
        texts! { $(#[$about])* $table: $($(#[$doc])* $name: $nl, $en, $en;)* }
    };
    ($(#[$about:meta])* $table:ident: $($(#[$doc:meta])* $name:ident: $nl:literal, $en:literal, $ar:literal;)*) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $table { $($(#[$doc])* $name,)* }

        impl $table {
            /// All texts, for tests and for proof-reading.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What each text of [`Self::ALL`] is called.
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];

            /// The text in a language.
            #[cfg(feature = "pages")]
            #[must_use]
            pub const fn in_language(self, language: Language) -> &'static str {
                match language {
                    Language::Nl => match self { $(Self::$name => $nl,)* },
                    Language::En => match self { $(Self::$name => $en,)* },
                    Language::Ar => match self { $(Self::$name => $ar,)* },
                }
            }
        }
    };
}

texts! {
    /// A text of the form. In the browser too, where the words of one language come with the form ([`carried`]).
    Text:
    /// Legend of the boxes.
    TickWhatYouLike: "Vink alleen aan wat u wilt", "Tick only what you like", "ضع علامة فقط على ما تريده";
    /// Above the contact fields.
    YourDetails: "Uw gegevens", "Your details", "بياناتك";
    /// Label of a field that people do not see.
    LeaveEmpty: "Laat dit leeg", "Leave this empty", "اترك هذا الحقل فارغًا";
    /// Where the browser cannot hide the fields that are not needed.
    DetailsOnlyIfTicked: "Alleen nodig als u iets aanvinkt.", "Only needed if you tick a box.",
        "مطلوبة فقط إذا وضعت علامة.";
    /// The button that sends the boxes as they are.
    Save: "Bewaar mijn keuzes", "Save my choices", "احفظ اختياراتي";
    /// The button that refuses everything.
    None: "Nee, niets", "No, nothing", "لا، لا شيء";
    /// E-mail field.
    EmailLabel: "E-mailadres", "E-mail address", "البريد الإلكتروني";
    /// Phone field.
    PhoneLabel: "Telefoonnummer", "Phone number", "رقم الهاتف";
    /// Name field.
    NameLabel: "Naam (hoeft niet)", "Name (optional)", "الاسم (اختياري)";
    /// Address field.
    AddressLabel: "Postadres", "Postal address", "العنوان البريدي";
    /// Below the address field.
    AddressHint: "Straat en nummer, postcode en plaats", "Street and number, postcode and town",
        "الشارع والرقم، الرمز البريدي والمدينة";
    /// While the answer is under way.
    Saving: "Bezig met bewaren…", "Saving…", "جارٍ الحفظ…";
    /// Heading of the error summary.
    NotYetSaved: "Nog niet bewaard", "Not saved yet", "لم يُحفظ بعد";
    /// Heading when nothing was ticked and save was pressed.
    NothingTickedHeading: "U heeft niets aangevinkt", "You ticked nothing", "لم تضع أي علامة";
    /// The question that goes with it.
    NothingTickedText: "Vink hieronder aan wat u wilt. Wilt u niets? Kies dan “Nee, niets”.",
        "Tick what you like below. Want nothing? Then choose “No, nothing”.",
        "ضع علامة أدناه على ما تريده. لا تريد شيئًا؟ اختر «لا، لا شيء».";
    /// No answer from the collector.
    Unreachable: "Het is niet zeker dat uw keuze is bewaard. Probeer het zo weer. Dubbel bewaren kan niet.",
        "We are not sure that your choice is saved. Please try again in a moment. It cannot be saved twice.",
        "لسنا متأكدين من حفظ اختيارك. حاول مرة أخرى بعد قليل. لا يمكن أن يُحفظ مرتين.";
    /// The form changed while it stood open.
    WordingChanged: "De tekst van dit formulier is net veranderd. Lees hem nog eens en kies opnieuw.",
        "The text of this form has just changed. Please read it again and choose again.",
        "تغيّر نص هذا النموذج الآن. اقرأه مرة أخرى واختر من جديد.";
    /// A field that a ticked box needs is empty.
    EmailMissing: "Vul uw e-mailadres in.", "Fill in your e-mail address.", "اكتب بريدك الإلكتروني.";
    /// As above.
    PhoneMissing: "Vul uw telefoonnummer in.", "Fill in your phone number.", "اكتب رقم هاتفك.";
    /// No postal address.
    AddressMissing: "Vul uw postadres in.", "Fill in your postal address.", "اكتب عنوانك البريدي.";
    /// An e-mail address without an @.
    EmailInvalid: "Dit e-mailadres klopt niet. Kijk het na, bijvoorbeeld naam@voorbeeld.nl.",
        "This e-mail address is not right. Check it, for example name@example.com.",
        "هذا البريد الإلكتروني غير صحيح. راجعه، مثلًا name@example.com.";

    // After sending.
    /// Heading after choices with a tick.
    SavedGiven: "Uw keuzes zijn bewaard", "Your choices are saved", "حُفظت اختياراتك";
    /// In a host's form, which stands open after its answer was stored.
    SavedWithSignUp: "Uw keuzes zijn bewaard. Past u hierboven nog iets aan? Verstuur het formulier dan opnieuw.",
        "Your choices are saved. Do you change anything above? Then send the form again.",
        "حُفظت اختياراتك. هل غيّرت شيئًا أعلاه؟ أرسل النموذج مرة أخرى.";
    /// Heading after a refusal.
    SavedRefused: "Bewaard: u wilt niets", "Saved: you want nothing", "حُفظ: لا تريد شيئًا";
    /// Below a refusal.
    SavedRefusedText: "Wij sturen u niets en bewaren geen adres van u.",
        "We send you nothing and keep no address of yours.",
        "لا نرسل إليك شيئًا ولا نحتفظ بأي عنوان لك.";
    /// Below saved choices.
    SavedGivenText: "Bewaar uw eigen link. Daarmee neemt u uw keuze op elk moment terug.",
        "Keep your own link. With it you can take your choice back at any time.",
        "احتفظ برابطك الخاص. به تتراجع عن اختيارك في أي وقت.";
    /// Heading after choices that wait for the owner of the address.
    SavedRequested: "Bijna klaar: kijk in uw mail", "Almost done: look in your mail", "بقيت خطوة: افتح بريدك";
    /// Below it.
    SavedRequestedText: "Wij sturen u een mail met een knop. Pas als u daarop drukt, telt uw keuze. Niets gekregen? Kijk bij ongewenste mail.",
        "We send you a mail with a button. Your choice counts only when you press it. Nothing there? Look in your spam.",
        "نرسل إليك رسالة فيها زر. لا يُحسب اختيارك إلا بعد الضغط عليه. لم يصل شيء؟ ابحث في البريد غير المرغوب فيه.";
    /// Link to the receipt.
    SeeReceipt: "Bekijk uw bewijs", "See your receipt", "اعرض إثباتك";
    /// Link to the manage page.
    Manage: "Wijzig of stop", "Change or stop", "غيّر أو أوقف";
    /// Button that copies the manage link.
    CopyLink: "Kopieer uw eigen link", "Copy your own link", "انسخ رابطك الخاص";
    /// After copying.
    Copied: "Gekopieerd", "Copied", "تم النسخ";
    /// A purpose that was agreed to.
    Yes: "Ja", "Yes", "نعم";
    /// A purpose that was not agreed to.
    No: "Nee", "No", "لا";
    /// A purpose that waits for the owner of the address.
    Waits: "Nog bevestigen", "To confirm", "ينتظر التأكيد";
}

#[cfg(not(feature = "pages"))]
impl Text {
    /// The text in a language that a form here came in; empty in any other.
    #[must_use]
    pub fn in_language(self, language: Language) -> &'static str {
        carried::word(language, self as usize)
    }
}

pub mod carried;
#[cfg(feature = "pages")]
mod kiosk;
#[cfg(feature = "pages")]
mod letter;
#[cfg(feature = "pages")]
mod log;
#[cfg(feature = "pages")]
mod page;
#[cfg(feature = "pages")]
mod printed;
#[cfg(feature = "pages")]
mod registered;
#[cfg(feature = "pages")]
mod rights;
#[cfg(feature = "pages")]
mod slip;
#[cfg(feature = "pages")]
mod verify;
#[cfg(feature = "pages")]
pub use self::{
    kiosk::KioskText,
    letter::{LetterText, OwnerText},
    log::LogText,
    page::PageText,
    printed::PrintedText,
    registered::RegisteredText,
    rights::RightsText,
    slip::SlipText,
    verify::VerifyText,
};

/// The label of a contact field.
#[must_use]
pub const fn field_label(field: ContactField) -> Text {
    match field {
        ContactField::Email => Text::EmailLabel,
        ContactField::Phone => Text::PhoneLabel,
        ContactField::Name => Text::NameLabel,
        ContactField::Address => Text::AddressLabel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! sentences {
        ($($table:ident),* $(,)?) => {
            [$($table::ALL.iter().flat_map(|text| Language::ALL.map(|l| text.in_language(l))).collect::<Vec<_>>()),*].concat()
        };
    }

    /// Every sentence of all tables in every language.
    fn sentences() -> Vec<&'static str> {
        #[cfg(feature = "pages")]
        let pages = sentences![
            KioskText,
            LetterText,
            LogText,
            OwnerText,
            PageText,
            PrintedText,
            RegisteredText,
            RightsText,
            SlipText,
            VerifyText,
        ];
        #[cfg(not(feature = "pages"))]
        let pages = Vec::new();
        [sentences![Text], pages].concat()
    }

    #[test]
    fn every_text_has_words_in_every_language() {
        assert!(sentences().iter().all(|sentence| !sentence.trim().is_empty()));
    }

    #[test]
    fn no_text_pushes_or_blames() {
        let pushy =
            ["helaas", "jammer", "unfortunately", "miss out", "mis niets", "are you sure", "weet u zeker"];
        for sentence in sentences() {
            let lower = sentence.to_lowercase();
            assert!(!pushy.iter().any(|word| lower.contains(word)), "{sentence}");
        }
    }
}
