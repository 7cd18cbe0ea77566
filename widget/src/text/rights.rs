//! The texts about where data comes from (Art. 14) and about objecting (Art. 21).
//!
//! Invariant: what a list claims is said to be its claim; objecting is called what it is, and nobody is asked why.

use shared::Language;

texts! {
    /// A text about a right.
    RightsText:
    /// Heading of where an imported person comes from.
    ImportedHeading: "Waar uw gegevens vandaan komen", "Where your data comes from", "من أين جاءت بياناتك";
    /// Below it.
    ImportedText: "Uw e-mailadres stond op een lijst. Die is hier overgenomen.",
        "Your e-mail address was on a list. It was taken over here.",
        "كان بريدك الإلكتروني في قائمة. نُقلت تلك القائمة إلى هنا.";
    /// Fact: the list.
    ImportedSource: "De lijst", "The list", "القائمة";
    /// Fact: when it was taken over.
    ImportedTaken: "Overgenomen op", "Taken over on", "نُقلت في";
    /// Fact: when the person agreed.
    ImportedClaimed: "Ja gezegd op, volgens de lijst", "Said yes on, says the list", "قيل نعم في، حسب القائمة";
    /// Where the list does not say it.
    ImportedNoDate: "Dat zegt de lijst niet", "The list does not say", "لا تذكر القائمة ذلك";
    /// Fact: reference.
    ImportedReference: "Kenmerk", "Reference", "المرجع";
    /// Fact: fingerprint of the list.
    ImportedFile: "Vingerafdruk van de lijst", "Fingerprint of the list", "بصمة القائمة";
    /// Fact: fingerprint of the words.
    ImportedWordsPrint: "Vingerafdruk van de tekst die toen is getoond", "Fingerprint of the text that was shown then",
        "بصمة النص الذي عُرض حينها";
    /// Summary of the words.
    ImportedWords: "Deze tekst is toen getoond, volgens de organisatie", "This text was shown then, says the organisation",
        "عُرض هذا النص حينها، حسب المؤسسة";
    /// Heading of the objection.
    ObjectHeading: "Helemaal geen reclame meer?", "No more advertising at all?", "لا تريد أي إعلانات بعد الآن؟";
    /// Its button.
    Object: "Geen reclame meer", "No more advertising", "لا إعلانات بعد الآن";
    /// Beside it.
    ObjectText: "Dan mag deze organisatie u niets meer sturen om te verkopen, om geen enkele reden, ook niet iets nieuws. Het geldt meteen.",
        "Then this organisation may send you nothing to sell, for no reason at all, nor anything new. It counts at once.",
        "بعد ذلك لا يُسمح لهذه المؤسسة بأن ترسل إليك أي شيء للبيع، لأي سبب كان، ولا أي شيء جديد. يسري فورًا.";
    /// Where it was done.
    Objected: "U wilt geen reclame meer. Alleen wat u daarna zelf weer aanvinkt, mag nog.",
        "You want no more advertising. Only what you tick again yourself after that is allowed.",
        "لا تريد إعلانات بعد الآن. لا يُسمح إلا بما تضع عليه علامة بنفسك بعد ذلك.";
    /// History: objected.
    HistoryObjected: "Geen reclame meer", "No more advertising", "لا إعلانات بعد الآن";
    /// Lead of the receipt of an objection.
    LeadObjected: "U wilt geen reclame meer van deze organisatie. Dat geldt voor alles, ook voor wat nog komt.",
        "You want no more advertising from this organisation. That holds for everything, also for what is yet to come.",
        "لا تريد إعلانات من هذه المؤسسة بعد الآن. يسري هذا على كل شيء، وأيضًا على ما سيأتي.";
    /// A purpose of a customer who did not object.
    Customer: "U bent klant", "You are a customer", "أنت زبون";
    /// State in words: the same.
    StateCustomer: "Dit mag, omdat u klant bent", "This is allowed, because you are a customer", "هذا مسموح لأنك زبون";
    /// Why: what was bought goes where the braces are.
    WhyCustomer: "U kocht {}. Daarom mogen wij u hierover berichten sturen, ook al zei u daar geen ja tegen. Liever niet? Eén druk op “Stop” is genoeg.",
        "You bought {}. So we may send you messages about it, although you did not say yes to that. Rather not? One press on “Stop” is enough.",
        "اشتريت {}. لذلك يُسمح لنا بأن نرسل إليك رسائل عن ذلك، مع أنك لم تقل نعم. لا تريدها؟ تكفي ضغطة واحدة على «أوقف».";
    /// Title of the own page of a customer.
    ManageTitleCustomer: "Wat wij u mogen sturen", "What we may send you", "ما يُسمح لنا بإرساله إليك";
    /// Heading of the line on the receipt of a sale.
    SaleHeading: "Waar het over gaat", "What it is about", "عن ماذا";
    /// Lead of the own page of a customer.
    ManageLeadCustomer: "Hier ziet u wat wij u mogen sturen, en waarom. Stoppen kan altijd, met één knop, zonder reden.",
        "Here you see what we may send you, and why. You can stop at any time, with one button, without a reason.",
        "هنا ترى ما يُسمح لنا بإرساله إليك، ولماذا. يمكنك التوقف في أي وقت، بزر واحد، وبدون سبب.";
    /// Lead of the receipt of a sale.
    LeadSale: "U kocht iets. Daarom mag deze organisatie u daarover berichten sturen. Stoppen kan altijd, met één knop op uw eigen pagina.",
        "You bought something. So this organisation may send you messages about it. You can stop at any time, with one button on your own page.",
        "اشتريت شيئًا. لذلك يُسمح لهذه المؤسسة بأن ترسل إليك رسائل عنه. يمكنك التوقف في أي وقت، بزر واحد في صفحتك الخاصة.";
    /// The same, where the person objected.
    LeadSaleObjected: "U kocht iets, en wilde er geen berichten over. Die krijgt u dus niet.",
        "You bought something, and wanted no messages about it. So you get none.",
        "اشتريت شيئًا، ولم ترد رسائل عنه. لذلك لا تصلك أي رسالة.";
    /// Heading of what was bought.
    SoldHeading: "Wat u kocht", "What you bought", "ما اشتريته";
    /// Below it.
    SoldText: "Dit is geen toestemming. De winkel zegt dat u dit kocht, en dat u bij de verkoop nee kon zeggen tegen berichten.",
        "This is no consent. The shop says that you bought this, and that you could say no to messages at the sale.",
        "هذه ليست موافقة. يقول المتجر إنك اشتريت هذا، وإنك كنت تستطيع عند البيع أن تقول لا للرسائل.";
    /// Fact: what.
    SoldProducts: "Wat", "What", "ماذا";
    /// Fact: when.
    SoldOn: "Gekocht op", "Bought on", "تاريخ الشراء";
    /// Fact: number of the sale.
    SoldNumber: "Nummer van de verkoop", "Number of the sale", "رقم البيع";
    /// After it was done.
    DoneObjected: "Gedaan: geen reclame meer. Het geldt vanaf nu.", "Done: no more advertising. It counts from now on.",
        "تم: لا إعلانات بعد الآن. يسري من الآن.";
}
