//! The shapes of `--json`: names and order of the keys are a contract.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use dryapi_types::FieldError;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::failure::Failure;
pub(crate) use super::recorded::{Recorded, moment};

/// A value as one line. What a terminal would take for a control character is written as an
/// escape, which JSON leaves open beyond ASCII: a server's text may end up on a screen.
pub(crate) fn line(value: &impl Serialize) -> String {
    // Only maps with keys that are no text fail, and there are none here.
    let text = serde_json::to_string(value).unwrap_or_default();
    if !text.contains(char::is_control) {
        return text;
    }
    text.chars()
        .fold(String::with_capacity(text.len()), |mut safe, char| {
            if char.is_control() {
                safe.push_str(&format!("\\u{:04x}", u32::from(char)));
            } else {
                safe.push(char);
            }
            safe
        })
}

/// A finished job.
#[derive(Debug, Serialize)]
pub(crate) struct Finished {
    pub(crate) request_id: String,
    pub(crate) task: Option<String>,
    pub(crate) intent: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) result_url: Option<String>,
    pub(crate) files: Vec<String>,
    pub(crate) result: Option<Value>,
    pub(crate) request: Option<Map<String, Value>>,
    pub(crate) sandbox: bool,
}

/// A job that was started.
#[derive(Debug, Serialize)]
pub(crate) struct Submitted {
    pub(crate) request_id: String,
    pub(crate) task: &'static str,
    pub(crate) intent: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// A price.
#[derive(Debug, Serialize)]
pub(crate) struct Price {
    pub(crate) price: String,
    pub(crate) currency: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// A prompt that was improved or made up.
#[derive(Debug, Serialize)]
pub(crate) struct Prompt<'a> {
    pub(crate) prompt: &'a str,
    pub(crate) negative_prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// A balance.
#[derive(Debug, Serialize)]
pub(crate) struct Balance {
    pub(crate) balance: String,
    pub(crate) currency: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// Where a job stands; the reason only of a failed one.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) request_id: String,
    pub(crate) status: String,
    pub(crate) progress: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_message: Option<String>,
}

/// A job that moved on.
#[derive(Debug, Serialize)]
pub(crate) struct Watched<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) status: &'a str,
    pub(crate) progress: Option<f64>,
    pub(crate) result_url: Option<&'a str>,
    pub(crate) source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_message: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// One attempt to hand on an event.
#[derive(Debug, Serialize)]
pub(crate) struct Forwarded<'a> {
    pub(crate) event: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) delivery_id: &'a str,
    pub(crate) attempt: u32,
    /// What was answered; none where nothing was.
    pub(crate) status: Option<u16>,
    /// Why it counts as failed.
    pub(crate) error: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) sandbox: bool,
}

/// A webhook's delivery that is genuine.
#[derive(Debug, Serialize)]
pub(crate) struct Delivery<'a> {
    pub(crate) event: &'a str,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) delivery_id: Option<&'a str>,
    pub(crate) data: Value,
}

/// A delivery that a receiver took.
#[derive(Debug, Serialize)]
pub(crate) struct Triggered<'a> {
    pub(crate) event: &'a str,
    pub(crate) request_id: String,
    pub(crate) delivery_id: String,
    pub(crate) status: u16,
}

/// A sandbox that runs.
#[derive(Debug, Serialize)]
pub(crate) struct Sandbox {
    pub(crate) base_url: String,
    pub(crate) admin_url: String,
    pub(crate) realtime_url: String,
    pub(crate) auth_url: String,
    pub(crate) api_key: String,
    pub(crate) client_id: &'static str,
    pub(crate) webhook_secret: String,
}

#[derive(Serialize)]
struct Errors<'a> {
    error: Error<'a>,
}

#[derive(Serialize)]
struct Error<'a> {
    kind: &'static str,
    status: Option<u16>,
    operation: Option<&'a str>,
    message: &'a str,
    fields: &'a [FieldError],
    request_id: Option<&'a str>,
    intent: Option<&'a str>,
    delivery: &'static str,
    charged: &'static str,
    attempts: u32,
    retryable: bool,
    retry_after: Option<u64>,
    no_retry_reason: Option<&'a str>,
    code: Option<&'a str>,
    rate_limit: Option<RateLimit>,
    help: &'a str,
    #[serde(skip_serializing_if = "is_false")]
    sandbox: bool,
}

#[derive(Serialize)]
struct RateLimit {
    window: &'static str,
    resets_at: Option<String>,
}

/// A failure as one line.
pub(crate) fn failure(failure: &Failure) -> String {
    let reset = || resets_at(failure.at?, failure.retry_after?);
    line(&Errors {
        error: Error {
            kind: failure.kind.as_str(),
            status: failure.status,
            operation: failure.operation.as_deref(),
            message: &failure.message,
            fields: &failure.fields,
            request_id: failure.request_id.as_deref(),
            intent: failure.intent.as_deref(),
            delivery: failure.delivery.as_str(),
            charged: failure.charge.as_str(),
            attempts: failure.attempts,
            retryable: failure.retryable,
            retry_after: failure.retry_after.map(whole_seconds),
            no_retry_reason: failure.no_retry_reason.as_deref(),
            code: failure.code.as_deref(),
            rate_limit: failure.window.map(|window| RateLimit {
                window: window.as_str(),
                resets_at: reset(),
            }),
            help: &help(failure),
            sandbox: failure.sandbox,
        },
    })
}

/// What to do, also where the failure is ours and its job goes on.
fn help(failure: &Failure) -> Cow<'_, str> {
    match &failure.request_id {
        Some(id) if failure.help.is_empty() && failure.may_have_cost() && !failure.sandbox => {
            format!("Fetch it with: dryapi wait {id}").into()
        }
        _ => failure.help.as_str().into(),
    }
}

/// Rounded up: earlier than told is too early.
fn whole_seconds(duration: Duration) -> u64 {
    let more = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(more)
}

fn resets_at(at: SystemTime, wait: Duration) -> Option<String> {
    let seconds = Duration::from_secs(whole_seconds(wait));
    let reset = Timestamp::try_from(at.checked_add(seconds)?).ok()?;
    Some(reset.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
