//! Bad input of every kind, and that nothing of it is stored.

use anyhow::{Context, Result, ensure};
use e2e::definition;
use e2e::http::{Answer, raw};
use e2e::world::{FORM, SECOND_FORM, World};
use serde_json::{Value, json};
use shared::Language;
use shared::offer::{Offer, OfferKey};
use shared::purpose::ContactField;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use crate::{EMAIL, changed, check_problem, forged, whole};

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

/// The same offer, made two days ago: signed with the collector's own key, which no visitor has.
fn aged(world: &World, offer: &str) -> Result<String> {
    let key = std::fs::read(world.collector.data().join("keys/offer.key"))?;
    let key = OfferKey::new(key.as_slice().try_into().context("the key has another length")?);
    let mut offer = Offer::open(offer, &key)?;
    offer.issued = Timestamp::from_unix_seconds(offer.issued.unix_seconds() - 2 * DAY_SECONDS);
    Ok(offer.seal(&key))
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
            with(&|b| b["contact"]["fax"] = json!("1")),
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
        Bad::new("an origin that it will not say", text.clone(), 403, Refusal::OriginNotAllowed)
            .with("origin", "null"),
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

/// Sends each as it is; none may be answered with success, and nothing may be stored.
async fn none_is_taken(world: &World, what: &str, requests: &[String]) -> Result<()> {
    for bytes in requests {
        let answer = raw(world.collector.port(), bytes.as_bytes(), true, 20).await?;
        ensure!(!answer.starts_with("HTTP/1.1 2"), "{what} was taken: {answer}");
    }
    ensure!(world.events().await?.is_empty(), "{what} was stored");
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
    none_is_taken(&world, "half a request", &broken).await
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
    none_is_taken(&world, "a hostile request", &hostile).await
}

#[tokio::test]
async fn an_answer_to_wording_that_has_changed_is_not_taken() -> Result<()> {
    let world = World::start().await?;
    let old = whole(&world.form().offer("nl").await?)?;
    let new =
        definition::shop(world.site.origin(), false)?.replace("Eén keer per maand", "Twee keer per maand");
    world.collector.apply(&new).await?;
    let answer = world.form().post(&old).await?;
    check_problem(&answer, 409, Refusal::OfferSuperseded, Language::Nl)?;
    world.form().give("nieuwsbrief", EMAIL).await.map(drop)
}

#[tokio::test]
async fn a_retry_counts_as_one_also_after_the_wording_has_changed() -> Result<()> {
    let world = World::start().await?;
    let answer = whole(&world.form().offer("nl").await?)?;
    let first = world.form().post(&answer).await?;
    let stored = world.events().await?;
    let new =
        definition::shop(world.site.origin(), false)?.replace("Eén keer per maand", "Twee keer per maand");
    world.collector.apply(&new).await?;
    let again = world.form().post(&answer).await?;
    ensure!((first.status, again.status) == (201, 200), "{} and {}", first.status, again.text());
    ensure!(first.json()? == again.json()?, "the retry got another answer");
    let other = serde_json::from_slice(&changed(&answer, |body| body["ticked"] = json!(["post"])))?;
    ensure!(world.form().post(&other).await?.status >= 400, "a retry that says something else was taken");
    ensure!(world.events().await? == stored, "a retry stored something");
    Ok(())
}
