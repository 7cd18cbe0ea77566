//! One page in a browser profile of its own.
//!
//! In scope: going somewhere, reading the document through open shadow roots, waiting for a state, the look
//! of the device (width, dark, scripts off). Out of scope: mouse and keys (`input`), traffic (`network`).
//!
//! Invariant: two pages share no cookies, cache or storage unless one asked for it with `beside`.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::cdp::{Connection, Event, Session};
use crate::input::Meter;
use crate::until::{PATIENCE_SECONDS, until};
use crate::{chromium, settings};

/// Finds elements through open shadow roots; every expression may use it.
const DEEP: &str = "const deepAll=(selector,root=document)=>[...root.querySelectorAll(selector),\
    ...[...root.querySelectorAll('*')].filter(e=>e.shadowRoot).flatMap(e=>deepAll(selector,e.shadowRoot))];\
    const deep=selector=>deepAll(selector)[0]??null;\
    const focused=()=>{let e=document.activeElement;while(e?.shadowRoot?.activeElement)e=e.shadowRoot.activeElement;return e};\
    const shown=e=>!!e&&e.checkVisibility({visibilityProperty:true,opacityProperty:true})&&e.getClientRects().length>0;\
    const text=(root=document.body)=>[root.innerText,...[...root.querySelectorAll('*')].filter(e=>e.shadowRoot)\
    .flatMap(e=>[...e.shadowRoot.children].map(c=>c.innerText??''))].join('\\n');";

/// Remembers what a strict policy stopped, from the first moment of every document.
const WATCH_VIOLATIONS: &str = "window.violations=[];addEventListener('securitypolicyviolation',\
    e=>violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`))";

/// A page.
#[derive(Clone)]
pub struct Page {
    pub(crate) session: Session,
    pub(crate) meter: Arc<Meter>,
    context: Option<String>,
}

impl Page {
    /// Opens an empty page in a profile of its own.
    ///
    /// # Errors
    ///
    /// If the browser does not start.
    pub async fn open() -> Result<Self> {
        let connection = Connection::open(&chromium::address()?).await?;
        let browser = connection.session("");
        let context = browser.call("Target.createBrowserContext", json!({"disposeOnDetach": true})).await?;
        let context = text(&context, "browserContextId")?;
        Self::attach(&browser, Some(context)).await
    }

