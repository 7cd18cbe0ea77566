//! What the collector takes, and what it refuses: with which code, in which words, and that nothing is stored.
//!
//! In scope: the HTTP surface without a browser. Out of scope: losing power (`durability`), pages (`browser`).

use anyhow::{Context, Result, ensure};
use e2e::http::{Answer, raw};
use e2e::submit::{acknowledged, answers, nonce};
use e2e::world::{FORM, SECOND_FORM, World};
use e2e::{definition, verifiers};
use serde_json::{Value, json};
use shared::Language;
use shared::offer::{Offer, OfferKey};
use shared::purpose::ContactField;
use shared::refusal::Refusal;
use shared::time::Timestamp;

const EMAIL: &str = "eva@voorbeeld.example";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A request that must be refused.
struct Bad {
    name: &'static str,
    form: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    status: u16,
    refusal: Refusal,
}

impl Bad {
    fn new(name: &'static str, body: impl Into<Vec<u8>>, status: u16, refusal: Refusal) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { name, form: FORM, headers, body: body.into(), status, refusal }
    }

    fn at(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.retain(|(name, _)| *name != header);
        self.headers.push((header, value.to_owned()));
        self
    }

    async fn send(&self, world: &World, language: &str) -> Result<Answer> {
        let url = format!("{}/f/{}?lang={language}", world.collector.base(), self.form);
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.client.send("POST", &url, &headers, self.body.clone()).await
    }

    /// The status, the stable code, and the sentence in the asker's language.
    async fn check(&self, world: &World) -> Result<()> {
        for language in Language::ALL {
            let answer = self.send(world, language.tag()).await?;
            check_problem(&answer, self.status, self.refusal, language)?;
        }
        Ok(())
    }
}

fn check_problem(answer: &Answer, status: u16, refusal: Refusal, language: Language) -> Result<()> {
    ensure!(answer.status == status, "status {} instead of {status}: {}", answer.status, answer.text());
    ensure!(answer.header("content-type") == "application/problem+json", "{}", answer.header("content-type"));
    let problem = answer.json()?;
    ensure!(problem["code"] == refusal.code(), "{problem}");
    ensure!(problem["status"] == status, "{problem}");
    ensure!(problem["detail"] == refusal.sentence(language), "{problem}");
    ensure!(problem["field"] == json!(refusal.field().map(ContactField::name)), "{problem}");
    Ok(())
}

fn whole(offer: &str) -> Result<Value> {
    Ok(answers(offer, &nonce()?, &["nieuwsbrief"], EMAIL))
}

fn changed(whole: &Value, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut body = whole.clone();
    change(&mut body);
    body.to_string().into_bytes()
}

/// The same offer, made two days ago: signed with the collector's own key, which no visitor has.
fn aged(world: &World, offer: &str) -> Result<String> {
    let key = std::fs::read(world.collector.data().join("keys/offer.key"))?;
    let key = OfferKey::new(key.as_slice().try_into().context("the key has another length")?);
    let mut offer = Offer::open(offer, &key)?;
    offer.issued = Timestamp::from_unix_seconds(offer.issued.unix_seconds() - 2 * DAY_SECONDS);
    Ok(offer.seal(&key))
}

/// One letter in the middle of the offer is another one.
fn forged(offer: &str) -> String {
    let middle = offer.len() / 2;
    let other = if offer.as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &offer[..middle], &offer[middle + 1..])
}

