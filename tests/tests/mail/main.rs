//! Sign-ups that the owner of an address confirms by mail, and every way out that is in a mail: against a real mail server and
//! in a real browser.

mod back;
mod bots;
mod limits;
mod outage;
mod undo;

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::page::Page;
use e2e::port::free_port;
use e2e::post::{Letter, MailServer, letters, smtp_settings, wait_for};
use e2e::receiver::{Language, Receiver};
use e2e::submit::{Acknowledged, acknowledged, answers, nonce};
use e2e::verifiers;
use e2e::world::{ORGANISATION, World, told, vinkje};

/// Whoever signs up.
pub const EMAIL: &str = "eva@voorbeeld.example";

/// A world that sends to a mail server at a port.
///
/// # Errors
///
/// If something does not start.
pub async fn world_at(port: u16) -> Result<World> {
    let setup = Setup { confirms: true, settings: smtp_settings(port), ..Setup::default() };
    World::start_with(setup).await
}

/// A world with its mail server.
///
/// # Errors
///
/// If something does not start.
pub async fn world() -> Result<(World, MailServer)> {
    let port = free_port()?;
    let world = world_at(port).await?;
    let server = MailServer::start(port, &world.collector.folder().join("post"), &[]).await?;
    Ok((world, server))
}

/// A world whose letters go into the folder.
///
/// # Errors
///
/// If something does not start.
pub async fn quiet_world() -> Result<World> {
    World::start_with(Setup { confirms: true, ..Setup::default() }).await
}

/// Signs up without a browser.
///
/// # Errors
///
/// If the collector does not acknowledge it.
pub async fn sign_up(world: &World, purposes: &[&str], email: &str) -> Result<Acknowledged> {
    let form = world.form();
    let body = answers(&form.offer("nl").await?, &nonce()?, purposes, email);
    let answer = form.post(&body).await?;
    ensure!(answer.json()?["outcome"] == "requested", "{}", answer.text());
    acknowledged(&answer)
}

/// Signs up and confirms: what most tests begin with. Gives the receipt letter.
///
/// # Errors
///
/// If anything is refused.
pub async fn confirmed(world: &World, purposes: &[&str], email: &str) -> Result<Letter> {
    let before = letters(&world.collector.mail())?.len();
    sign_up(world, purposes, email).await?;
    let ask = wait_for(&world.collector.mail(), before + 1).await?.pop().context("no letter")?;
    let answer = world.client.post_form(&ask.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 303, "{} {}", answer.status, answer.text());
    wait_for(&world.collector.mail(), before + 2).await?.pop().context("no receipt letter")
}

/// Whether this address may be mailed for this purpose now, and the state that says why.
///
/// # Errors
///
/// If the collector does not answer.
pub async fn may(world: &World, purpose: &str, email: &str) -> Result<(bool, String)> {
    let said = told(world, &["may", ORGANISATION, purpose], email).await?;
    let answer: serde_json::Value = serde_json::from_str(said.lines().next().context("no answer")?)?;
    let state = answer["state"].as_str().context("no state")?.to_owned();
    Ok((answer["answer"] == true, state))
}

/// What a mail scanner does: it looks at every link, before the person does.
async fn scan(world: &World, letter: &Letter) -> Result<()> {
    let links = letter.links();
    ensure!(!links.is_empty(), "a letter without links");
    for link in links {
        for method in ["GET", "HEAD"] {
            let answer = world.client.send(method, &link, &[], String::new()).await?;
            ensure!(answer.status == 200, "{method} {link}: {}", answer.status);
        }
    }
    Ok(())
}

/// Has a program on this machine told of everything; gives the secret of its messages.
async fn add_webhook(world: &World, port: u16) -> Result<String> {
    let url = format!("http://localhost:{port}/");
    let add = ["webhook", "add", ORGANISATION, "--name", "crm", "--url", &url, "--allow", "localhost"];
    Ok(vinkje(world, &add).await?.trim().to_owned())
}

/// The address for one click that the list has ready for the first person on it.
async fn unsubscribe_url(world: &World) -> Result<String> {
    let list = vinkje(world, &["list", ORGANISATION, "nieuwsbrief"]).await?;
    let line: serde_json::Value = serde_json::from_str(list.lines().next().context("nobody")?)?;
    let header = line["headers"]["List-Unsubscribe"].as_str().context("no header")?;
    let url = header.strip_prefix('<').and_then(|header| header.strip_suffix('>'));
    url.map(str::to_owned).context("no address in it")
}

