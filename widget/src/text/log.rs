//! The texts of a log's page.
//!
//! Invariant: no word here asks for trust; each says what somebody can see or do.

use shared::Language;

texts! {
    /// A text of a log's page.
    LogText:
    /// Title.
    Title: "Het logboek", "The log", "السجل";
    /// The way to this page from a receipt.
    SeeLog: "Bekijk het logboek van alle antwoorden", "See the log of all answers", "اعرض سجل كل الأجوبة";
    /// The way to the page that checks evidence.
    CheckThis: "Controleer een bewijs zelf", "Check evidence yourself", "تحقق من إثبات بنفسك";
    /// The same, from here.
    CheckLater: "Of controleer een bewijs in uw browser, met deze stand erbij",
        "Or check evidence in your browser, with this state beside it",
        "أو تحقق من إثبات في متصفحك، ومعه هذه الحالة";
    /// What the log is.
    Lead: "Elk antwoord op een formulier telt hier mee, ook een nee, zonder naam en zonder adres.",
        "Every answer on a form counts here, also a no, without a name and without an address.",
        "كل جواب على نموذج يُحسب هنا، والـ«لا» أيضًا، بدون اسم وبدون عنوان.";
    /// What keeping its state is good for.
    Keep: "Bewaar deze stand. Dan kan niemand later antwoorden weghalen of veranderen zonder dat u het kunt aantonen.",
        "Keep this state. Then nobody can take away or change answers later without you being able to show it.",
        "احتفظ بهذه الحالة. عندها لا يستطيع أحد أن يحذف أجوبة أو يغيّرها لاحقًا دون أن تستطيع إثبات ذلك.";
    /// Before the number of answers.
    Size: "Antwoorden", "Answers", "الأجوبة";
    /// Before the moment of looking.
    Seen: "Bekeken op", "Seen on", "عُرض في";
    /// Before the log's name.
    Name: "Logboek", "Log", "السجل";
    /// Heading of the signed text.
    State: "De stand van nu", "The state of now", "الحالة الآن";
    /// Below the code.
    Code: "De code bevat de stand met de handtekening van het logboek.",
        "The code holds the state with the signature of the log.",
        "يحتوي الرمز على الحالة مع توقيع السجل.";
    /// Downloads the checkpoint.
    Download: "Stand downloaden (.txt)", "Download the state (.txt)", "نزّل الحالة (.txt)";
    /// Heading of the witnesses.
    Witnesses: "Wie kijkt er mee", "Who else watches", "من يراقب أيضًا";
    /// What witnesses do.
    WitnessesText: "Deze getuigen onthouden zelf wat zij zagen. Zij tekenen alleen als er niets is verdwenen.",
        "These witnesses remember for themselves what they saw. They sign only if nothing has gone.",
        "يتذكر هؤلاء الشهود بأنفسهم ما رأوه. لا يوقّعون إلا إذا لم يختفِ شيء.";
    /// A witness that signed lately; after it stands how many answers it saw, and when.
    Saw: "zag", "saw", "رأى";
    /// Between the number and the moment.
    AnswersOn: "antwoorden op", "answers on", "أجوبة في";
    /// A witness that has not signed yet.
    NotYet: "heeft nog niets getekend", "has not signed anything yet", "لم يوقّع شيئًا بعد";
    /// A witness that has been silent for too long.
    Stale: "liet al te lang niets horen", "has been silent for too long", "صامت منذ مدة طويلة";
    /// A witness that saw more, or something else.
    Contradicts: "zag iets anders dan er nu staat", "saw something other than what stands here now",
        "رأى غير ما هو موجود الآن";
    /// Heading of the check.
    Later: "Later controleren", "Check later", "تحقق لاحقًا";
    /// First step.
    LaterKey: "Download de sleutel van het logboek", "Download the key of the log", "نزّل مفتاح السجل";
    /// Second step.
    LaterExtension: "Download wat er sinds deze stand bij kwam", "Download what was added since this state",
        "نزّل ما أُضيف منذ هذه الحالة";
    /// Third step.
    LaterRun: "Laat uw eigen computer rekenen", "Let your own computer do the sum", "دع حاسوبك يحسب بنفسه";
    /// What the answer means.
    LaterValid: "Zegt hij VALID, dan is er alleen iets bij gekomen. Er is geen internet nodig, en u hoeft niemand te geloven.",
        "If it says VALID, answers were only added. It needs no internet, and you need not believe anybody.",
        "إذا قال VALID فقد أُضيفت أجوبة فقط. لا يحتاج إلى إنترنت، ولا يلزمك أن تصدّق أحدًا.";
}
