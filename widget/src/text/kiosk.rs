//! The texts of the screen at a counter.
//!
//! Invariant: what the screen says of sending is what it knows: nothing is called sent that waits.

use shared::Language;

texts! {
    /// A text of the screen at a counter.
    KioskText:
    /// While it starts.
    Starting: "Het scherm start…", "The screen starts…", "الشاشة تبدأ…";
    /// Where scripts are off.
    NoScript: "Dit scherm werkt met een script. Zet scripts aan in deze browser.",
        "This screen works with a script. Switch scripts on in this browser.",
        "تعمل هذه الشاشة ببرنامج نصي. فعّل البرامج النصية في هذا المتصفح.";
    /// It cannot work here.
    Broken: "Dit scherm werkt hier niet. Gebruik een nieuwe browser en een adres met https.",
        "This screen does not work here. Use a new browser and an address with https.",
        "هذه الشاشة لا تعمل هنا. استخدم متصفحًا حديثًا وعنوانًا يبدأ بـ https.";
    /// A second page of the same screen.
    OpenTwice: "Dit scherm staat al open in een ander venster.", "This screen is open in another window already.",
        "هذه الشاشة مفتوحة في نافذة أخرى.";
    // Pairing.
    /// Heading.
    PairTitle: "Koppel dit scherm", "Pair this screen", "اربط هذه الشاشة";
    /// What to do.
    PairLead: "Typ de koppelcode die de eigenaar heeft gemaakt. Hij werkt één uur en één keer.",
        "Type the pairing code that the owner made. It works for one hour, and once.",
        "اكتب رمز الربط الذي أنشأه المالك. يعمل لساعة واحدة، ومرة واحدة.";
    /// The field.
    PairCode: "Koppelcode", "Pairing code", "رمز الربط";
    /// The button.
    Pair: "Koppel", "Pair", "اربط";
    /// No answer from the collector.
    PairOffline: "Er is geen verbinding. Koppelen kan alleen met internet.",
        "There is no connection. Pairing needs the internet.",
        "لا يوجد اتصال. الربط يحتاج إلى الإنترنت.";
    // Before a customer.
    /// Above the languages.
    Welcome: "Welkom", "Welcome", "أهلًا وسهلًا";
    /// The button with which a customer begins.
    Begin: "Begin", "Start", "ابدأ";
    /// What it is about.
    BeginLead: "U kiest zelf wat u wilt. Niets is ook goed.", "You choose yourself what you like. Nothing is fine too.",
        "أنت تختار ما تريد. ولا بأس ألا تريد شيئًا.";
    /// The way to take back.
    TakeBack: "Stoppen met de code op uw bon", "Stop, with the code on your slip", "أوقف بالرمز الذي على إيصالك";
    /// The staff's corner.
    Staff: "Personeel", "Staff", "الموظفون";
    // Around the form.
    /// The button that throws everything away.
    Quit: "Stop en wis alles", "Quit and erase everything", "توقف وامسح كل شيء";
    /// Below the form.
    Private: "Wat u hier invult, kan niemand op dit scherm teruglezen. Ook het personeel niet.",
        "What you fill in here cannot be read back by anybody on this screen. Not by staff either.",
        "ما تكتبه هنا لا يستطيع أحد قراءته على هذه الشاشة. ولا الموظفون.";
    /// The entry could not be kept.
    NotKept: "Uw keuze is niet bewaard: dit scherm kan niets meer opslaan. Vraag het personeel om een papieren formulier.",
        "Your choice is not saved: this screen can store nothing more. Ask staff for a paper form.",
        "لم يُحفظ اختيارك: لا تستطيع هذه الشاشة حفظ المزيد. اطلب من الموظفين نموذجًا ورقيًا.";
    // After the answer.
    /// Heading.
    Done: "Klaar. Dit is uw bon", "Done. This is your slip", "تم. هذا إيصالك";
    /// Below it.
    DoneLead: "Maak een foto van de code, of druk de bon af. Daarmee stopt u wanneer u wilt.",
        "Take a photo of the code, or print the slip. With it you can stop whenever you like.",
        "صوّر الرمز أو اطبع الإيصال. به تتوقف متى شئت.";
    /// Below it, where an e-mail address was given.
    DoneMail: "U krijgt ook een mail. Die komt als dit scherm verbinding heeft.",
        "You get a mail too. It comes when this screen has a connection.",
        "ستصلك رسالة أيضًا. تصل عندما تتصل هذه الشاشة بالإنترنت.";
    /// The button.
    PrintSlip: "Druk de bon af", "Print the slip", "اطبع الإيصال";
    /// The button that wipes.
    Finish: "Klaar, wis het scherm", "Done, clear the screen", "تم، امسح الشاشة";
    // On a customer's own phone.
    /// The way there.
    OwnPhone: "Op uw eigen telefoon", "On your own phone", "على هاتفك";
    /// Heading.
    PhoneTitle: "Scan met uw telefoon", "Scan with your phone", "امسح الرمز بهاتفك";
    /// What to do.
    PhoneLead: "Richt de camera op deze code. Dan vult u hetzelfde formulier in op uw telefoon. Dit scherm ziet niet wat u kiest.",
        "Point the camera at this code. Then you fill in the same form on your phone. This screen does not see what you choose.",
        "وجّه الكاميرا إلى هذا الرمز. ثم تملأ النموذج نفسه على هاتفك. لا ترى هذه الشاشة ما تختاره.";
    /// What the code is, for those who do not see it.
    PhoneCode: "QR-code met een link naar het formulier", "QR code with a link to the form",
        "رمز QR فيه رابط إلى النموذج";
    /// While the link is made.
    PhoneAsking: "Een ogenblik…", "One moment…", "لحظة من فضلك…";
    /// While nobody has answered.
    PhoneWaits: "Dit scherm wacht op uw telefoon. De code werkt tien minuten, en één keer.",
        "This screen waits for your phone. The code works for ten minutes, and once.",
        "تنتظر هذه الشاشة هاتفك. يعمل الرمز عشر دقائق، ومرة واحدة.";
    /// Back to the first screen.
    PhoneBack: "Terug", "Back", "رجوع";
    /// Back to the form on this screen.
    FillInHere: "Vul het hier in", "Fill it in here", "املأه هنا";
    /// Heading when somebody answered.
    PhoneDone: "Klaar", "Done", "تم";
    /// Below it.
    PhoneDoneLead: "Uw antwoord is bewaard. Uw bewijs staat op uw telefoon.",
        "Your answer is saved. Your receipt is on your phone.",
        "حُفظ جوابك. إثباتك على هاتفك.";
    /// Heading when nobody did in time.
    PhoneOver: "Deze code werkt niet meer", "This code no longer works", "هذا الرمز لم يعد يعمل";
    /// Below it.
    PhoneOverLead: "Er kwam op tijd geen antwoord. Begin gerust opnieuw.", "No answer came in time. Feel free to start again.",
        "لم يصل جواب في الوقت المحدد. يمكنك البدء من جديد.";
    /// Heading where there is no link.
    PhoneNone: "Dat lukt nu niet", "That does not work now", "لا يمكن ذلك الآن";
    /// Below it.
    PhoneNoneLead: "Dit scherm heeft geen verbinding. U kunt het formulier hier invullen.",
        "This screen has no connection. You can fill in the form here.",
        "لا يوجد اتصال لهذه الشاشة. يمكنك ملء النموذج هنا.";
    // Taking back.
    /// Heading.
    TakeBackTitle: "Stoppen", "Stop", "إيقاف";
    /// What to do.
    TakeBackLead: "Typ de zestien cijfers van uw bon. Daarna mag niets meer.",
        "Type the sixteen digits of your slip. After that nothing is allowed any more.",
        "اكتب الأرقام الستة عشر التي على إيصالك. بعد ذلك لا يُسمح بأي شيء.";
    /// The field.
    TakeBackCode: "Code op uw bon", "Code on your slip", "الرمز على إيصالك";
    /// The button.
    StopAll: "Stop alles", "Stop everything", "أوقف كل شيء";
    /// A key that takes the last digit away.
    Erase: "Wis laatste", "Erase last", "امسح الأخير";
    /// The code is none.
    Mistyped: "Deze code klopt niet. Kijk de cijfers na: het zijn er zestien.",
        "This code is not right. Check the digits: there are sixteen.",
        "هذا الرمز غير صحيح. راجع الأرقام: عددها ستة عشر.";
    /// Heading.
    TakenBack: "Gestopt", "Stopped", "تم الإيقاف";
    /// Below it.
    TakenBackLead: "Wat op deze bon stond, mag niet meer. Het gaat in zodra dit scherm verbinding heeft.",
        "What stood on this slip is no longer allowed. It counts as soon as this screen has a connection.",
        "ما كان على هذا الإيصال لم يعد مسموحًا. يسري عندما تتصل هذه الشاشة بالإنترنت.";
    // Idle.
    /// Heading.
    StillThere: "Bent u er nog?", "Are you still there?", "هل ما زلت هنا؟";
    /// Below it, before a number of seconds.
    WipesIn: "Anders wist dit scherm alles over", "If not, this screen erases everything in",
        "وإلا تمسح هذه الشاشة كل شيء خلال";
    /// After the number.
    Seconds: "seconden", "seconds", "ثانية";
    /// The button.
    GoOn: "Ja, ik ga door", "Yes, I go on", "نعم، أتابع";
    // Staff.
    /// Heading.
    PinTitle: "Voor personeel", "For staff", "للموظفين";
    /// The field.
    Pin: "Pincode", "PIN", "الرقم السري";
    /// The button.
    Enter: "Open", "Open", "افتح";
    /// A wrong PIN.
    WrongPin: "Deze pincode klopt niet.", "This PIN is not right.", "هذا الرقم السري غير صحيح.";
    /// After too many.
    PinLocked: "Te vaak fout. Probeer het over een paar minuten weer.",
        "Wrong too often. Try again in a few minutes.",
        "أخطأت مرات كثيرة. حاول مرة أخرى بعد بضع دقائق.";
    /// Heading of the staff's screen.
    StaffTitle: "Dit scherm", "This screen", "هذه الشاشة";
    /// What staff can do.
    StaffLead: "Personeel kan hier niets voor een klant invullen. Geef het scherm aan de klant.",
        "Staff cannot fill in anything for a customer here. Hand the screen to the customer.",
        "لا يستطيع الموظفون ملء شيء عن الزبون هنا. أعطِ الشاشة للزبون.";
    /// Name.
    Name: "Naam", "Name", "الاسم";
    /// Place.
    Place: "Plaats", "Place", "المكان";
    /// How many wait.
    Waiting: "Wacht op verzending", "Waiting to be sent", "في انتظار الإرسال";
    /// When it last sent.
    LastSent: "Laatst verzonden", "Last sent", "آخر إرسال";
    /// Never.
    Never: "nog nooit", "never", "لم يحدث بعد";
    /// Who is at the counter.
    OnDuty: "Wie geeft het scherm aan klanten?", "Who hands the screen to customers?", "من يعطي الشاشة للزبائن؟";
    /// Nobody in particular.
    Nobody: "Niemand in het bijzonder", "Nobody in particular", "لا أحد بعينه";
    /// Sends at once.
    SendNow: "Verstuur nu", "Send now", "أرسل الآن";
    /// The whole display.
    FullScreen: "Hele scherm", "Full screen", "ملء الشاشة";
    /// Back to customers.
    ToCustomers: "Naar de klant", "To the customer", "إلى الزبون";
    /// Waiting, in a line.
    WaitingShort: "wacht", "waiting", "في الانتظار";
    /// Last sent, in a line.
    LastSentShort: "laatst verzonden", "last sent", "آخر إرسال";
    /// Not much room or time is left.
    AlmostFull: "Dit scherm heeft lang niet verzonden, of is bijna vol. Breng het naar wifi.",
        "This screen has not sent for long, or is almost full. Take it to wifi.",
        "لم ترسل هذه الشاشة منذ مدة طويلة، أو أوشكت أن تمتلئ. خذها إلى شبكة واي فاي.";
    // On a receipt.
    /// Fact: when, by the screen's clock.
    AtCounter: "Aan de balie, op de klok van het scherm", "At the counter, by the screen's clock",
        "عند الكاونتر، حسب ساعة الشاشة";
    /// Fact: who handed the screen over.
    HandedBy: "Wie gaf het scherm", "Who handed the screen over", "من أعطى الشاشة";
    // It takes nothing.
    /// Heading.
    ClosedTitle: "Dit scherm is even dicht", "This screen is closed for now", "هذه الشاشة مغلقة الآن";
    /// It is full or silent for too long.
    Full: "Het kan niets meer opslaan tot het verbinding heeft. Vraag het personeel om een papieren formulier.",
        "It can store nothing more until it has a connection. Ask staff for a paper form.",
        "لا تستطيع حفظ المزيد حتى تتصل بالإنترنت. اطلب من الموظفين نموذجًا ورقيًا.";
}
