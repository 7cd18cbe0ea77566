//! The texts about where data comes from (Art. 14) and about objecting (Art. 21).
//!
//! Invariant: what a list claims is said to be its claim; objecting is called what it is, and nobody is asked why.

use shared::Language;

texts! {
    /// A text about a right.
    RightsText:
    /// Heading of where an imported person comes from.
    ImportedHeading: "Waar uw gegevens vandaan komen", "Where your data comes from";
    /// Below it.
    ImportedText: "Uw e-mailadres stond op een lijst. Die is hier overgenomen.",
        "Your e-mail address was on a list. It was taken over here.";
    /// Fact: the list.
    ImportedSource: "De lijst", "The list";
    /// Fact: when it was taken over.
    ImportedTaken: "Overgenomen op", "Taken over on";
    /// Fact: when the person agreed.
    ImportedClaimed: "Ja gezegd op, volgens de lijst", "Said yes on, says the list";
    /// Where the list does not say it.
    ImportedNoDate: "Dat zegt de lijst niet", "The list does not say";
    /// Fact: reference.
    ImportedReference: "Kenmerk", "Reference";
    /// Fact: fingerprint of the list.
    ImportedFile: "Vingerafdruk van de lijst", "Fingerprint of the list";
    /// Fact: fingerprint of the words.
    ImportedWordsPrint: "Vingerafdruk van de tekst die toen is getoond", "Fingerprint of the text that was shown then";
    /// Summary of the words.
    ImportedWords: "Deze tekst is toen getoond, volgens de organisatie", "This text was shown then, says the organisation";
    /// Heading of the objection.
    ObjectHeading: "Helemaal geen reclame meer?", "No more advertising at all?";
    /// Its button.
    Object: "Geen reclame meer", "No more advertising";
    /// Beside it.
    ObjectText: "Dan mag deze organisatie u niets meer sturen om te verkopen, om geen enkele reden, ook niet iets nieuws. Het geldt meteen.",
        "Then this organisation may send you nothing to sell, for no reason at all, nor anything new. It counts at once.";
    /// Where it was done.
    Objected: "U wilt geen reclame meer. Alleen wat u daarna zelf weer aanvinkt, mag nog.",
        "You want no more advertising. Only what you tick again yourself after that is allowed.";
    /// History: objected.
    HistoryObjected: "Geen reclame meer", "No more advertising";
    /// Lead of the receipt of an objection.
    LeadObjected: "U wilt geen reclame meer van deze organisatie. Dat geldt voor alles, ook voor wat nog komt.",
        "You want no more advertising from this organisation. That holds for everything, also for what is yet to come.";
    /// After it was done.
    DoneObjected: "Gedaan: geen reclame meer. Het geldt vanaf nu.", "Done: no more advertising. It counts from now on.";
}
