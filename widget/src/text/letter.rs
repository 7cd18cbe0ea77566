//! The texts of letters, and of the pages behind their links.
//!
//! Invariant: a letter says who writes, why, and what happens when nothing is done; it has no offers (Tw 11.7). `{}` stands
//! for the organisation's name.

use shared::Language;

texts! {
    /// A text of a letter.
    LetterText:
    /// Subject: asks to confirm.
    ConfirmSubject: "Bevestig uw aanmelding bij {}", "Confirm your sign-up with {}", "أكّد تسجيلك لدى {}";
    /// Heading.
    ConfirmHeading: "Klopt dit?", "Is this right?", "هل هذا صحيح؟";
    /// What happened.
    ConfirmLead: "Dit e-mailadres is ingevuld bij {}. Daarbij is dit aangevinkt:",
        "This e-mail address was filled in with {}. This was ticked:",
        "كُتب هذا البريد الإلكتروني لدى {}. ووُضعت علامة على هذا:";
    /// The button.
    ConfirmButton: "Bekijk en bevestig", "See and confirm", "اعرض وأكّد";
    /// What happens otherwise.
    ConfirmElse: "Zonder uw bevestiging gebeurt er niets. Over zeven dagen wissen wij dit adres.",
        "Without your confirmation nothing happens. After seven days we delete this address.",
        "بدون تأكيدك لا يحدث شيء. نمحو هذا العنوان بعد سبعة أيام.";
    /// Somebody else did it.
    NotYou: "Was u dit niet? Dan hoeft u niets te doen.", "Was this not you? Then you need not do anything.",
        "لم تكن أنت؟ إذن لا يلزمك فعل شيء.";
    /// Subject: the receipt.
    ReceiptSubject: "Uw bewijs van {}", "Your receipt from {}", "إثباتك من {}";
    /// Heading.
    ReceiptHeading: "Uw bewijs", "Your receipt", "إثباتك";
    /// What it is.
    ReceiptLead: "Dit heeft u gekozen bij {}:", "This is what you chose with {}:", "هذا ما اخترته لدى {}:";
    /// The file beside it.
    ReceiptFile: "Bewaar deze mail. Het ondertekende bewijs zit erbij als bestand.",
        "Keep this mail. The signed receipt is attached as a file.",
        "احتفظ بهذه الرسالة. الإثبات الموقّع مرفق بها كملف.";
    /// The button that stops.
    StopButton: "Bekijk of stop", "See or stop", "اعرض أو أوقف";
    /// Beside the code.
    StopCode: "Of scan deze code. Stoppen kan altijd, zonder reden.",
        "Or scan this code. You can stop at any time, without a reason.",
        "أو امسح هذا الرمز. يمكنك التوقف في أي وقت، وبدون سبب.";
    /// Subject: something was stopped.
    StoppedSubject: "Gestopt bij {}", "Stopped with {}", "تم الإيقاف لدى {}";
    /// Heading.
    StoppedHeading: "Dit is gestopt", "This is stopped", "تم إيقاف هذا";
    /// What it means.
    StoppedLead: "{} mag hier niets meer voor doen:", "{} may do nothing more for this:",
        "لا يُسمح لـ {} بفعل أي شيء بعد الآن من أجل:";
    /// What to do.
    StoppedFine: "Klopt dit? Dan bent u klaar.", "Is this right? Then you are done.", "هل هذا صحيح؟ إذن انتهيت.";
    /// Somebody else did it.
    StoppedUndo: "Deed iemand anders dit, bijvoorbeeld aan wie u een mail doorstuurde? Dan zet u het binnen dertig dagen weer aan.",
        "Did somebody else do this, for example to whom you forwarded a mail? Then you can switch it on again within thirty days.",
        "هل فعل هذا شخص آخر، مثلًا شخص أعدت إرسال رسالة إليه؟ يمكنك إعادة تشغيله خلال ثلاثين يومًا.";
    /// The button of that.
    UndoButton: "Zet het weer aan", "Switch it on again", "أعد تشغيله";
    /// Subject: the own link.
    OwnLinkSubject: "Uw eigen link bij {}", "Your own link with {}", "رابطك الخاص لدى {}";
    /// Heading.
    OwnLinkHeading: "Uw eigen link", "Your own link", "رابطك الخاص";
    /// What it is.
    OwnLinkLead: "U vroeg {} om de link naar uw toestemmingen. Hij werkt één dag. Stuur deze mail niet door.",
        "You asked {} for the link to your consents. It works for one day. Do not forward this mail.",
        "طلبت من {} الرابط إلى موافقاتك. يعمل ليوم واحد. لا تُعد إرسال هذه الرسالة.";
    /// The button; a date follows.
    OwnLinkButton: "Open uw keuzes van", "Open your choices of", "افتح اختياراتك بتاريخ";
    /// A mark: agreed to.
    Yes: "Ja", "Yes", "نعم";
    /// A mark: not agreed to.
    No: "Nee", "No", "لا";
    /// A mark: stopped.
    Stopped: "Gestopt", "Stopped", "أُوقف";
    /// A mark: to be confirmed.
    Waits: "Nog bevestigen", "To confirm", "ينتظر التأكيد";
    /// Who writes.
    From: "Deze mail komt van", "This mail comes from", "هذه الرسالة من";
}

