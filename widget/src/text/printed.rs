//! The texts of forms on paper.
//!
//! Invariant: a paper says that a box may stay empty, and that signing agrees to the ticked boxes only.

use shared::Language;

texts! {
    /// A text of a form on paper.
    PrintedText:
    /// Above the boxes.
    TickWhatYouLike: "Zet een kruisje bij wat u wilt. Een vakje leeg laten mag.",
        "Put a cross at what you like. You may leave a box empty.",
        "ضع علامة × عند ما تريده. يمكنك ترك المربع فارغًا.";
    /// Above the lines.
    YourDetails: "Vul alleen in wat bij uw kruisjes nodig is", "Fill in only what your crosses need",
        "اكتب فقط ما تحتاج إليه علاماتك";
    /// A line.
    Date: "Datum", "Date", "التاريخ";
    /// A line.
    Signature: "Handtekening", "Signature", "التوقيع";
    /// Beside the signature.
    SignFor: "U tekent alleen voor de vakjes met een kruisje.", "You sign only for the boxes with a cross.",
        "توقّع فقط على المربعات التي عليها علامة.";
    /// What the person gets.
    Slip: "U krijgt een bonnetje mee. Daarmee kunt u altijd bekijken wat u koos, en stoppen.",
        "You get a slip to take with you. With it you can always see what you chose, and stop.",
        "تأخذ معك إيصالًا. به ترى دائمًا ما اخترته، ويمكنك التوقف.";
    /// Heading of the privacy text.
    Privacy: "Wat wij met uw gegevens doen", "What we do with your data", "ماذا نفعل ببياناتك";
    /// Before the hash.
    WordingPrint: "Vingerafdruk van deze tekst", "Fingerprint of this text", "بصمة هذا النص";
    /// Beside the QR code on a paper.
    OnPhone: "Liever op uw telefoon? Scan deze code.", "Rather on your phone? Scan this code.",
        "تفضّل هاتفك؟ امسح هذا الرمز.";
    /// Beside the QR code on a poster.
    ScanMe: "Zelf kiezen? Scan deze code met uw telefoon.", "Choose yourself? Scan this code with your phone.",
        "تريد أن تختار بنفسك؟ امسح هذا الرمز بهاتفك.";
    /// Below it.
    OrAsk: "Geen telefoon bij u? Vraag aan de balie om een formulier op papier.",
        "No phone with you? Ask at the counter for a form on paper.",
        "ليس معك هاتف؟ اطلب عند الكاونتر نموذجًا ورقيًا.";
    /// On a poster, above the purposes.
    WhatWeAsk: "Dit vragen wij u. U kiest zelf, per vakje.", "This is what we ask. You choose, box by box.",
        "هذا ما نطلبه منك. أنت تختار، مربعًا مربعًا.";
    /// What the QR code is, for who cannot see it.
    QrLabel: "QR-code met de link naar dit formulier", "QR code with the link to this form",
        "رمز QR فيه رابط إلى هذا النموذج";
}
