//! A failure in words. Where money may have moved, the last lines say so and what to do about it.

use std::time::SystemTime;

use dryapi_client::{Charge, ErrorKind};
use jiff::Timestamp;

use super::exit::Kind;
use super::failure::Failure;
use super::terminal;

const TWICE: &str = "  Running the same command again may pay twice.";
const ONCE: &str = "  Running the same command again does not pay twice.";
/// What is said once of what nobody knows.
const MAYBE: &str = "may have been accepted and charged";

/// What people read of a failure: lines without control characters, a line break at the end.
pub(crate) fn failure(failure: &Failure) -> String {
    let (before, after) = match failure.kind {
        Kind::Of(ErrorKind::OutcomeUnknown) if !failure.message.contains(MAYBE) => {
            ("", "; it may have been accepted and charged")
        }
        Kind::Of(ErrorKind::JobFailed) => ("the job failed: ", ""),
        _ => ("", ""),
    };
    let message = terminal::line(&failure.message);
    let mut lines = vec![format!("error: {before}{message}{after}")];
    for field in &failure.fields {
        lines.push(format!("  {}", terminal::line(&field.to_string())));
    }
    let context = context(failure);
    let says_more = Some(&context) != failure.operation.as_ref();
    if !context.is_empty() && says_more {
        lines.push(format!("  {context}"));
    }
    if failure.may_have_cost() {
        lines.extend(money(failure));
    } else {
        lines.extend(advice(failure));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// What it was about, in one line.
fn context(failure: &Failure) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(failure.operation.clone());
    parts.extend(failure.status.map(|status| format!("HTTP {status}")));
    if let Some(code) = &failure.code
        && !failure.message.contains(code.as_str())
    {
        parts.push(terminal::line(code).into_owned());
    }
    match failure.attempts {
        0 => {}
        1 => parts.push("attempt 1".to_owned()),
        many => parts.push(format!("{many} attempts")),
    }
    if failure.may_have_cost() {
        parts.extend(failure.at.and_then(clock_time));
        let intent = failure.intent.as_ref();
        parts.extend(intent.map(|intent| format!("intent {intent}")));
        let price = failure.estimate;
        parts.extend(price.map(|price| format!("about {price} USD")));
    } else if let Some(id) = &failure.request_id {
        parts.push(format!("job {}", terminal::line(id)));
    }
    parts.join(" · ")
}

fn clock_time(at: SystemTime) -> Option<String> {
    let at = Timestamp::try_from(at).ok()?;
    Some(at.strftime("%H:%M:%S UTC").to_string())
}

/// What to do, and why it was not done already.
fn advice(failure: &Failure) -> Vec<String> {
    let mut lines = Vec::new();
    let retries = failure.retryable || failure.attempts > 1;
    if let Some(reason) = failure.no_retry_reason.as_ref().filter(|_| retries) {
        lines.push(format!("  not sent again: {}", terminal::line(reason)));
    }
    lines.extend(failure.help.lines().map(|line| format!("  {line}")));
    lines
}

/// The last lines where money may have moved. Scripts look at them.
fn money(failure: &Failure) -> Vec<String> {
    let again = if failure.once { ONCE } else { TWICE };
    let id = failure.request_id.as_deref().map(terminal::line);
    let intent = failure.intent.as_deref().unwrap_or("INTENT");
    match id {
        Some(id) if failure.sandbox => vec![format!(
            "  job {id} ended with this command's sandbox; nothing real was billed."
        )],
        None if failure.sandbox => vec![
            "  it was sent to this command's sandbox, which has ended; nothing real was billed."
                .to_owned(),
        ],
        // The jobs of a batch.
        None if failure.once && failure.intent.is_none() => vec![
            "  To look for what was sent without paying:   dryapi resume".to_owned(),
            again.to_owned(),
        ],
        None if failure.kind == Kind::Interrupted
            && failure.charge == Charge::Yes
            && !failure.once =>
        {
            vec!["  Running the same command again pays again.".to_owned()]
        }
        // A failed job does not go on, and whether it is refunded is nowhere stated.
        Some(id) if failure.kind == Kind::Of(ErrorKind::JobFailed) => vec![
            format!("  job {id} failed; it may have been charged. To see it:  dryapi status {id}"),
            again.to_owned(),
        ],
        Some(id) if failure.kind == Kind::Of(ErrorKind::NotFound) => {
            vec![format!(
                "  job {id} was billed; the service does not know it any more."
            )]
        }
        Some(id) if failure.kind == Kind::Of(ErrorKind::ResultExpired) => {
            vec![format!(
                "  job {id} was billed; its result cannot be fetched any more."
            )]
        }
        Some(id) => {
            let target = failure.target.as_ref();
            let target = target.map_or_else(String::new, |target| format!(" -o {target}"));
            vec![format!(
                "  job {id} goes on and is billed. To fetch it:  dryapi wait {id}{target}"
            )]
        }
        None => vec![
            format!(
                "  not sent again. To look for the job without paying:   dryapi resume {intent}"
            ),
            again.to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_is_over_does_not_go_on() {
        let last = |kind: ErrorKind| {
            let mut failed = Failure::new(kind, "so it is");
            failed.request_id = Some("c08a339c".to_owned());
            failed.charge = Charge::Yes;
            failure(&failed).lines().last().map(ToOwned::to_owned)
        };
        let line = "  job c08a339c was billed; the service does not know it any more.";
        assert_eq!(last(ErrorKind::NotFound).as_deref(), Some(line));
        let line = "  job c08a339c was billed; its result cannot be fetched any more.";
        assert_eq!(last(ErrorKind::ResultExpired).as_deref(), Some(line));
        let goes_on = last(ErrorKind::Network).unwrap_or_default();
        assert!(goes_on.contains("goes on and is billed"), "{goes_on}");
    }
}
