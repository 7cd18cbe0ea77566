//! The texts of letters, and of the pages behind their links.
//!
//! Invariant: a letter says who writes, why, and what happens when nothing is done; it has no offers (Tw 11.7). `{}` stands
//! for the organisation's name.

use shared::Language;

texts! {
    /// A text of a letter.
    LetterText:
    /// Subject: asks to confirm.
    ConfirmSubject: "Bevestig uw aanmelding bij {}", "Confirm your sign-up with {}";
    /// Heading.
    ConfirmHeading: "Klopt dit?", "Is this right?";
    /// What happened.
    ConfirmLead: "Dit e-mailadres is ingevuld bij {}. Daarbij is dit aangevinkt:",
        "This e-mail address was filled in with {}. This was ticked:";
    /// The button.
    ConfirmButton: "Bekijk en bevestig", "See and confirm";
    /// What happens otherwise.
    ConfirmElse: "Zonder uw bevestiging gebeurt er niets. Over zeven dagen wissen wij dit adres.",
        "Without your confirmation nothing happens. After seven days we delete this address.";
    /// Somebody else did it.
    NotYou: "Was u dit niet? Dan hoeft u niets te doen.", "Was this not you? Then you need not do anything.";
    /// Subject: the receipt.
    ReceiptSubject: "Uw bewijs van {}", "Your receipt from {}";
    /// Heading.
    ReceiptHeading: "Uw bewijs", "Your receipt";
    /// What it is.
    ReceiptLead: "Dit heeft u gekozen bij {}:", "This is what you chose with {}:";
    /// The file beside it.
    ReceiptFile: "Bewaar deze mail. Het ondertekende bewijs zit erbij als bestand.",
        "Keep this mail. The signed receipt is attached as a file.";
    /// The button that stops.
    StopButton: "Bekijk of stop", "See or stop";
    /// Beside the code.
    StopCode: "Of scan deze code. Stoppen kan altijd, zonder reden.",
        "Or scan this code. You can stop at any time, without a reason.";
    /// Subject: something was stopped.
    StoppedSubject: "Gestopt bij {}", "Stopped with {}";
    /// Heading.
    StoppedHeading: "Dit is gestopt", "This is stopped";
    /// What it means.
    StoppedLead: "{} mag hier niets meer voor doen:", "{} may do nothing more for this:";
    /// What to do.
    StoppedFine: "Klopt dit? Dan bent u klaar.", "Is this right? Then you are done.";
    /// Somebody else did it.
    StoppedUndo: "Deed iemand anders dit, bijvoorbeeld aan wie u een mail doorstuurde? Dan zet u het binnen dertig dagen weer aan.",
        "Did somebody else do this, for example to whom you forwarded a mail? Then you can switch it on again within thirty days.";
    /// The button of that.
    UndoButton: "Zet het weer aan", "Switch it on again";
    /// Subject: the own link.
    OwnLinkSubject: "Uw eigen link bij {}", "Your own link with {}";
    /// Heading.
    OwnLinkHeading: "Uw eigen link", "Your own link";
    /// What it is.
    OwnLinkLead: "U vroeg {} om de link naar uw toestemmingen. Hij werkt één dag. Stuur deze mail niet door.",
        "You asked {} for the link to your consents. It works for one day. Do not forward this mail.";
    /// The button; a date follows.
    OwnLinkButton: "Open uw keuzes van", "Open your choices of";
    /// A mark: agreed to.
    Yes: "Ja", "Yes";
    /// A mark: not agreed to.
    No: "Nee", "No";
    /// A mark: stopped.
    Stopped: "Gestopt", "Stopped";
    /// A mark: to be confirmed.
    Waits: "Nog bevestigen", "To confirm";
    /// Who writes.
    From: "Deze mail komt van", "This mail comes from";
}

texts! {
    /// A text of a page behind a mailed link.
    OwnerText:
    /// Title of the page that confirms.
    ConfirmTitle: "Klopt dit?", "Is this right?";
    /// Lead.
    ConfirmLead: "Dit is aangevinkt met uw e-mailadres. Het telt pas als u het hier bevestigt.",
        "This was ticked with your e-mail address. It counts only when you confirm it here.";
    /// The yes.
    ConfirmYes: "Ja, dit klopt", "Yes, this is right";
    /// The no.
    ConfirmNo: "Nee, dit was ik niet", "No, this was not me";
    /// Title of the page that undoes.
    UndoTitle: "Weer aanzetten?", "Switch it on again?";
    /// Lead.
    UndoLead: "Dit is gestopt met een link uit uw mail. U kunt het weer aanzetten.",
        "This was stopped with a link from your mail. You can switch it on again.";
    /// The yes.
    UndoYes: "Ja, zet het weer aan", "Yes, switch it on again";
    /// Where the address was forgotten.
    AddressGone: "Wij hebben uw e-mailadres intussen gewist. Vul het nog een keer in.",
        "We have deleted your e-mail address in the meantime. Please fill it in once more.";
    /// Title when it is done already.
    DoneTitle: "Dit is al bevestigd", "This is confirmed already";
    /// Text.
    DoneText: "U hoeft niets meer te doen.", "You need not do anything more.";
    /// Title when nothing is open any more.
    NothingTitle: "Hier valt niets meer te bevestigen", "There is nothing to confirm here any more";
    /// Text.
    NothingText: "De tijd is om, of het is gestopt. Er gebeurt niets met uw adres.",
        "The time is up, or it was stopped. Nothing happens with your address.";
    /// Title after the no.
    DisownedTitle: "Dank u. Er gebeurt niets.", "Thank you. Nothing happens.";
    /// Text.
    DisownedText: "De aanvraag is gestopt en dit e-mailadres is gewist.",
        "The request is stopped and this e-mail address is deleted.";
    /// Title of the page for a lost link.
    LostTitle: "Uw eigen link kwijt?", "Lost your own link?";
    /// Lead.
    LostLead: "Vul uw e-mailadres in. Kennen wij het, dan krijgt u een mail met de link. Zo komt niemand anders bij uw keuzes.",
        "Fill in your e-mail address. If we know it, you get a mail with the link. So nobody else gets to your choices.";
    /// The button.
    LostButton: "Mail mij mijn link", "Mail me my link";
    /// Title after it.
    LostDoneTitle: "Kijk in uw mail", "Look in your mail";
    /// Text: the same for every address.
    LostDoneText: "Kennen wij dit adres, dan komt er zo een mail. Niets gekregen? Dan staat er niets van u bij ons, of vroeg u het vandaag al vaker.",
        "If we know this address, a mail is coming. Nothing there? Then we have nothing of yours, or you asked several times today.";
}
