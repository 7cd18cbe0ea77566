//! The word lists of the rules, per language, and how a text is searched for them.
//!
//! In scope: phrases and matching. Out of scope: what a match means (`words`, `form`).
//!
//! Invariant: matching sees whole words, lower case, without punctuation; a `*` at the end or the beginning of a
//! phrase stands for any ending or beginning.

use shared::Language::{self, Ar, En, Nl};
use shared::purpose::Channel;

use super::arabic;

/// Phrases with `|` between them.
pub(super) type List = &'static str;

/// What a box lets the organisation do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Activity {
    /// Sending news or offers.
    Message,
    /// Choosing by what is known about a person.
    Profiling,
    /// Passing data on.
    Sharing,
    /// Asking for opinions.
    Research,
    /// A draw or contest.
    Contest,
    /// An account or card.
    Account,
    /// Publishing pictures.
    Pictures,
}

impl Activity {
    pub(super) const ALL: [Self; 7] = [
        Self::Message,
        Self::Profiling,
        Self::Sharing,
        Self::Research,
        Self::Contest,
        Self::Account,
        Self::Pictures,
    ];

    pub(super) const fn phrases(self, language: Language) -> List {
        match (self, language) {
            (activity, Ar) => arabic::activity(activity),
            (Self::Message, Nl) => "nieuwsbrie*|nieuws|aanbieding*|acties|tips|uitnodiging*|folder*",
            (Self::Message, En) => "newsletter*|news|offer|offers|deals|tips|invitation*|leaflet*",
            (Self::Profiling, Nl) => {
                "afgestemd op|afgestemde|surfgedrag|kijkgedrag|leesgedrag|wat u aanklikt|wat u kocht|wat ik kocht|wat je kocht|wat u koopt|wat ik koop|aankopen|koopgedrag|\
                aankoopgeschiedenis|profiel*|persoonlijke aanbiedingen|aanbiedingen op maat|mail op maat|nieuws op maat|\
                voorkeuren|interesses|gepersonaliseerd*|klikgedrag|volgen wat|volgen welke|kijken wat u|kijken welke|\
                houden bij|meten wat|meten welke|wat u opent|wat u leest|waar u woont|uw leeftijd|uw locatie|\
                op basis van uw|aan de hand van uw"
            }
            (Self::Profiling, En) => {
                "based on your|based on where|based on what|what you click|browsing behaviour|browsing history|what i bought|what you bought|what i buy|what you buy|purchase history|purchases|\
                profile*|profiling|personalised*|personalized*|tailored to|tailored offers|your preferences|your interests|\
                track what|track which|track how|what you open|what you read|which links you|where you live|your age|your location"
            }
            (Self::Sharing, Nl) => {
                "doorgeven|door te geven|gegevens door|adres door|naam door|delen met|delen we|\
                gedeeld met|delen uw|deel uw|gegevens delen|gegevens te delen|derden|derde partijen|\
                partners|onze partner|handelspartner*|geven uw|geef uw|geven we uw|geven wij uw|uw gegevens aan|\
                mijn gegevens aan|verstrek*|verhuren|verhuur|lenen uw|leen uw|lijst uit|adres uit|uitlenen|\
                wisselen uw|uitwisselen|wisselen gegevens|verkopen uw|verkopen we uw|verkopen wij uw|\
                ook van anderen|aan anderen|van andere bedrijven|\
                andere bedrijven|andere partijen|andere winkels|zusterbedrijven|zustermerken|\
                gelieerde|groepsmaatschappij*|sponsors|sponsoren|adverteerder*"
            }
            (Self::Sharing, En) => {
                "share with|share your|share my|shared with|sharing your|pass on|pass your|pass my|\
                passing|our partner|partners|third parties|third party|sell your|give your|give my|hand your|\
                hand my|lend your|lend my|lend our list|rent your|rent our list|disclose|exchange your|trade your|\
                also from others|to others|from others|other companies|other brands|other parties|\
                sister companies|affiliates|affiliated|group companies|sponsors|advertisers"
            }
            (Self::Research, Nl) => "onderzoek*|enquête*|enquete*|marktonderzoek*",
            (Self::Research, En) => "survey*|market research|questionnaire*",
            (Self::Contest, Nl) => "winactie*|prijsvraag|prijsvragen|loterij*|verloting*",
            (Self::Contest, En) => "prize draw*|contest*|raffle*|sweepstake*",
            (Self::Account, Nl) => "account|klantenkaart|spaarkaart",
            (Self::Account, En) => "account|loyalty card|store card",
            (Self::Pictures, Nl) => "beeldmateriaal|foto's van mij|foto's van u|portret*",
            (Self::Pictures, En) => "photos of me|photos of you|pictures of you|footage",
        }
    }
}

