//! A website of another origin: the pages of a test, and the demo shop.
//!
//! In scope: serving pages with headers that the test sets, and remembering what was posted to it.
//! Out of scope: the collector; this site knows it only by the snippet in its pages.
//!
//! Invariant: it answers only what a test put there, so nothing is shown by accident.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use crate::until::{PATIENCE_SECONDS, until};

type Headers = Vec<(&'static str, String)>;

#[derive(Default)]
struct Content {
    pages: HashMap<String, (String, Headers)>,
    folder: Option<PathBuf>,
    replace: Vec<(String, String)>,
    posts: Vec<(String, String)>,
}

type Shared = Arc<Mutex<Content>>;

/// A running site.
pub struct Site {
    origin: String,
    content: Shared,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Site {
    /// Starts an empty site on a free port.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let content = Shared::default();
        let router = Router::new().fallback(get(page).post(post));
        let router = router.layer(CompressionLayer::new()).with_state(Arc::clone(&content));
        let server = tokio::spawn(async move {
            // It ends with the test; nobody is left to hear about an error then.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self { origin, content, server })
    }

    /// Its origin, such as `http://127.0.0.1:40125`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Puts a page at a path, and gives its address.
    pub fn put(&self, path: &str, html: &str, headers: &[(&'static str, &str)]) -> String {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.lock().pages.insert(path.to_owned(), (html.to_owned(), headers));
        format!("{}{path}", self.origin)
    }

    /// Serves a folder of files, each with these texts replaced.
    pub fn put_folder(&self, folder: PathBuf, replace: &[(String, String)]) {
        let mut content = self.lock();
        content.folder = Some(folder);
        content.replace = replace.to_vec();
    }

    /// The bodies that were posted to a path, in order.
    #[must_use]
    pub fn posts(&self, path: &str) -> Vec<String> {
        let posts = &self.lock().posts;
        posts.iter().filter(|(at, _)| at == path).map(|(_, body)| body.clone()).collect()
    }

    /// Waits for the first post to a path.
    ///
    /// # Errors
    ///
    /// If none comes.
    pub async fn first_post(&self, path: &str) -> Result<HashMap<String, String>> {
        let what = format!("a post to {path}");
        let body = until(&what, PATIENCE_SECONDS, async || Ok(self.posts(path).into_iter().next())).await?;
        Ok(fields(&body))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The fields of a form post.
#[must_use]
pub fn fields(body: &str) -> HashMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((unescape(name), unescape(value)))
    };
    body.split('&').filter_map(pair).collect()
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(first),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn post(State(content): State<Shared>, uri: Uri, body: Bytes) -> Response {
    let body = String::from_utf8_lossy(&body).into_owned();
    content.lock().unwrap_or_else(PoisonError::into_inner).posts.push((uri.path().to_owned(), body));
    let html = "<!doctype html><html lang=nl><title>Dank u</title><h1>Aangemeld</h1>";
    ([("content-type", "text/html; charset=utf-8")], html).into_response()
}

async fn page(State(content): State<Shared>, uri: Uri) -> Response {
    let (page, file) = {
        let content = content.lock().unwrap_or_else(PoisonError::into_inner);
        (content.pages.get(uri.path()).cloned(), file(&content, uri.path()))
    };
    if let Some((html, headers)) = page {
        let mut response = ([("content-type", "text/html; charset=utf-8")], html).into_response();
        add(response.headers_mut(), &headers);
        return response;
    }
    match file {
        // Browsers ask for it of their own accord; a page of a test has none.
        None if uri.path() == "/favicon.ico" => StatusCode::NO_CONTENT.into_response(),
        Some((kind, bytes)) => ([("content-type", kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn add(into: &mut HeaderMap, headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            into.insert(HeaderName::from_static(name), value);
        }
    }
}

fn file(content: &Content, path: &str) -> Option<(&'static str, Vec<u8>)> {
    let path = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let path = content.folder.as_ref()?.join(path.trim_start_matches('/'));
    let kind = kind(path.extension()?.to_str()?);
    let bytes = std::fs::read(path).ok()?;
    if !kind.starts_with("text/") {
        return Some((kind, bytes));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some((kind, content.replace.iter().fold(text, |text, (from, to)| text.replace(from, to)).into_bytes()))
}

fn kind(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The address of a page of the demo shop on this site.
///
/// # Errors
///
/// If the site has no such file.
pub fn shop_page(site: &Site, path: &str) -> Result<String> {
    let there = site.lock().folder.as_ref().map(|folder| folder.join(path.trim_start_matches('/')).exists());
    there.filter(|there| *there).with_context(|| format!("the shop has no {path}"))?;
    Ok(format!("{}{path}", site.origin))
}
