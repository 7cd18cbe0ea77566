//! The mailbox of the demo: the letters that the collector wrote into its folder, to read in a browser.
//!
//! In scope: a list of letters, and one letter. Out of scope: sending anything.
//!
//! Invariant: a name in a request is compared with the folder's own list, so no path of a request ever reaches the disk; a
//! letter's page can run nothing and fetch nothing.

use std::fmt::Write as _;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailparse::{MailHeaderMap as _, ParsedMail};

const STYLE: &str = "body{margin:0 auto;max-width:46rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:#1b242e;background:#eef2f1}\
    h1{font-size:1.5rem}ol{list-style:none;padding:0;background:#fff;border:1px solid #dde2e7;border-radius:12px}\
    li+li{border-top:1px solid #dde2e7}a{color:#11604a}li a{display:block;padding:.9rem 1.1rem;text-decoration:none;color:inherit}\
    li a:hover,li a:focus{background:#f3f6f8}small{display:block;color:#4a5663}\
    iframe{inline-size:100%;block-size:46rem;border:1px solid #dde2e7;border-radius:12px;background:#fff}";

/// Serves the letters of a folder until `stop` is done.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    folder: PathBuf,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = Router::new()
        .route("/", get(list))
        .route("/{name}", get(letter))
        .route("/{name}/page", get(page_of))
        .with_state(Arc::new(folder));
    axum::serve(listener, router).with_graceful_shutdown(stop).await.context("the mailbox stopped")
}

type Folder = Arc<PathBuf>;

/// Names of the letters, newest first.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut letters: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let name = name.strip_suffix(".eml")?.to_owned();
            Some((entry.metadata().ok()?.modified().ok()?, name))
        })
        .collect();
    letters.sort_unstable_by(|one, other| other.cmp(one));
    letters.into_iter().map(|(_, name)| name).collect()
}

fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let known = names(folder).into_iter().find(|known| known == name)?;
    fs::read(folder.join(format!("{known}.eml"))).ok()
}

async fn list(State(folder): State<Folder>) -> Response {
    let mut items = String::new();
    for name in names(&folder) {
        let Some(bytes) = read(&folder, &name) else { continue };
        let Ok(mail) = mailparse::parse_mail(&bytes) else { continue };
        let (subject, to, date) = (head(&mail, "Subject"), head(&mail, "To"), head(&mail, "Date"));
        let _ = write!(
            items,
            "<li><a href=\"/{name}\"><b>{}</b><small>{} · {}</small></a></li>",
            escaped(&subject),
            escaped(&to),
            escaped(&date)
        );
    }
    let empty = "<p>Nog geen post. / No mail yet.</p>";
    let list = if items.is_empty() { empty.to_owned() } else { format!("<ol>{items}</ol>") };
    html(&format!("<h1>Postbus / Mailbox</h1>{list}"))
}

async fn letter(State(folder): State<Folder>, UrlPath(name): UrlPath<String>) -> Response {
    let Some(bytes) = read(&folder, &name) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(mail) = mailparse::parse_mail(&bytes) else { return StatusCode::NOT_FOUND.into_response() };
    let subject = escaped(&head(&mail, "Subject"));
    let rows: String = ["From", "To", "Date"]
        .iter()
        .map(|name| format!("<small>{name}: {}</small>", escaped(&head(&mail, name))))
        .collect();
    html(&format!(
        "<p><a href=\"/\">Postbus / Mailbox</a></p><h1>{subject}</h1>{rows}<p></p>\
         <iframe title=\"{subject}\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/{name}/page\"></iframe>"
    ))
}

/// The letter's own page, with its pictures in it, and links that open beside the mailbox.
async fn page_of(State(folder): State<Folder>, UrlPath(name): UrlPath<String>) -> Response {
    let Some(bytes) = read(&folder, &name) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(mail) = mailparse::parse_mail(&bytes) else { return StatusCode::NOT_FOUND.into_response() };
    let (mut page, mut pictures) = (None, Vec::new());
    for part in mail.parts() {
        match part.ctype.mimetype.as_str() {
            "text/html" => page = part.get_body().ok(),
            kind if kind.starts_with("image/") => {
                let id = head(part, "Content-ID").trim_matches(['<', '>']).to_owned();
                let bytes = part.get_body_raw().unwrap_or_default();
                pictures
                    .push((format!("cid:{id}"), format!("data:{kind};base64,{}", STANDARD.encode(bytes))));
            }
            _ => {}
        }
    }
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    let page = pictures.iter().fold(page, |page, (id, data)| page.replace(id, data));
    let page = page.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)], page)
        .into_response()
}

fn head(mail: &ParsedMail<'_>, name: &str) -> String {
    mail.headers.get_first_value(name).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn html(content: &str) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'";
    let page = format!(
        "<!DOCTYPE html><html lang=\"nl\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Postbus / Mailbox</title><style>{STYLE}</style></head><body>{content}</body></html>"
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)], page)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "From: a@c.example\r\nTo: b@c.example\r\nSubject: Klopt <dit>?\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/html; charset=utf-8\r\n\r\n<html><head></head><body>Ja</body></html>\r\n";

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("memory only");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn letters_are_listed_and_shown_and_nothing_else_is_read() {
        let folder = std::env::temp_dir().join(format!("vinkje-mailbox-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("one.eml"), LETTER).expect("a letter");
        fs::write(folder.join("secret.txt"), "no letter").expect("a file");
        let state = || State(Arc::new(folder.clone()));
        let listed = body(list(state()).await).await;
        assert!(listed.contains("Klopt &lt;dit&gt;?") && !listed.contains("secret"), "{listed}");
        let shown = body(page_of(state(), UrlPath("one".into())).await).await;
        assert!(shown.contains("<base target=\"_blank\">") && shown.contains("Ja"), "{shown}");
        for name in ["two", "../one", "secret.txt", "secret"] {
            let response = letter(state(), UrlPath(name.into())).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        }
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
