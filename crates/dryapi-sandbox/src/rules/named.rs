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
                    | Fault::PushCut
                    | Fault::PushRefused
                    | Fault::WebhookLost
                    | Fault::WebhookTwice
                    | Fault::WebhookLate
                    | Fault::WebhookReordered
            ),
        }
    }

    /// Whether it can happen to such a request, if that is asked for.
    pub(crate) fn can_happen_to(self, target: Target) -> bool {
        let Self::Fault(fault) = self else {
            return !matches!(target, Target::Push);
        };
        match (fault, target) {
            (Fault::PushRefused, _) => matches!(target, Target::Auth),
            (_, Target::Push) => matches!(fault, Fault::PushCut),
            (_, Target::Operation(meta)) => match fault {
                Fault::JobFailed
                | Fault::StuckJob
                | Fault::PushCut
                | Fault::WebhookLost
                | Fault::WebhookTwice
                | Fault::WebhookLate
                | Fault::WebhookReordered => meta.task.is_some(),
                Fault::ExpiredUrl => meta.task.is_some() || meta.name == "request-status",
                _ => true,
            },
            (Fault::ExpiredUrl, Target::Auth) => false,
            (_, Target::Results | Target::Auth) => !matches!(
                fault,
                Fault::JobFailed
                    | Fault::StuckJob
                    | Fault::PushCut
                    | Fault::WebhookLost
                    | Fault::WebhookTwice
                    | Fault::WebhookLate
                    | Fault::WebhookReordered
                    | Fault::BookThen500
                    | Fault::RateLimitMinute
                    | Fault::RateLimitDaily
            ),
        }
    }

    /// Whether it happens to such a request when any will do. An address is handed out by a status,
    /// and faults of the push channel happen there.
    pub(crate) fn happens_to(self, target: Target) -> bool {
        match (self, target) {
            (Self::Fault(Fault::PushCut), _) => matches!(target, Target::Push),
            (Self::Fault(Fault::PushRefused), _) => matches!(target, Target::Auth),
            (_, Target::Results | Target::Auth | Target::Push) => false,
            (Self::Fault(Fault::ExpiredUrl), _) => target.name() == "request-status",
            _ => self.can_happen_to(target),
        }
    }
}
