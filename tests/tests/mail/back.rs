//! Mail that comes back: somebody unsubscribes by mail, a mail server says that something did not arrive.

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::http::Answer;
use e2e::post::{Letter, wait_for};
use e2e::world::{World, told, vinkje};
use serde_json::Value;

use crate::{EMAIL, confirmed, may, sign_up};

/// A shop that can be written to, and its program.
struct Shop {
    world: World,
    key: String,
}

impl Shop {
    async fn open() -> Result<Self> {
        let settings = "\n[mail]\nunsubscribe.kaas = \"stop@c.example\"\n".into();
        let world = World::start_with(Setup { confirms: true, settings, ..Setup::default() }).await?;
        let key = vinkje(&world, &["key", "add", "kaas", "--name", "post", "--scope", "mail"]).await?;
        Ok(Self { world, key: key.trim().into() })
    }

    async fn hand_in(&self, message: &str) -> Result<Answer> {
        let url = format!("{}/v1/kaas/mail", self.world.collector.base());
        let key = format!("Bearer {}", self.key);
        let headers = [("content-type", "message/rfc822"), ("authorization", key.as_str())];
        self.world.client.send("POST", &url, &headers, message.to_owned()).await
    }

    async fn did(&self, message: &str) -> Result<String> {
        let answer = self.hand_in(message).await?;
        ensure!(answer.status == 200, "{} {}", answer.status, answer.text());
        Ok(answer.json()?["did"].as_str().context("nothing said")?.to_owned())
    }

    /// The ready headers for somebody on the list.
    async fn header(&self) -> Result<String> {
        let list = vinkje(&self.world, &["list", "kaas", "nieuwsbrief"]).await?;
        let line: Value = serde_json::from_str(list.lines().next().context("nobody")?)?;
        Ok(line["headers"]["List-Unsubscribe"].as_str().context("no header")?.to_owned())
    }

    async fn undelivered(&self) -> Result<Vec<Vec<String>>> {
        let said = vinkje(&self.world, &["undelivered", "kaas"]).await?;
        ensure!(!said.contains('@'), "an address is in it: {said}");
        Ok(said.lines().map(|line| line.split(' ').map(Into::into).collect()).collect())
    }
}

/// What a mail server writes back (RFC 3464) to a message with this head.
fn report(head: &str, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: post@c.example\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\r\n\r\n\
         --=b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n\
         --=b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {EMAIL}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
         --=b\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n--=b--\r\n"
    )
}

fn head(letter: &Letter) -> &str {
    letter.raw.split("\r\n\r\n").next().unwrap_or_default()
}

#[tokio::test]
async fn who_writes_to_the_address_in_the_header_has_unsubscribed() -> Result<()> {
    let shop = Shop::open().await?;
    confirmed(&shop.world, &["nieuwsbrief"], EMAIL).await?;
    let header = shop.header().await?;
    let (first, mail) = header.split_once(", ").context("one link only")?;
    ensure!(first.contains("/u/"), "the web link is not the first: {header}");
    let mail = mail.trim_matches(['<', '>']).strip_prefix("mailto:stop@c.example?subject=");
    let token = mail.context("no link to mail")?;

    let written = format!("From: {EMAIL}\r\nTo: stop@c.example\r\nSubject: {token}\r\n\r\n\r\n");
    let away = format!("Auto-Submitted: auto-replied\r\n{written}");
    let before = shop.world.events().await?;
    for other in [away.as_str(), "Subject: stop\r\n\r\nstop", "", "\0\u{ff}", &"x".repeat(200_000)] {
        ensure!(shop.did(other).await? == "nothing", "{}", other.len());
    }
    ensure!(shop.world.events().await? == before, "something that nobody wrote changed something");
    ensure!(may(&shop.world, "nieuwsbrief", EMAIL).await?.0);

    ensure!(shop.did(&written).await? == "stopped");
    ensure!(may(&shop.world, "nieuwsbrief", EMAIL).await? == (false, "withdrawn".into()));
    ensure!(shop.did(&written).await? == "stopped", "a second time is an error");
    let stopped = wait_for(&shop.world.collector.mail(), 3).await?.pop().context("no letter")?;
    ensure!(stopped.link("/b/").is_ok(), "the owner cannot undo what somebody wrote in their name");
    Ok(())
}

