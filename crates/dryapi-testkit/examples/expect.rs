//! Reads a raw HTTP/1.1 response and writes what the decoder makes of it, as a draft of the `.toml`
//! beside it in the corpus. The first line says which folder it belongs to: `errors` or `odd`.
//!
//! `cargo xtask corpus add NAME < answer.http` runs this.

use std::fmt::Write as _;
use std::io::{Error, Read, Result, Write as _, stdin, stdout};

use dryapi_testkit::Answer;
use dryapi_types::{Accepted, ApiError, ApiErrorKind, Operation, RetryAfter, TextToImage};

/// An error is read to here.
const LIMIT: usize = 64 * 1024;

fn main() -> Result<()> {
    let mut http = Vec::new();
    stdin().read_to_end(&mut http)?;
    let answer =
        Answer::from_http(&http).ok_or_else(|| Error::other("that is no HTTP/1.1 response"))?;
    let (folder, expect) = draft(&answer);
    let sheet = format!("{folder}\nsource = \"TODO\"\nclass = \"paid\"\n\n[expect]\n{expect}");
    stdout().write_all(sheet.as_bytes())
}

/// The folder and the expectation of an answer to a paid call.
pub(crate) fn draft(answer: &Answer) -> (&'static str, String) {
    let status = answer.status.as_u16();
    let told = answer.headers.get("content-length");
    let told = told.and_then(|told| told.to_str().ok()?.parse().ok());
    let cut = told.is_some_and(|told: usize| told > answer.body.len());
    let headers: Vec<_> = answer
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    let body = match status {
        200..=299 => &answer.body[..],
        _ => answer.body.get(..LIMIT).unwrap_or(&answer.body),
    };
    match TextToImage::decode(status, &headers, body) {
        Ok(accepted) => ("odd", success(&accepted)),
        Err(error) => {
            let odd = cut || answer.status.is_redirection();
            let folder = if odd { "odd" } else { "errors" };
            (folder, failure(&error, cut))
        }
    }
}

fn success(accepted: &Accepted) -> String {
    let id = quoted(accepted.request_id.as_str());
    let warning = accepted.warning.is_some();
    format!(
        "ok = true\nrequest_id = {id}\nwarning = {warning}\ndelivery = \"answered\"\n\
         charge = \"yes\"\nexit = 0\n"
    )
}

fn failure(error: &ApiError, cut: bool) -> String {
    let (kind, exit) = kind(error);
    let ours = (200..300).contains(&error.status);
    let unknown = kind == "outcome_unknown";
    let refused = match error.kind {
        ApiErrorKind::Server | ApiErrorKind::UnexpectedStatus if ours => false,
        _ => ours || (400..500).contains(&error.status),
    };
    let delivery = if error.is_own_answer() && !unknown {
        "answered"
    } else {
        "unknown"
    };
    let charge = if refused && !unknown { "no" } else { "maybe" };
    let mut text = format!("kind = \"{kind}\"\n");
    // Of a cut success the words are the transport's.
    if !(cut && ours) {
        let _ = writeln!(text, "message = {}", quoted(&error.message));
    }
    if let Some(code) = &error.code {
        let _ = writeln!(text, "code = {}", quoted(code));
    }
    let limit = error.rate_limit.as_deref();
    if let (Some(limit), "rate_limited") = (limit, kind) {
        let _ = writeln!(text, "window = \"{}\"", limit.window.as_str());
    }
    if let Some(RetryAfter::In(wait)) = limit.and_then(|limit| limit.retry_after) {
        let _ = writeln!(text, "retry_after = {}", wait.as_secs());
    }
    let _ = writeln!(
        text,
        "delivery = \"{delivery}\"\ncharge = \"{charge}\"\nexit = {exit}"
    );
    for field in &error.fields {
        let messages: Vec<_> = field.messages.iter().map(|text| quoted(text)).collect();
        let _ = write!(
            text,
            "\n[[expect.fields]]\nfield = {}\nmessages = [{}]\n",
            quoted(&field.field),
            messages.join(", ")
        );
    }
    text
}

/// What a paid call ends as, and the command line's exit code.
fn kind(error: &ApiError) -> (&'static str, u8) {
    let lost = match error.status {
        408 | 425 => true,
        500 | 503 => !error.envelope,
        501 | 502 | 504..=599 => true,
        _ => error.kind == ApiErrorKind::Decode,
    };
    match error.kind {
        _ if lost => ("outcome_unknown", 12),
        ApiErrorKind::Unauthorized => ("unauthorized", 3),
        ApiErrorKind::Forbidden => ("forbidden", 3),
        ApiErrorKind::AccountSuspended => ("account_suspended", 3),
        ApiErrorKind::NotFound => ("not_found", 4),
        ApiErrorKind::Validation => ("validation", 5),
        ApiErrorKind::InsufficientBalance => ("insufficient_balance", 6),
        ApiErrorKind::RateLimited => ("rate_limited", 7),
        ApiErrorKind::Server => ("server", 8),
        _ => ("unexpected_status", 1),
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            char if char.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted + "\""
}