/// Channels that reach a person, with the words that name them.
pub(super) const fn channel(channel: Channel, language: Language) -> List {
    match (channel, language) {
        (Channel::Email, Nl) => "e-mail|e-mails|email|emails|mail|mails|mailtje*|mailen|mailbox",
        (Channel::Email, En) => "e-mail|e-mails|email|emails|mailbox|inbox",
        (Channel::Post, Nl) => "post|brief|brieven|brievenbus|deurmat",
        (Channel::Post, En) => {
            "by post|in the post|post and|post or|post plus|and post|or post|plus post|paper mail|\
            postal mail|letter|letters|letterbox|doormat"
        }
        (Channel::Phone, Nl) => {
            "bellen|belt|bel mij|bel me|gebeld|opbellen|telefonisch*|per telefoon|telefoontje*"
        }
        (Channel::Phone, En) => {
            "call you|call me|ring you|ring me|phone you|phone me|by phone|telephone|phone call*|a call"
        }
        (Channel::Sms, Nl) => {
            "sms|sms'je*|sms'en|sms-*|whatsapp*|app mij|app me|appen|appje*|appbericht*|tekstbericht*"
        }
        (Channel::Sms, En) => "sms|text message*|by text|text me|text you|send texts|whatsapp",
        (channel, Ar) => arabic::channel(channel),
        (Channel::Profiling | Channel::Sharing, _) => "",
    }
}

/// Things that usually come by a channel. They name it only where no words do: a newsletter also comes on paper, and a
/// catalogue also by e-mail.
pub(super) const fn usual_channel(channel: Channel, language: Language) -> List {
    match (channel, language) {
        (Channel::Email, Nl) => "nieuwsbrie*",
        (Channel::Email, En) => "newsletter*",
        (Channel::Post, Nl) => "folder*|kaartje|catalogus",
        (Channel::Post, En) => "leaflet*|postcard*|catalogue*",
        _ => "",
    }
}

/// Words that ask to be sent something.
pub(super) const fn sending(language: Language) -> List {
    match language {
        Ar => arabic::SENDING,
        Nl => "stuur|sturen|mail|mailen|krijg|krijgen|ontvang*|nieuwsbrie*",
        En => "send|mail|e-mail|receive|get|newsletter*",
    }
}

/// What is done with people besides sending them something.
pub(super) const fn other_deeds(language: Language) -> List {
    match language {
        Ar => arabic::OTHER_DEEDS,
        Nl => {
            "doet u mee|u doet mee|u doet ook mee|doe ook mee|doet mee aan|neemt u deel|neemt deel aan|\
                maken wij een account|maken we een account|maken een account|openen een account|\
                krijgt u een account|krijgt u een klantenkaart|krijgt u ook een klantenkaart|foto's van u|\
                vragen u mee te doen"
        }
        En => {
            "you take part|you also take part|you are entered|you are also entered|enter you into|\
                make an account|create an account|open an account|you get an account|\
                you get a loyalty card|you also get a loyalty card|photos of you|pictures of you|ask you to take part"
        }
    }
}

/// The channels that reach a person.
pub(super) const DELIVERY: [Channel; 4] = [Channel::Email, Channel::Post, Channel::Phone, Channel::Sms];

/// Words that could mean anything (EDPB 05/2020 §3.2: "too vague").
pub(super) const fn vague(language: Language) -> List {
    match language {
        Ar => arabic::VAGUE,
        Nl => {
            "verbeteren van onze diensten|onze diensten verbeteren|onze diensten te verbeteren|\
                onze dienstverlening verbeteren|onze dienstverlening te verbeteren|\
                verbetering van onze|dienstverlening|marketing|*doeleinden|optimaal van dienst|beter van dienst|\
                betere ervaring|klantervaring|gebruikerservaring|relevante informatie|\
                relevante berichten|interessante informatie|interessante berichten|\
                contact met mij opnemen|contact met u opnemen|contact met mij op te nemen|\
                onze service verbeteren|onze service te verbeteren|verbetering van de|beter leren kennen|beter te leren kennen|\
                u van dienst zijn|u te benaderen|u benaderen|mij benaderen|contact met u te onderhouden|contact onderhouden|\
                klantrelatie|voor analyse|voor analyses|voor statistiek*|voor promotie|iets leuks|leuke dingen|allerlei|\
                onze producten en diensten|\
                nog veel meer|van alles en nog wat|noem maar op|onze relaties|geselecteerde partners|zorgvuldig geselecteerd*|onze partners|\
                derden|en dergelijke|e d|enzovoort|enzovoorts|enz|etc|et cetera|en meer|toekomstig onderzoek"
        }
        En => {
            "improve our services|improving our services|improve our service|\
                improve your experience|enhance your experience|personalise your experience|better experience|customer experience|user experience|\
                improve our products|serve you better|know you better|may interest you|might interest you|keep in touch|\
                approach you|our products and services|products and services|for analytics|for statistics|for promotion|\
                all sorts of|all kinds of|business reasons|\
                marketing|commercial purposes|business purposes|research purposes|\
                analytics purposes|statistical purposes|future research|it security purposes|\
                other purposes|various purposes|promotional purposes|advertising purposes|\
                communication purposes|internal purposes|interesting information|\
                contact me about|get in touch with me|stay in touch|much more|selected partners|carefully selected|our partners|\
                third parties|relevant information|relevant messages|better service|and more|\
                and so on|etc|et cetera"
        }
    }
}

