//! A mail server that is down, dies in the middle of a letter, or refuses: sign-ups go on, and no letter is lost.

use anyhow::{Context, Result, ensure};
use e2e::port::free_port;
use e2e::post::{MailServer, wait_for};
use e2e::submit::{answers, nonce};

use crate::{EMAIL, sign_up, world_at};

#[tokio::test]
async fn without_a_mail_server_sign_ups_go_on_and_letters_come_later() -> Result<()> {
    let port = free_port()?;
    let mut world = world_at(port).await?;
    for person in 0..5 {
        sign_up(&world, &["nieuwsbrief"], &format!("mens{person}@voorbeeld.example")).await?;
    }
    // Also over a kill: what is to be mailed stands beside the receipts.
    world.collector.kill().await?;
    world.collector.serve().await?;
    let folder = world.collector.folder().join("post");
    let _server = MailServer::start(port, &folder, &[]).await?;
    let came = wait_for(&folder, 5).await?;
    let mut to: Vec<&str> = came.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    ensure!(came.len() == 5 && to.len() == 5, "{} letters to {to:?}", came.len());
    Ok(())
}

#[tokio::test]
async fn a_server_that_dies_with_a_letter_in_hand_gets_it_again_under_the_same_id() -> Result<()> {
    let port = free_port()?;
    let world = world_at(port).await?;
    let folder = world.collector.folder().join("post");
    let mut dying = MailServer::start(port, &folder, &["--die-in-data", "1"]).await?;
    sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    dying.died().await?;
    ensure!(e2e::post::letters(&folder)?.is_empty(), "it died before it had the letter");
    let _server = MailServer::start(port, &folder, &[]).await?;
    let came = wait_for(&folder, 1).await?;
    let id = &came.first().context("no letter")?.id;
    ensure!(came.iter().all(|letter| letter.id == *id), "another letter");
    Ok(())
}

#[tokio::test]
async fn an_address_that_does_not_exist_stops_nobody_else() -> Result<()> {
    let port = free_port()?;
    let world = world_at(port).await?;
    let folder = world.collector.folder().join("post");
    let _server = MailServer::start(port, &folder, &["--refuse", "weg@voorbeeld.example"]).await?;
    sign_up(&world, &["nieuwsbrief"], "weg@voorbeeld.example").await?;
    sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    let came = wait_for(&folder, 1).await?;
    ensure!(came.iter().all(|letter| letter.to.contains(EMAIL)), "{came:?}");
    let said = world.collector.said()?;
    ensure!(!said.contains("weg@"), "the address is in the log");
    Ok(())
}

#[tokio::test]
async fn the_answer_is_the_same_for_every_address() -> Result<()> {
    let world = crate::quiet_world().await?;
    crate::confirmed(&world, &["nieuwsbrief"], EMAIL).await?;
    let form = world.form();
    let mut said = Vec::new();
    for email in [EMAIL, "nieuw@voorbeeld.example"] {
        let body = answers(&form.offer("nl").await?, &nonce()?, &["nieuwsbrief"], email);
        let answer = form.post(&body).await?;
        said.push((answer.status, answer.json()?["outcome"].clone()));
    }
    ensure!(said[0] == said[1], "{said:?}");
    let lost = format!("{}/link/kaas", world.collector.base());
    let mut pages = Vec::new();
    for email in [EMAIL, "onbekend@voorbeeld.example"] {
        let answer = world.client.post_form(&lost, &[("email", email)]).await?;
        pages.push((answer.status, answer.text()));
    }
    ensure!(pages[0] == pages[1] && pages[0].0 == 200, "the page tells who is known");
    Ok(())
}
