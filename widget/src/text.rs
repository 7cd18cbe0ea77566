//! The texts of controls and messages, per language, as one compile-time table.
//!
//! In scope: buttons, labels, headings, status lines. Out of scope: the wording that people agree to; that comes
//! from the notice, and a receipt names it by hash.
//!
//! Invariant: every [`Text`] has every language; one that is missing does not compile.

use shared::Language;
use shared::purpose::ContactField;

macro_rules! texts {
    ($(#[$about:meta])* $table:ident: $($(#[$doc:meta])* $name:ident: $nl:literal, $en:literal;)*) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $table { $($(#[$doc])* $name,)* }

        impl $table {
            /// All texts, for tests and for proof-reading.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The text in a language.
            #[must_use]
            pub const fn in_language(self, language: Language) -> &'static str {
                match language {
                    Language::Nl => match self { $(Self::$name => $nl,)* },
                    Language::En => match self { $(Self::$name => $en,)* },
                }
            }
        }
    };
}

texts! {
    /// A text of the form: in the browser too, so every word here counts in the download.
    Text:
    /// Legend of the boxes.
    TickWhatYouLike: "Vink alleen aan wat u wilt", "Tick only what you like";
    /// Above the contact fields.
    YourDetails: "Uw gegevens", "Your details";
    /// Label of a field that people do not see.
    LeaveEmpty: "Laat dit leeg", "Leave this empty";
    /// Where the browser cannot hide the fields that are not needed.
    DetailsOnlyIfTicked: "Alleen nodig als u iets aanvinkt.", "Only needed if you tick a box.";
    /// The button that sends the boxes as they are.
    Save: "Bewaar mijn keuzes", "Save my choices";
    /// The button that refuses everything.
    None: "Nee, niets", "No, nothing";
    /// E-mail field.
    EmailLabel: "E-mailadres", "E-mail address";
    /// Phone field.
    PhoneLabel: "Telefoonnummer", "Phone number";
    /// Name field.
    NameLabel: "Naam (hoeft niet)", "Name (optional)";
    /// Address field.
    AddressLabel: "Postadres", "Postal address";
    /// Below the address field.
    AddressHint: "Straat en nummer, postcode en plaats", "Street and number, postcode and town";
    /// While the answer is under way.
    Saving: "Bezig met bewaren…", "Saving…";
    /// Heading of the error summary.
    NotYetSaved: "Nog niet bewaard", "Not saved yet";
    /// Heading when nothing was ticked and save was pressed.
    NothingTickedHeading: "U heeft niets aangevinkt", "You ticked nothing";
    /// The question that goes with it.
    NothingTickedText: "Vink hieronder aan wat u wilt. Wilt u niets? Kies dan “Nee, niets”.",
        "Tick what you like below. Want nothing? Then choose “No, nothing”.";
    /// No answer from the collector.
    Unreachable: "Het is niet zeker dat uw keuze is bewaard. Probeer het zo weer. Dubbel bewaren kan niet.",
        "We are not sure that your choice is saved. Please try again in a moment. It cannot be saved twice.";
    /// The form changed while it stood open.
    WordingChanged: "De tekst van dit formulier is net veranderd. Lees hem nog eens en kies opnieuw.",
        "The text of this form has just changed. Please read it again and choose again.";
    /// A field that a ticked box needs is empty.
    EmailMissing: "Vul uw e-mailadres in.", "Fill in your e-mail address.";
    /// As above.
    PhoneMissing: "Vul uw telefoonnummer in.", "Fill in your phone number.";
    /// No postal address.
    AddressMissing: "Vul uw postadres in.", "Fill in your postal address.";
    /// An e-mail address without an @.
    EmailInvalid: "Dit e-mailadres klopt niet. Kijk het na, bijvoorbeeld naam@voorbeeld.nl.",
        "This e-mail address is not right. Check it, for example name@example.com.";

    // After sending.
    /// Heading after choices with a tick.
    SavedGiven: "Uw keuzes zijn bewaard", "Your choices are saved";
    /// In a host's form, which stands open after its answer was stored.
    SavedWithSignUp: "Uw keuzes zijn bewaard. Past u hierboven nog iets aan? Verstuur het formulier dan opnieuw.",
        "Your choices are saved. Do you change anything above? Then send the form again.";
    /// Heading after a refusal.
    SavedRefused: "Bewaard: u wilt niets", "Saved: you want nothing";
    /// Below a refusal.
    SavedRefusedText: "Wij sturen u niets en bewaren geen adres van u.",
        "We send you nothing and keep no address of yours.";
    /// Below saved choices.
    SavedGivenText: "Bewaar uw eigen link. Daarmee neemt u uw keuze op elk moment terug.",
        "Keep your own link. With it you can take your choice back at any time.";
    /// Heading after choices that wait for the owner of the address.
    SavedRequested: "Bijna klaar: kijk in uw mail", "Almost done: look in your mail";
    /// Below it.
    SavedRequestedText: "Wij sturen u een mail met een knop. Pas als u daarop drukt, telt uw keuze. Niets gekregen? Kijk bij ongewenste mail.",
        "We send you a mail with a button. Your choice counts only when you press it. Nothing there? Look in your spam.";
    /// Link to the receipt.
    SeeReceipt: "Bekijk uw bewijs", "See your receipt";
    /// Link to the manage page.
    Manage: "Wijzig of stop", "Change or stop";
    /// Button that copies the manage link.
    CopyLink: "Kopieer uw eigen link", "Copy your own link";
    /// After copying.
    Copied: "Gekopieerd", "Copied";
    /// A purpose that was agreed to.
    Yes: "Ja", "Yes";
    /// A purpose that was not agreed to.
    No: "Nee", "No";
    /// A purpose that waits for the owner of the address.
    Waits: "Nog bevestigen", "To confirm";
}

