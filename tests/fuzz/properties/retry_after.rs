//! Whatever a server says of when to come back, time can be counted to it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dryapi_realtime::ChannelName;
use dryapi_realtime::protocol::{AuthAnswer, Input, Machine};
use dryapi_types::{RateLimit, RetryAfter};

use super::answer::Any;

pub fn check(data: &[u8]) {
    let any = Any::read(data);
    let pairs = any.pairs();
    let far = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    for now in [
        UNIX_EPOCH,
        UNIX_EPOCH + Duration::from_secs(1_705_314_600),
        far,
    ] {
        let told = RetryAfter::read(&pairs).map(|told| told.wait(now));
        let limit = RateLimit::read(&pairs).map(|limit| limit.wait(now));
        assert!(told.is_none() || told == limit, "{told:?}, {limit:?}");
        push(&any, now);
    }
    digits(&any);
}

/// The push channel comes back at a moment that exists.
fn push(any: &Any, now: SystemTime) {
    // The clock has no other beginning; what it says does not matter.
    #[allow(clippy::disallowed_methods, reason = "only where time begins")]
    let start = Instant::now();
    let answer = AuthAnswer::read(any.status, &any.pairs(), &any.body, now);
    let mut machine = Machine::new(ChannelName::new("42").unwrap(), Arc::new(|| 0.5));
    let greeting = r#"{"event":"pusher:connection_established","data":{"socket_id":"1.1"}}"#;
    for input in [
        Input::Tick,
        Input::Opened,
        Input::Text(greeting),
        Input::Authorized(answer),
    ] {
        machine.handle(start, input);
    }
    assert!(machine.is_stopped() || machine.wake_at().is_some_and(|at| at > start));
}

/// Seconds are what they say, or for ever; they are never less than said.
fn digits(any: &Any) {
    let header = any.headers.iter().find(|(name, _)| name == "retry-after");
    let Some((_, text)) = header else { return };
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let read = RetryAfter::read(&any.pairs()).unwrap().wait(UNIX_EPOCH);
    let seconds = text.parse().unwrap_or(u64::MAX);
    assert_eq!(read, Duration::from_secs(seconds));
}
