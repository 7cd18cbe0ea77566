//! The word lists of the rules for Arabic.
//!
//! In scope: the plainest words, without vowel marks, with the letters that are written onto a word. Out of scope: what a
//! match means (`words`, `form`). The lists are short: docs/forms.md advises to have a speaker read the texts.
//!
//! Invariant: as in `phrases`, a `*` at the end or the beginning of a phrase stands for any ending or beginning.

use shared::purpose::Channel;

use super::phrases::{Activity, List};

pub(super) const fn activity(activity: Activity) -> List {
    match activity {
        Activity::Message => "*نشرة|*النشرة|*أخبار|*الأخبار|*عروض|*العروض|*نصائح|*دعوة|*دعوات",
        Activity::Profiling => {
            "*مشترياتي|*مشترياتك|ما اشتريته|ما أشتريه|ما تشتريه|*اهتماماتي|*اهتماماتك|*تفضيلاتك|*تفضيلاتي|مخصصة لك|\
                سلوك التصفح|ما تنقر عليه|ما تقرؤه|مكان سكنك|عمرك|موقعك"
        }
        Activity::Sharing => {
            "*مشاركة بياناتي|*مشاركة بياناتك|نشارك|شاركوا|أعطوا|نعطي|تسليم بياناتك|*شركاء|*شركائنا|أطراف ثالثة|طرف ثالث|\
                شركات أخرى|للمعلنين|*تأجير|*إعارة"
        }
        Activity::Research => "*استبيان|*استطلاع|*استطلاعات|أبحاث السوق",
        Activity::Contest => "*مسابقة|*السحب|*قرعة|*يانصيب",
        Activity::Account => "حساب|*حسابا|بطاقة ولاء|بطاقة زبون",
        Activity::Pictures => "صور لي|صوري|صورك|صور لك",
    }
}

pub(super) const fn channel(channel: Channel) -> List {
    match channel {
        Channel::Email => "بالبريد الإلكتروني|عبر البريد الإلكتروني|*إيميل|رسالة إلكترونية|رسائل إلكترونية",
        Channel::Post => "بالبريد العادي|بالبريد الورقي|البريد الورقي|صندوق البريد",
        Channel::Phone => "*هاتفيا|بالهاتف|اتصلوا بي|نتصل بك|مكالمة",
        Channel::Sms => "*واتساب|رسالة نصية|رسائل نصية|برسالة نصية|برسائل نصية",
        Channel::Profiling | Channel::Sharing => "",
    }
}

pub(super) const SENDING: List = "أرسلوا|نرسل|إرسال|تصلك|أستلم|تستلم";

pub(super) const OTHER_DEEDS: List =
    "تشارك أيضا|تشارك في السحب|ننشئ لك حسابا|تحصل على حساب|تحصل على بطاقة ولاء|صور لك";

pub(super) const VAGUE: List = "تحسين خدماتنا|لتحسين خدماتنا|تحسين تجربتك|خدمتك بشكل أفضل|لأغراض تجارية|لأغراض تسويقية|*تسويق|*التسويق|\
    معلومات مفيدة|معلومات مهمة لك|التواصل معك|للتواصل|وغير ذلك|وغيرها|إلى آخره|إلخ|شركاء مختارون|أطراف ثالثة|أغراض أخرى|أغراض مختلفة|\
    منتجاتنا وخدماتنا";

pub(super) const ELSEWHERE: List =
    "كما هو موضح في|كما هو مذكور في|كما ورد في|وفقا لسياستنا|حسب سياستنا|سياستنا";

pub(super) const BARE: List =
    "استخدام بياناتي|استخدام بياناتك|معالجة بياناتي|معالجة بياناتك|نستخدم بياناتك|أوافق|أعطي موافقتي";

pub(super) const AIMS: List = "من أجل|لكي|حتى|عندما|إذا|كي";

pub(super) const GUILT: List = "لا تفوت|لا تفوتك|ستفوتك|يفوتك|*للأسف|فرصة أخيرة|آخر فرصة|هل أنت متأكد|سارع|أسرع|الآن أو أبدا|حزين|\
    لا تخذلنا|أفضل الدفع";

pub(super) const TERMS: List = "*الشروط|*شروط|الشروط والأحكام";

pub(super) const PRIVACY_TEXTS: List = "سياسة الخصوصية|بيان الخصوصية|قرأت ووافقت|لقد قرأت";

pub(super) const TYING: List =
    "إلزامي|مطلوب|يجب أن توافق|يجب الموافقة|مقابل|وإلا لا يمكنك|شرط|لكي تتمكن من الطلب|فرصة للفوز";

pub(super) const TAKING_BACK: List =
    "*تراجع|*تتراجع|*التراجع|*سحب|*تسحب|*إيقاف|*توقف|*تتوقف|*إلغاء|*تلغي|غيرت رأيك|تغيير رأيك";

pub(super) const HURDLES: List =
    "اتصل بنا|بالهاتف|كتابيا|برسالة بريدية|تسجيل الدخول|بريد مسجل|نسخة من هويتك|إثبات هوية|سبب|رسوم|زيارتنا";

pub(super) const NEGATIONS: List = "لا|لن|لم|ليس|ليست|بدون|دون|غير|أبدا|نحن فقط|ولا";