/// Words that send the reader to another text for what it is about (EDPB 05/2020 §3.3.2: not hidden elsewhere).
pub(super) const fn elsewhere(language: Language) -> List {
    match language {
        Ar => arabic::ELSEWHERE,
        Nl => {
            "zoals beschreven in|zoals omschreven in|zoals vermeld in|zoals genoemd in|\
                zoals uitgelegd in|zoals bedoeld in|zoals staat in|ons beleid|het beleid van|\
                in lijn met ons|conform ons|conform onze|conform de|in overeenstemming met"
        }
        En => {
            "as described in|as set out in|as stated in|as explained in|as mentioned in|\
                as outlined in|our policy|our policies|in accordance with|in line with our"
        }
    }
}

/// Words that say that data is used, or that there is consent, and not for what. Only where a sentence holds little else.
pub(super) const fn bare(language: Language) -> List {
    match language {
        Ar => arabic::BARE,
        Nl => {
            "gebruik mijn gegevens|gebruikt mijn gegevens|mijn gegevens gebruiken|\
                uw gegevens gebruiken|gebruiken uw gegevens|mijn gegevens te gebruiken|\
                uw gegevens te gebruiken|verwerk mijn gegevens|gegevens verwerken|\
                verwerken uw gegevens|gegevens te verwerken|verwerking van mijn gegevens|\
                verwerking van uw gegevens|verwerking van persoonsgegevens|bewaar mijn gegevens|\
                mijn gegevens bewaren|geef toestemming|ga akkoord|stem in|stem hiermee in|\
                geef ik toestemming"
        }
        En => {
            "use my data|use my details|use my information|use your data|use your details|\
                use your information|using my data|process my data|process your data|\
                processing of my data|processing of your data|processing of personal data|\
                store my data|keep my data|i consent|i agree|give consent|give my consent|\
                give permission|give my permission"
        }
    }
}

/// Words after which a sentence says for what.
pub(super) const fn aims(language: Language) -> List {
    match language {
        Ar => arabic::AIMS,
        Nl => "om|voor|zodat|waarmee|als|wanneer|bij",
        En => "for|so|when|if|order",
    }
}

/// Words that work on guilt, fear or hurry (EDPB 03/2022, emotional steering).
pub(super) const fn guilt(language: Language) -> List {
    match language {
        Ar => arabic::GUILT,
        Nl => {
            "mis graag|mis ik graag|mis liever|wil ik missen|mis het niet|mis niets|niets missen|\
                niks missen|u mist|je mist|mis je|mist u|helaas|jammer|laatste kans|\
                weet u het zeker|weet je het zeker|betaal liever|betaal graag meer|verdrietig|\
                teleurgesteld|laat u niets ontgaan|niets ontgaan|grijp uw kans|wees er snel bij|\
                nu of nooit|houd niet van korting|hou niet van korting|geen zin om te besparen|\
                laat ons niet in de steek"
        }
        En => {
            "rather miss|miss out|missing out|don't miss|do not miss|you will miss|you'll miss|\
                never miss|i hate|no thanks i|don't like saving|don't want to save|last chance|\
                are you sure|rather pay|prefer to pay|be sad|disappointed|sadly|don't let us down|act now|hurry|now or never|too late"
        }
    }
}

/// Terms of sale and the like, which are no part of consent (Art. 7(2)).
pub(super) const fn terms(language: Language) -> List {
    match language {
        Ar => arabic::TERMS,
        Nl => "voorwaarden|algemene voorwaarden|*voorwaarden|huisregels",
        En => "terms and conditions|terms of|the terms|our terms|house rules|t c",
    }
}

