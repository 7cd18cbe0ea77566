//! The texts of the screen at a counter.
//!
//! Invariant: what the screen says of sending is what it knows: nothing is called sent that waits.

use shared::Language;

texts! {
    /// A text of the screen at a counter.
    KioskText:
    /// While it starts.
    Starting: "Het scherm start…", "The screen starts…";
    /// Where scripts are off.
    NoScript: "Dit scherm werkt met een script. Zet scripts aan in deze browser.",
        "This screen works with a script. Switch scripts on in this browser.";
    /// It cannot work here.
    Broken: "Dit scherm werkt hier niet. Gebruik een nieuwe browser en een adres met https.",
        "This screen does not work here. Use a new browser and an address with https.";
    /// A second page of the same screen.
    OpenTwice: "Dit scherm staat al open in een ander venster.", "This screen is open in another window already.";
    // Pairing.
    /// Heading.
    PairTitle: "Koppel dit scherm", "Pair this screen";
    /// What to do.
    PairLead: "Typ de koppelcode die de eigenaar heeft gemaakt. Hij werkt één uur en één keer.",
        "Type the pairing code that the owner made. It works for one hour, and once.";
    /// The field.
    PairCode: "Koppelcode", "Pairing code";
    /// The button.
    Pair: "Koppel", "Pair";
    /// No answer from the collector.
    PairOffline: "Er is geen verbinding. Koppelen kan alleen met internet.",
        "There is no connection. Pairing needs the internet.";
    // Before a customer.
    /// Above the languages.
    Welcome: "Welkom", "Welcome";
    /// The button with which a customer begins.
    Begin: "Begin", "Start";
    /// What it is about.
    BeginLead: "U kiest zelf wat u wilt. Niets is ook goed.", "You choose yourself what you like. Nothing is fine too.";
    /// The way to take back.
    TakeBack: "Stoppen met de code op uw bon", "Stop, with the code on your slip";
    /// The staff's corner.
    Staff: "Personeel", "Staff";
    // Around the form.
    /// The button that throws everything away.
    Quit: "Stop en wis alles", "Quit and erase everything";
    /// Below the form.
    Private: "Wat u hier invult, kan niemand op dit scherm teruglezen. Ook het personeel niet.",
        "What you fill in here cannot be read back by anybody on this screen. Not by staff either.";
    /// The entry could not be kept.
    NotKept: "Uw keuze is niet bewaard: dit scherm kan niets meer opslaan. Vraag het personeel om een papieren formulier.",
        "Your choice is not saved: this screen can store nothing more. Ask staff for a paper form.";
    // After the answer.
    /// Heading.
    Done: "Klaar. Dit is uw bon", "Done. This is your slip";
    /// Below it.
    DoneLead: "Maak een foto van de code, of druk de bon af. Daarmee stopt u wanneer u wilt.",
        "Take a photo of the code, or print the slip. With it you can stop whenever you like.";
    /// Below it, where an e-mail address was given.
    DoneMail: "U krijgt ook een mail. Die komt als dit scherm verbinding heeft.",
        "You get a mail too. It comes when this screen has a connection.";
    /// The button.
    PrintSlip: "Druk de bon af", "Print the slip";
    /// The button that wipes.
    Finish: "Klaar, wis het scherm", "Done, clear the screen";
    // On a customer's own phone.
    /// The way there.
    OwnPhone: "Op uw eigen telefoon", "On your own phone";
    /// Heading.
    PhoneTitle: "Scan met uw telefoon", "Scan with your phone";
    /// What to do.
    PhoneLead: "Richt de camera op deze code. Dan vult u hetzelfde formulier in op uw telefoon. Dit scherm ziet niet wat u kiest.",
        "Point the camera at this code. Then you fill in the same form on your phone. This screen does not see what you choose.";
    /// What the code is, for those who do not see it.
    PhoneCode: "QR-code met een link naar het formulier", "QR code with a link to the form";
    /// While the link is made.
    PhoneAsking: "Een ogenblik…", "One moment…";
    /// While nobody has answered.
    PhoneWaits: "Dit scherm wacht op uw telefoon. De code werkt tien minuten, en één keer.",
        "This screen waits for your phone. The code works for ten minutes, and once.";
    /// Back to the first screen.
    PhoneBack: "Terug", "Back";
    /// Back to the form on this screen.
    FillInHere: "Vul het hier in", "Fill it in here";
    /// Heading when somebody answered.
    PhoneDone: "Klaar", "Done";
    /// Below it.
    PhoneDoneLead: "Uw antwoord is bewaard. Uw bewijs staat op uw telefoon.",
        "Your answer is saved. Your receipt is on your phone.";
    /// Heading when nobody did in time.
    PhoneOver: "Deze code werkt niet meer", "This code no longer works";
    /// Below it.
    PhoneOverLead: "Er kwam op tijd geen antwoord. Begin gerust opnieuw.", "No answer came in time. Feel free to start again.";
    /// Heading where there is no link.
    PhoneNone: "Dat lukt nu niet", "That does not work now";
    /// Below it.
    PhoneNoneLead: "Dit scherm heeft geen verbinding. U kunt het formulier hier invullen.",
        "This screen has no connection. You can fill in the form here.";
    // Taking back.
    /// Heading.
    TakeBackTitle: "Stoppen", "Stop";
    /// What to do.
    TakeBackLead: "Typ de zestien cijfers van uw bon. Daarna mag niets meer.",
        "Type the sixteen digits of your slip. After that nothing is allowed any more.";
    /// The field.
    TakeBackCode: "Code op uw bon", "Code on your slip";
    /// The button.
    StopAll: "Stop alles", "Stop everything";
    /// A key that takes the last digit away.
    Erase: "Wis laatste", "Erase last";
    /// The code is none.
    Mistyped: "Deze code klopt niet. Kijk de cijfers na: het zijn er zestien.",
        "This code is not right. Check the digits: there are sixteen.";
    /// Heading.
    TakenBack: "Gestopt", "Stopped";
    /// Below it.
    TakenBackLead: "Wat op deze bon stond, mag niet meer. Het gaat in zodra dit scherm verbinding heeft.",
        "What stood on this slip is no longer allowed. It counts as soon as this screen has a connection.";
    // Idle.
    /// Heading.
    StillThere: "Bent u er nog?", "Are you still there?";
    /// Below it, before a number of seconds.
    WipesIn: "Anders wist dit scherm alles over", "If not, this screen erases everything in";
    /// After the number.
    Seconds: "seconden", "seconds";
    /// The button.
    GoOn: "Ja, ik ga door", "Yes, I go on";
    // Staff.
    /// Heading.
    PinTitle: "Voor personeel", "For staff";
    /// The field.
    Pin: "Pincode", "PIN";
    /// The button.
    Enter: "Open", "Open";
    /// A wrong PIN.
    WrongPin: "Deze pincode klopt niet.", "This PIN is not right.";
    /// After too many.
    PinLocked: "Te vaak fout. Probeer het over een paar minuten weer.",
        "Wrong too often. Try again in a few minutes.";
    /// Heading of the staff's screen.
    StaffTitle: "Dit scherm", "This screen";
    /// What staff can do.
    StaffLead: "Personeel kan hier niets voor een klant invullen. Geef het scherm aan de klant.",
        "Staff cannot fill in anything for a customer here. Hand the screen to the customer.";
    /// Name.
    Name: "Naam", "Name";
    /// Place.
    Place: "Plaats", "Place";
    /// How many wait.
    Waiting: "Wacht op verzending", "Waiting to be sent";
    /// When it last sent.
    LastSent: "Laatst verzonden", "Last sent";
    /// Never.
    Never: "nog nooit", "never";
    /// Who is at the counter.
    OnDuty: "Wie geeft het scherm aan klanten?", "Who hands the screen to customers?";
    /// Nobody in particular.
    Nobody: "Niemand in het bijzonder", "Nobody in particular";
    /// Sends at once.
    SendNow: "Verstuur nu", "Send now";
    /// The whole display.
    FullScreen: "Hele scherm", "Full screen";
    /// Back to customers.
    ToCustomers: "Naar de klant", "To the customer";
    /// Waiting, in a line.
    WaitingShort: "wacht", "waiting";
    /// Last sent, in a line.
    LastSentShort: "laatst verzonden", "last sent";
    /// Not much room or time is left.
    AlmostFull: "Dit scherm heeft lang niet verzonden, of is bijna vol. Breng het naar wifi.",
        "This screen has not sent for long, or is almost full. Take it to wifi.";
    // On a receipt.
    /// Fact: when, by the screen's clock.
    AtCounter: "Aan de balie, op de klok van het scherm", "At the counter, by the screen's clock";
    /// Fact: who handed the screen over.
    HandedBy: "Wie gaf het scherm", "Who handed the screen over";
    // It takes nothing.
    /// Heading.
    ClosedTitle: "Dit scherm is even dicht", "This screen is closed for now";
    /// It is full or silent for too long.
    Full: "Het kan niets meer opslaan tot het verbinding heeft. Vraag het personeel om een papieren formulier.",
        "It can store nothing more until it has a connection. Ask staff for a paper form.";
}
