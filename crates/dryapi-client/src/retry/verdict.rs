//! The verdict on one attempt: the design's table, row by row, as a pure function.
//!
//! Whether something may be sent again follows from what it costs and from what is known about
//! its delivery, never from the HTTP method.

use dryapi_transport::TransportErrorKind;
use dryapi_types::{ApiError, ApiErrorKind, CostClass, Window};

use super::fault::Fault;
use super::policy::RetryPolicy;
use crate::error::Charge;

/// What follows from one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send it again, after a delay.
    Again(Pace),
    /// Give up: it would not help, or is not ours to repeat.
    Stop(&'static str),
    /// Give up: it may have been accepted and charged.
    Unknown(&'static str),
}

/// How long to wait before sending again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Growing delays; never earlier than told.
    Backoff,
    /// A minute's limit: as told, else a minute. Such waits do not count as extra attempts.
    Limit,
}

const DAILY: &str = "the day's limit is used up; it resets at 00:00 UTC";
const REFUSED: &str = "the service refused it";
const PAID: &str = "it could be paid for twice";
const ELSEWHERE: &str = "that is not the service's own answer; wrong base URL?";
const AFTER_500: &str = "resending a paid request after a 500 is switched off";
const UNREADABLE_FILE: &str = "the request's own file could not be read";
const SET_UP: &str = "this machine or the request must be corrected first";

/// The verdict on a fault of an operation that costs `class`.
pub(crate) fn judge(class: CostClass, policy: &RetryPolicy, fault: &Fault) -> Verdict {
    let paid = class == CostClass::Paid;
    match fault {
        Fault::Transport(error) => match error.kind() {
            TransportErrorKind::InvalidRequest | TransportErrorKind::Config => {
                Verdict::Stop(SET_UP)
            }
            TransportErrorKind::RequestBody => Verdict::Stop(UNREADABLE_FILE),
            _ if error.provably_not_sent() => Verdict::Again(Pace::Backoff),
            _ => unknown_outcome(paid, policy),
        },
        Fault::Answer(error, _) => judge_answer(paid, policy, error),
    }
}

fn judge_answer(paid: bool, policy: &RetryPolicy, error: &ApiError) -> Verdict {
    let limit = error.rate_limit.as_deref();
    match (error.kind, error.status) {
        // Whatever a success says in its body, it was no refusal before any work.
        (kind, 200..=299) if paid && kind != ApiErrorKind::Decode => Verdict::Stop(REFUSED),
        (ApiErrorKind::RateLimited, _) => match limit.map(|limit| limit.window) {
            Some(Window::Daily) => Verdict::Stop(DAILY),
            _ => Verdict::Again(Pace::Limit),
        },
        (_, 408 | 425) => unknown_outcome(paid, policy),
        (ApiErrorKind::Server, 500 | 503) if error.envelope && paid => {
            if policy.resends_after_500() {
                Verdict::Again(Pace::Backoff)
            } else {
                Verdict::Stop(AFTER_500)
            }
        }
        (ApiErrorKind::Server, 500..=599) => unknown_outcome(paid, policy),
        (ApiErrorKind::Decode, _) => unknown_outcome(paid, policy),
        // No status of HTTP's: whoever says it, it is no refusal.
        (ApiErrorKind::UnexpectedStatus, ..=199 | 600..) => unknown_outcome(paid, policy),
        (ApiErrorKind::UnexpectedStatus, 300..=399) => Verdict::Stop(ELSEWHERE),
        (ApiErrorKind::NotFound, _) if !error.envelope => Verdict::Stop(ELSEWHERE),
        _ => Verdict::Stop(REFUSED),
    }
}

fn unknown_outcome(paid: bool, policy: &RetryPolicy) -> Verdict {
    if paid && !policy.pays_twice() {
        Verdict::Unknown(PAID)
    } else {
        Verdict::Again(Pace::Backoff)
    }
}

/// Whether an attempt that ended so may have cost money.
pub(crate) fn charge(class: CostClass, fault: &Fault) -> Charge {
    if class != CostClass::Paid {
        return Charge::No;
    }
    match fault {
        Fault::Transport(error) if error.provably_not_sent() => Charge::No,
        Fault::Answer(error, _) if error.request_id.is_some() => Charge::Maybe,
        Fault::Answer(error, _) if error.is_own_answer() && refuses(error) => Charge::No,
        Fault::Answer(..) | Fault::Transport(_) => Charge::Maybe,
    }
}

