//! How a command fails: what is known of it, for people and for programs.

use std::time::{Duration, SystemTime};

use dryapi_client::{AnyTask, Charge, Delivery, Error, ErrorKind, Usd};
use dryapi_types::{FieldError, InvalidRequest, Operation, Window};

use super::exit::Kind;
use super::terminal;

/// A failure with everything that is reported of it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) status: Option<u16>,
    pub(crate) operation: Option<String>,
    pub(crate) message: String,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) request_id: Option<String>,
    pub(crate) intent: Option<String>,
    pub(crate) delivery: Delivery,
    pub(crate) charge: Charge,
    pub(crate) attempts: u32,
    pub(crate) retryable: bool,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) no_retry_reason: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) window: Option<Window>,
    pub(crate) help: String,
    /// What the price was said to be, where it was asked.
    pub(crate) estimate: Option<Usd>,
    /// The command that fetches the job again, without its id: `wait` and where the result goes.
    pub(crate) target: Option<String>,
    /// When it happened.
    pub(crate) at: Option<SystemTime>,
    /// The job lived in a sandbox that ends with the command.
    pub(crate) sandbox: bool,
    /// What was paid for is recorded under a name: the same command again does not pay for it.
    pub(crate) once: bool,
}

/// How a command ends without success.
#[derive(Debug)]
pub(crate) enum End {
    /// Nobody reads stdout any more: not an error.
    ClosedPipe,
    /// It failed.
    Failed(Box<Failure>),
}

impl Failure {
    /// A failure found on this machine: nothing was sent.
    pub(crate) fn new(kind: impl Into<Kind>, message: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            status: None,
            operation: None,
            message: message.into(),
            fields: Vec::new(),
            request_id: None,
            intent: None,
            delivery: Delivery::NotSent,
            charge: Charge::No,
            attempts: 0,
            retryable: false,
            retry_after: None,
            no_retry_reason: None,
            code: None,
            window: None,
            help: String::new(),
            estimate: None,
            target: None,
            at: None,
            sandbox: false,
            once: false,
        }
    }

    /// Something given on the command line cannot be right.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Whether money may have moved.
    pub(crate) fn may_have_cost(&self) -> bool {
        self.charge != Charge::No
    }
}

impl Failure {
    /// Whether it ends the command, whatever else there is to do.
    pub(crate) fn is_final(&self) -> bool {
        let kinds = [
            ErrorKind::Unauthorized,
            ErrorKind::Forbidden,
            ErrorKind::AccountSuspended,
        ];
        self.kind == Kind::Interrupted || kinds.into_iter().any(|kind| self.kind == kind.into())
    }

    /// One line of it.
    pub(crate) fn in_short(&self) -> String {
        let id = self.request_id.as_ref();
        let id = id.map_or_else(String::new, |id| format!("job {id}: "));
        terminal::line(&format!("{id}{}", self.message)).into_owned()
    }
}

impl End {
    /// With where the result was to go, and what its price was said to be.
    pub(crate) fn of(mut self, target: Option<String>, estimate: Option<Usd>) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.target = target;
            failure.estimate = failure.estimate.or(estimate);
        }
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            status: error.status(),
            // The name for a job of any task says nothing.
            operation: some(error.operation()).filter(|name| name != AnyTask::META.name),
            fields: error.fields().to_vec(),
            request_id: error.request_id().map(ToString::to_string),
            intent: error.intent().map(ToString::to_string),
            delivery: error.delivery(),
            charge: error.charge(),
            attempts: error.attempts(),
            retryable: error.is_retryable(),
            retry_after: error.retry_after(),
            no_retry_reason: error.no_retry_reason().and_then(some),
            code: error.code().and_then(some),
            window: error.rate_limit().map(|limit| limit.window),
            help: error.help().to_owned(),
            ..Self::new(error.kind(), error.message())
        }
    }
}

impl From<InvalidRequest> for Failure {
    fn from(error: InvalidRequest) -> Self {
        Self {
            fields: error.fields,
            ..Self::invalid("the request cannot be right as it is; nothing was sent")
                .operation(error.operation)
        }
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Failure::from(error).into()
    }
}
