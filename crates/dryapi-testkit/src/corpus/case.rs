//! One case: an answer, and what must be made of it.

use serde::Deserialize;

use super::expect::Expect;
use super::generate::Generate;
use crate::answer::Answer;
use crate::raw::Raw;
use crate::scripted::Step;

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

/// One answer of the corpus, and what must be made of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// Its name, stable: the sandbox and the command line know it by this.
    pub name: &'static str,
    /// Where the answer was seen; `Ours: ` before those that were made up.
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
    generate: Option<Generate>,
    expect: Expect,
}

impl Case {
    /// Reads a pair of files, or says what is wrong with them.
    pub(super) fn read(
        name: &'static str,
        http: &'static [u8],
        sheet: &str,
    ) -> Result<Self, String> {
        let sheet: Sheet =
            toml::from_str(sheet).map_err(|error| format!("{name}.toml: {error}"))?;
        let http = match &sheet.generate {
            // Once for each of the few, and kept to the end like all others.
            Some(generate) => generate
                .fill(http)
                .map(|filled| &*filled.leak())
                .ok_or_else(|| format!("{name}.http has no mark to fill"))?,
            None => http,
        };
        let raw = Raw::parse(http).ok_or_else(|| format!("{name}.http is no HTTP/1.1 response"))?;
        Ok(Self {
            name,
            source: sheet.source,
            class: sheet.class,
            expect: sheet.expect.expanded(),
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

    /// The body, as far as it comes.
    #[must_use]
    pub const fn body(&self) -> &'static [u8] {
        self.body
    }

    /// Whether the connection ends before the body does: less comes than `Content-Length` says.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let told = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        told.and_then(|(_, told)| told.parse::<usize>().ok())
            .is_some_and(|told| told > self.body.len())
    }

    /// The answer, for a [`ScriptedTransport`](crate::ScriptedTransport) or a server. Its
    /// `Content-Length` is left to whatever sends it, so that one which [is cut](Self::is_cut)
    /// comes whole; [`http`](Self::http) is what a bare socket sends of it.
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

impl From<&Case> for Step {
    /// Answers; where the case [is cut](Case::is_cut), the connection breaks after its body.
    fn from(case: &Case) -> Self {
        if case.is_cut() {
            Self::cut(case, case.body.len())
        } else {
            Self::answer(case)
        }
    }
}
