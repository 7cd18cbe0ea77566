//! The texts of counter slips.
//!
//! Invariant: a slip says in plain words how to stop, and that whoever has its code can do so.

use shared::Language;

texts! {
    /// A text of a counter slip, or of the page that asks for its code.
    SlipText:
    /// Title of the slip.
    Title: "Uw bewijs", "Your receipt", "إثباتك";
    /// Heading of what was chosen.
    Choices: "Dit heeft u gekozen", "This is what you chose", "هذا ما اخترته";
    /// Heading of the code.
    Code: "Uw code", "Your code", "رمزك";
    /// What the QR code is, for who cannot see it.
    QrLabel: "QR-code met de link naar uw keuzes", "QR code with the link to your choices",
        "رمز QR فيه رابط إلى اختياراتك";
    /// How to stop.
    HowToStop: "Bekijken, veranderen of stoppen? Scan de code met uw telefoon. Of typ de cijfers in op:",
        "See, change or stop? Scan the code with your phone. Or type the digits at:",
        "تريد العرض أو التغيير أو الإيقاف؟ امسح الرمز بهاتفك. أو اكتب الأرقام في:";
    /// By phone, or at a counter.
    ByPhone: "Geen internet? Lees de code voor aan de balie of aan de telefoon. Dan stoppen zij alles voor u.",
        "No internet? Read the code aloud at the counter or on the phone. Then they stop everything for you.",
        "بدون إنترنت؟ اقرأ الرمز عند الكاونتر أو في الهاتف. عندها يوقفون كل شيء عنك.";
    /// What the code is worth.
    Keep: "Bewaar dit. Wie deze code heeft, kan uw keuzes zien en stoppen.",
        "Keep this. Whoever has this code can see and stop your choices.",
        "احتفظ بهذا. من لديه هذا الرمز يستطيع رؤية اختياراتك وإيقافها.";
    /// Where the counter still has to send it.
    NotSent: "De code werkt zodra deze balie uw keuze heeft verzonden. Met internet is dat meteen.",
        "The code works as soon as this counter has sent your choice. With internet that is at once.",
        "يعمل الرمز بعد أن يرسل هذا الكاونتر اختيارك. مع الإنترنت يحدث ذلك فورًا.";
    /// Title of the page that asks.
    AskTitle: "De code op uw bonnetje", "The code on your slip", "الرمز الذي على إيصالك";
    /// Its lead.
    AskLead: "Hiermee komt u bij uw keuzes. Daar ziet u wat u heeft gekozen, en kunt u stoppen.",
        "This takes you to your choices. There you see what you chose, and you can stop.",
        "به تصل إلى اختياراتك. هناك ترى ما اخترته، ويمكنك التوقف.";
    /// Its field.
    AskLabel: "Uw code", "Your code", "رمزك";
    /// Below it.
    AskHint: "Zestien cijfers. Spaties mogen.", "Sixteen digits. Spaces are fine.", "ستة عشر رقمًا. يمكن ترك مسافات.";
    /// Its button.
    AskButton: "Naar mijn keuzes", "To my choices", "إلى اختياراتي";
    /// Where an address was given.
    ByMail: "Geen bonnetje, maar wel een e-mailadres opgegeven?", "No slip, but you gave an e-mail address?",
        "ليس لديك إيصال، لكنك أعطيت بريدًا إلكترونيًا؟";
    /// On the page for who lost their link.
    BySlip: "Geen e-mailadres opgegeven? Gebruik de code op uw bonnetje.",
        "You gave no e-mail address? Use the code on your slip.",
        "لم تعطِ بريدًا إلكترونيًا؟ استخدم الرمز الذي على إيصالك.";
}
