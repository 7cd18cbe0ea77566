//! Other ways to use a page: with a finger, and by what a screen reader says.
//!
//! In scope: touches, and the browser's own accessibility tree. Out of scope: mouse and keys (`input`).
//!
//! Invariant: a name here is what the browser computed for assistive technology (ARIA `accname`), not an attribute.

use anyhow::Result;
use serde_json::{Value, json};

use crate::page::Page;

/// Roles that people act on or that tell them where they are.
const ROLES: [&str; 12] = [
    "button",
    "checkbox",
    "link",
    "textbox",
    "heading",
    "alertdialog",
    "alert",
    "status",
    "image",
    "img",
    "main",
    "DisclosureTriangle",
];

impl Page {
    /// A finger on the middle of the first element that matches, once a person could.
    ///
    /// # Errors
    ///
    /// If it does not become visible, enabled and uncovered in time.
    pub async fn tap(&self, selector: &str) -> Result<()> {
        self.session.call("Emulation.setTouchEmulationEnabled", json!({"enabled": true})).await?;
        let (x, y) = self.place(selector).await?;
        let touch = json!({"type": "touchStart", "touchPoints": [{"x": x, "y": y}]});
        self.session.call("Input.dispatchTouchEvent", touch).await?;
        let lift = json!({"type": "touchEnd", "touchPoints": []});
        self.session.call("Input.dispatchTouchEvent", lift).await.map(drop)
    }

    /// What a screen reader says of the page, in its order: `role name`, and `(checked)` or `(pressed)` where it is.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn spoken(&self) -> Result<Vec<String>> {
        let tree = self.session.call("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        Ok(nodes.iter().filter(|node| node["ignored"] != true).filter_map(said).collect())
    }
}

fn said(node: &Value) -> Option<String> {
    let role = node["role"]["value"].as_str().filter(|role| ROLES.contains(role))?;
    let name = node["name"]["value"].as_str().unwrap_or_default();
    let properties = node["properties"].as_array().into_iter().flatten();
    let on = |what: &&str| {
        properties.clone().any(|property| property["name"] == **what && property["value"]["value"] == "true")
    };
    let state = ["checked", "pressed"].iter().find(|what| on(what));
    Some(state.map_or_else(|| format!("{role} {name}"), |state| format!("{role} {name} ({state})")))
}
