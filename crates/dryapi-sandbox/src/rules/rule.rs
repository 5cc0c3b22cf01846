//! Which requests meet which fault.

use std::fmt;
use std::time::Duration;

use dryapi_testkit::Fault;
use serde_json::{Value, json};

use super::invalid::InvalidFault;
use super::named::{ERROR_BODY, Named};
use super::target::{ANY, On, Target};
use crate::key::Key;

/// A fault, and the requests it is for: the next one of any operation, unless told otherwise.
///
/// ```
/// use dryapi_sandbox::{Fault, FaultRule};
///
/// let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
/// let refused = FaultRule::error_body("account_suspended").with_times(3);
/// # let _ = (lost, refused);
/// ```
///
/// Only requests with an accepted key count. A fault that comes after the work (a lost answer, a
/// failing job) leaves a refused request alone and waits for the next.
#[derive(Clone)]
pub struct FaultRule {
    pub(crate) fault: String,
    pub(crate) body: Option<String>,
    pub(crate) on: String,
    pub(crate) times: u32,
    pub(crate) after: u32,
    pub(crate) key: Option<Key>,
    pub(crate) at: Option<usize>,
    pub(crate) code: Option<String>,
    pub(crate) pause: Option<Duration>,
}

impl FaultRule {
    /// The next request of any operation meets this fault.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self::called(fault.as_str(), None)
    }

    /// The next request of any operation is answered with this body of the error corpus
    /// (`dryapi_testkit::corpus`), before any work.
    #[must_use]
    pub fn error_body(name: impl Into<String>) -> Self {
        Self::called(ERROR_BODY, Some(name.into()))
    }

    pub(crate) fn called(fault: impl Into<String>, body: Option<String>) -> Self {
        Self {
            fault: fault.into(),
            body,
            on: ANY.to_owned(),
            times: 1,
            after: 0,
            key: None,
            at: None,
            code: None,
            pause: None,
        }
    }

    /// Only requests of this operation, by its API name; `*` is any, `results` the result files,
    /// `broadcasting/auth` the push channel's authorisation, `push` its events. A `push_cut` on an
    /// operation is for the first event of the job.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.on = operation.into();
        self
    }

    /// How many requests meet it; default 1.
    #[must_use]
    pub const fn with_times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// How many requests are spared first; default 0.
    #[must_use]
    pub const fn with_after(mut self, after: u32) -> Self {
        self.after = after;
        self
    }

    /// Only requests of this account; default any.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<Option<String>>) -> Self {
        self.key = key.into().map(Key::new);
        self
    }

    /// Of `half_answer`: how many bytes of the body come through; default half of them. At least
    /// one is held back.
    #[must_use]
    pub fn with_at(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.at = bytes.into();
        self
    }

    /// Of `job_failed`: the service's error code; default `PROCESSING_ERROR`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Option<String>>) -> Self {
        self.code = code.into();
        self
    }

    /// Of `slow_body`: the real time before each of its 20 pieces; default 50 ms.
    #[must_use]
    pub fn with_pause(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.pause = pause.into();
        self
    }

    /// Whether all its names exist and go together.
    pub(crate) fn check(&self) -> Result<(Named, On), InvalidFault> {
        let named = Named::read(&self.fault, self.body.as_deref())?;
        let on = On::read(&self.on)?;
        if !named.is_emulated() {
            let message = format!(
                "{} is not emulated yet; GET faults lists what is",
                self.fault
            );
            return Err(InvalidFault::new(message));
        }
        if self.times == 0 {
            return Err(InvalidFault::new("a fault that happens 0 times is none"));
        }
        match on {
            On::Only(target) if !named.can_happen_to(target) => {
                let can = Target::all().filter(|target| named.can_happen_to(*target));
                let names = can.map(Target::name).collect::<Vec<_>>().join(", ");
                let (fault, on) = (&self.fault, &self.on);
                let message = format!("{fault} cannot happen to {on}, only to {names}");
                Err(InvalidFault::new(message))
            }
            _ => Ok((named, on)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.fault
    }

    /// For people and the admin interface; the key is not shown.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "fault": self.fault,
            "body": self.body,
            "on": self.on,
            "times": self.times,
            "after": self.after,
            "key": self.key.as_ref().map(|_| "***"),
            "at": self.at,
            "code": self.code,
            "pause": self.pause.map(|pause| format!("{}ms", pause.as_millis())),
        })
    }
}

/// Everything but the key.
impl fmt::Debug for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultRule{}", self.describe())
    }
}
