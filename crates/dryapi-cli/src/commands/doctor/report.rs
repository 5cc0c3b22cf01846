//! A text to paste into a support request: no key, no prompt, no signed address.

use dryapi_client::DEFAULT_BASE_URL;
use dryapi_ledger::{Entry, State};

use super::check::Check;
use crate::report::{moment, terminal};
use crate::session::Session;

/// The newest entries that a request for support may be about.
const MOST: usize = 20;

pub(super) fn text(session: &Session, checks: &[Check], entries: &[Entry]) -> String {
    let mut lines = vec![format!(
        "dryapi {} on {} {}, {}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        base_url(session)
    )];
    lines.extend(checks.iter().map(|check| {
        let mark = if check.ok { "ok" } else { "not ok" };
        format!(
            "- {}: {mark}: {}",
            check.check,
            terminal::line(&check.detail)
        )
    }));
    let about = |entry: &&Entry| {
        let states = [State::Sent, State::Unknown, State::Accepted, State::Failed];
        states.contains(&entry.state)
    };
    for entry in entries.iter().rev().filter(about).take(MOST) {
        let at = moment(entry.created).unwrap_or_default();
        let id = entry.request_id.as_ref();
        let id = id.map_or_else(|| "no id".to_owned(), |id| format!("request {id}"));
        let model = entry.model.as_deref().unwrap_or("no model");
        let why = entry.why.as_ref().map_or("", |why| why.kind.as_str());
        let (task, state) = (&entry.operation, entry.state);
        let line = format!(
            "- {at} {task} {model}: {state} {why}, {id}, key {}",
            entry.intent
        );
        lines.push(terminal::line(&line).replace(" ,", ","));
    }
    lines.join("\n")
}

/// Without what could be a password.
fn base_url(session: &Session) -> String {
    let url = session
        .given
        .base_url
        .as_deref()
        .unwrap_or(DEFAULT_BASE_URL);
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    terminal::line(&format!("{scheme}://{rest}")).into_owned()
}
