//! The texts of the verifier's page.
//!
//! Invariant: no word here says that evidence holds; those sentences come from `shared::bundle`, which looked.

use shared::Language;

texts! {
    /// A text of the verifier's page.
    VerifyText for owners:
    /// Title.
    Title: "Controleer een bewijs", "Check evidence";
    /// Above the page, where an organisation's name stands elsewhere.
    Brand: "Vinkje", "Vinkje";
    /// What the page does.
    Lead: "Geef het bestand dat u kreeg. Uw eigen apparaat rekent na of het klopt. Er gaat niets over het internet.",
        "Give the file that you got. Your own device works out whether it holds. Nothing goes over the internet.";
    // Without scripts.
    /// Heading.
    NoScriptHeading: "Deze pagina rekent met een script", "This page works with a script";
    /// What to do instead.
    NoScriptText: "Scripts staan uit in deze browser. Bewaar de pagina hieronder en open dat bestand in een andere browser. \
        Of typ op uw computer:",
        "Scripts are off in this browser. Save the page below and open that file in another browser. Or type on your \
        computer:";
    /// The scripts are on, but the page cannot work.
    Broken: "Het rekenen lukt hier niet. Ververs de pagina. Helpt dat niet, bewaar dan het bestand hieronder en open dat.",
        "The sums do not work here. Reload the page. If that does not help, save the file below and open that.";
    // Giving files.
    /// The button.
    Choose: "Kies bestanden", "Choose files";
    /// Beside the button.
    OrDrop: "of sleep ze hierheen", "or drop them here";
    /// Which files.
    Which: "Een bewijs eindigt op .vinkje.json, .vinkje.jsonl of .jws. Een foto van een code mag ook.",
        "Evidence ends in .vinkje.json, .vinkje.jsonl or .jws. A photo of a code will do too.";
    /// Starts the camera.
    Camera: "Scan een code", "Scan a code";
    /// Ends the camera.
    CameraStop: "Stop de camera", "Stop the camera";
    /// Label of the picture.
    CameraPicture: "Beeld van de camera", "Picture of the camera";
    // What more can be given.
    /// Summary.
    More: "Wat u er nog bij kunt geven", "What more you can give";
    /// Why.
    MoreText: "In het bestand zitten ook de sleutels. Die bewijzen alleen dat één hand alles maakte. Weet u van elders wie de \
        afzender is, geef dan ook deze bestanden. Dan steunt het antwoord op wat u zelf al had.",
        "The keys are in the file too. They only prove that one hand made all of it. If you know the sender from elsewhere, \
        give these files as well. Then the answer rests on what you had yourself.";
    /// The receipt keys.
    MoreKeys: "De sleutels van de afzender", "The keys of the sender";
    /// Where they are.
    MoreKeysText: "jwks.json, van de website van de afzender: /.well-known/jwks.json",
        "jwks.json, from the sender's website: /.well-known/jwks.json";
    /// The log's key.
    MoreLogKey: "De sleutel van het logboek", "The key of the log";
    /// Where it is.
    MoreLogKeyText: "van dezelfde website: /log/NAAM/key", "from the same website: /log/NAME/key";
    /// A kept checkpoint.
    MoreKept: "Een stand van het logboek die u bewaarde", "A state of the log that you kept";
    /// What it proves.
    MoreKeptText: "als bestand, of als foto of scan van de code. Zo ziet u of er sindsdien iets is weggehaald.",
        "as a file, or as a photo or scan of the code. It shows whether anything was taken away since.";
    /// Witness keys.
    MoreWitness: "De sleutel van een getuige", "The key of a witness";
    /// What it proves.
    MoreWitnessText: "iemand anders die meekijkt met het logboek", "somebody else who watches the log";
    // Saving the page.
    /// Heading.
    SaveHeading: "Ook zonder internet", "Without internet too";
    /// What for.
    SaveText: "Bewaar deze pagina als één bestand. Dat werkt ook zonder netwerk, en zonder deze website.",
        "Save this page as one file. That works without a network too, and without this website.";
    /// The link.
    Save: "Bewaar deze pagina (.html)", "Save this page (.html)";
    /// Why one might want to.
    SaveTrust: "Is deze website van de afzender zelf? Haal het bestand dan bij iemand anders, of gebruik het programma vinkje.",
        "Is this website the sender's own? Then get the file from somebody else, or use the program vinkje.";
    /// In the saved page.
    Saved: "Dit is een bewaarde pagina. Die werkt zonder netwerk.", "This is a saved page. It works without a network.";

    // What was given.
    /// Heading.
    Given: "Wat u gaf", "What you gave";
    /// Takes a file away.
    Remove: "Haal weg", "Remove";
    /// A kind of file.
    IsBundle: "Bewijs", "Evidence";
    /// A kind of file.
    IsLines: "Alle bewijzen van een organisatie", "All evidence of an organisation";
    /// A kind of file.
    IsReceipt: "Los bewijs, zonder tekst en zonder logboek", "Receipt alone, without wording and log";
    /// A kind of file.
    IsKeys: "Sleutels van de afzender", "Keys of the sender";
    /// A kind of file.
    IsLogKey: "Sleutel van het logboek", "Key of the log";
    /// A kind of file.
    IsKept: "Stand van het logboek die u bewaarde", "State of the log that you kept";
    /// A kind of file.
    IsWitness: "Sleutel van een getuige", "Key of a witness";
    /// A code that is a link.
    IsLink: "Link naar een bewijs", "Link to a receipt";
    /// A code that is a link to this website.
    LinkText: "De code is een link, niet het bewijs zelf. Open de link en kies daar “Alles in één bestand”.",
        "The code is a link, not the evidence itself. Open the link and choose “Everything in one file” there.";
    /// Opens it.
    OpenLink: "Open de link", "Open the link";
    /// Any other file, beside evidence.
    IsUnknown: "Dit herkennen wij niet", "We do not recognise this";
    /// Name of what the camera saw.
    Scanned: "Gescande code", "Scanned code";

    // While it works.
    /// Before the first file.
    Ready: "Klaar om te controleren.", "Ready to check.";
    /// While it computes.
    Busy: "Bezig met controleren…", "Checking…";
    /// Only things to compare with.
    NeedsEvidence: "Geef nu ook het bewijs zelf.", "Now give the evidence itself too.";
    /// No code in a picture.
    NoCode: "Wij vinden geen code op deze foto. Neem haar van dichterbij, recht van voren en met genoeg licht.",
        "We find no code in this photo. Take it from closer by, straight on and with enough light.";
    /// The camera does not start.
    NoCamera: "De camera start niet. Maak een foto van de code en kies die als bestand.",
        "The camera does not start. Take a photo of the code and choose it as a file.";
    /// While the camera looks.
    Looking: "Houd de code voor de camera.", "Hold the code in front of the camera.";
    /// A code was found.
    CodeFound: "Code gelezen.", "Code read.";
    /// The file went away while it was read, or the computation broke.
    Unread: "Dit bestand konden wij niet lezen. Kies het opnieuw.", "We could not read this file. Choose it again.";
    /// More files at once than are looked at.
    TooMany: "Wij kijken naar de eerste twintig bestanden.", "We look at the first twenty files.";

    // What was found.
    /// Word beside a step that holds.
    Holds: "Klopt", "Holds";
    /// Word beside a step that fails.
    Fails: "Klopt niet", "Fails";
    /// Word beside a step that was not checked.
    NotChecked: "Niet nagegaan", "Not checked";
    /// Heading of the steps, for screen readers.
    Steps: "Stap voor stap", "Step by step";
    /// Before a stable code.
    Code: "Code", "Code";
    /// A line of an organisation's file.
    Line: "Regel", "Line";
    /// Heading of the keys.
    Keys: "Gebruikte sleutels", "Keys that were used";
    /// Receipt key.
    KeyOfReceipts: "Sleutel van de bewijzen", "Key of the receipts";
    /// Log key.
    KeyOfLog: "Sleutel van het logboek", "Key of the log";
    /// Where to compare.
    Compare: "Vergelijk ze met wat hier staat", "Compare them with what is here";
    /// Heading of the receipts.
    Receipts: "Wat er in het bewijs staat", "What the evidence says";
    /// Before the number of a receipt.
    Receipt: "Bewijs", "Receipt";
    /// Shows the rest.
    ShowAll: "Toon alle bewijzen", "Show all receipts";
    /// Between the first number and the last.
    Of: "van", "of";
}
