//! What can go wrong between a client and the service, by name.

use std::fmt;
use std::str::FromStr;

macro_rules! faults {
    ($($variant:ident $name:literal $about:literal)*) => {
        /// Something that goes wrong between a client and the service. The names are stable, and the
        /// same in the sandbox, in test doubles and on the command line.
        ///
        /// ```
        /// use dryapi_testkit::Fault;
        ///
        /// let fault: Fault = "accept_then_drop".parse()?;
        /// assert_eq!(fault, Fault::AcceptThenDrop);
        /// assert_eq!(fault.to_string(), "accept_then_drop");
        /// # Ok::<(), dryapi_testkit::UnknownFault>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $about] $variant,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Every fault, one after the other.
            pub fn all() -> impl Iterator<Item = Self> {
                Self::ALL.iter().copied()
            }

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it does, in one line.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $about,)*
                }
            }
        }
    };
}

faults! {
    AcceptThenDrop "accept_then_drop"
        "The job is accepted and charged, then the connection closes without an answer."
    DropBeforeRead "drop_before_read"
        "The connection closes before the request is read; nothing is charged."
    ResetAfterAccept "reset_after_accept"
        "The job is accepted and charged, then the connection is reset."
    Hang "hang"
        "The request is taken and never answered."
    HalfAnswer "half_answer"
        "The answer's body breaks off in the middle."
    Html502 "html_502"
        "A proxy answers 502 with a page; the service may have taken the request."
    Error500 "error_500"
        "The service answers 500 in its envelope before any work; nothing is charged."
    BookThen500 "book_then_500"
        "The job is accepted and charged, then the service answers 500 in its envelope."
    RateLimitMinute "rate_limit_minute"
        "The service answers 429: the minute's requests are used up."
    RateLimitDaily "rate_limit_daily"
        "The service answers 429: the day's requests are used up until 00:00 UTC."
    JobFailed "job_failed"
        "The job is accepted and fails."
    StuckJob "stuck_job"
        "The job is accepted and never ends."
    ExpiredUrl "expired_url"
        "The result's address has expired; the next status gives a fresh one."
    SlowBody "slow_body"
        "The answer's body comes slowly, piece by piece."
    PushCut "push_cut"
        "The push channel's connection breaks."
    PushRefused "push_refused"
        "The push channel refuses to connect."
    WebhookLost "webhook_lost"
        "A webhook is never delivered."
    WebhookTwice "webhook_twice"
        "A webhook is delivered twice."
    WebhookLate "webhook_late"
        "A webhook is delivered late, after polling has told the outcome."
    WebhookReordered "webhook_reordered"
        "Webhooks are delivered in another order than that of their events."
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let named = |fault: &&Self| fault.as_str() == name;
        Self::ALL
            .iter()
            .find(named)
            .copied()
            .ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

/// No fault has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault is called {:?}; there are ", self.0)?;
        let names: Vec<_> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        f.write_str(&names.join(", "))
    }
}

impl std::error::Error for UnknownFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_these() {
        let names: Vec<_> = Fault::ALL.iter().map(ToString::to_string).collect();
        let expected = "accept_then_drop drop_before_read reset_after_accept hang half_answer \
            html_502 error_500 book_then_500 rate_limit_minute rate_limit_daily job_failed \
            stuck_job expired_url slow_body push_cut push_refused webhook_lost webhook_twice \
            webhook_late webhook_reordered";
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn every_name_is_read_back() {
        for fault in Fault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(*fault));
            assert!(fault.about().ends_with('.'));
        }
        let error = "Hang".parse::<Fault>().unwrap_err().to_string();
        assert!(error.starts_with("no fault is called \"Hang\"; there are accept_then_drop, "));
    }
}