#[tokio::test]
async fn what_did_not_arrive_is_noted_once_and_changes_no_consent() -> Result<()> {
    let mut shop = Shop::open().await?;
    let mail = shop.world.collector.mail();
    let asked = sign_up(&shop.world, &["nieuwsbrief"], EMAIL).await?;
    let letter = wait_for(&mail, 1).await?.pop().context("no letter")?;
    for late in [report(head(&letter), "delayed", "4.4.7"), report(head(&letter), "delivered", "2.0.0")] {
        ensure!(shop.did(&late).await? == "nothing");
    }
    let strange = head(&letter).replace("Message-ID: <", "Message-ID: <a");
    ensure!(shop.did(&report(&strange, "failed", "5.1.1")).await? == "nothing", "an id that is not ours");
    for _ in 0..2 {
        ensure!(shop.did(&report(head(&letter), "failed", "5.1.1")).await? == "noted");
    }
    let noted = shop.undelivered().await?;
    ensure!(noted.len() == 1 && noted[0][1..] == ["confirm", "5.1.1", &asked.receipt], "{noted:?}");
    ensure!(may(&shop.world, "nieuwsbrief", EMAIL).await?.1 == "requested");

    // A newsletter of the shop's own program, known by its header.
    shop.world.client.post_form(&letter.link("/c/")?, &[("do", "yes")]).await?;
    let head = format!("Message-ID: <1@news.example>\r\nList-Unsubscribe: {}\r\n", shop.header().await?);
    ensure!(shop.did(&report(&head, "failed", "5.2.1 disabled")).await? == "noted");
    let noted = shop.undelivered().await?;
    ensure!(
        noted.len() == 2 && noted.iter().any(|row| row[1] == "message" && row[2] == "5.2.1"),
        "{noted:?}"
    );
    ensure!(may(&shop.world, "nieuwsbrief", EMAIL).await?.0, "a report took consent back");
    ensure!(wait_for(&mail, 2).await?.len() == 2, "a report made a letter");

    // Who is erased is not named any more.
    told(&shop.world, &["erase", "kaas"], EMAIL).await?;
    ensure!(shop.undelivered().await?.iter().all(|row| row[3] == "-"), "an erased person's receipt");
    shop.world.collector.stop().await?;
    ensure!(vinkje(&shop.world, &["fsck"]).await?.starts_with("clean"));
    Ok(())
}

#[tokio::test]
async fn mail_is_taken_from_who_has_the_key_for_it_only() -> Result<()> {
    let mut shop = Shop::open().await?;
    ensure!(shop.hand_in(&"x".repeat(1_100_000)).await?.status == 413);
    for (scope, status) in [("ask", 403), ("mail", 200)] {
        let key = vinkje(&shop.world, &["key", "add", "kaas", "--name", "p", "--scope", scope]).await?;
        shop.key = key.trim().into();
        ensure!(shop.hand_in("Subject: x\r\n\r\n").await?.status == status, "{scope}");
        let url = format!("{}/v1/kaas/undelivered?since=2026-01-01T00:00:00Z", shop.world.collector.base());
        let key = format!("Bearer {}", shop.key);
        let told = shop.world.client.send("GET", &url, &[("authorization", key.as_str())], "").await?;
        ensure!((told.status == 200) == (scope == "ask"), "{scope}: {}", told.status);
    }
    shop.key = "vk_nothing".into();
    ensure!(shop.hand_in("Subject: x\r\n\r\n").await?.status == 401);
    Ok(())
}
