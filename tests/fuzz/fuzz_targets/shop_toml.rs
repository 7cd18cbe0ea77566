//! Form definitions: any text is judged without a panic, and what passes the lint compiles.
#![no_main]

use collector::definition::{compile, lint, parse, usable};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(definition) = parse(text) {
        let findings = lint(&definition);
        let compiled = compile(&definition, None);
        assert_eq!(usable(&findings), compiled.is_ok());
    }
});
