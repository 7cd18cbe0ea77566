//! The texts about what staff wrote down: paper, voice, and stopping for somebody.
//!
//! Invariant: each says that staff entered it, and who. `{}` stands for how the organisation calls them.

use shared::Language;

texts! {
    /// A text about what staff wrote down.
    RegisteredText:
    /// Paper.
    OnPaper: "Op papier ondertekend. Ingevoerd door {}.", "Signed on paper. Entered by {}.",
        "مُوقَّع على الورق. أدخله {}.";
    /// Voice.
    ByVoice: "Mondeling gezegd. Ingevoerd door {}.", "Said aloud. Entered by {}.", "قيل شفهيًا. أدخله {}.";
    /// Stopped for somebody.
    ByStaff: "Op uw verzoek gedaan door {}.", "Done at your request by {}.", "تم بطلب منك بواسطة {}.";
    /// Fact: who.
    EnteredBy: "Ingevoerd door", "Entered by", "أدخله";
    /// Fact: when it was signed.
    SignedOn: "Ondertekend op", "Signed on", "وُقّع في";
    /// Fact: when it was said.
    SaidOn: "Gezegd op", "Said on", "قيل في";
    /// Fact: fingerprint of the scan or recording.
    Scan: "Vingerafdruk van de scan of opname", "Fingerprint of the scan or recording", "بصمة المسح الضوئي أو التسجيل";
    /// Lead of a receipt of paper.
    LeadPaper: "Dit heeft u op papier ondertekend. Wij hebben het ingevoerd. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is what you signed on paper. We entered it. Is it not right, or do you want to stop? You can at any time.",
        "هذا ما وقّعته على الورق. نحن أدخلناه. هل هو غير صحيح، أو تريد التوقف؟ يمكنك ذلك في أي وقت.";
    /// Lead of a receipt of a voice.
    LeadVoice: "Dit heeft u gezegd. Wij hebben het ingevoerd. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is what you said. We entered it. Is it not right, or do you want to stop? You can at any time.",
        "هذا ما قلته. نحن أدخلناه. هل هو غير صحيح، أو تريد التوقف؟ يمكنك ذلك في أي وقت.";
    /// Instead of the exact text, for a voice.
    WordingRead: "Dit is de tekst waar u ja of nee op zei", "This is the text to which you said yes or no",
        "هذا هو النص الذي قلت له نعم أو لا";
}
