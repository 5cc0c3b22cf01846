//! How a job turns out, where that is not its own doing.

use dryapi_testkit::Fault;

/// An outcome chosen through the admin interface.
#[derive(Clone, Debug)]
pub(crate) enum Forced {
    Pending,
    Processing,
    Done,
    Error { code: String, message: String },
}

/// Where a job's work ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fate {
    #[default]
    Done,
    Error {
        code: String,
        message: String,
    },
    /// Nowhere.
    Stuck,
}

/// What a fault does to a job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Twist {
    pub(crate) fate: Fate,
    /// How many addresses of its result have expired when they are handed out.
    pub(crate) stale_urls: u32,
    /// Whether the push channel breaks over its next event.
    pub(crate) push_cut: bool,
    /// What goes wrong with its webhook.
    pub(crate) mishap: Option<Mishap>,
}

/// What can go wrong with the delivery of a job's events; named after the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    Lost,
    Twice,
    Late,
    Reordered,
}

impl Mishap {
    pub(crate) const fn name(self) -> &'static str {
        let fault = match self {
            Self::Lost => Fault::WebhookLost,
            Self::Twice => Fault::WebhookTwice,
            Self::Late => Fault::WebhookLate,
            Self::Reordered => Fault::WebhookReordered,
        };
        fault.as_str()
    }
}

/// What the service says with its error codes. Source: Webhooks page.
pub(crate) fn usual_message(code: &str) -> &'static str {
    match code {
        "WORKER_TIMEOUT" => "Worker failed to respond within the allowed time",
        "AGE_RESTRICTED" => "The source is age-restricted",
        "CONTEXT_LENGTH_EXCEEDED" => "The input is too long for this model",
        "INVALID_INPUT" => "The input could not be processed",
        "UNKNOWN_ERROR" => "An unknown error occurred",
        _ => "The job could not be processed",
    }
}
