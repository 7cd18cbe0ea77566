//! Why a request is refused: one value, one stable code, one sentence per language.
//!
//! In scope: every refusal that a visitor or a site owner can meet. Out of scope: HTTP status (collector `http`).
//!
//! Invariant: a code never changes its meaning, and no sentence repeats what was typed in.

use crate::language::Language;
use crate::purpose::ContactField;

/// A refusal by the rules of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// A ticked purpose is not on the notice that the offer names.
    PurposeNotOffered,
    /// A purpose is named twice.
    PurposeRepeated,
    /// A field that a ticked purpose needs is empty.
    ContactMissing(ContactField),
    /// A field holds something that cannot be right.
    ContactInvalid(ContactField),
    /// Nothing was ticked and "no, nothing" was not pressed: a slip, not an answer.
    NothingTicked,
    /// The field that people do not see holds something: a program filled in the form.
    UnseenFilled,
    /// The offer is not one of ours, or was changed.
    OfferForged,
    /// The offer is too old.
    OfferExpired,
    /// A kiosk's link to a phone was used, or is too old.
    PhoneLinkOver,
    /// The offer belongs to another form.
    OfferOtherForm,
    /// The wording has changed since the offer was made.
    OfferSuperseded,
    /// The same offer and nonce were used for other answers.
    AlreadyAnswered,
    /// There is no consent to take back.
    NothingToWithdraw,
    /// Nothing waits to be confirmed: it was confirmed or stopped before, or the time for it is over.
    NothingToConfirm,
    /// This is no slip code: a digit is wrong or missing.
    SlipMistyped,
    /// There is no slip with this code, or its counter has not sent it yet.
    SlipUnknown,
    /// Too many codes were tried that no slip has.
    SlipTooMany,
    /// Nobody of the staff is named, or not in one short line.
    StaffMissing,
    /// What was signed or said has no date, a date to come, or one so long ago that the consent has ended.
    SignedWhen,
    /// A signed paper needs the fingerprint of its scan.
    ScanMissing,
    /// The link leads to nothing that we know.
    LinkUnknown,
    /// There is nothing at this address, or nothing yet.
    PageUnknown,
    /// There is no such form.
    FormUnknown,
    /// The address is known, and is not for this HTTP method.
    MethodNotAllowed,
    /// The key is none of this organisation, or has ended.
    KeyUnknown,
    /// The key counts, and is not for this.
    ScopeMissing,
    /// There is no such purpose, mailing or list.
    NotFound,
    /// The answer cannot be given in the form that was asked for.
    NotAcceptable,
    /// The page that asks may not use this form.
    OriginNotAllowed,
    /// The request names a host that this collector does not serve.
    HostUnknown,
    /// The body is neither JSON nor a form post.
    ContentTypeUnsupported,
    /// The body is larger than any honest one.
    BodyTooLarge,
    /// The body could not be read.
    BodyInvalid,
    /// The request took too long to arrive or to be answered; whether it was taken is not known.
    TooSlow,
    /// Too many requests from one network.
    TooManyRequests,
    /// The collector has more work than it can take.
    Overloaded,
    /// The collector cannot reach or write its store.
    StoreUnavailable,
}