/// Statements about a privacy text, which are no part of a box either.
pub(super) const fn privacy_texts(language: Language) -> List {
    match language {
        Ar => arabic::PRIVACY_TEXTS,
        Nl => {
            "privacyverklaring|privacybeleid|privacystatement|cookiebeleid|gelezen en akkoord|\
                heb gelezen"
        }
        En => {
            "privacy policy|privacy statement|privacy notice|cookie policy|have read|\
                read and agree*"
        }
    }
}

/// Words that tie something to a yes (Art. 7(4)).
pub(super) const fn tying(language: Language) -> List {
    match language {
        Ar => arabic::TYING,
        Nl => {
            "verplicht|vereist|alleen als u akkoord|alleen met uw akkoord|in ruil voor|\
                noodzakelijk om|anders kunt u|om te kunnen bestellen|om lid te worden|\
                om mee te doen|om kans te maken|maak kans op|om verder te gaan|om uw korting|voorwaarde om"
        }
        En => {
            "required|mandatory|compulsory|must agree|must consent|have to agree|in exchange for|\
                otherwise you|in order to order|in order to join|need to agree|a condition of|chance to win|to claim your|to continue you"
        }
    }
}

/// Words by which a sentence speaks of taking consent back.
pub(super) const fn taking_back(language: Language) -> List {
    match language {
        Ar => arabic::TAKING_BACK,
        Nl => {
            "intrek*|in te trekken|trekt|trek|terugnem*|terug|terug te nemen|afmeld*|\
                af te melden|uitzet*|uit te zetten|uit|stop*|wijzig*|uitvink*|van gedachten"
        }
        En => {
            "withdraw*|take back|take it back|back|unsubscrib*|off|stop*|change your mind|\
                untick*"
        }
    }
}

/// What makes taking back harder than giving (Art. 7(3)).
pub(super) const fn hurdles(language: Language) -> List {
    match language {
        Ar => arabic::HURDLES,
        Nl => {
            "bel ons|bel naar|bellen|telefonisch|schriftelijk|per brief|brief|inloggen|log in|\
                in te loggen|aangetekend*|langskomen|langs te komen|kopie van uw|legitimatie*|reden|\
                kosten"
        }
        En => {
            "call us|by phone|in writing|by letter|a letter|log in|sign in|registered mail|\
                copy of your|proof of identity|a reason|a fee|visit us"
        }
    }
}

const fn negations(language: Language) -> List {
    match language {
        Ar => arabic::NEGATIONS,
        Nl => "niet|geen|nooit|zonder|nee|niets|niemand|noch|alleen wij",
        En => "not|no|never|without|nobody|nor|neither|don't|doesn't|won't|can't|cannot|only we",
    }
}

/// The words of a text between single spaces, lower case, without punctuation.
fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '’' | '‘' => plain.push('\''),
            '‑' | '–' => plain.push('-'),
            // Vowel marks of Arabic, which are written or not.
            '\u{64b}'..='\u{652}' => {}
            c if c.is_alphanumeric() || c == '\'' || c == '-' => plain.push(c),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    // The address is data, not a channel.
    plain.replace("e-mail address", "emailaddress").replace("email address", "emailaddress")
}

/// The first phrase of a list that a text holds.
pub(super) fn find(text: &str, phrases: List) -> Option<&'static str> {
    let text = plain(text);
    let held = |phrase: &&str| match (phrase.strip_prefix('*'), phrase.strip_suffix('*')) {
        (Some(end), _) => text.contains(&format!("{end} ")),
        (_, Some(start)) => text.contains(&format!(" {start}")),
        _ => text.contains(&format!(" {phrase} ")),
    };
    phrases.split('|').filter(|phrase| !phrase.is_empty()).find(held).map(|phrase| phrase.trim_matches('*'))
}

/// The first phrase that a text holds in a clause without "not"; "not only" denies nothing.
pub(super) fn said(text: &str, phrases: List, language: Language) -> Option<&'static str> {
    let clauses = text.split(['.', ',', ';', ':', '!', '?', '(', ')', '\n', '،', '؛', '؟']);
    let only = match language {
        Nl => " niet alleen ",
        En => " not only ",
        Ar => " ليس فقط ",
    };
    let meant = |clause: &&str| find(&plain(clause).replace(only, " "), negations(language)).is_none();
    clauses.filter(meant).find_map(|clause| find(clause, phrases))
}
