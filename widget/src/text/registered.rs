//! The texts about what staff wrote down: paper, voice, and stopping for somebody.
//!
//! Invariant: each says that staff entered it, and who. `{}` stands for how the organisation calls them.

use shared::Language;

texts! {
    /// A text about what staff wrote down.
    RegisteredText:
    /// Paper.
    OnPaper: "Op papier ondertekend. Ingevoerd door {}.", "Signed on paper. Entered by {}.";
    /// Voice.
    ByVoice: "Mondeling gezegd. Ingevoerd door {}.", "Said aloud. Entered by {}.";
    /// Stopped for somebody.
    ByStaff: "Op uw verzoek gedaan door {}.", "Done at your request by {}.";
    /// Fact: who.
    EnteredBy: "Ingevoerd door", "Entered by";
    /// Fact: when it was signed.
    SignedOn: "Ondertekend op", "Signed on";
    /// Fact: when it was said.
    SaidOn: "Gezegd op", "Said on";
    /// Fact: fingerprint of the scan or recording.
    Scan: "Vingerafdruk van de scan of opname", "Fingerprint of the scan or recording";
    /// Lead of a receipt of paper.
    LeadPaper: "Dit heeft u op papier ondertekend. Wij hebben het ingevoerd. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is what you signed on paper. We entered it. Is it not right, or do you want to stop? You can at any time.";
    /// Lead of a receipt of a voice.
    LeadVoice: "Dit heeft u gezegd. Wij hebben het ingevoerd. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is what you said. We entered it. Is it not right, or do you want to stop? You can at any time.";
    /// Instead of the exact text, for a voice.
    WordingRead: "Dit is de tekst waar u ja of nee op zei", "This is the text to which you said yes or no";
}
