//! Short names between the WASM and its JavaScript side.
//!
//! In scope: putting the names that wasm-opt gave to imports and exports into the glue of wasm-bindgen.
//! Out of scope: running wasm-opt (`wasm`).
//!
//! Invariant: every name that changed in the WASM has changed in the glue, or nothing is written.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use regex::{Captures, Regex};
use serde::Deserialize;

/// The list that `wasm-opt --minify-imports-and-exports-and-modules` prints: module, name, new name; name, new name.
#[derive(Deserialize)]
struct Renamed {
    imports: Vec<(String, String, String)>,
    exports: Vec<(String, String)>,
}

/// What wasm-opt calls the one module of imports.
const MODULE: &str = "a";

/// The glue with the names of the shortened WASM.
///
/// # Errors
///
/// When a name is not where this version of wasm-bindgen writes it.
pub fn shorten(glue: &str, list: &str) -> Result<String> {
    let renamed: Renamed =
        serde_json::from_str(list).context("wasm-opt printed something else than its names")?;
    let [module] = &unique(renamed.imports.iter().map(|(module, ..)| module.as_str()))[..] else {
        bail!("the WASM imports from more than one module");
    };
    let quoted = format!("\"{module}\"");
    ensure!(glue.matches(&quoted).count() == 1, "the glue must name {quoted} once");
    let glue = glue.replace(&quoted, &format!("\"{MODULE}\""));

    let imports: HashMap<_, _> =
        renamed.imports.iter().map(|(_, name, short)| (name.as_str(), short)).collect();
    let exports: HashMap<_, _> = renamed.exports.iter().map(|(name, short)| (name.as_str(), short)).collect();
    let mut met = 0;
    let glue =
        Regex::new(r"(?m)^(\s*)(\w+)(: function)")?.replace_all(&glue, |found: &Captures<'_>| match imports
            .get(&found[2])
        {
            Some(short) => {
                met += 1;
                format!("{}\"{short}\"{}", &found[1], &found[3])
            }
            None => found[0].to_owned(),
        });
    ensure!(met == imports.len(), "the glue has {met} of {} imports", imports.len());
    let mut strange = Vec::new();
    let glue = Regex::new(r"\bwasm\.(\w+)")?.replace_all(&glue, |found: &Captures<'_>| {
        let Some(short) = exports.get(&found[1]) else {
            strange.push(found[1].to_owned());
            return found[0].to_owned();
        };
        format!("wasm[\"{short}\"]")
    });
    ensure!(strange.is_empty(), "the WASM does not export {}", strange.join(", "));
    Ok(glue.into_owned())
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::shorten;

    const GLUE: &str = "const imports = {\n  \"./vinkje_bg.js\": {\n    __wbg_focus_d5e2: function(a) { a.focus(); },\n  }\n};\n\
                        wasm.hydrate(wasm.__wbindgen_malloc);\n";
    const LIST: &str = r#"{"imports":[["./vinkje_bg.js","__wbg_focus_d5e2","$a"]],
                           "exports":[["hydrate","b"],["__wbindgen_malloc","c"],["__unused","d"]]}"#;

    #[test]
    fn both_sides_get_the_same_short_names() {
        let short = shorten(GLUE, LIST).expect("all names are there");
        assert_eq!(
            short,
            "const imports = {\n  \"a\": {\n    \"$a\": function(a) { a.focus(); },\n  }\n};\nwasm[\"b\"](wasm[\"c\"]);\n"
        );
    }

    #[test]
    fn a_name_that_is_missing_on_one_side_stops_the_build() {
        let gone = GLUE.replace("__wbg_focus_d5e2", "__wbg_blur_0000");
        assert!(shorten(&gone, LIST).is_err());
        let more = format!("{GLUE}wasm.other();\n");
        assert!(shorten(&more, LIST).is_err());
        assert!(shorten(GLUE, "not a list").is_err());
    }
}