#[tokio::test]
async fn a_sign_up_counts_when_the_person_confirms_it_and_ends_with_one_click() -> Result<()> {
    let (world, server) = world().await?;
    let program = Receiver::start(Language::Python, world.collector.folder(), 0).await?;
    program.knows(&add_webhook(&world, program.port).await?).await?;
    let page = Page::open().await?;
    page.go(&world.hosted("nl")).await?;
    page.until("the form", "deep('input[value=nieuwsbrief]')!==null").await?;
    page.click("input[value=nieuwsbrief]").await?;
    page.fill("input[name=email]", EMAIL).await?;
    page.click("button[value=save]").await?;
    page.until("the news", "text().includes('Bijna klaar: kijk in uw mail')").await?;

    let ask = wait_for(&server.folder, 1).await?.pop().context("no letter")?;
    ensure!(ask.to.contains(EMAIL) && ask.subject == "Bevestig uw aanmelding bij De Kaasplank", "{ask:?}");
    ensure!(ask.text.contains("Stuur mij de nieuwsbrief per e-mail"), "{}", ask.text);
    ensure!(ask.raw.contains("Auto-Submitted: auto-generated"), "a holiday answer may come back");
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (false, "requested".into()));

    let before = world.events().await?;
    scan(&world, &ask).await?;
    ensure!(world.events().await? == before, "a scanner changed something");
    ensure!(letters(&server.folder)?.len() == 1, "a scanner made letters");

    page.go(&ask.link("/c/")?).await?;
    let violations = page.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    page.click("button[value=yes]").await?;
    page.until("the receipt", "text().includes('Bevestigd. Dit mag nu.')").await?;
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (true, "given".into()));

    let receipt = wait_for(&server.folder, 2).await?.pop().context("no receipt letter")?;
    ensure!(receipt.subject == "Uw bewijs van De Kaasplank", "{}", receipt.subject);
    let (name, jws) = receipt.files.iter().find(|(name, _)| name.ends_with(".jws")).context("no file")?;
    let file = world.collector.folder().join(name);
    tokio::fs::write(&file, jws).await?;
    let payload = verifiers::jose(&world.keys().await?, &[&file]).await?.remove(0);
    ensure!(payload["act"] == "confirmation" && payload["method"] == "mail", "{payload}");
    ensure!(payload["decisions"][0]["decided"] == "given", "{payload}");
    ensure!(
        receipt.links().iter().all(|link| !link.contains("/m/") && !link.contains("/r/")),
        "a link that gives"
    );

    let heard = program.hears("consent.given").await?;
    ensure!(heard.refused.is_none() && heard.body["data"]["purpose"] == "nieuwsbrief", "{heard:?}");

    // The newsletter that comes next carries what the list has ready for it.
    let stop = unsubscribe_url(&world).await?;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let clicked = world.client.send("POST", &stop, &form, "List-Unsubscribe=One-Click").await?;
    ensure!(clicked.status == 200 && clicked.header("location").is_empty(), "{}", clicked.status);
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (false, "withdrawn".into()));
    let parts = [("content-type", "multipart/form-data; boundary=b")];
    let body =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let clicked = world.client.send("POST", &stop, &parts, body).await?;
    ensure!(clicked.status == 200, "a second click: {}", clicked.status);

    let heard = program.hears("consent.withdrawn").await?;
    ensure!(heard.refused.is_none() && !heard.line.contains('@'), "{heard:?}");
    let stopped = wait_for(&server.folder, 3).await?.pop().context("no letter")?;
    ensure!(stopped.subject == "Gestopt bij De Kaasplank", "{}", stopped.subject);
    page.go(&stop).await?;
    page.until("the state", "text().includes('Gestopt door u')").await?;
    ensure!(letters(&server.folder)?.len() == 3, "one letter for each thing that happened");
    Ok(())
}

#[tokio::test]
async fn a_confirm_link_works_once_and_says_so() -> Result<()> {
    let world = quiet_world().await?;
    sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    let ask = wait_for(&world.collector.mail(), 1).await?.pop().context("no letter")?;
    let link = ask.link("/c/")?;
    for _ in 0..2 {
        let answer = world.client.post_form(&link, &[("do", "yes")]).await?;
        ensure!(answer.status == 303 && answer.header("location").contains("/r/"), "{}", answer.text());
    }
    let given = world.events().await?.iter().filter(|event| event.contains("\"given\"")).count();
    ensure!(given == 1, "{given} consents given");
    let page = world.client.get(&link).await?.text();
    ensure!(page.contains("Dit is al bevestigd") && !page.contains("<form"), "{page}");
    Ok(())
}

#[tokio::test]
async fn who_did_not_sign_up_says_so_and_is_forgotten() -> Result<()> {
    let world = quiet_world().await?;
    sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    let ask = wait_for(&world.collector.mail(), 1).await?.pop().context("no letter")?;
    let page = Page::open().await?;
    page.go(&ask.link("/c/")?).await?;
    page.click("button[value=no]").await?;
    page.until("the news", "text().includes('Dank u. Er gebeurt niets.')").await?;
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (false, "unknown".into()));
    let answer = world.client.post_form(&ask.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 409, "confirmed all the same: {}", answer.status);
    ensure!(letters(&world.collector.mail())?.len() == 1, "a letter to who wants none");
    Ok(())
}

#[tokio::test]
async fn what_needs_no_address_counts_at_once() -> Result<()> {
    let world = quiet_world().await?;
    let form = world.form();
    let mut body = answers(&form.offer("nl").await?, &nonce()?, &["nieuwsbrief", "post"], EMAIL);
    body["contact"]["address"] = "Dorpsstraat 1\n1234 AB Dorp".into();
    let answer = form.post(&body).await?;
    ensure!(answer.json()?["outcome"] == "requested", "{}", answer.text());
    ensure!(may(&world, "post", EMAIL).await? == (true, "given".into()));
    ensure!(may(&world, "nieuwsbrief", EMAIL).await? == (false, "requested".into()));
    Ok(())
}
