//! The definitions that tests apply: the demo shop's own, for the origins of a test.
//!
//! Invariant: the words are those of `www/shop/shop.toml`, so a test sees what the demo shows.

use anyhow::{Context, Result, ensure};

use crate::settings;

/// The line of the demo's definition that a test replaces.
const DEMO_ORIGINS: &str = r#"origins = ["http://127.0.0.1:8090", "http://localhost:8090"]"#;

/// A second form of the same shop: offers of one form must not do for the other.
const SECOND_FORM: &str = r#"
[[form]]
id = "tweede"
purposes = ["nieuwsbrief", "post"]
title.nl = "Wat mogen wij u nog sturen?"
title.en = "What else may we send you?"
title.ar = "ماذا يُسمح لنا أن نرسل إليك أيضًا؟"
intro.nl = "Kies alleen wat u leuk vindt. Niets aanvinken mag ook."
intro.en = "Choose only what you like. Ticking nothing is fine too."
intro.ar = "اختر فقط ما يعجبك. ولا بأس ألا تختار شيئًا."
withdrawal.nl = "U kunt elk vakje altijd weer uitzetten, met de link op uw bewijs. Dat gaat net zo snel als aanvinken."
withdrawal.en = "You can switch off any box at any time, with the link on your receipt. It is as quick as ticking."
withdrawal.ar = "يمكنك إيقاف أي مربع في أي وقت، بالرابط الذي في إثباتك. هو سريع مثل وضع العلامة."

"#;

/// The line before which a form's own settings stand.
const FORM_STARTS: &str = "[[form]]\n";

/// The demo shop with a second form, open for this origin only; where it does not `confirm`, an answer counts at once.
///
/// # Errors
///
/// If the demo's file is not what this file expects.
pub fn shop(origin: &str, confirms: bool) -> Result<String> {
    let path = settings::root().join("www/shop/shop.toml");
    let demo = std::fs::read_to_string(path).context("couldn't read the demo's definition")?;
    ensure!(demo.contains(DEMO_ORIGINS), "the demo's definition has other origins than {DEMO_ORIGINS}");
    let ours = demo.replace(DEMO_ORIGINS, &format!("origins = [\"{origin}\"]"));
    let (before, privacy) =
        ours.split_once("[privacy.").context("the demo's definition has no privacy text")?;
    let both = format!("{before}{SECOND_FORM}[privacy.{privacy}");
    let at_once = format!("{FORM_STARTS}double_opt_in = false\n");
    Ok(if confirms { both } else { both.replace(FORM_STARTS, &at_once) })
}

/// What the shop sends its customers.
const CUSTOMERS: &str = include_str!("../definitions/customers.toml");

/// The boxes of the demo's form.
const BOXES: &str = "purposes = [\"nieuwsbrief\", \"post\", \"keuze\", \"boerderij\"]\n";

/// The same shop, which also tells its customers what they are sent without consent.
///
/// # Errors
///
/// If the demo's form has other boxes.
pub fn with_customers(shop: &str) -> Result<String> {
    ensure!(shop.contains(BOXES), "the demo's form has other boxes than {BOXES}");
    let told = shop.replacen(FORM_STARTS, &format!("{CUSTOMERS}{FORM_STARTS}"), 1);
    Ok(told.replace(BOXES, &format!("{BOXES}customers = [\"klanten\"]\n")))
}