    /// Opens an empty page in the lasting profile of a browser of one test.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn in_profile(browser: &chromium::Own) -> Result<Self> {
        let connection = Connection::open(browser.address()).await?;
        Self::attach(&connection.session(""), None).await
    }

    /// Opens a second page in the same profile.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn beside(&self) -> Result<Self> {
        Self::attach(&self.session.sibling(""), self.context.clone()).await
    }

    /// No context is the browser's own.
    async fn attach(browser: &Session, context: Option<String>) -> Result<Self> {
        let mut target = json!({"url": "about:blank", "newWindow": true});
        if let Some(context) = &context {
            target["browserContextId"] = json!(context);
        }
        let target = browser.call("Target.createTarget", target).await?;
        let attach = json!({"targetId": text(&target, "targetId")?, "flatten": true});
        let session = browser.call("Target.attachToTarget", attach).await?;
        let session = browser.sibling(&text(&session, "sessionId")?);
        let page = Self { session, meter: Arc::default(), context };
        for domain in ["Page", "Runtime", "Network", "Log", "DOM"] {
            page.session.call(&format!("{domain}.enable"), json!({})).await?;
        }
        page.session.call("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await?;
        page.before_every_document(WATCH_VIOLATIONS).await?;
        page.size(1280, 900, 1).await?;
        page.media(&[("prefers-color-scheme", "light"), ("prefers-reduced-motion", "reduce")]).await?;
        Ok(page)
    }

    /// Runs this script at the start of every document from now on.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn before_every_document(&self, script: &str) -> Result<()> {
        let source = json!({"source": script});
        self.session.call("Page.addScriptToEvaluateOnNewDocument", source).await.map(drop)
    }

    /// Sets the visible size in CSS pixels, and device pixels per CSS pixel.
    ///
    /// Browser zoom of 200 % is half the width at twice the density: what a person sees who zooms in.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn size(&self, width: u32, height: u32, density: u32) -> Result<()> {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": density, "mobile": false});
        self.session.call("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Sets media features, such as `("prefers-color-scheme", "dark")`.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn media(&self, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.session.call("Emulation.setEmulatedMedia", json!({"features": features})).await.map(drop)
    }

    /// Shows the page as on paper.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn on_paper(&self) -> Result<()> {
        self.session.call("Emulation.setEmulatedMedia", json!({"media": "print"})).await.map(drop)
    }

    /// The person lets this origin use the camera.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn allow_camera(&self, origin: &str) -> Result<()> {
        let allowed =
            json!({"permissions": ["videoCapture"], "origin": origin, "browserContextId": self.context});
        self.session.sibling("").call("Browser.grantPermissions", allowed).await.map(drop)
    }

    /// Makes the page one in which no script of the site runs.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn without_scripts(&self) -> Result<()> {
        self.session.call("Emulation.setScriptExecutionDisabled", json!({"value": true})).await.map(drop)
    }

    /// The languages that the visitor prefers, as in `Accept-Language`.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn prefers(&self, languages: &str) -> Result<()> {
        let agent = self.session.call("Browser.getVersion", json!({})).await?;
        let agent = json!({"userAgent": agent["userAgent"], "acceptLanguage": languages});
        self.session.call("Emulation.setUserAgentOverride", agent).await.map(drop)
    }

    /// Goes to an address and waits until the document has loaded.
    ///
    /// # Errors
    ///
    /// If nothing answers there.
    pub async fn go(&self, address: &str) -> Result<()> {
        self.start_going(address).await?;
        self.until("the page to load", "document.readyState==='complete'").await
    }

    /// Goes to an address and does not wait for its parts.
    ///
    /// # Errors
    ///
    /// If nothing answers there.
    pub async fn start_going(&self, address: &str) -> Result<()> {
        let gone = self.session.call("Page.navigate", json!({"url": address})).await?;
        match gone["errorText"].as_str() {
            Some(error) => bail!("couldn't open {address}: {error}"),
            None => Ok(()),
        }
    }

    /// The value of an expression, which may use `deep`, `deepAll`, `focused`, `shown` and `text`.
    ///
    /// # Errors
    ///
    /// If it throws, or the document goes away meanwhile.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let expression = format!("(()=>{{{DEEP}return ({expression})}})()");
        self.raw_eval(&expression).await
    }

    /// The value of an expression as it is, a promise awaited.
    ///
    /// # Errors
    ///
    /// If it throws, or the document goes away meanwhile.
    pub async fn raw_eval(&self, expression: &str) -> Result<Value> {
        let question = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.session.call("Runtime.evaluate", question).await?;
        if let Some(details) = answer.get("exceptionDetails") {
            let thrown = details["exception"]["description"].as_str().unwrap_or("something");
            bail!("the page threw {thrown}");
        }
        Ok(answer["result"]["value"].take())
    }

    /// The expression's value as text.
    ///
    /// # Errors
    ///
    /// If it is no text.
    pub async fn eval_text(&self, expression: &str) -> Result<String> {
        let value = self.eval(expression).await?;
        value.as_str().map(str::to_owned).with_context(|| format!("{expression} is {value}, not text"))
    }

    /// Waits until the expression is true.
    ///
    /// # Errors
    ///
    /// If it does not become true in time; what the page shows then is in the message.
    pub async fn until(&self, what: &str, expression: &str) -> Result<()> {
        let looked = until(what, PATIENCE_SECONDS, async || {
            let value = self.eval(expression).await?;
            Ok((value == json!(true)).then_some(()))
        });
        match looked.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// What the page shows and what went wrong in it, for the message of a failed test.
    pub async fn describe(&self) -> String {
        let shown = self.eval("location.href+'\\n'+text()").await;
        let shown =
            shown.map_or_else(|error| format!("{error:#}"), |shown| shown.as_str().unwrap_or("").to_owned());
        let shown: String = shown.chars().take(1_500).collect();
        format!("the page: {shown}\nits faults: {:?}", self.faults())
    }

    /// The whole text that the page shows, shadow roots included.
    ///
    /// # Errors
    ///
    /// If the document goes away meanwhile.
    pub async fn text(&self) -> Result<String> {
        self.eval_text("text()").await
    }

    /// The page's address.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn address(&self) -> Result<String> {
        self.eval_text("location.href").await
    }

    /// Exceptions that nobody caught, and errors in the console.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.session.events(0, |event| match event.method.as_str() {
            "Runtime.exceptionThrown" => Some(event.params["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if event.params["type"] == "error" => {
                Some(event.params["args"].to_string())
            }
            "Log.entryAdded" if event.params["entry"]["level"] == "error" => {
                Some(format!("{} {}", event.params["entry"]["text"], event.params["entry"]["url"]))
            }
            _ => None,
        })
    }

    /// What a content security policy stopped in the present document.
    ///
    /// # Errors
    ///
    /// If the document goes away meanwhile.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let found = self.eval("window.violations").await?;
        Ok(found.as_array().into_iter().flatten().map(Value::to_string).collect())
    }

    /// A picture of the first element that matches: PNG bytes, equal when the pixels are.
    ///
    /// # Errors
    ///
    /// If there is no such element.
    pub async fn picture(&self, selector: &str) -> Result<Vec<u8>> {
        let place = format!(
            "(r=>({{x:r.x+scrollX,y:r.y+scrollY,width:r.width,height:r.height,scale:1}}))(deep({}).getBoundingClientRect())",
            json!(selector)
        );
        self.capture(
            json!({"format": "png", "captureBeyondViewport": true, "clip": self.eval(&place).await?}),
        )
        .await
    }

    /// A picture of what is in view: PNG bytes.
    ///
    /// # Errors
    ///
    /// If the browser is gone.
    pub async fn picture_of_view(&self) -> Result<Vec<u8>> {
        self.capture(json!({"format": "png"})).await
    }

    async fn capture(&self, how: Value) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let picture = self.session.call("Page.captureScreenshot", how).await?;
        let picture = text(&picture, "data")?;
        base64::engine::general_purpose::STANDARD.decode(picture).context("couldn't read the picture")
    }

    /// Keeps a picture for a person to look at, in `target/pictures`.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written.
    pub async fn keep_picture(&self, name: &str) -> Result<()> {
        let folder = settings::root().join("target/pictures");
        tokio::fs::create_dir_all(&folder).await?;
        let picture = self.picture_of_view().await?;
        tokio::fs::write(folder.join(format!("{name}.png")), picture).await.context("couldn't keep a picture")
    }
}