texts! {
    /// A text of a page behind a mailed link.
    OwnerText:
    /// Title of the page that confirms.
    ConfirmTitle: "Klopt dit?", "Is this right?", "هل هذا صحيح؟";
    /// Lead.
    ConfirmLead: "Dit is aangevinkt met uw e-mailadres. Het telt pas als u het hier bevestigt.",
        "This was ticked with your e-mail address. It counts only when you confirm it here.",
        "وُضعت علامة على هذا مع بريدك الإلكتروني. لا يُحسب إلا بعد أن تؤكده هنا.";
    /// The yes.
    ConfirmYes: "Ja, dit klopt", "Yes, this is right", "نعم، هذا صحيح";
    /// The no.
    ConfirmNo: "Nee, dit was ik niet", "No, this was not me", "لا، لم أكن أنا";
    /// Title of the page that undoes.
    UndoTitle: "Weer aanzetten?", "Switch it on again?", "إعادة التشغيل؟";
    /// Lead.
    UndoLead: "Dit is gestopt met een link uit uw mail. U kunt het weer aanzetten.",
        "This was stopped with a link from your mail. You can switch it on again.",
        "أُوقف هذا برابط من بريدك. يمكنك إعادة تشغيله.";
    /// The yes.
    UndoYes: "Ja, zet het weer aan", "Yes, switch it on again", "نعم، أعد تشغيله";
    /// Where the address was forgotten.
    AddressGone: "Wij hebben uw e-mailadres intussen gewist. Vul het nog een keer in.",
        "We have deleted your e-mail address in the meantime. Please fill it in once more.",
        "محونا بريدك الإلكتروني في هذه الأثناء. اكتبه مرة أخرى.";
    /// Title when it is done already.
    DoneTitle: "Dit is al bevestigd", "This is confirmed already", "هذا مؤكَّد من قبل";
    /// Text.
    DoneText: "U hoeft niets meer te doen.", "You need not do anything more.", "لا يلزمك فعل شيء آخر.";
    /// Title when nothing is open any more.
    NothingTitle: "Hier valt niets meer te bevestigen", "There is nothing to confirm here any more",
        "لم يبق هنا شيء للتأكيد";
    /// Text.
    NothingText: "De tijd is om, of het is gestopt. Er gebeurt niets met uw adres.",
        "The time is up, or it was stopped. Nothing happens with your address.",
        "انتهت المدة، أو تم الإيقاف. لا يحدث شيء بعنوانك.";
    /// Title after the no.
    DisownedTitle: "Dank u. Er gebeurt niets.", "Thank you. Nothing happens.", "شكرًا. لن يحدث شيء.";
    /// Text.
    DisownedText: "De aanvraag is gestopt en dit e-mailadres is gewist.",
        "The request is stopped and this e-mail address is deleted.",
        "أُوقف الطلب ومُحي هذا البريد الإلكتروني.";
    /// Title of the page for a lost link.
    LostTitle: "Uw eigen link kwijt?", "Lost your own link?", "فقدت رابطك الخاص؟";
    /// Lead.
    LostLead: "Vul uw e-mailadres in. Kennen wij het, dan krijgt u een mail met de link. Zo komt niemand anders bij uw keuzes.",
        "Fill in your e-mail address. If we know it, you get a mail with the link. So nobody else gets to your choices.",
        "اكتب بريدك الإلكتروني. إذا كنا نعرفه، تصلك رسالة فيها الرابط. هكذا لا يصل غيرك إلى اختياراتك.";
    /// The button.
    LostButton: "Mail mij mijn link", "Mail me my link", "أرسل إليّ رابطي";
    /// Title after it.
    LostDoneTitle: "Kijk in uw mail", "Look in your mail", "افتح بريدك";
    /// Text: the same for every address.
    LostDoneText: "Kennen wij dit adres, dan komt er zo een mail. Niets gekregen? Dan staat er niets van u bij ons, of vroeg u het vandaag al vaker.",
        "If we know this address, a mail is coming. Nothing there? Then we have nothing of yours, or you asked several times today.",
        "إذا كنا نعرف هذا العنوان، ستصلك رسالة قريبًا. لم يصل شيء؟ إذن ليس لدينا شيء عنك، أو طلبت ذلك اليوم أكثر من مرة.";
}