impl Refusal {
    /// The stable code, snake case, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PurposeNotOffered => "purpose_not_offered",
            Self::PurposeRepeated => "purpose_repeated",
            Self::ContactMissing(_) => "contact_missing",
            Self::ContactInvalid(_) => "contact_invalid",
            Self::NothingTicked => "nothing_ticked",
            Self::UnseenFilled => "unseen_filled",
            Self::OfferForged => "offer_forged",
            Self::OfferExpired => "offer_expired",
            Self::PhoneLinkOver => "phone_link_over",
            Self::OfferOtherForm => "offer_other_form",
            Self::OfferSuperseded => "offer_superseded",
            Self::AlreadyAnswered => "already_answered",
            Self::NothingToWithdraw => "nothing_to_withdraw",
            Self::NothingToConfirm => "nothing_to_confirm",
            Self::SlipMistyped => "slip_mistyped",
            Self::SlipUnknown => "slip_unknown",
            Self::SlipTooMany => "slip_too_many",
            Self::StaffMissing => "staff_missing",
            Self::SignedWhen => "signed_when",
            Self::ScanMissing => "scan_missing",
            Self::LinkUnknown => "link_unknown",
            Self::PageUnknown => "page_unknown",
            Self::FormUnknown => "form_unknown",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::KeyUnknown => "key_unknown",
            Self::ScopeMissing => "scope_missing",
            Self::NotFound => "not_found",
            Self::NotAcceptable => "not_acceptable",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::HostUnknown => "host_unknown",
            Self::ContentTypeUnsupported => "content_type_unsupported",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyInvalid => "body_invalid",
            Self::TooSlow => "too_slow",
            Self::TooManyRequests => "too_many_requests",
            Self::Overloaded => "overloaded",
            Self::StoreUnavailable => "store_unavailable",
        }
    }

    /// The field that the person should look at, if it is about one.
    #[must_use]
    pub const fn field(self) -> Option<ContactField> {
        match self {
            Self::ContactMissing(field) | Self::ContactInvalid(field) => Some(field),
            _ => None,
        }
    }

    /// A plain sentence that says what is wrong and what to do.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.dutch(),
            Language::En => self.english(),
            Language::Ar => self.arabic(),
        }
    }

    const fn dutch(self) -> &'static str {
        use ContactField::{Address, Email, Name, Phone};
        match self {
            Self::PurposeNotOffered => {
                "Er is iets aangevinkt dat niet op dit formulier staat. Laad de pagina opnieuw."
            }
            Self::PurposeRepeated => "Een vakje is twee keer doorgestuurd. Laad de pagina opnieuw.",
            Self::ContactMissing(Email) => "Vul uw e-mailadres in.",
            Self::ContactMissing(Phone) => "Vul uw telefoonnummer in.",
            Self::ContactMissing(Name) => "Vul uw naam in.",
            Self::ContactMissing(Address) => "Vul uw postadres in.",
            Self::ContactInvalid(Email) => "Dit e-mailadres klopt niet. Kijk het na.",
            Self::ContactInvalid(Phone) => {
                "Dit telefoonnummer klopt niet. Begin met een 0, of met + en de landcode."
            }
            Self::ContactInvalid(Name) => "Deze naam kunnen wij niet lezen. Gebruik één regel.",
            Self::ContactInvalid(Address) => {
                "Dit adres kunnen wij niet lezen. Gebruik hooguit een paar regels."
            }
            Self::NothingTicked => "U heeft niets aangevinkt. Vink iets aan, of kies “Nee, niets”.",
            Self::UnseenFilled => {
                "Een programma heeft een veld ingevuld dat u niet ziet. Laad de pagina opnieuw en vul zelf in."
            }
            Self::OfferForged => "Dit formulier is niet van ons of is veranderd. Laad de pagina opnieuw.",
            Self::OfferExpired => {
                "Dit formulier stond te lang open. Laad de pagina opnieuw en kies nog eens."
            }
            Self::PhoneLinkOver => "Deze link is gebruikt of te oud. Vraag er op het scherm een nieuwe.",
            Self::OfferOtherForm => "Dit antwoord hoort bij een ander formulier. Laad de pagina opnieuw.",
            Self::OfferSuperseded => "De tekst is net veranderd. Lees de nieuwe tekst en kies opnieuw.",
            Self::AlreadyAnswered => {
                "Uw eerste antwoord is al bewaard. Wilt u iets veranderen? Gebruik uw eigen link."
            }
            Self::NothingToWithdraw => "Hiervoor staat geen toestemming open. U hoeft niets te doen.",
            Self::NothingToConfirm => {
                "Er valt hier niets (meer) te bevestigen. Wilt u zich aanmelden? Vul het formulier opnieuw in."
            }
            Self::SlipMistyped => "Deze code klopt niet. Kijk de cijfers na: het zijn er zestien.",
            Self::SlipUnknown => {
                "Deze code kennen wij niet, of nog niet. Een balie zonder internet verstuurt hem later. Probeer het morgen weer, of bel de winkel."
            }
            Self::SlipTooMany => {
                "Er zijn te veel verkeerde codes ingevuld. Probeer het over een uur weer, of bel de winkel."
            }
            Self::StaffMissing => "Vul in wie dit invoert: een naam of balie van hooguit één regel.",
            Self::SignedWhen => {
                "Deze datum kan niet: hij ligt in de toekomst, of zo lang terug dat de toestemming voorbij is."
            }
            Self::ScanMissing => "Bij een papier hoort de SHA-256 van de scan: sha256- en 64 tekens.",
            Self::LinkUnknown => "Deze link kennen wij niet (meer). Kijk of de link compleet is.",
            Self::PageUnknown => "Op dit adres staat niets, of nog niet. Kijk of het adres klopt.",
            Self::FormUnknown => "Dit formulier bestaat niet (meer).",
            Self::MethodNotAllowed => "Dit kan niet op dit adres.",
            Self::KeyUnknown => "Deze sleutel geldt hier niet (meer). Maak een nieuwe met `vinkje key add`.",
            Self::ScopeMissing => {
                "Deze sleutel is hier niet voor bedoeld. Maak er een met `vinkje key add --scope`."
            }
            Self::NotFound => "Dit bestaat niet (meer). Kijk de naam of het nummer na.",
            Self::NotAcceptable => "In deze vorm kunnen wij niet antwoorden.",
            Self::OriginNotAllowed => "Deze website mag dit formulier niet gebruiken.",
            Self::HostUnknown => "Dit adres hoort niet bij deze dienst.",
            Self::ContentTypeUnsupported => "Dit soort bericht kunnen wij niet lezen.",
            Self::BodyTooLarge => "Dit bericht is te groot.",
            Self::BodyInvalid => "Dit bericht kunnen wij niet lezen. Laad de pagina opnieuw.",
            Self::TooSlow => "Het duurde te lang. Probeer het nog eens; twee keer sturen telt één keer.",
            Self::TooManyRequests => {
                "Er komt te veel tegelijk van uw netwerk. Probeer het over een minuut weer."
            }
            Self::Overloaded => "Het is nu erg druk. Probeer het zo weer. Uw keuze is nog niet bewaard.",
            Self::StoreUnavailable => "Wij kunnen nu niets bewaren. Probeer het later weer.",
        }
    }

    const fn english(self) -> &'static str {
        use ContactField::{Address, Email, Name, Phone};
        match self {
            Self::PurposeNotOffered => "Something is ticked that is not on this form. Reload the page.",
            Self::PurposeRepeated => "A box was sent twice. Reload the page.",
            Self::ContactMissing(Email) => "Fill in your e-mail address.",
            Self::ContactMissing(Phone) => "Fill in your phone number.",
            Self::ContactMissing(Name) => "Fill in your name.",
            Self::ContactMissing(Address) => "Fill in your postal address.",
            Self::ContactInvalid(Email) => "This e-mail address is not right. Please check it.",
            Self::ContactInvalid(Phone) => {
                "This phone number is not right. Begin with a 0, or with + and the country's code."
            }
            Self::ContactInvalid(Name) => "We cannot read this name. Use one line.",
            Self::ContactInvalid(Address) => "We cannot read this address. Use a few lines at most.",
            Self::NothingTicked => "You ticked nothing. Tick a box, or choose “No, nothing”.",
            Self::UnseenFilled => {
                "A program filled in a field that you do not see. Reload the page and fill it in yourself."
            }
            Self::OfferForged => "This form is not ours or was changed. Reload the page.",
            Self::OfferExpired => "This form was open for too long. Reload the page and choose again.",
            Self::PhoneLinkOver => "This link was used or is too old. Ask for a new one on the screen.",
            Self::OfferOtherForm => "This answer belongs to another form. Reload the page.",
            Self::OfferSuperseded => "The text has just changed. Read the new text and choose again.",
            Self::AlreadyAnswered => "Your first answer is already stored. To change it, use your own link.",
            Self::NothingToWithdraw => "There is no consent to take back here. You need not do anything.",
            Self::NothingToConfirm => {
                "There is nothing to confirm here (any more). To sign up, fill in the form again."
            }
            Self::SlipMistyped => "This code is not right. Check the digits: there are sixteen.",
            Self::SlipUnknown => {
                "We do not know this code, or not yet. A counter without internet sends it later. Try again tomorrow, or call the shop."
            }
            Self::SlipTooMany => "Too many wrong codes were typed. Try again in an hour, or call the shop.",
            Self::StaffMissing => "Say who enters this: a name or counter, one line at most.",
            Self::SignedWhen => {
                "This date cannot be: it lies in the future, or so long ago that the consent is over."
            }
            Self::ScanMissing => "A paper needs the SHA-256 of its scan: sha256- and 64 characters.",
            Self::LinkUnknown => "We do not know this link (any more). Check that the link is complete.",
            Self::PageUnknown => "There is nothing at this address, or not yet. Check that it is right.",
            Self::FormUnknown => "This form does not exist (any more).",
            Self::MethodNotAllowed => "This cannot be done at this address.",
            Self::KeyUnknown => {
                "This key does not count here (any more). Make a new one with `vinkje key add`."
            }
            Self::ScopeMissing => "This key is not meant for this. Make one with `vinkje key add --scope`.",
            Self::NotFound => "This does not exist (any more). Check the name or number.",
            Self::NotAcceptable => "We cannot answer in this form.",
            Self::OriginNotAllowed => "This website may not use this form.",
            Self::HostUnknown => "This address does not belong to this service.",
            Self::ContentTypeUnsupported => "We cannot read this kind of message.",
            Self::BodyTooLarge => "This message is too large.",
            Self::BodyInvalid => "We cannot read this message. Reload the page.",
            Self::TooSlow => "It took too long. Try again; sending twice counts once.",
            Self::TooManyRequests => "Too much is coming from your network at once. Try again in a minute.",
            Self::Overloaded => "It is very busy now. Try again soon. Your choice is not stored yet.",
            Self::StoreUnavailable => "We cannot store anything now. Try again later.",
        }
    }
    const fn arabic(self) -> &'static str {
        use ContactField::{Address, Email, Name, Phone};
        match self {
            Self::PurposeNotOffered => "وُضعت علامة على شيء ليس في هذا النموذج. أعد تحميل الصفحة.",
            Self::PurposeRepeated => "أُرسل مربع مرتين. أعد تحميل الصفحة.",
            Self::ContactMissing(Email) => "اكتب بريدك الإلكتروني.",
            Self::ContactMissing(Phone) => "اكتب رقم هاتفك.",
            Self::ContactMissing(Name) => "اكتب اسمك.",
            Self::ContactMissing(Address) => "اكتب عنوانك البريدي.",
            Self::ContactInvalid(Email) => "هذا البريد الإلكتروني غير صحيح. راجعه.",
            Self::ContactInvalid(Phone) => "رقم الهاتف هذا غير صحيح. ابدأ بـ 0 أو بـ + ورمز البلد.",
            Self::ContactInvalid(Name) => "لا نستطيع قراءة هذا الاسم. استخدم سطرًا واحدًا.",
            Self::ContactInvalid(Address) => "لا نستطيع قراءة هذا العنوان. استخدم بضعة أسطر على الأكثر.",
            Self::NothingTicked => "لم تضع أي علامة. ضع علامة، أو اختر «لا، لا شيء».",
            Self::UnseenFilled => "ملأ برنامج حقلًا لا تراه. أعد تحميل الصفحة واملأها بنفسك.",
            Self::OfferForged => "هذا النموذج ليس منا أو تغيّر. أعد تحميل الصفحة.",
            Self::OfferExpired => "بقي هذا النموذج مفتوحًا مدة طويلة. أعد تحميل الصفحة واختر مرة أخرى.",
            Self::PhoneLinkOver => "استُخدم هذا الرابط أو صار قديمًا. اطلب رابطًا جديدًا على الشاشة.",
            Self::OfferOtherForm => "هذا الجواب لنموذج آخر. أعد تحميل الصفحة.",
            Self::OfferSuperseded => "تغيّر النص الآن. اقرأ النص الجديد واختر من جديد.",
            Self::AlreadyAnswered => "جوابك الأول محفوظ من قبل. لتغييره استخدم رابطك الخاص.",
            Self::NothingToWithdraw => "لا توجد هنا موافقة سارية. لا يلزمك فعل شيء.",
            Self::NothingToConfirm => "لم يبق هنا شيء للتأكيد. تريد التسجيل؟ املأ النموذج مرة أخرى.",
            Self::SlipMistyped => "هذا الرمز غير صحيح. راجع الأرقام: عددها ستة عشر.",
            Self::SlipUnknown => {
                "لا نعرف هذا الرمز، أو لا نعرفه بعد. الكاونتر الذي بدون إنترنت يرسله لاحقًا. حاول غدًا، أو اتصل بالمتجر."
            }
            Self::SlipTooMany => "كُتبت رموز خاطئة كثيرة. حاول مرة أخرى بعد ساعة، أو اتصل بالمتجر.",
            Self::StaffMissing => "اكتب من يُدخل هذا: اسم أو كاونتر، في سطر واحد على الأكثر.",
            Self::SignedWhen => "لا يمكن هذا التاريخ: هو في المستقبل، أو قديم حتى انتهت مدة الموافقة.",
            Self::ScanMissing => "تحتاج الورقة إلى SHA-256 لمسحها الضوئي: sha256- و64 حرفًا.",
            Self::LinkUnknown => "لا نعرف هذا الرابط. تأكد أنه كامل.",
            Self::PageUnknown => "لا يوجد شيء في هذا العنوان، أو ليس بعد. تأكد أنه صحيح.",
            Self::FormUnknown => "هذا النموذج غير موجود.",
            Self::MethodNotAllowed => "لا يمكن فعل هذا في هذا العنوان.",
            Self::KeyUnknown => "هذا المفتاح لا يسري هنا. أنشئ مفتاحًا جديدًا بالأمر `vinkje key add`.",
            Self::ScopeMissing => "هذا المفتاح ليس لهذا الغرض. أنشئ واحدًا بالأمر `vinkje key add --scope`.",
            Self::NotFound => "هذا غير موجود. راجع الاسم أو الرقم.",
            Self::NotAcceptable => "لا نستطيع الجواب بهذا الشكل.",
            Self::OriginNotAllowed => "لا يُسمح لهذا الموقع باستخدام هذا النموذج.",
            Self::HostUnknown => "هذا العنوان لا يتبع هذه الخدمة.",
            Self::ContentTypeUnsupported => "لا نستطيع قراءة هذا النوع من الرسائل.",
            Self::BodyTooLarge => "هذه الرسالة كبيرة جدًا.",
            Self::BodyInvalid => "لا نستطيع قراءة هذه الرسالة. أعد تحميل الصفحة.",
            Self::TooSlow => "استغرق ذلك وقتًا طويلًا. حاول مرة أخرى؛ الإرسال مرتين يُحسب مرة واحدة.",
            Self::TooManyRequests => "تأتي طلبات كثيرة من شبكتك في وقت واحد. حاول مرة أخرى بعد دقيقة.",
            Self::Overloaded => "الضغط كبير الآن. حاول مرة أخرى بعد قليل. لم يُحفظ اختيارك بعد.",
            Self::StoreUnavailable => "لا نستطيع حفظ شيء الآن. حاول مرة أخرى لاحقًا.",
        }
    }
}
