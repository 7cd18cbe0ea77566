//! The page that judges evidence, used as a person does: files are chosen or dropped, and the answer is read from the screen.
//!
//! Invariant: an answer is read only after the page has drawn what was given last.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::page::Page;

/// The page, ready to judge.
pub struct Judge {
    /// The page in its browser.
    pub page: Page,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `holds`, `open` or `fails`.
    pub verdict: String,
    /// The sentence above all.
    pub sentence: String,
    /// Each step in the words and marks of our command: `ok  The file: …`, `NO  The wording: … [wording_missing]`.
    pub steps: Vec<String>,
    /// The stable codes of what fails, in order.
    pub codes: Vec<String>,
}

/// Reads [`Shown`] from the document.
const READ: &str = "(()=>{const found=deep('[data-verdict]');if(!found)return null;\
    const marks={holds:'ok',open:'--',fails:'NO'};\
    const said=li=>li.querySelector('.title').textContent+': '+li.querySelector('.sentence').textContent;\
    const code=li=>li.dataset.code?` [${li.dataset.code}]`:'';\
    const steps=[...found.querySelectorAll('[data-step]')];\
    return{verdict:found.dataset.verdict,sentence:deep('#vk-verdict').innerText.trim(),\
    steps:steps.map(li=>marks[li.className]+'  '+said(li)+code(li)),\
    codes:steps.map(li=>li.dataset.code).filter(Boolean)}})()";

/// How often the page has drawn.
const DRAWN: &str = "performance.getEntriesByName('vinkje-drawn').length";

impl Judge {
    /// Opens the page at an address and waits until it can judge.
    ///
    /// # Errors
    ///
    /// If it never can.
    pub async fn open(address: &str) -> Result<Self> {
        let page = Page::open().await?;
        page.go(address).await?;
        Self::of(page).await
    }

    /// A page that was opened already.
    ///
    /// # Errors
    ///
    /// If it cannot judge.
    pub async fn of(page: Page) -> Result<Self> {
        page.until("the page to be ready", "shown(deep('[data-drop]'))").await?;
        Ok(Self { page })
    }

    /// Chooses files in the page's field, and waits until the page has taken them.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub async fn choose(&self, files: &[&Path]) -> Result<()> {
        let before = self.drawn().await?;
        self.page.choose_files("#vk-files", files).await?;
        self.after(before).await
    }

    /// Drops files on the page, and waits until the page has taken them.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub async fn drop(&self, files: &[&Path]) -> Result<()> {
        let before = self.drawn().await?;
        self.page.drop_files("[data-drop]", files).await?;
        self.after(before).await
    }

    /// Does something to the page, and waits until it has drawn again.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub async fn act(&self, act: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
        let before = self.drawn().await?;
        act(&self.page).await?;
        self.after(before).await
    }

    async fn drawn(&self) -> Result<u64> {
        self.page.eval(DRAWN).await?.as_u64().context("no number")
    }

    async fn after(&self, before: u64) -> Result<()> {
        self.page.until("the page to have judged", &format!("{DRAWN}>{before}")).await
    }

    /// What the page shows now; nothing while it has no evidence.
    ///
    /// # Errors
    ///
    /// If the document goes away meanwhile.
    pub async fn shown(&self) -> Result<Option<Shown>> {
        let found = self.page.eval(READ).await?;
        if found.is_null() {
            return Ok(None);
        }
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        let list = |name: &str| {
            let texts = found[name].as_array().into_iter().flatten().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let (steps, codes) = (list("steps"), list("codes"));
        Ok(Some(Shown { verdict: text("verdict"), sentence: text("sentence"), steps, codes }))
    }

    /// Chooses files and gives what the page shows then.
    ///
    /// # Errors
    ///
    /// If it shows no verdict.
    pub async fn judged(&self, files: &[&Path]) -> Result<Shown> {
        self.choose(files).await?;
        self.shown().await?.with_context(|| format!("no verdict on {files:?}"))
    }

    /// What stands in the list of what was given: name and kind.
    ///
    /// # Errors
    ///
    /// If the document goes away meanwhile.
    pub async fn given(&self) -> Result<Vec<(String, String)>> {
        let read = "deepAll('.given li').map(li=>[li.querySelector('b').textContent,li.querySelector('small').textContent])";
        let found = self.page.eval(read).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(found.as_array().into_iter().flatten().map(|pair| (text(&pair[0]), text(&pair[1]))).collect())
    }

    /// What the line for screen readers says.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn status(&self) -> Result<String> {
        self.page.eval_text("deep('[role=status]').textContent").await
    }
}

impl Page {
    /// Chooses files in a file field, as the dialog of the browser would.
    ///
    /// # Errors
    ///
    /// If there is no such field or file.
    pub async fn choose_files(&self, selector: &str, files: &[&Path]) -> Result<()> {
        let find = json!({"expression": format!("document.querySelector({})", json!(selector))});
        let field = self.session.call("Runtime.evaluate", find).await?;
        let id = field["result"]["objectId"].as_str().context("there is no such field")?;
        let chosen = json!({"files": paths(files), "objectId": id});
        self.session.call("DOM.setFileInputFiles", chosen).await.map(drop)
    }

    /// Drags files over an element and lets go.
    ///
    /// # Errors
    ///
    /// If there is no such element.
    pub async fn drop_files(&self, selector: &str, files: &[&Path]) -> Result<()> {
        let place = format!(
            "(r=>({{x:r.x+r.width/2,y:r.y+r.height/2}}))(deep({}).getBoundingClientRect())",
            json!(selector)
        );
        let place = self.eval(&place).await?;
        ensure!(place["x"].is_number(), "there is no {selector}");
        let data = json!({"items": [], "files": paths(files), "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({"type": kind, "x": place["x"], "y": place["y"], "data": data});
            self.session.call("Input.dispatchDragEvent", event).await?;
        }
        Ok(())
    }

    /// From now on a press that would open the browser's dialog for files chooses these instead.
    ///
    /// # Errors
    ///
    /// If `press` opens no dialog.
    pub async fn choose_by(
        &self,
        files: &[&Path],
        press: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let mark = self.session.mark();
        self.session.call("Page.setInterceptFileChooserDialog", json!({"enabled": true})).await?;
        press(self).await?;
        let field =
            self.session.wait(mark, "the dialog for files", crate::until::PATIENCE_SECONDS, |event| {
                let opened = event.method == "Page.fileChooserOpened";
                opened.then(|| event.params["backendNodeId"].as_u64())?
            });
        let chosen = json!({"files": paths(files), "backendNodeId": field.await?});
        self.session.call("DOM.setFileInputFiles", chosen).await?;
        self.session.call("Page.setInterceptFileChooserDialog", json!({"enabled": false})).await.map(drop)
    }

    /// Pulls the plug: no request of this page reaches anything from now on.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn offline(&self) -> Result<()> {
        let nothing = json!({"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0});
        self.session.call("Network.emulateNetworkConditions", nothing).await.map(drop)
    }

    /// Prints the page, as a person would, and gives the PDF.
    ///
    /// # Errors
    ///
    /// If the browser cannot.
    pub async fn print(&self) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let printed = self.session.call("Page.printToPDF", json!({"printBackground": true})).await?;
        let printed = printed["data"].as_str().context("nothing was printed")?;
        base64::engine::general_purpose::STANDARD.decode(printed).context("couldn't read what was printed")
    }
}

fn paths(files: &[&Path]) -> Vec<String> {
    files.iter().map(|file| file.display().to_string()).collect()
}
