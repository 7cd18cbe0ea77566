//! What somebody can do to another with their address: a few letters, and nothing else.

use anyhow::{Context, Result, ensure};
use e2e::post::{letters, wait_for};
use e2e::submit::hidden;

use crate::{EMAIL, confirmed, may, quiet_world, sign_up};

#[tokio::test]
async fn an_address_that_is_filled_in_again_and_again_gets_three_letters_a_day() -> Result<()> {
    let world = quiet_world().await?;
    for _ in 0..6 {
        sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    }
    // Somebody else's letter comes after all of those that could come before it.
    sign_up(&world, &["nieuwsbrief"], "ander@voorbeeld.example").await?;
    let came = wait_for(&world.collector.mail(), 4).await?;
    let ours = came.iter().filter(|letter| letter.to.contains(EMAIL)).count();
    ensure!((came.len(), ours) == (4, 3), "{} letters, {ours} to one address", came.len());
    Ok(())
}

#[tokio::test]
async fn who_knows_an_address_cannot_end_what_its_owner_agreed_to() -> Result<()> {
    let world = quiet_world().await?;
    confirmed(&world, &["nieuwsbrief"], EMAIL).await?;
    let other = sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    ensure!(may(&world, "nieuwsbrief", EMAIL).await?.0, "a request took the place of a consent");
    let stopped = world.client.post_form(&other.manage_url, &[("do", "withdraw_all")]).await?;
    ensure!(stopped.status == 303, "{}", stopped.text());
    ensure!(may(&world, "nieuwsbrief", EMAIL).await?.0, "stopping a request stopped a consent");
    Ok(())
}

#[tokio::test]
async fn a_forwarded_letter_can_stop_and_cannot_give() -> Result<()> {
    let world = quiet_world().await?;
    let receipt = confirmed(&world, &["nieuwsbrief"], EMAIL).await?;
    let link = receipt.link("/u/")?;
    let page = world.client.get(&link).await?.text();
    ensure!(!page.contains("type=\"checkbox\"") && !page.contains("/r/") && !page.contains("/m/"), "{page}");
    for deed in ["give", "yes", "no"] {
        let answer = world.client.post_form(&link, &[("do", deed), ("purpose", "keuze")]).await?;
        ensure!(answer.status == 400, "{deed}: {}", answer.status);
    }
    Ok(())
}

#[tokio::test]
async fn giving_again_on_the_own_page_waits_for_the_owner_too() -> Result<()> {
    let world = quiet_world().await?;
    let given = sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    let ask = wait_for(&world.collector.mail(), 1).await?.pop().context("no letter")?;
    world.client.post_form(&ask.link("/c/")?, &[("do", "yes")]).await?;
    wait_for(&world.collector.mail(), 2).await?;
    let page = world.client.get(&given.manage_url).await?.text();
    let post = [("do", "give"), ("purpose", "keuze"), ("offer", hidden(&page, "offer")?)];
    let answer = world.client.post_form(&given.manage_url, &post).await?;
    ensure!(answer.header("location").contains("done=requested"), "{}", answer.header("location"));
    ensure!(!may(&world, "keuze", EMAIL).await?.0);
    let again = wait_for(&world.collector.mail(), 3).await?.pop().context("no letter")?;
    world.client.post_form(&again.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(may(&world, "keuze", EMAIL).await?.0 && may(&world, "nieuwsbrief", EMAIL).await?.0);
    Ok(())
}

#[tokio::test]
async fn who_lost_the_link_gets_it_by_mail_and_nobody_else_does() -> Result<()> {
    let world = quiet_world().await?;
    confirmed(&world, &["nieuwsbrief"], EMAIL).await?;
    let lost = format!("{}/link/kaas", world.collector.base());
    let answer = world.client.post_form(&lost, &[("email", EMAIL)]).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    let letter = wait_for(&world.collector.mail(), 3).await?.pop().context("no letter")?;
    ensure!(letter.to.contains(EMAIL) && letter.subject == "Uw eigen link bij De Kaasplank", "{letter:?}");
    let page = world.client.get(&letter.link("/m/")?).await?;
    ensure!(page.status == 200 && page.text().contains("Ja, dit mag"), "{}", page.text());
    world.client.post_form(&lost, &[("email", "onbekend@voorbeeld.example")]).await?;
    // A letter that was asked for later comes after all that could come before it.
    sign_up(&world, &["nieuwsbrief"], "ander@voorbeeld.example").await?;
    wait_for(&world.collector.mail(), 4).await?;
    let came = letters(&world.collector.mail())?;
    ensure!(!came.iter().any(|letter| letter.to.contains("onbekend")), "a letter to somebody unknown");
    Ok(())
}

#[tokio::test]
async fn an_erased_person_comes_back_only_by_a_fresh_confirmation() -> Result<()> {
    // Without confirmation by mail in the definition: who was erased is asked all the same.
    let world = e2e::world::World::start().await?;
    world.form().give("nieuwsbrief", EMAIL).await?;
    wait_for(&world.collector.mail(), 1).await?;
    let data = world.collector.data().display().to_string();
    world.collector.told(&["erase", "kaas", "--data", &data], EMAIL).await?;
    sign_up(&world, &["nieuwsbrief"], EMAIL).await?;
    ensure!(!may(&world, "nieuwsbrief", EMAIL).await?.0, "back without a word of its owner");
    let ask = wait_for(&world.collector.mail(), 2).await?.pop().context("no letter")?;
    let answer = world.client.post_form(&ask.link("/c/")?, &[("do", "yes")]).await?;
    ensure!(answer.status == 303, "{}", answer.text());
    ensure!(may(&world, "nieuwsbrief", EMAIL).await?.0);
    Ok(())
}
