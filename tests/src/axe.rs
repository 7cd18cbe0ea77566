//! The accessibility rules of axe-core: all of WCAG 2.0, 2.1 and 2.2, A and AA, contrast on.
//!
//! Invariant: no rule is switched off, and "cannot tell" about contrast is shown with the violations' message.

use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::page::Page;
use crate::settings;

static SOURCE: OnceLock<String> = OnceLock::new();

const RUN: &str = "axe.run(document,{resultTypes:['violations'],runOnly:{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']}})\
    .then(r=>r.violations.flatMap(v=>v.nodes.map(n=>`${v.id}: ${JSON.stringify(n.target)} ${n.failureSummary}`)))";

/// Switches on what axe-core leaves off by default: target size (WCAG 2.2, 2.5.8) is one of them.
const CONFIGURE: &str =
    "axe.configure({rules:axe.getRules(['wcag22aa']).map(r=>({id:r.ruleId,enabled:true}))})";

fn source() -> Result<&'static str> {
    if let Some(source) = SOURCE.get() {
        return Ok(source);
    }
    let path = settings::node_modules()?.join("axe-core/axe.min.js");
    let source = std::fs::read_to_string(&path).context("couldn't read axe-core")?;
    Ok(SOURCE.get_or_init(|| source))
}

impl Page {
    /// Holds the page, as it is now, against every rule.
    ///
    /// # Errors
    ///
    /// If any rule is broken; the message names the elements.
    pub async fn accessible(&self, state: &str) -> Result<()> {
        if self.raw_eval("typeof axe").await? != "object" {
            self.raw_eval(&format!("{};0", source()?)).await?;
            self.raw_eval(&format!("{CONFIGURE};0")).await?;
        }
        let found = self.raw_eval(RUN).await?;
        let found: Vec<&str> =
            found.as_array().context("axe gave no list")?.iter().filter_map(Value::as_str).collect();
        if found.is_empty() {
            return Ok(());
        }
        bail!("axe finds {} violations on {state}:\n{}", found.len(), found.join("\n"))
    }

    /// The same in light and in dark.
    ///
    /// # Errors
    ///
    /// If any rule is broken in either.
    pub async fn accessible_in_light_and_dark(&self, state: &str) -> Result<()> {
        for scheme in ["light", "dark"] {
            self.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]).await?;
            self.accessible(&format!("{state} ({scheme})")).await?;
        }
        self.media(&[("prefers-color-scheme", "light"), ("prefers-reduced-motion", "reduce")]).await
    }
}
