//! One customer after another: what they give, what they take along, and what is left of them.

use anyhow::{Result, ensure};
use e2e::kiosk::Counter;
use e2e::until::{PATIENCE_SECONDS, until};
use e2e::world::{World, vinkje};

const EMAIL: &str = "eva@voorbeeld.example";

/// Everything of the page and its origin in which something could be left.
const TRACES: &str = "(async()=>{let found=document.documentElement.outerHTML+JSON.stringify({...localStorage})+JSON.stringify({...sessionStorage});\
    for(const e of document.querySelectorAll('input,textarea'))found+=e.value;\
    for(const {name} of await indexedDB.databases()){const db=await new Promise(d=>{const o=indexedDB.open(name);o.onsuccess=()=>d(o.result)});\
    for(const store of db.objectStoreNames){const all=await new Promise(d=>{const o=db.transaction(store).objectStore(store).getAll();o.onsuccess=()=>d(o.result)});\
    found+=all.map(v=>typeof v==='string'?v+v.split('.').map(p=>{try{return atob(p.replace(/-/g,'+').replace(/_/g,'/'))}catch{return ''}}).join(' '):JSON.stringify(v)).join(' ')}db.close()}\
    for(const name of await caches.keys()){const cache=await caches.open(name);for(const r of await cache.keys()){found+=r.url;if(!/wasm$/.test(r.url))found+=await(await cache.match(r)).text()}}\
    return found+navigation.entries().map(e=>e.url)+history.length})()";

async fn receipts(world: &World) -> Result<usize> {
    Ok(world.events().await?.len())
}

async fn until_receipts(world: &World, count: usize) -> Result<()> {
    let what = format!("{count} events");
    until(&what, PATIENCE_SECONDS, async || Ok((receipts(world).await? == count).then_some(()))).await
}

#[tokio::test]
async fn a_customer_gives_gets_a_slip_and_stops_with_it_at_the_counter() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let before = counter.page.actions();
    counter.begin("nl").await?;
    ensure!(counter.page.eval("document.querySelector(':checked')===null").await? == true, "a box is ticked");
    counter.page.click("label[for=vk-p-nieuwsbrief]").await?;
    counter.page.fill("#vk-email", EMAIL).await?;
    counter.page.click("button[value=save]").await?;
    counter.shows("slip").await?;
    let clicks = counter.page.actions().clicks - before.clicks;
    // One purpose: language, tick, into the field, save.
    ensure!(clicks <= 1 + 3, "{clicks} touches for one purpose");
    let slip = counter.slip().await?;
    counter.touch("finish").await?;
    counter.shows("attract").await?;
    until("the receipt", PATIENCE_SECONDS, async || {
        Ok(world.events().await?.iter().any(|event| event.contains("\"method\":\"kiosk\"")).then_some(()))
    })
    .await?;
    let given = receipts(&world).await?;
    counter.touch("take-back").await?;
    counter.shows("take-back").await?;
    for digit in slip.chars() {
        counter.page.press(&digit.to_string()).await?;
    }
    counter.touch("stop-all").await?;
    counter.shows("taken-back").await?;
    until_receipts(&world, given + 1).await?;
    let last = world.events().await?.pop().unwrap_or_default();
    ensure!(last.contains("withdrawn"), "the last event is {last}");
    Ok(())
}

#[tokio::test]
async fn the_code_on_a_slip_opens_the_own_page_on_the_web() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    let slip = counter.round("nieuwsbrief", EMAIL).await?;
    let address = format!("{}/s/kaas/{slip}", world.collector.base());
    let led = until("the slip to be known", PATIENCE_SECONDS, async || {
        let answer = world.client.get(&address).await?;
        Ok((answer.status == 303).then_some(answer))
    });
    let led = led.await?;
    ensure!(led.header("location").contains("/m/"), "leads elsewhere");
    Ok(())
}

#[tokio::test]
async fn nothing_of_a_customer_who_walks_away_is_left() -> Result<()> {
    let mut world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 20).await?;
    world.collector.stop().await?;
    let history = counter.page.eval("history.length").await?;
    // One who is done, and is held here sealed; and one who goes away in the middle.
    counter.round("nieuwsbrief", EMAIL).await?;
    counter.begin("nl").await?;
    counter.page.click("label[for=vk-p-nieuwsbrief]").await?;
    counter.page.fill("#vk-email", "adam@voorbeeld.example").await?;
    counter.page.until("the question whether somebody is there", "shown(deep('.still-there'))").await?;
    counter.touch("go-on").await?;
    counter.page.until("the form to go on", "!deep('.still-there')").await?;
    let typed = counter.page.eval_text("deep('#vk-email').value").await?;
    ensure!(typed == "adam@voorbeeld.example", "one touch goes on");
    // Twenty seconds without a touch, and twenty to answer.
    let gone = "deep('.kiosk')?.dataset.screen==='attract'";
    until("the screen to wipe itself", 3 * PATIENCE_SECONDS, async || {
        Ok((counter.page.eval(gone).await? == true).then_some(()))
    })
    .await?;
    ensure!(counter.held().await? == 1, "the first customer's entry is gone");
    let left = counter.page.raw_eval(TRACES).await?;
    let left = left.as_str().unwrap_or_default();
    ensure!(left.len() > 10_000 && left.contains("Toonbank"), "the search does not see the storage");
    for word in ["eva@", "adam@", "voorbeeld.example"] {
        ensure!(!left.contains(word), "{word} is left");
    }
    ensure!(counter.page.eval("history.length").await? == history, "the history grew");
    Ok(())
}

#[tokio::test]
async fn staff_see_how_sending_stands_and_can_fill_in_nothing() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    counter.staff().await?;
    let boxes = counter.page.eval("deepAll('input,textarea,form').length").await?;
    ensure!(boxes == 0, "staff have {boxes} fields");
    counter.page.click("[data-do=on-duty][data-value='Balie 2']").await?;
    counter.touch("quit").await?;
    counter.shows("attract").await?;
    counter.round("nieuwsbrief", EMAIL).await?;
    until("the receipt", PATIENCE_SECONDS, async || Ok((!world.events().await?.is_empty()).then_some(())))
        .await?;
    let records = vinkje(&world, &["export", "kaas", "--format", "jsonld"]).await?;
    ensure!(
        records.contains("handed over by Balie 2"),
        "the receipt does not say who handed the screen over"
    );
    let listed = vinkje(&world, &["kiosk", "list", "kaas"]).await?;
    ensure!(listed.contains("1 taken, 0 refused"), "{listed}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_pin_opens_nothing_and_five_lock_it() -> Result<()> {
    let world = World::start().await?;
    let counter = Counter::open(&world, "Toonbank", 600).await?;
    counter.touch("staff").await?;
    counter.shows("pin").await?;
    let wrong = if counter.pin.starts_with('1') { "2" } else { "1" };
    for attempt in 1..=5 {
        for _ in 0..6 {
            counter.page.click(&format!("[data-do=digit][data-value='{wrong}']")).await?;
        }
        counter.touch("enter").await?;
        let said = if attempt < 5 { "klopt niet" } else { "Te vaak fout" };
        counter.page.until(said, &format!("text().includes('{said}')")).await?;
    }
    for digit in counter.pin.clone().chars() {
        counter.page.click(&format!("[data-do=digit][data-value='{digit}']")).await?;
    }
    counter.touch("enter").await?;
    counter.page.until("it to stay shut", "deep('output').innerText.startsWith('·')").await?;
    counter.shows("pin").await
}
