//! The texts of the pages that the server renders: receipt, own page, messages.
//!
//! Invariant: no text asks for a reason, and none says that something is forgotten that is not.

use shared::Language;

texts! {
    /// A text of a page that the server renders.
    PageText:
    /// A purpose that was taken back.
    Stopped: "Gestopt", "Stopped", "أُوقف";
    /// A purpose whose term has ended.
    Expired: "Verlopen", "Expired", "انتهت مدته";
    /// Summary of the privacy text.
    FullNotice: "Alles over uw gegevens en uw rechten", "All about your data and your rights",
        "كل شيء عن بياناتك وحقوقك";
    /// Label of the language switch.
    LanguageSwitch: "Taal", "Language", "اللغة";
    // What the loader says.
    /// In a host's form that goes on without a receipt.
    Unsaved: "Uw aanmelding gaat gewoon door. Alleen uw keuzes hierboven zijn nog niet bewaard.",
        "Your sign-up goes on. Only your choices above are not saved yet.",
        "يستمر تسجيلك كالمعتاد. اختياراتك أعلاه فقط لم تُحفظ بعد.";
    /// The link to the hosted form that goes with it.
    ChooseThere: "Maak uw keuze op deze pagina", "Make your choice on this page", "اختر في هذه الصفحة";
    /// The form in another language did not come.
    Untranslated: "De andere taal laadt nu niet. U kunt hieronder gewoon verder, of probeer het zo weer.",
        "The other language does not load now. You can go on below, or try again in a moment.",
        "لا يمكن تحميل اللغة الأخرى الآن. يمكنك المتابعة أدناه، أو حاول مرة أخرى بعد قليل.";
    // The receipt page.
    /// Title.
    ReceiptTitle: "Uw bewijs", "Your receipt", "إثباتك";
    /// Lead of a receipt of choices.
    ReceiptLead: "Dit heeft u gekozen. Bewaar deze pagina of druk hem af.",
        "This is what you chose. Keep this page or print it.",
        "هذا ما اخترته. احتفظ بهذه الصفحة أو اطبعها.";
    /// Lead of a receipt of which something waits.
    ReceiptLeadRequested: "Dit heeft u gekozen. Wij stuurden u een mail: pas na een druk op de knop daarin telt het.",
        "This is what you chose. We sent you a mail: it counts only after a press on the button in it.",
        "هذا ما اخترته. أرسلنا إليك رسالة: لا يُحسب إلا بعد الضغط على الزر الذي فيها.";
    /// Lead of a receipt of a confirmation.
    ReceiptLeadConfirmed: "Bevestigd. Dit mag nu. Bewaar deze pagina of druk hem af.",
        "Confirmed. This is allowed now. Keep this page or print it.",
        "تم التأكيد. هذا مسموح الآن. احتفظ بهذه الصفحة أو اطبعها.";
    /// A request that nobody confirmed.
    Lapsed: "Niet bevestigd", "Not confirmed", "لم يُؤكَّد";
    /// Until when something can be confirmed.
    ConfirmUntil: "Bevestigen kan tot en met", "To be confirmed by", "يمكن التأكيد حتى";
    /// Lead of a receipt of a withdrawal.
    ReceiptLeadStopped: "Dit heeft u gestopt. Bewaar deze pagina of druk hem af.",
        "This is what you stopped. Keep this page or print it.",
        "هذا ما أوقفته. احتفظ بهذه الصفحة أو اطبعها.";
    /// Lead of a receipt of a term that ended.
    ReceiptLeadExpired: "De tijd is om: dit geldt niet meer. U hoeft niets te doen.",
        "The time is up: this no longer counts. You need not do anything.",
        "انتهت المدة: هذا لم يعد ساريًا. لا يلزمك فعل شيء.";
    /// Lead of a receipt of an imported list.
    ReceiptLeadImported: "Dit staat op een lijst die is overgenomen. Klopt het niet, of wilt u stoppen? Dat kan altijd.",
        "This is on a list that was taken over. Is it not right, or do you want to stop? You can at any time.",
        "هذا موجود في قائمة نُقلت إلينا. هل هو غير صحيح، أو تريد التوقف؟ يمكنك ذلك في أي وقت.";
    /// Came with an imported list that proves it.
    Imported: "Ja, volgens een lijst", "Yes, says a list", "نعم، حسب قائمة";
    /// Came with an imported list that proves nothing.
    Unproven: "Zonder bewijs", "Without proof", "بدون إثبات";
    /// State in words: the same.
    StateUnproven: "Er is geen bewijs dat u dit wilde, dus dit mag niet", "There is no proof that you wanted this, so it is not allowed",
        "لا يوجد إثبات أنك أردت هذا، فهو غير مسموح";
    /// Heading of the wording under which a list is gone on with.
    WordingNow: "Onder deze tekst geldt het nu", "This is the text under which it counts now",
        "هذا هو النص الساري الآن";
    /// Heading of the choices.
    YourChoices: "Uw keuzes", "Your choices", "اختياراتك";
    /// Facts heading.
    Facts: "Gegevens van dit bewijs", "Facts of this receipt", "بيانات هذا الإثبات";
    /// Fact: when.
    When: "Wanneer", "When", "متى";
    /// Fact: who asked.
    WhoAsked: "Wie vroeg het", "Who asked", "من طلب";
    /// Fact: number.
    ReceiptNumber: "Nummer", "Number", "الرقم";
    /// Fact: signed by.
    SignedBy: "Ondertekend door", "Signed by", "وقّعه";
    /// Fact: fingerprint of the wording.
    WordingPrint: "Vingerafdruk van de tekst", "Fingerprint of the text", "بصمة النص";
    /// Until when it counts.
    CountsUntil: "Geldt tot en met", "Counts until", "يسري حتى";
    /// Heading of the exact wording.
    ExactWording: "Precies deze tekst heeft u gezien", "This is exactly the text you saw",
        "هذا هو النص الذي رأيته بالضبط";
    /// In the exact wording: how a box was sent.
    WasTicked: "aangevinkt", "ticked", "عليه علامة";
    /// The other way.
    WasNotTicked: "niet aangevinkt", "not ticked", "بدون علامة";
    /// Beside the QR code.
    YourLink: "Uw eigen link", "Your own link", "رابطك الخاص";
    /// Below it.
    YourLinkText: "Scan de code of open de link om iets te wijzigen of te stoppen. Deel hem met niemand.",
        "Scan the code or open the link to change or stop. Share it with nobody.",
        "امسح الرمز أو افتح الرابط لتغيّر شيئًا أو توقفه. لا تعطه لأحد.";
    /// Print button.
    Print: "Afdrukken", "Print", "اطبع";
    /// Downloads heading.
    Downloads: "Downloaden", "Download", "تنزيل";
    /// The signed file.
    DownloadJws: "Ondertekend bewijs (.jws)", "Signed receipt (.jws)", "إثبات موقّع (.jws)";
    /// All evidence about a receipt in one file.
    DownloadBundle: "Alles in één bestand (.vinkje.json)", "Everything in one file (.vinkje.json)",
        "كل شيء في ملف واحد (.vinkje.json)";
    /// All evidence about a person in one file.
    DownloadHistory: "Alle bewijzen in één bestand (.vinkje.json)", "All receipts in one file (.vinkje.json)",
        "كل الإثباتات في ملف واحد (.vinkje.json)";
    /// The proof that a receipt stands in the evidence log.
    DownloadProof: "Bewijs dat het in het logboek staat (.tlog-proof)", "Proof that it is in the log (.tlog-proof)",
        "إثبات أنه في السجل (.tlog-proof)";
    /// The readable file.
    DownloadJson: "Leesbaar bewijs (.json)", "Readable receipt (.json)", "إثبات مقروء (.json)";
    /// Before the standard records.
    StandardFile: "Als standaard bestand:", "As a standard file:", "كملف قياسي:";

    // The manage page.
    /// Title.
    ManageTitle: "Uw toestemmingen", "Your consents", "موافقاتك";
    /// Lead.
    ManageLead: "Hier ziet u waar u ja tegen zei. Stoppen kan altijd, met één knop, zonder reden.",
        "Here you see what you agreed to. You can stop at any time, with one button, without a reason.",
        "هنا ترى ما وافقت عليه. يمكنك التوقف في أي وقت، بزر واحد، وبدون سبب.";
    /// State in words: stands.
    StateGiven: "Ja, dit mag", "Yes, this is allowed", "نعم، هذا مسموح";
    /// State in words: refused.
    StateRefused: "Nee, dit wilde u niet", "No, you did not want this", "لا، لم ترد هذا";
    /// State in words: withdrawn.
    StateWithdrawn: "Gestopt door u", "Stopped by you", "أوقفته أنت";
    /// State in words: expired.
    StateExpired: "Verlopen, dit mag niet meer", "Expired, no longer allowed", "انتهت مدته، لم يعد مسموحًا";
    /// State in words: waits for the owner of the address.
    StateRequested: "Wacht op uw bevestiging", "Waits for your confirmation", "ينتظر تأكيدك";
    /// State in words: nobody confirmed it.
    StateLapsed: "Niet bevestigd, dit mag niet", "Not confirmed, not allowed", "لم يُؤكَّد، غير مسموح";
    /// State in words: never asked in this wording.
    StateOpen: "Nog niet gekozen", "Not chosen yet", "لم تختر بعد";
    /// Since when.
    Since: "Sinds", "Since", "منذ";
    /// Stop one.
    Stop: "Stop", "Stop", "أوقف";
    /// Stop all.
    StopAll: "Stop alles", "Stop everything", "أوقف كل شيء";
    /// Beside it.
    StopAllText: "Dan mag niets meer. Het geldt meteen.", "Then nothing is allowed any more. It counts at once.",
        "بعد ذلك لا يُسمح بأي شيء. يسري فورًا.";
    /// Give again heading.
    GiveAgain: "Toch wel?", "Changed your mind?", "غيّرت رأيك؟";
    /// Give again text.
    GiveAgainText: "Vink aan wat u wél wilt en kies “Bewaar”.", "Tick what you do want and choose “Save”.",
        "ضع علامة على ما تريده واختر «احفظ».";
    /// Give again button.
    SaveShort: "Bewaar", "Save", "احفظ";
    /// When nothing stands.
    NothingStands: "U heeft nergens toestemming voor openstaan. Er wordt niets gestuurd.",
        "You have no open consent. Nothing is sent.",
        "ليست لديك أي موافقة سارية. لا يُرسل إليك شيء.";
    /// History heading.
    History: "Wat er is gebeurd", "What happened", "ما الذي حدث";
    /// History: gave.
    HistoryGiven: "Ja gezegd", "Said yes", "قلت نعم";
    /// History: refused.
    HistoryRefused: "Nee gezegd", "Said no", "قلت لا";
    /// History: asked for by mail.
    HistoryRequested: "Aangevraagd", "Requested", "طُلب";
    /// History: withdrew.
    HistoryWithdrawn: "Gestopt", "Stopped", "أُوقف";
    /// After an act on the manage page.
    DoneStopped: "Gestopt. Het geldt vanaf nu.", "Stopped. It counts from now on.", "تم الإيقاف. يسري من الآن.";
    /// After giving again.
    DoneGiven: "Bewaard. Dank u wel.", "Saved. Thank you.", "تم الحفظ. شكرًا لك.";

    /// After giving again what the owner of the address must confirm.
    DoneRequested: "Bewaard. Wij sturen u een mail: het telt pas als u daarin op de knop drukt.",
        "Saved. We send you a mail: it counts only when you press the button in it.",
        "تم الحفظ. نرسل إليك رسالة: لا يُحسب إلا بعد الضغط على الزر الذي فيها.";
    /// After asking for the own link.
    DoneLinkSent: "Er komt een mail met uw eigen link. Die werkt één dag.",
        "A mail with your own link is coming. It works for one day.",
        "ستصلك رسالة فيها رابطك الخاص. يعمل ليوم واحد.";
    /// Above the button that mails the own link.
    MoreByMail: "Iets toch wel willen, of alles zien?", "Want something after all, or see everything?",
        "تريد شيئًا رغم ذلك، أو تريد رؤية كل شيء؟";
    /// Below it.
    MoreByMailText: "Dat kan op uw eigen pagina. Deze link kwam met een mail en kan doorgestuurd zijn, dus vanaf hier kunt u alleen stoppen.",
        "You can on your own page. This link came with a mail and may have been forwarded, so from here you can only stop.",
        "يمكنك ذلك في صفحتك الخاصة. جاء هذا الرابط في رسالة وربما أُعيد إرسالها، لذلك يمكنك من هنا الإيقاف فقط.";
    /// Its button.
    MailMyLink: "Mail mij mijn eigen link", "Mail me my own link", "أرسل إليّ رابطي الخاص";

    // Message pages.
    /// How to take consent back: heading.
    OwnLinkHeading: "Stoppen met uw toestemming", "Taking back your consent", "التراجع عن موافقتك";
    /// Where the own link is.
    OwnLinkText: "Open uw eigen link. Hij staat op uw bewijs, als knop en als code om te scannen. Daar zet u met één druk \
        uit wat u wilt.",
        "Open your own link. It is on your receipt, as a button and as a code to scan. There you switch off what you want \
        with one press.",
        "افتح رابطك الخاص. هو في إثباتك، كزر وكرمز للمسح. هناك توقف ما تريد بضغطة واحدة.";
    /// Where to go without it.
    OwnLinkLost: "Hebt u de link niet meer? Schrijf wie u om toestemming vroeg; het adres staat op uw bewijs.",
        "Lost the link? Write to who asked for your consent; the address is on your receipt.",
        "فقدت الرابط؟ اكتب إلى من طلب موافقتك؛ العنوان في إثباتك.";
    /// Unknown link: heading. It says nothing about anybody: the link may be cut off while consent stands.
    LinkUnknownHeading: "Deze link werkt niet (meer)", "This link does not work (any more)", "هذا الرابط لا يعمل";
    /// Unknown link: text.
    LinkUnknownText: "Kijk of hij compleet is. Hij staat op uw bewijs, ook als code om te scannen. Is hij compleet? Dan zijn de \
        gegevens erachter gewist, en wordt er niets meer gestuurd.",
        "Check that it is complete. It is on your receipt, also as a code to scan. Is it complete? Then the data behind it was \
        erased, and nothing more is sent.",
        "تأكد أنه كامل. هو في إثباتك، وأيضًا كرمز للمسح. هل هو كامل؟ إذن مُحيت البيانات التي خلفه، ولا يُرسل شيء بعد ذلك.";
    /// Heading of a problem.
    ProblemHeading: "Dat ging niet goed", "That did not work", "لم ينجح ذلك";
    /// Back to the form.
    BackToForm: "Terug naar het formulier", "Back to the form", "العودة إلى النموذج";
    /// Footer of every page.
    Footer: "Gemaakt met Vinkje: toestemming met bewijs, en zo weer terug te nemen.",
        "Made with Vinkje: consent with proof, and just as easy to take back.",
        "صُنع بواسطة Vinkje: موافقة لها إثبات، والتراجع عنها سهل بنفس القدر.";
    /// Skip link.
    Skip: "Naar de inhoud", "Skip to content", "انتقل إلى المحتوى";
}
