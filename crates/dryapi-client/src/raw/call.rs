//! The builder of a request by hand.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::BoxFuture;
use dryapi_types::{CostClass, Part, Payload};
use http::Method;
use serde::Serialize;

use super::operation::{NAME, RawOperation};
use super::response::RawResponse;
use crate::base_url::escape;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::file::{Attachment, OnUpload, Transfer};
use crate::intent;
use crate::retry::RetryPolicy;
use crate::shared::Shared;

/// A request by hand being prepared. Nothing is sent before it is awaited.
///
/// # Cancel safety
/// As of every call: a paid request that was handed to the transport goes on to its end.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Raw {
    shared: Arc<Shared>,
    operation: RawOperation,
    intent: Option<String>,
    options: Options,
    wrong: Option<String>,
}

impl Raw {
    pub(crate) fn new(shared: Arc<Shared>, cost: CostClass, method: Method, path: String) -> Self {
        let wrong = path.contains(['#', '\r', '\n', ' ']);
        Self {
            shared,
            wrong: wrong.then(|| "the path holds characters that must be escaped".to_owned()),
            operation: RawOperation {
                cost,
                path,
                payload: Payload::None,
            },
            intent: None,
            options: Options {
                method: Some(method),
                ..Options::default()
            },
        }
    }

    /// One more pair of the query; both are escaped here.
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        let path = &mut self.operation.path;
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(&escape(name));
        path.push('=');
        path.push_str(&escape(&value.to_string()));
        self
    }

    /// A JSON body.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.operation.payload = Payload::Json(bytes),
            Err(error) => self.wrong = Some(format!("the body cannot be JSON: {error}")),
        }
        self
    }

    /// A form, its files from anywhere.
    pub fn form(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.operation.payload = Payload::Form(parts.into_iter().collect());
        self
    }

    /// Hands over the content of a [`Source::Slot`](dryapi_types::Source::Slot) of this name.
    pub fn attach(self, slot: impl Into<String>, content: Attachment) -> Self {
        self.options.uploads.attach(slot.into(), content);
        self
    }

    /// Is told of every piece of a form that is handed to the transport.
    pub fn on_upload(mut self, told: impl Fn(Transfer) + Send + Sync + 'static) -> Self {
        self.options.uploads.told = Some(OnUpload::new(told));
        self
    }

    /// How long the call may take, attempts and waits together; default by what it costs.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// How this call is sent again, in place of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Names the wish to pay: 1 to 128 visible ASCII characters without spaces; any other name is
    /// an error of kind `InvalidInput`, and nothing is sent. Without it a name is drawn.
    ///
    /// With a ledger (feature `ledger`) a name is paid for at most once, however often and by
    /// however many processes it is asked for; without one it only stands on what is told of the
    /// call. The service receives it as `Idempotency-Key`, which it is not known to heed: put
    /// nothing into a name that it must not read.
    pub fn intent(mut self, name: impl Into<String>) -> Self {
        self.intent = Some(name.into());
        self
    }
}

impl IntoFuture for Raw {
    type Output = Result<RawResponse, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if let Some(wrong) = self.wrong {
                return Err(Error::new(ErrorKind::InvalidInput, NAME, wrong));
            }
            let intent = intent::settle(&self.shared, self.intent.as_deref(), NAME)?;
            let options = Options {
                intent: Some(intent),
                ..self.options
            };
            exchange(&self.shared, &self.operation, &options).await
        })
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw")
            .field("method", &self.options.method)
            .field("path", &self.operation.path.split('?').next())
            .field("intent", &self.intent)
            .finish_non_exhaustive()
    }
}
