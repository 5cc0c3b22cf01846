//! One case: an answer, and what must be made of it.

use std::time::Duration;

use serde::Deserialize;

use super::raw::Raw;
use crate::answer::Answer;

/// Whether the call that was answered costs money. What may be sent again, and what is known about
/// the charge, follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Class {
    /// A status, a price, the balance, the catalogue.
    Free,
    /// A task, a prompt booster, a sample prompt.
    Paid,
}

/// What the caller must be told after the last attempt. Kinds, delivery and charge are spelled as
/// in the command line's JSON, so that code in any language can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Expect {
    /// The kind: `unauthorized`, `forbidden`, `account_suspended`, `not_found`, `validation`,
    /// `insufficient_balance`, `rate_limited`, `server`, `unexpected_status`, `decode` or
    /// `outcome_unknown`.
    pub kind: String,
    /// What the service said, else a piece of the body.
    pub message: String,
    /// The service's code, where it gave one.
    pub code: Option<String>,
    /// The fields at fault, in any order.
    #[serde(default)]
    pub fields: Vec<ExpectField>,
    /// The limit that was hit: `minute`, `daily` or `unknown`. Only of `rate_limited`.
    pub window: Option<String>,
    /// When to come back, in seconds, where the service said.
    pub retry_after: Option<u64>,
    /// `answered`: the answer is the service's own. `unknown`: it may not be.
    pub delivery: String,
    /// `no`, or `maybe`.
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

/// One answer of the corpus, and what must be made of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// Its name, stable: the sandbox and the command line know it by this.
    pub name: &'static str,
    /// Where the answer was seen.
    pub source: String,
    /// Whether the call that was answered costs money.
    pub class: Class,
    /// What the caller must be told.
    pub expect: Expect,
    /// The answer, byte for byte: status line, headers, empty line, body.
    pub http: &'static [u8],
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static [u8],
}

/// The `.toml` beside an answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    source: String,
    class: Class,
    expect: Expect,
}

impl Case {
    /// Reads a pair of files, or says what is wrong with them.
    pub(super) fn read(
        name: &'static str,
        http: &'static [u8],
        sheet: &str,
    ) -> Result<Self, String> {
        let raw = Raw::parse(http).ok_or_else(|| format!("{name}.http is no HTTP/1.1 response"))?;
        let sheet: Sheet =
            toml::from_str(sheet).map_err(|error| format!("{name}.toml: {error}"))?;
        Ok(Self {
            name,
            source: sheet.source,
            class: sheet.class,
            expect: sheet.expect,
            http,
            status: raw.status,
            headers: raw.headers,
            body: raw.body,
        })
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers as they stand in the answer.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, &'static str)] {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'static [u8] {
        self.body
    }

    /// The answer, for a [`ScriptedTransport`](crate::ScriptedTransport) or a server. Its
    /// `Content-Length` is left to whatever sends it.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let mut answer = Answer::empty(self.status);
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("content-length") {
                answer = answer.with_header(*name, value);
            }
        }
        answer.body = self.body.into();
        answer
    }
}

impl From<&Case> for Answer {
    fn from(case: &Case) -> Self {
        case.answer()
    }
}

impl From<&Case> for crate::Step {
    fn from(case: &Case) -> Self {
        Self::answer(case)
    }
}