fn bad_answers(world: &World, whole: &Value) -> Result<Vec<Bad>> {
    let offer = whole["offer"].as_str().context("no offer")?;
    let old = aged(world, offer)?;
    let with = |change: &dyn Fn(&mut Value)| changed(whole, change);
    let email = |text: &'static str| with(&|body| body["contact"]["email"] = json!(text));
    let wrong_email = Refusal::ContactInvalid(ContactField::Email);
    Ok(vec![
        Bad::new(
            "unknown purpose",
            with(&|b| b["ticked"] = json!(["nieuws"])),
            422,
            Refusal::PurposeNotOffered,
        ),
        Bad::new(
            "a box twice",
            with(&|b| b["ticked"] = json!(["nieuwsbrief", "nieuwsbrief"])),
            422,
            Refusal::PurposeRepeated,
        ),
        Bad::new("forged offer", with(&|b| b["offer"] = json!(forged(offer))), 400, Refusal::OfferForged),
        Bad::new("no offer at all", with(&|b| b["offer"] = json!("")), 400, Refusal::OfferForged),
        Bad::new("old offer", with(&|b| b["offer"] = json!(old)), 409, Refusal::OfferExpired),
        Bad::new("offer of another form", whole.to_string(), 409, Refusal::OfferOtherForm).at(SECOND_FORM),
        Bad::new("a form that is not there", whole.to_string(), 404, Refusal::FormUnknown).at("kaas/niets"),
        Bad::new(
            "line break in the address",
            email("eva@voorbeeld.example\r\nBcc: x@y.example"),
            422,
            wrong_email,
        ),
        Bad::new("line break in the name part", email("eva\r\n@voorbeeld.example"), 422, wrong_email),
        Bad::new("half an address", email("eva@"), 422, wrong_email),
        Bad::new("no address", email(""), 422, Refusal::ContactMissing(ContactField::Email)),
        Bad::new("bad nonce", with(&|b| b["nonce"] = json!("short")), 400, Refusal::BodyInvalid),
        Bad::new("unknown field", with(&|b| b["tikced"] = json!([])), 400, Refusal::BodyInvalid),
        Bad::new(
            "unknown contact field",
            with(&|b| b["contact"]["phone"] = json!("1")),
            400,
            Refusal::BodyInvalid,
        ),
        Bad::new("a tick that is a yes", with(&|b| b["ticked"] = json!(true)), 400, Refusal::BodyInvalid),
    ])
}