impl Page {
    /// Tells the worker of an origin that there is a network again, as the browser does some time after it is back.
    ///
    /// # Errors
    ///
    /// If the origin has no worker.
    pub async fn wake_worker(&self, origin: &str, tag: &str) -> Result<()> {
        let mark = self.session.mark();
        self.session.call("ServiceWorker.enable", json!({})).await?;
        let ours = |registration: &Value| {
            let scope = registration["scopeURL"].as_str().is_some_and(|scope| scope.starts_with(origin));
            let there = scope && registration["isDeleted"] == false;
            there.then(|| registration["registrationId"].as_str().map(str::to_owned)).flatten()
        };
        let registered = |event: &Event| {
            let told = event.method == "ServiceWorker.workerRegistrationUpdated";
            told.then(|| event.params["registrations"].as_array()?.iter().find_map(ours)).flatten()
        };
        let id = self.session.wait(mark, "the worker's registration", 10, registered).await?;
        let event = json!({"origin": origin, "registrationId": id, "tag": tag, "lastChance": false});
        self.session.call("ServiceWorker.dispatchSyncEvent", event).await.map(drop)
    }
}

fn text(answer: &Value, field: &str) -> Result<String> {
    answer[field].as_str().map(str::to_owned).with_context(|| format!("the browser gave no {field}"))
}
