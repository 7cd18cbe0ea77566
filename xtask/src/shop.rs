//! The demo shop: a site of its own that shows the form.
//!
//! In scope: serving the files of `www/shop/site` under a strict content policy. Out of scope: the form, and any memory of
//! what is posted.
//!
//! Invariant: only files that were read at the start are served, so no path of a request ever reaches the disk.

use std::collections::HashMap;
use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// The collector's address as the site's pages have it.
const WRITTEN: &str = "http://127.0.0.1:8080";

/// One file.
struct File {
    bytes: Bytes,
    media_type: &'static str,
}

/// The site, read.
pub struct Shop {
    files: HashMap<String, File>,
    policy: String,
}

impl Shop {
    /// Reads a folder; pages get the collector's address.
    ///
    /// # Errors
    ///
    /// Names a file that can't be read.
    pub fn load(folder: &Path, collector: &str) -> Result<Self> {
        let policy = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {collector}; style-src 'self'; \
             connect-src 'self' {collector}; img-src 'self' {collector}; form-action 'self' {collector}; \
             base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
        let mut shop = Self { files: HashMap::new(), policy };
        shop.read(folder, "", collector)?;
        Ok(shop)
    }

    fn read(&mut self, folder: &Path, above: &str, collector: &str) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("couldn't read {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let url = format!("{above}/{name}");
            if path.is_dir() {
                self.read(&path, &url, collector)?;
                continue;
            }
            let mut bytes = fs::read(&path).with_context(|| format!("couldn't read {}", path.display()))?;
            let media_type = media_type(&name);
            if media_type.starts_with("text/html") {
                bytes = String::from_utf8_lossy(&bytes).replace(WRITTEN, collector).into_bytes();
            }
            self.files.insert(url, File { bytes: bytes.into(), media_type });
        }
        Ok(())
    }

    fn find(&self, path: &str) -> Option<&File> {
        if path.ends_with('/') {
            return self.files.get(&format!("{path}index.html"));
        }
        self.files.get(path)
    }
}

/// Serves until `stop` is done.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    shop: Shop,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    axum::serve(listener, router(shop)).with_graceful_shutdown(stop).await.context("the demo shop stopped")
}

fn router(shop: Shop) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(shop))
}

/// A posted sign-up gets the page it is sent to; the body is read and forgotten.
async fn answer(State(shop): State<Arc<Shop>>, method: Method, uri: Uri, _posted: Bytes) -> Response {
    if ![Method::GET, Method::HEAD, Method::POST].contains(&method) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response();
    }
    let Some(file) = shop.find(uri.path()) else {
        return (StatusCode::NOT_FOUND, "Deze pagina is er niet. / There is no such page.\n").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_SECURITY_POLICY, &shop.policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, file.bytes.clone()).into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::State;
    use axum::http::{Method, StatusCode, Uri, header};

    use super::{Arc, Bytes, Shop, answer};

    async fn ask(method: Method, uri: &'static str) -> (StatusCode, String, String) {
        let folder = crate::shell::root().join("www/shop/site");
        let shop = Shop::load(&folder, "http://127.0.0.1:9999").expect("the site is there");
        let response = answer(State(Arc::new(shop)), method, Uri::from_static(uri), Bytes::new()).await;
        let head = |name| response.headers().get(name).map_or("", |value| value.to_str().expect("plain"));
        let (status, kind) = (response.status(), head(header::CONTENT_TYPE).to_owned());
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("memory only");
        (status, kind, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn pages_name_the_collector_that_runs() {
        for uri in ["/", "/en/join.html"] {
            let (status, kind, page) = ask(Method::GET, uri).await;
            assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
            assert!(page.contains("http://127.0.0.1:9999/f/") && !page.contains("127.0.0.1:8080"));
        }
    }

    #[tokio::test]
    async fn a_sign_up_that_is_posted_gets_its_page() {
        assert_eq!(ask(Method::POST, "/bedankt.html").await.0, StatusCode::OK);
        assert_eq!(ask(Method::PUT, "/bedankt.html").await.0, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn nothing_outside_the_site_is_served() {
        for uri in ["/../shop.toml", "/..%2fshop.toml", "//etc/passwd", "/nergens"] {
            assert_eq!(ask(Method::GET, uri).await.0, StatusCode::NOT_FOUND);
        }
    }
}
