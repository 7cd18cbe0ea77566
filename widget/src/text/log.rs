//! The texts of a log's page.
//!
//! Invariant: no word here asks for trust; each says what somebody can see or do.

use shared::Language;

texts! {
    /// A text of a log's page.
    LogText:
    /// Title.
    Title: "Het logboek", "The log";
    /// The way to this page from a receipt.
    SeeLog: "Bekijk het logboek van alle antwoorden", "See the log of all answers";
    /// What the log is.
    Lead: "Elk antwoord op een formulier telt hier mee, ook een nee, zonder naam en zonder adres.",
        "Every answer on a form counts here, also a no, without a name and without an address.";
    /// What keeping its state is good for.
    Keep: "Bewaar deze stand. Dan kan niemand later antwoorden weghalen of veranderen zonder dat u het kunt aantonen.",
        "Keep this state. Then nobody can take away or change answers later without you being able to show it.";
    /// Before the number of answers.
    Size: "Antwoorden", "Answers";
    /// Before the moment of looking.
    Seen: "Bekeken op", "Seen on";
    /// Before the log's name.
    Name: "Logboek", "Log";
    /// Heading of the signed text.
    State: "De stand van nu", "The state of now";
    /// Below the code.
    Code: "De code bevat de stand met de handtekening van het logboek.",
        "The code holds the state with the signature of the log.";
    /// Downloads the checkpoint.
    Download: "Stand downloaden (.txt)", "Download the state (.txt)";
    /// Heading of the witnesses.
    Witnesses: "Wie kijkt er mee", "Who else watches";
    /// What witnesses do.
    WitnessesText: "Deze getuigen onthouden zelf wat zij zagen. Zij tekenen alleen als er niets is verdwenen.",
        "These witnesses remember for themselves what they saw. They sign only if nothing has gone.";
    /// A witness that signed lately; after it stands how many answers it saw, and when.
    Saw: "zag", "saw";
    /// Between the number and the moment.
    AnswersOn: "antwoorden op", "answers on";
    /// A witness that has not signed yet.
    NotYet: "heeft nog niets getekend", "has not signed anything yet";
    /// A witness that has been silent for too long.
    Stale: "liet al te lang niets horen", "has been silent for too long";
    /// A witness that saw more, or something else.
    Contradicts: "zag iets anders dan er nu staat", "saw something other than what stands here now";
    /// Heading of the check.
    Later: "Later controleren", "Check later";
    /// First step.
    LaterKey: "Download de sleutel van het logboek", "Download the key of the log";
    /// Second step.
    LaterExtension: "Download wat er sinds deze stand bij kwam", "Download what was added since this state";
    /// Third step.
    LaterRun: "Laat uw eigen computer rekenen", "Let your own computer do the sum";
    /// What the answer means.
    LaterValid: "Zegt hij VALID, dan is er alleen iets bij gekomen. Er is geen internet nodig, en u hoeft niemand te geloven.",
        "If it says VALID, answers were only added. It needs no internet, and you need not believe anybody.";
}
