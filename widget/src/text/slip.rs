//! The texts of counter slips.
//!
//! Invariant: a slip says in plain words how to stop, and that whoever has its code can do so.

use shared::Language;

texts! {
    /// A text of a counter slip, or of the page that asks for its code.
    SlipText:
    /// Title of the slip.
    Title: "Uw bewijs", "Your receipt";
    /// Heading of what was chosen.
    Choices: "Dit heeft u gekozen", "This is what you chose";
    /// Heading of the code.
    Code: "Uw code", "Your code";
    /// What the QR code is, for who cannot see it.
    QrLabel: "QR-code met de link naar uw keuzes", "QR code with the link to your choices";
    /// How to stop.
    HowToStop: "Bekijken, veranderen of stoppen? Scan de code met uw telefoon. Of typ de cijfers in op:",
        "See, change or stop? Scan the code with your phone. Or type the digits at:";
    /// By phone, or at a counter.
    ByPhone: "Geen internet? Lees de code voor aan de balie of aan de telefoon. Dan stoppen zij alles voor u.",
        "No internet? Read the code aloud at the counter or on the phone. Then they stop everything for you.";
    /// What the code is worth.
    Keep: "Bewaar dit. Wie deze code heeft, kan uw keuzes zien en stoppen.",
        "Keep this. Whoever has this code can see and stop your choices.";
    /// Where the counter still has to send it.
    NotSent: "De code werkt zodra deze balie uw keuze heeft verzonden. Met internet is dat meteen.",
        "The code works as soon as this counter has sent your choice. With internet that is at once.";
    /// Title of the page that asks.
    AskTitle: "De code op uw bonnetje", "The code on your slip";
    /// Its lead.
    AskLead: "Hiermee komt u bij uw keuzes. Daar ziet u wat u heeft gekozen, en kunt u stoppen.",
        "This takes you to your choices. There you see what you chose, and you can stop.";
    /// Its field.
    AskLabel: "Uw code", "Your code";
    /// Below it.
    AskHint: "Zestien cijfers. Spaties mogen.", "Sixteen digits. Spaces are fine.";
    /// Its button.
    AskButton: "Naar mijn keuzes", "To my choices";
    /// Where an address was given.
    ByMail: "Geen bonnetje, maar wel een e-mailadres opgegeven?", "No slip, but you gave an e-mail address?";
    /// On the page for who lost their link.
    BySlip: "Geen e-mailadres opgegeven? Gebruik de code op uw bonnetje.",
        "You gave no e-mail address? Use the code on your slip.";
}