fn bad_bodies(whole: &Value) -> Vec<Bad> {
    let text = whole.to_string();
    let twice = text.replacen('{', r#"{"ticked":[],"#, 1);
    let inner_twice = text.replacen(r#""contact":{"#, r#""contact":{"email":"piet@voorbeeld.example","#, 1);
    let bad_utf8 = [b"{\"offer\":\"\xff\xfe\",".as_slice(), &text.as_bytes()[1..]].concat();
    let form = "application/x-www-form-urlencoded";
    vec![
        Bad::new("1 MiB", vec![b' '; 1 << 20], 413, Refusal::BodyTooLarge),
        Bad::new("invalid UTF-8", bad_utf8, 400, Refusal::BodyInvalid),
        Bad::new("duplicate keys", twice, 400, Refusal::BodyInvalid),
        Bad::new("duplicate inner keys", inner_twice, 400, Refusal::BodyInvalid),
        Bad::new("half the JSON", text.as_bytes()[..text.len() / 2].to_vec(), 400, Refusal::BodyInvalid),
        Bad::new("nothing", "", 400, Refusal::BodyInvalid),
        Bad::new("deep nesting", "[".repeat(4_000), 400, Refusal::BodyInvalid),
        Bad::new("XML", text.clone(), 415, Refusal::ContentTypeUnsupported).with("content-type", "text/xml"),
        Bad::new("plain text", text.clone(), 415, Refusal::ContentTypeUnsupported)
            .with("content-type", "text/plain"),
        Bad::new("wrong origin", text.clone(), 403, Refusal::OriginNotAllowed)
            .with("origin", "https://evil.example"),
        Bad::new("unknown host", text, 421, Refusal::HostUnknown).with("host", "evil.example"),
        Bad::new("an unknown form field", "offer=x&checked=all", 400, Refusal::BodyInvalid)
            .with("content-type", form),
    ]
}

#[tokio::test]
async fn bad_input_is_refused_with_its_code_and_sentence_and_nothing_is_stored() -> Result<()> {
    let world = World::start().await?;
    world.form().give("nieuwsbrief", EMAIL).await?;
    let before = world.events().await?;
    let whole = whole(&world.form().offer("nl").await?)?;
    for bad in bad_answers(&world, &whole)?.into_iter().chain(bad_bodies(&whole)) {
        bad.check(&world).await.with_context(|| bad.name)?;
        ensure!(world.events().await? == before, "{}: something was stored", bad.name);
    }
    // The answer itself was good all along.
    ensure!(world.form().post(&whole).await?.status == 201);
    Ok(())
}

#[tokio::test]
async fn a_request_that_breaks_off_stores_nothing() -> Result<()> {
    let world = World::start().await?;
    let body = whole(&world.form().offer("nl").await?)?.to_string();
    let host = format!("127.0.0.1:{}", world.collector.port());
    let head = |length: usize| {
        format!(
            "POST /f/{FORM} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let broken = [
        format!("{}{}", head(body.len()), &body[..body.len() / 2]),
        head(body.len()),
        format!("POST /f/{FORM} HTTP/1.1\r\nhost: {host}\r\ncontent-le"),
        format!("{}{body}", head(body.len() + 1)),
    ];
    for bytes in broken {
        let answer = raw(world.collector.port(), bytes.as_bytes(), true, 20).await?;
        ensure!(!answer.starts_with("HTTP/1.1 2"), "half a request was taken: {answer}");
    }
    ensure!(world.events().await?.is_empty(), "half a request was stored");
    Ok(())
}

#[tokio::test]
async fn a_request_is_read_the_way_it_was_sent_or_not_at_all() -> Result<()> {
    let world = World::start().await?;
    let body = whole(&world.form().offer("nl").await?)?.to_string();
    let host = format!("127.0.0.1:{}", world.collector.port());
    let fixed = format!(
        "POST /f/{FORM} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n"
    );
    let length = body.len();
    let hostile = [
        format!("{fixed}content-length: {length}\r\ncontent-length: 3\r\n\r\n{body}"),
        format!("{fixed}content-length: -1\r\n\r\n{body}"),
        format!(
            "POST /f/{FORM} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
        format!("{fixed}x: {}\r\ncontent-length: {length}\r\n\r\n{body}", "y".repeat(64 * 1024)),
    ];
    for bytes in hostile {
        let answer = raw(world.collector.port(), bytes.as_bytes(), true, 20).await?;
        ensure!(!answer.starts_with("HTTP/1.1 2"), "a hostile request was taken: {answer}");
    }
    ensure!(world.events().await?.is_empty(), "a hostile request was stored");
    Ok(())
}

#[tokio::test]
async fn an_answer_to_wording_that_has_changed_is_not_taken() -> Result<()> {
    let world = World::start().await?;
    let old = whole(&world.form().offer("nl").await?)?;
    let new = definition::shop(world.site.origin())?.replace("Eén keer per maand", "Twee keer per maand");
    world.collector.apply(&new).await?;
    let answer = world.form().post(&old).await?;
    check_problem(&answer, 409, Refusal::OfferSuperseded, Language::Nl)?;
    world.form().give("nieuwsbrief", EMAIL).await.map(drop)
}

#[tokio::test]
async fn a_retry_gets_the_same_receipt_and_other_answers_get_none() -> Result<()> {
    let world = World::start().await?;
    let first = whole(&world.form().offer("nl").await?)?;
    let answer = world.form().post(&first).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let events = world.events().await?;
    let retry = world.form().post(&first).await?;
    ensure!(retry.status == 200, "{}", retry.text());
    ensure!(acknowledged(&retry)? == acknowledged(&answer)?);
    let others = [
        changed(&first, |body| body["ticked"] = json!(["nieuwsbrief", "keuze"])),
        changed(&first, |body| body["ticked"] = json!([])),
        changed(&first, |body| body["contact"]["email"] = json!("piet@voorbeeld.example")),
    ];
    for other in others {
        let answer = world.form().post(&serde_json::from_slice(&other)?).await?;
        check_problem(&answer, 409, Refusal::AlreadyAnswered, Language::Nl)?;
    }
    ensure!(world.events().await? == events, "a retry was stored");
    Ok(())
}

#[tokio::test]
async fn a_receipt_verifies_with_our_command_and_with_a_library_that_we_did_not_write() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let receipt = world.fetch(&format!("{}.jws", given.receipt_url), "receipt.jws").await?;
    let (good, said) = verifiers::vinkje(&world.collector, &keys, &receipt).await?;
    ensure!(good, "vinkje verify refuses: {said}");
    let payload = verifiers::jose(&keys, &[&receipt]).await?.remove(0);
    ensure!(payload["receipt"] == given.receipt, "{payload}");
    ensure!(payload["decisions"][0]["decided"] == "given", "{payload}");
    ensure!(payload["decisions"][1]["decided"] == "not_given", "{payload}");
    let readable = world.client.get(&format!("{}.json", given.receipt_url)).await?;
    ensure!(readable.json()? == payload, "the readable file says something else");
    let notice = payload["notice"].as_str().context("no notice")?;
    let notice = world.client.get(&format!("{}/notice/{notice}", world.form().url())).await?;
    ensure!(notice.status == 200 && notice.text().contains("nieuwsbrief"), "the wording is not there");
    Ok(())
}

#[tokio::test]
async fn a_receipt_that_was_changed_does_not_verify() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let keys = world.keys().await?;
    let jws = world.client.get(&format!("{}.jws", given.receipt_url)).await?.text();
    let parts: Vec<&str> = jws.split('.').collect();
    let other = world.form().give("keuze", EMAIL).await?;
    let other = world.client.get(&format!("{}.jws", other.receipt_url)).await?.text();
    let other: Vec<&str> = other.split('.').collect();
    let changed = [
        forged(&jws),
        format!("{}.{}.{}", parts[0], other[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        String::new(),
    ];
    for text in changed {
        let file = world.collector.folder().join("changed.jws");
        std::fs::write(&file, &text)?;
        let (good, said) = verifiers::vinkje(&world.collector, &keys, &file).await?;
        ensure!(!good, "a changed receipt verifies: {said}");
        ensure!(verifiers::jose(&keys, &[&file]).await.is_err(), "jose takes a changed receipt");
    }
    Ok(())
}

#[tokio::test]
async fn a_website_may_read_answers_only_if_it_is_named_exactly() -> Result<()> {
    let world = World::start().await?;
    let ours = world.site.origin().to_owned();
    let port = ours.rsplit(':').next().context("no port")?;
    let others = [
        format!("http://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("{ours}.evil.example"),
        format!("http://evil.example?{ours}"),
        ours[..ours.len() - 1].to_owned(),
        "null".to_owned(),
        "*".to_owned(),
    ];
    for (method, path) in [("GET", "/fragment"), ("OPTIONS", "")] {
        let url = format!("{}{path}", world.form().url());
        let answer = world.client.send(method, &url, &[("origin", &ours)], "").await?;
        ensure!(answer.header("access-control-allow-origin") == ours, "{method} {ours} is not allowed");
        ensure!(answer.header("access-control-allow-credentials").is_empty(), "credentials are allowed");
        ensure!(
            answer.headers.get_all("vary").iter().any(|vary| vary.as_bytes() == b"Origin"),
            "no Vary: Origin"
        );
        for other in &others {
            let answer = world.client.send(method, &url, &[("origin", other)], "").await?;
            ensure!(!answer.headers.contains_key("access-control-allow-origin"), "{method} allows {other}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_link_that_leads_nowhere_says_nothing_about_anybody() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let before = world.events().await?;
    let base = world.collector.base();
    let links = [
        format!("{base}/m/x"),
        forged(&given.manage_url),
        format!("{}A", given.manage_url),
        given.receipt_url.replace("/r/", "/m/"),
        given.manage_url.replace("/m/", "/r/"),
        format!("{}.exe", given.receipt_url),
    ];
    for link in links {
        let shown = world.client.get(&link).await?;
        check_problem(&shown, 404, Refusal::LinkUnknown, Language::Nl).with_context(|| link.clone())?;
        if link.contains("/m/") {
            let acted = world.client.post_form(&link, &[("do", "withdraw_all")]).await?;
            check_problem(&acted, 404, Refusal::LinkUnknown, Language::Nl).with_context(|| link.clone())?;
        }
    }
    ensure!(world.events().await? == before, "a bad link stored something");
    Ok(())
}

#[tokio::test]
async fn looking_changes_nothing() -> Result<()> {
    let world = World::start().await?;
    let given = world.form().give("nieuwsbrief", EMAIL).await?;
    let before = world.events().await?;
    let base = world.collector.base();
    let jws = format!("{}.jws", given.receipt_url);
    let json = format!("{}.json", given.receipt_url);
    let acting = format!("{}?do=withdraw_all", given.manage_url);
    let hosted = world.hosted("en");
    for url in
        [&given.receipt_url, &jws, &json, &given.manage_url, &acting, &hosted, &format!("{base}/health")]
    {
        let answer = world.client.get(url).await?;
        ensure!(answer.status == 200, "{url}: {}", answer.status);
        ensure!(answer.header("x-content-type-options") == "nosniff", "{url} has no security headers");
        ensure!(
            answer.header("content-security-policy").starts_with("default-src 'none'"),
            "{url} has no policy"
        );
    }
    ensure!(world.events().await? == before, "looking stored something");
    Ok(())
}
