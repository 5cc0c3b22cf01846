//! What the caller wants of retries.

use super::backoff::Backoff;

/// How a call is sent again. What it costs and what is known about its delivery decide first; a
/// policy only narrows that, but for the one switch named for its risk.
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
    /// one answer after which it is. Default: yes, as the Errors page advises. A 500 may be thrown
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
