//! The word lists of the rules, per language, and how a text is searched for them.
//!
//! In scope: phrases and matching. Out of scope: what a match means (`words`, `form`).
//!
//! Invariant: matching sees whole words, lower case, without punctuation; a `*` at the end or the beginning of a
//! phrase stands for any ending or beginning.

use shared::Language::{self, En, Nl};
use shared::purpose::Channel;

/// Phrases with `|` between them.
type List = &'static str;

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
            (Self::Message, Nl) => "nieuwsbrie*|nieuws|aanbieding*|acties|tips|uitnodiging*|folder*",
            (Self::Message, En) => "newsletter*|news|offer|offers|deals|tips|invitation*|leaflet*",
            (Self::Profiling, Nl) => {
                "wat u kocht|wat ik kocht|wat je kocht|wat u koopt|wat ik koop|aankopen|koopgedrag|\
                aankoopgeschiedenis|profiel*|persoonlijke aanbiedingen|op maat|voorkeuren|\
                interesses|gepersonaliseerd*|klikgedrag|volgen wat"
            }
            (Self::Profiling, En) => {
                "what i bought|what you bought|what i buy|what you buy|purchase history|purchases|\
                profile*|profiling|personalised*|personalized*|tailored|your preferences|interests|\
                track what"
            }
            (Self::Sharing, Nl) => {
                "doorgeven|door te geven|gegevens door|adres door|naam door|delen met|delen we|\
                gedeeld met|delen uw|partners|derden|verkopen uw"
            }
            (Self::Sharing, En) => {
                "share with|share your|share my|shared with|pass on|pass your|pass my|passing|\
                partners|third parties|sell your"
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
        (Channel::Email, Nl) => "e-mail|e-mails|email|emails|mail|mails|mailtje*|mailen|nieuwsbrie*",
        (Channel::Email, En) => "e-mail|e-mails|email|emails|newsletter*",
        (Channel::Post, Nl) => "per post|via de post|brief|brieven|folder*|kaartje|brievenbus|catalogus",
        (Channel::Post, En) => "by post|in the post|letter|letters|leaflet*|postcard*|letterbox|catalogue*",
        (Channel::Phone, Nl) => "bellen|belt|telefonisch*|per telefoon|telefoontje*",
        (Channel::Phone, En) => "call you|call me|phone you|phone me|by phone|telephone|phone call*",
        (Channel::Sms, Nl) => "sms|sms'je*|sms'jes|whatsapp|appje*|tekstbericht*",
        (Channel::Sms, En) => "sms|text message*|by text|whatsapp",
        (Channel::Profiling | Channel::Sharing, _) => "",
    }
}

/// Words that ask to be sent something.
pub(super) const fn sending(language: Language) -> List {
    match language {
        Nl => "stuur|sturen|mail|mailen|krijg|krijgen|ontvang*|nieuwsbrie*",
        En => "send|mail|e-mail|receive|get|newsletter*",
    }
}

/// The channels that reach a person.
pub(super) const DELIVERY: [Channel; 4] = [Channel::Email, Channel::Post, Channel::Phone, Channel::Sms];

/// Words that could mean anything (EDPB 05/2020 §3.2: "too vague").
pub(super) const fn vague(language: Language) -> List {
    match language {
        Nl => {
            "verbeteren van onze diensten|onze diensten verbeteren|onze diensten te verbeteren|\
                onze dienstverlening verbeteren|onze dienstverlening te verbeteren|\
                verbetering van onze|dienstverlening|marketingdoeleinden|marketing|\
                commerciële doeleinden|diverse doeleinden|andere doeleinden|overige doeleinden|\
                statistische doeleinden|analysedoeleinden|optimaal van dienst|beter van dienst|\
                betere ervaring|klantervaring|gebruikerservaring|relevante informatie|\
                relevante berichten|geselecteerde partners|zorgvuldig geselecteerd*|onze partners|\
                derden|en dergelijke|enzovoort|enz|etc|et cetera|en meer|toekomstig onderzoek"
        }
        En => {
            "improve our services|improving our services|improve our service|\
                improve your experience|better experience|customer experience|user experience|\
                marketing|commercial purposes|business purposes|research purposes|\
                analytics purposes|statistical purposes|future research|it security purposes|\
                other purposes|various purposes|selected partners|carefully selected|our partners|\
                third parties|relevant information|relevant messages|better service|and more|\
                and so on|etc|et cetera"
        }
    }
}

/// Words that work on guilt, fear or hurry (EDPB 03/2022, emotional steering).
pub(super) const fn guilt(language: Language) -> List {
    match language {
        Nl => {
            "mis graag|mis ik graag|mis liever|wil ik missen|mis het niet|mis niets|niets missen|\
                niks missen|u mist|je mist|mis je|mist u|helaas|jammer|laatste kans|\
                weet u het zeker|weet je het zeker|betaal liever|betaal graag meer|verdrietig|\
                teleurgesteld|houd niet van korting|hou niet van korting|geen zin om te besparen|\
                laat ons niet in de steek"
        }
        En => {
            "rather miss|miss out|missing out|don't miss|do not miss|you will miss|you'll miss|\
                never miss|i hate|no thanks i|don't like saving|don't want to save|last chance|\
                are you sure|rather pay|prefer to pay|be sad|disappointed|sadly|don't let us down"
        }
    }
}

/// Terms of sale and the like, which are no part of consent (Art. 7(2)).
pub(super) const fn terms(language: Language) -> List {
    match language {
        Nl => "voorwaarden|algemene voorwaarden|*voorwaarden|huisregels",
        En => "terms and conditions|terms of|the terms|our terms|house rules|t c",
    }
}

/// Statements about a privacy text, which are no part of a box either.
pub(super) const fn privacy_texts(language: Language) -> List {
    match language {
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
        Nl => {
            "verplicht|vereist|alleen als u akkoord|alleen met uw akkoord|in ruil voor|\
                noodzakelijk om|anders kunt u|om te kunnen bestellen|om lid te worden|\
                om mee te doen|voorwaarde om"
        }
        En => {
            "required|mandatory|compulsory|must agree|must consent|have to agree|in exchange for|\
                otherwise you|in order to order|in order to join|need to agree|a condition of"
        }
    }
}

/// Words by which a sentence speaks of taking consent back.
pub(super) const fn taking_back(language: Language) -> List {
    match language {
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

/// The first phrase that a text holds in a clause without "not".
pub(super) fn said(text: &str, phrases: List, language: Language) -> Option<&'static str> {
    let clauses = text.split(['.', ',', ';', ':', '!', '?', '(', ')', '\n']);
    let meant = |clause: &&str| find(clause, negations(language)).is_none();
    clauses.filter(meant).find_map(|clause| find(clause, phrases))
}
