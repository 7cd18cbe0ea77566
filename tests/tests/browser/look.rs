//! A host page cannot change the form's look, nor what a person understands from it.

use anyhow::{Result, ensure};
use e2e::world::{FORM, World};

use crate::{open, snippet};

const UNSET: &str = "*{all:unset!important;display:block!important;color:red!important}";
/// What elements hand down to their children, across the border of a shadow root too.
const INHERITED: &str = "*{direction:rtl!important;unicode-bidi:bidi-override!important;visibility:hidden!important;\
    font:40px serif!important;white-space:pre!important;letter-spacing:1em!important;word-spacing:1em!important;\
    text-align:end!important;text-transform:uppercase!important;text-indent:3em!important;line-height:3!important;\
    cursor:none!important;pointer-events:none!important;user-select:none!important;color:red!important}";

fn page(world: &World, css: &str) -> String {
    let body = snippet(world, FORM, "nl");
    format!(
        "<!doctype html><html lang=nl><head><style>html,body{{margin:0}}</style></head><body>{body}<style>{css}</style></body></html>"
    )
}

async fn picture(world: &World, css: &str) -> Result<Vec<u8>> {
    let address = world.site.put("/uiterlijk.html", &page(world, css), &[]);
    let page = open(&address).await?;
    page.size(900, 1400, 1).await?;
    page.until("the form drawn", "document.fonts.status==='loaded'&&shown(deep('#vk-title'))").await?;
    page.click("#vk-p-nieuwsbrief").await?;
    page.until("the field shown", "shown(deep('#vk-email'))").await?;
    page.picture("vinkje-consent").await
}

/// Both sheets reach every element of the host page, the widget's own element among them.
#[tokio::test]
async fn a_hostile_style_sheet_changes_not_one_pixel() -> Result<()> {
    let world = World::start().await?;
    let plain = picture(&world, "").await?;
    for (name, css) in [("unset", UNSET), ("inherited", INHERITED)] {
        let other = picture(&world, css).await?;
        if plain != other {
            let folder = e2e::settings::root().join("target/pictures");
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join("plain.png"), &plain)?;
            std::fs::write(folder.join(format!("{name}.png")), &other)?;
        }
        ensure!(plain == other, "the style sheet changes the form: see {name}.png in target/pictures");
    }
    Ok(())
}
