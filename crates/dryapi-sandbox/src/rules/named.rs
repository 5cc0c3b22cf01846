//! What goes wrong, by name: a fault, or an answer of the error corpus.

use dryapi_testkit::Fault;
use dryapi_testkit::corpus::{self, Case};

use super::invalid::InvalidFault;
use super::target::Target;

/// A fault of the testkit's list, or `error_body`, which is no fault but an answer of the corpus.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Named {
    Fault(Fault),
    Body(&'static Case),
}

/// The name that asks for a body of the corpus.
pub(crate) const ERROR_BODY: &str = "error_body";

impl Named {
    pub(crate) fn read(name: &str, body: Option<&str>) -> Result<Self, InvalidFault> {
        if name != ERROR_BODY {
            let unknown = |error| InvalidFault::new(format!("{error}, {ERROR_BODY}"));
            return name.parse().map(Self::Fault).map_err(unknown);
        }
        let body = body.unwrap_or_default();
        corpus::error(body).map(Self::Body).ok_or_else(|| {
            let names: Vec<&str> = corpus::errors().iter().map(|case| case.name).collect();
            let names = names.join(", ");
            InvalidFault::new(format!(
                "no error body is called {body:?}; there are {names}"
            ))
        })
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.as_str(),
            Self::Body(_) => ERROR_BODY,
        }
    }

    /// Whether the sandbox can do it.
    pub(crate) const fn is_emulated(self) -> bool {
        match self {
            Self::Body(_) => true,
            Self::Fault(fault) => matches!(
                fault,
                Fault::AcceptThenDrop
                    | Fault::DropBeforeRead
                    | Fault::ResetAfterAccept
                    | Fault::Hang
                    | Fault::HalfAnswer
                    | Fault::Html502
                    | Fault::Error500
                    | Fault::BookThen500
                    | Fault::RateLimitMinute
                    | Fault::RateLimitDaily
                    | Fault::JobFailed
                    | Fault::StuckJob
                    | Fault::ExpiredUrl
                    | Fault::SlowBody
            ),
        }
    }

    /// Whether it can happen to such a request, if that is asked for.
    pub(crate) fn can_happen_to(self, target: Target) -> bool {
        let Self::Fault(fault) = self else {
            return true;
        };
        match (fault, target) {
            (_, Target::Operation(meta)) => match fault {
                Fault::JobFailed | Fault::StuckJob => meta.task.is_some(),
                Fault::ExpiredUrl => meta.task.is_some() || meta.name == "request-status",
                _ => true,
            },
            (_, Target::Results) => !matches!(
                fault,
                Fault::JobFailed
                    | Fault::StuckJob
                    | Fault::BookThen500
                    | Fault::RateLimitMinute
                    | Fault::RateLimitDaily
            ),
        }
    }

    /// Whether it happens to such a request when any will do. An address is handed out by a status.
    pub(crate) fn happens_to(self, target: Target) -> bool {
        match (self, target) {
            (_, Target::Results) => false,
            (Self::Fault(Fault::ExpiredUrl), _) => target.name() == "request-status",
            _ => self.can_happen_to(target),
        }
    }
}