/// Whether the service said no before any work: a 4xx, or a 2xx whose body says it is one.
fn refuses(error: &ApiError) -> bool {
    use ApiErrorKind::{Decode, Server, UnexpectedStatus};
    match error.status {
        // What a proxy says when it gave up, whoever wrote the envelope.
        408 | 425 => false,
        400..=499 => true,
        200..=299 => !matches!(error.kind, Decode | Server | UnexpectedStatus),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dryapi_transport::TransportError;
    use dryapi_types::CostClass::{Free, Paid, Quote};

    fn answer(status: u16, body: &str) -> Fault {
        Fault::Answer(
            ApiError::decode(status, &[], body.as_bytes()),
            bytes::Bytes::new(),
        )
    }

    fn torn() -> Fault {
        Fault::Transport(TransportError::new(TransportErrorKind::Interrupted, "torn"))
    }

    fn again() -> Verdict {
        Verdict::Again(Pace::Backoff)
    }

    #[test]
    fn not_sent_is_sent_again_whatever_it_costs() {
        for class in [Free, Quote, Paid] {
            for fault in [
                Fault::Transport(TransportError::new(TransportErrorKind::Connect, "refused")),
                Fault::Transport(TransportError::new(TransportErrorKind::Timeout, "t").not_sent()),
            ] {
                assert_eq!(judge(class, &RetryPolicy::default(), &fault), again());
                assert_eq!(charge(class, &fault), Charge::No);
            }
        }
    }

    #[test]
    fn a_lost_answer_is_only_asked_again_when_it_is_free() {
        let policy = RetryPolicy::default();
        let faults = [
            torn(),
            answer(502, "<html>Bad Gateway</html>"),
            answer(500, ""),
            answer(500, "oops"),
            answer(500, r#"{"error":{"code":"x","message":"y"}}"#),
            answer(500, r#"{"message":"late","request_id":"a-1"}"#),
            answer(504, r#"{"message":"late"}"#),
            answer(408, ""),
            answer(408, r#"{"message":"Request Timeout"}"#),
            answer(425, ""),
            answer(200, "<html>"),
        ];
        for fault in &faults {
            assert_eq!(judge(Free, &policy, fault), again(), "{fault:?}");
            assert_eq!(
                judge(Paid, &policy, fault),
                Verdict::Unknown(PAID),
                "{fault:?}"
            );
            assert_eq!(judge(Paid, &policy.clone().may_pay_twice(), fault), again());
            assert_eq!(charge(Paid, fault), Charge::Maybe, "{fault:?}");
            assert_eq!(charge(Free, fault), Charge::No);
        }
    }

    #[test]
    fn the_services_own_500_is_the_one_answer_after_which_a_paid_request_is_resent() {
        let own = answer(
            500,
            r#"{"data":null,"message":"Internal server error","errors":[],"statusCode":500}"#,
        );
        let policy = RetryPolicy::default();
        assert_eq!(judge(Paid, &policy, &own), again());
        assert_eq!(
            judge(Paid, &policy.clone().resend_after_500(false), &own),
            Verdict::Stop(AFTER_500)
        );
        assert_eq!(judge(Free, &policy.resend_after_500(false), &own), again());
        assert_eq!(charge(Paid, &own), Charge::Maybe);
    }

    #[test]
    fn limits_are_waited_for_by_the_minute_and_not_by_the_day() {
        let policy = RetryPolicy::default();
        for class in [Free, Paid] {
            let minute = answer(429, r#"{"exceeded":"minute"}"#);
            assert_eq!(judge(class, &policy, &minute), Verdict::Again(Pace::Limit));
            assert_eq!(
                judge(class, &policy, &answer(429, "")),
                Verdict::Again(Pace::Limit)
            );
            let daily = answer(429, r#"{"exceeded":"daily"}"#);
            assert_eq!(judge(class, &policy, &daily), Verdict::Stop(DAILY));
            assert_eq!(charge(class, &daily), Charge::No);
        }
    }

    #[test]
    fn nothing_paid_is_sent_again_after_a_success() {
        let policy = RetryPolicy::default();
        let limited = answer(200, r#"{"statusCode":429,"message":"Too Many Attempts."}"#);
        assert_eq!(judge(Paid, &policy, &limited), Verdict::Stop(REFUSED));
        assert_eq!(judge(Free, &policy, &limited), Verdict::Again(Pace::Limit));
    }

    #[test]
    fn a_status_that_is_none_of_http_says_nothing_of_the_job() {
        let policy = RetryPolicy::default();
        for status in [600, 700, 999] {
            let fault = answer(status, r#"{"message":"No."}"#);
            assert_eq!(judge(Paid, &policy, &fault), Verdict::Unknown(PAID));
            assert_eq!(charge(Paid, &fault), Charge::Maybe);
        }
    }

    #[test]
    fn a_refusal_is_final() {
        let policy = RetryPolicy::default();
        for class in [Free, Paid] {
            for status in [400, 401, 402, 403, 404, 409, 413, 415, 422] {
                let fault = answer(status, r#"{"message":"No."}"#);
                assert_eq!(
                    judge(class, &policy, &fault),
                    Verdict::Stop(REFUSED),
                    "{status}"
                );
                assert_eq!(charge(class, &fault), Charge::No, "{status}");
            }
            for fault in [answer(307, ""), answer(404, "404 page not found")] {
                assert_eq!(judge(class, &policy, &fault), Verdict::Stop(ELSEWHERE));
            }
        }
    }
}
