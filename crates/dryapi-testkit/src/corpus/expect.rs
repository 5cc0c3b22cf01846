//! What must be made of an answer.

use std::time::Duration;

use serde::Deserialize;

/// What the caller must be told after the last attempt. Kinds, delivery and charge are spelled as
/// in the command line's JSON, so that code in any language can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Expect {
    /// Whether it is a success after all. Only in [`odd`](super::odd); of what follows up to
    /// `warning` all is empty otherwise.
    #[serde(default)]
    pub ok: bool,
    /// The id of the job that a success started.
    pub request_id: Option<String>,
    /// Whether that success must come with a warning, because the answer was damaged.
    #[serde(default)]
    pub warning: bool,
    /// The kind: `unauthorized`, `forbidden`, `account_suspended`, `not_found`, `validation`,
    /// `insufficient_balance`, `rate_limited`, `server`, `unexpected_status`, `decode` or
    /// `outcome_unknown`. Empty for a success.
    #[serde(default)]
    pub kind: String,
    /// What the service said, else a piece of the body, with `[api key]` where it echoes
    /// [`KEY`](super::KEY). Empty for a success, and in [`odd`](super::odd) where the words are not
    /// the answer's own.
    #[serde(default)]
    pub message: String,
    /// The service's code, where it gave one.
    pub code: Option<String>,
    /// The fields at fault, in any order.
    #[serde(default)]
    pub fields: Vec<ExpectField>,
    /// The file's way to say that its only field is there so many times.
    #[serde(default, rename = "repeat_fields")]
    pub(super) repeat_fields: Option<usize>,
    /// The limit that was hit: `minute`, `daily` or `unknown`. Only of `rate_limited`.
    pub window: Option<String>,
    /// When to come back, in seconds, where the service said.
    pub retry_after: Option<u64>,
    /// `answered`: the answer is the service's own. `unknown`: it may not be.
    pub delivery: String,
    /// `no`, `maybe` or `yes`: the last only of a success.
    pub charge: String,
    /// The command line's exit code.
    pub exit: u8,
}

impl Expect {
    /// When to come back, where the service said.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after.map(Duration::from_secs)
    }

    /// With its field as often as the file says.
    pub(super) fn expanded(mut self) -> Self {
        if let (Some(times), [field]) = (self.repeat_fields.take(), &*self.fields) {
            self.fields = vec![field.clone(); times];
        }
        self
    }
}

/// A field at fault, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExpectField {
    /// The API's name of the field.
    pub field: String,
    /// What the service said about it.
    pub messages: Vec<String>,
}
