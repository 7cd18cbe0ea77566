//! What a visitor downloads before the form can be used.

use anyhow::{Result, ensure};
use e2e::world::{FORM, World};

/// Brotli bytes: the loader with the demo form's words and styles in it, which is all that is needed.
const LOADER_BYTES_MAX: usize = 12 * 1024;

#[tokio::test]
async fn the_form_of_the_shop_arrives_in_twelve_kib() -> Result<()> {
    let world = World::start().await?;
    for language in ["nl", "en", "ar"] {
        let url = format!("{}/f/{FORM}/embed.js?lang={language}", world.collector.base());
        let answer = world.client.send("GET", &url, &[("accept-encoding", "br")], "").await?;
        ensure!(answer.header("content-encoding") == "br", "not compressed");
        println!("{language}: {} bytes", answer.body.len());
        ensure!(answer.body.len() <= LOADER_BYTES_MAX, "{language}: {} bytes", answer.body.len());
    }
    Ok(())
}