#[cfg(feature = "pages")]
texts! {
    /// A text of a page that the server renders.
    PageText:
    /// A purpose that was taken back.
    Stopped: "Gestopt", "Stopped";
    /// A purpose whose term has ended.
    Expired: "Verlopen", "Expired";
    /// Summary of the privacy text.
    FullNotice: "Alles over uw gegevens en uw rechten", "All about your data and your rights";
    /// Label of the language switch.
    LanguageSwitch: "Taal", "Language";
    // What the loader says.
    /// In a host's form that goes on without a receipt.
    Unsaved: "Uw aanmelding gaat gewoon door. Alleen uw keuzes hierboven zijn nog niet bewaard.",
        "Your sign-up goes on. Only your choices above are not saved yet.";
    /// The link to the hosted form that goes with it.
    ChooseThere: "Maak uw keuze op deze pagina", "Make your choice on this page";
    /// The form in another language did not come.
    Untranslated: "De andere taal laadt nu niet. U kunt hieronder gewoon verder, of probeer het zo weer.",
        "The other language does not load now. You can go on below, or try again in a moment.";
    // The receipt page.
    /// Title.
    ReceiptTitle: "Uw bewijs", "Your receipt";
    /// Lead of a receipt of choices.
    ReceiptLead: "Dit heeft u gekozen. Bewaar deze pagina of druk hem af.",
        "This is what you chose. Keep this page or print it.";
    /// Lead of a receipt of which something waits.
    ReceiptLeadRequested: "Dit heeft u gekozen. Wij stuurden u een mail: pas na een druk op de knop daarin telt het.",
        "This is what you chose. We sent you a mail: it counts only after a press on the button in it.";
    /// Lead of a receipt of a confirmation.
    ReceiptLeadConfirmed: "Bevestigd. Dit mag nu. Bewaar deze pagina of druk hem af.",
        "Confirmed. This is allowed now. Keep this page or print it.";
    /// A request that nobody confirmed.
    Lapsed: "Niet bevestigd", "Not confirmed";
    /// Until when something can be confirmed.
    ConfirmUntil: "Bevestigen kan tot en met", "To be confirmed by";
    /// Lead of a receipt of a withdrawal.
    ReceiptLeadStopped: "Dit heeft u gestopt. Bewaar deze pagina of druk hem af.",
        "This is what you stopped. Keep this page or print it.";
    /// Lead of a receipt of a term that ended.
    ReceiptLeadExpired: "De tijd is om: dit geldt niet meer. U hoeft niets te doen.",
        "The time is up: this no longer counts. You need not do anything.";
    /// Lead of a receipt of an imported list.
    ReceiptLeadImported: "Dit staat op een lijst die is overgenomen. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is on a list that was taken over. Is it not right, or do you want to stop? You can at any time.";
    /// Came with an imported list that proves it.
    Imported: "Ja, volgens een lijst", "Yes, says a list";
    /// Came with an imported list that proves nothing.
    Unproven: "Zonder bewijs", "Without proof";
    /// State in words: the same.
    StateUnproven: "Er is geen bewijs dat u dit wilde, dus dit mag niet", "There is no proof that you wanted this, so it is not allowed";
    /// Heading of the wording under which a list is gone on with.
    WordingNow: "Onder deze tekst geldt het nu", "This is the text under which it counts now";
    /// Heading of the choices.
    YourChoices: "Uw keuzes", "Your choices";
    /// Facts heading.
    Facts: "Gegevens van dit bewijs", "Facts of this receipt";
    /// Fact: when.
    When: "Wanneer", "When";
    /// Fact: who asked.
    WhoAsked: "Wie vroeg het", "Who asked";
    /// Fact: number.
    ReceiptNumber: "Nummer", "Number";
    /// Fact: signed by.
    SignedBy: "Ondertekend door", "Signed by";
    /// Fact: fingerprint of the wording.
    WordingPrint: "Vingerafdruk van de tekst", "Fingerprint of the text";
    /// Until when it counts.
    CountsUntil: "Geldt tot en met", "Counts until";
    /// Heading of the exact wording.
    ExactWording: "Precies deze tekst heeft u gezien", "This is exactly the text you saw";
    /// In the exact wording: how a box was sent.
    WasTicked: "aangevinkt", "ticked";
    /// The other way.
    WasNotTicked: "niet aangevinkt", "not ticked";
    /// Beside the QR code.
    YourLink: "Uw eigen link", "Your own link";
    /// Below it.
    YourLinkText: "Scan de code of open de link om iets te wijzigen of te stoppen. Deel hem met niemand.",
        "Scan the code or open the link to change or stop. Share it with nobody.";
    /// Print button.
    Print: "Afdrukken", "Print";
    /// Downloads heading.
    Downloads: "Downloaden", "Download";
    /// The signed file.
    DownloadJws: "Ondertekend bewijs (.jws)", "Signed receipt (.jws)";
    /// All evidence about a receipt in one file.
    DownloadBundle: "Alles in één bestand (.vinkje.json)", "Everything in one file (.vinkje.json)";
    /// All evidence about a person in one file.
    DownloadHistory: "Alle bewijzen in één bestand (.vinkje.json)", "All receipts in one file (.vinkje.json)";
    /// The proof that a receipt stands in the evidence log.
    DownloadProof: "Bewijs dat het in het logboek staat (.tlog-proof)", "Proof that it is in the log (.tlog-proof)";
    /// The readable file.
    DownloadJson: "Leesbaar bewijs (.json)", "Readable receipt (.json)";
    /// Before the standard records.
    StandardFile: "Als standaard bestand:", "As a standard file:";

    // The manage page.
    /// Title.
    ManageTitle: "Uw toestemmingen", "Your consents";
    /// Lead.
    ManageLead: "Hier ziet u waar u ja tegen zei. Stoppen kan altijd, met één knop, zonder reden.",
        "Here you see what you agreed to. You can stop at any time, with one button, without a reason.";
    /// State in words: stands.
    StateGiven: "Ja, dit mag", "Yes, this is allowed";
    /// State in words: refused.
    StateRefused: "Nee, dit wilde u niet", "No, you did not want this";
    /// State in words: withdrawn.
    StateWithdrawn: "Gestopt door u", "Stopped by you";
    /// State in words: expired.
    StateExpired: "Verlopen, dit mag niet meer", "Expired, no longer allowed";
    /// State in words: waits for the owner of the address.
    StateRequested: "Wacht op uw bevestiging", "Waits for your confirmation";
    /// State in words: nobody confirmed it.
    StateLapsed: "Niet bevestigd, dit mag niet", "Not confirmed, not allowed";
    /// State in words: never asked in this wording.
    StateOpen: "Nog niet gekozen", "Not chosen yet";
    /// Since when.
    Since: "Sinds", "Since";
    /// Stop one.
    Stop: "Stop", "Stop";
    /// Stop all.
    StopAll: "Stop alles", "Stop everything";
    /// Beside it.
    StopAllText: "Dan mag niets meer. Het geldt meteen.", "Then nothing is allowed any more. It counts at once.";
    /// Give again heading.
    GiveAgain: "Toch wel?", "Changed your mind?";
    /// Give again text.
    GiveAgainText: "Vink aan wat u wél wilt en kies “Bewaar”.", "Tick what you do want and choose “Save”.";
    /// Give again button.
    SaveShort: "Bewaar", "Save";
    /// When nothing stands.
    NothingStands: "U heeft nergens toestemming voor openstaan. Er wordt niets gestuurd.",
        "You have no open consent. Nothing is sent.";
    /// History heading.
    History: "Wat er is gebeurd", "What happened";
    /// History: gave.
    HistoryGiven: "Ja gezegd", "Said yes";
    /// History: refused.
    HistoryRefused: "Nee gezegd", "Said no";
    /// History: asked for by mail.
    HistoryRequested: "Aangevraagd", "Requested";
    /// History: withdrew.
    HistoryWithdrawn: "Gestopt", "Stopped";
    /// After an act on the manage page.
    DoneStopped: "Gestopt. Het geldt vanaf nu.", "Stopped. It counts from now on.";
    /// After giving again.
    DoneGiven: "Bewaard. Dank u wel.", "Saved. Thank you.";

    /// After giving again what the owner of the address must confirm.
    DoneRequested: "Bewaard. Wij sturen u een mail: het telt pas als u daarin op de knop drukt.",
        "Saved. We send you a mail: it counts only when you press the button in it.";
    /// After asking for the own link.
    DoneLinkSent: "Er komt een mail met uw eigen link. Die werkt één dag.",
        "A mail with your own link is coming. It works for one day.";
    /// Above the button that mails the own link.
    MoreByMail: "Iets toch wel willen, of alles zien?", "Want something after all, or see everything?";
    /// Below it.
    MoreByMailText: "Dat kan op uw eigen pagina. Deze link kwam met een mail en kan doorgestuurd zijn, dus vanaf hier kunt u alleen stoppen.",
        "You can on your own page. This link came with a mail and may have been forwarded, so from here you can only stop.";
    /// Its button.
    MailMyLink: "Mail mij mijn eigen link", "Mail me my own link";

    // Message pages.
    /// How to take consent back: heading.
    OwnLinkHeading: "Stoppen met uw toestemming", "Taking back your consent";
    /// Where the own link is.
    OwnLinkText: "Open uw eigen link. Hij staat op uw bewijs, als knop en als code om te scannen. Daar zet u met één druk \
        uit wat u wilt.",
        "Open your own link. It is on your receipt, as a button and as a code to scan. There you switch off what you want \
        with one press.";
    /// Where to go without it.
    OwnLinkLost: "Hebt u de link niet meer? Schrijf wie u om toestemming vroeg; het adres staat op uw bewijs.",
        "Lost the link? Write to who asked for your consent; the address is on your receipt.";
    /// Unknown link: heading. It says nothing about anybody: the link may be cut off while consent stands.
    LinkUnknownHeading: "Deze link werkt niet (meer)", "This link does not work (any more)";
    /// Unknown link: text.
    LinkUnknownText: "Kijk of hij compleet is. Hij staat op uw bewijs, ook als code om te scannen. Is hij compleet? Dan zijn de \
        gegevens erachter gewist, en wordt er niets meer gestuurd.",
        "Check that it is complete. It is on your receipt, also as a code to scan. Is it complete? Then the data behind it was \
        erased, and nothing more is sent.";
    /// Heading of a problem.
    ProblemHeading: "Dat ging niet goed", "That did not work";
    /// Back to the form.
    BackToForm: "Terug naar het formulier", "Back to the form";
    /// Footer of every page.
    Footer: "Gemaakt met Vinkje: toestemming met bewijs, en zo weer terug te nemen.",
        "Made with Vinkje: consent with proof, and just as easy to take back.";
    /// Skip link.
    Skip: "Naar de inhoud", "Skip to content";
}

#[cfg(feature = "pages")]
mod kiosk;
#[cfg(feature = "pages")]
mod letter;
#[cfg(feature = "pages")]
mod log;
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
