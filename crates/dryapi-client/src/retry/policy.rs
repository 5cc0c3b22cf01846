//! What the caller wants of retries.

use super::backoff::Backoff;

/// How a call is sent again. What it costs and what is known about its delivery decide first; a
/// policy only narrows that, but for the one switch named for its risk.
///
/// | what happened | free calls and prices | paid calls |
/// |---|---|---|
/// | it provably never left the machine | again | again |
/// | 429 of a minute's limit | again when told, within the deadline | the same: it was refused before any work |
/// | 429 of a day's limit | fails, with the time of the reset | the same |
/// | 500 or 503 that the service itself wrote | again, after 1 s, 2 s, 4 s | the same, unless [`resend_after_500`](Self::resend_after_500) is off or the balance fell |
/// | any other 5xx, 408, 425, no answer, half an answer | again | **not**: kind `OutcomeUnknown`, unless [`may_pay_twice`](Self::may_pay_twice) |
/// | a success that cannot be read | again, then kind `Decode` | **not**, unless the job's id can be read: then it is a success with a warning |
/// | a redirect, any other 4xx | fails | fails |
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryPolicy {
    max_retries: u32,
    backoff: Backoff,
    resend_after_500: bool,
    may_pay_twice: bool,
}

impl Default for RetryPolicy {
    /// 3 extra attempts, after about 1 s, 2 s and 4 s (the Errors page's advice).
    fn default() -> Self {
        Self {
            max_retries: 3,
            backoff: Backoff::default(),
            resend_after_500: true,
            may_pay_twice: false,
        }
    }
}

impl RetryPolicy {
    /// No extra attempt, and no wait for a limit.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_retries(0)
    }

    /// At most this many extra attempts. Waits for a minute's limit do not count, unless this is 0:
    /// then there are none.
    #[must_use]
    pub const fn max_retries(mut self, extra: u32) -> Self {
        self.max_retries = extra;
        self
    }

    /// Whether a paid request is sent again after a 500 or 503 with the service's own envelope: the
    /// one answer after which it is, but for a minute's 429, which is refused before any work. Default: yes, as the Errors page advises. A 500 may be thrown
    /// after the job was booked; switch it off where one such job more is worse than one less.
    #[must_use]
    pub const fn resend_after_500(mut self, resend: bool) -> Self {
        self.resend_after_500 = resend;
        self
    }

    /// Sends a paid request again even where it may have been accepted and charged: for callers to
    /// whom a second charge matters less than a lost job.
    #[must_use]
    pub const fn may_pay_twice(mut self) -> Self {
        self.may_pay_twice = true;
        self
    }

    pub(super) const fn allowed(&self) -> u32 {
        self.max_retries
    }

    pub(super) const fn backoff(&self) -> &Backoff {
        &self.backoff
    }

    pub(super) const fn resends_after_500(&self) -> bool {
        self.resend_after_500
    }

    pub(crate) const fn pays_twice(&self) -> bool {
        self.may_pay_twice
    }
}
