//! What a 429 says about the limit it hit. Source: the Limits page and the description's headers.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::headers::{Headers, header};
use crate::lenient;

/// Which limit was hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Window {
    /// Requests a minute: waiting helps.
    Minute,
    /// Requests a day, reset at 00:00 UTC: waiting does not help today.
    Daily,
    /// The answer does not say; wait a minute.
    #[default]
    Unknown,
}

impl Window {
    /// `minute`, `daily` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Daily => "daily",
            Self::Unknown => "unknown",
        }
    }
}

/// When to come back, as the `Retry-After` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// After this long, counted from the answer.
    In(Duration),
    /// At this time of the service's clock, where the answer carried no `Date` to count from.
    At(SystemTime),
}

impl RetryAfter {
    /// Reads seconds or an HTTP date (counted from the answer's own `Date`, so that a wrong local
    /// clock does no harm). Negative numbers and nonsense are nothing; a huge number stays huge.
    #[must_use]
    pub fn read(headers: &Headers<'_>) -> Option<Self> {
        let text = header(headers, "retry-after")?;
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::In(Duration::from_secs(
                text.parse().unwrap_or(u64::MAX),
            )));
        }
        let at = httpdate::parse_http_date(text).ok()?;
        Some(match date(headers) {
            Some(date) => Self::In(at.duration_since(date).unwrap_or_default()),
            None => Self::At(at),
        })
    }

    /// How long to wait, counted from `now` where the answer had no clock of its own.
    #[must_use]
    pub fn wait(self, now: SystemTime) -> Duration {
        match self {
            Self::In(wait) => wait,
            Self::At(at) => at.duration_since(now).unwrap_or_default(),
        }
    }
}

/// How the names of the headers about limits begin.
const FAMILY: &str = "x-ratelimit-";

/// The limits as one answer tells them. Everything is optional: not all answers carry headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Which limit was hit.
    pub window: Window,
    /// Requests allowed a minute.
    pub minute_limit: Option<u64>,
    /// Requests left this minute.
    pub minute_left: Option<u64>,
    /// Requests allowed a day.
    pub daily_limit: Option<u64>,
    /// Requests left today.
    pub daily_left: Option<u64>,
    /// When to come back.
    pub retry_after: Option<RetryAfter>,
    /// When this was said, by the service's own clock.
    pub date: Option<SystemTime>,
}

impl RateLimit {
    /// Reads the `X-RateLimit-*` headers, which may stand on any answer; the window is left
    /// unknown. `None` when there are none.
    #[must_use]
    pub fn read(headers: &Headers<'_>) -> Option<Self> {
        let mut limit = Self {
            retry_after: RetryAfter::read(headers),
            ..Self::default()
        };
        for (name, value) in headers {
            if let Some(count) = limit.count(name) {
                *count = count.or_else(|| value.trim().parse().ok());
            }
        }
        (limit != Self::default()).then_some(Self {
            date: date(headers),
            ..limit
        })
    }

    /// What the header of a name counts.
    fn count(&mut self, name: &str) -> Option<&mut Option<u64>> {
        let (family, what) = name.split_at_checked(FAMILY.len())?;
        // Every answer is read for these, and most headers are others.
        if !family.eq_ignore_ascii_case(FAMILY) {
            return None;
        }
        let counts = [
            ("limit", &mut self.minute_limit),
            ("remaining", &mut self.minute_left),
            ("daily-limit", &mut self.daily_limit),
            ("daily-remaining", &mut self.daily_left),
        ];
        let mut counts = counts.into_iter();
        counts.find_map(|(name, count)| what.eq_ignore_ascii_case(name).then_some(count))
    }

    /// How long until the limit hit lets a request through: as told, else until 00:00 UTC for a
    /// day's limit (by the service's clock, or by `now` where it told no time), else a minute.
    #[must_use]
    pub fn wait(&self, now: SystemTime) -> Duration {
        match (self.retry_after, self.window) {
            (Some(told), _) => told.wait(now),
            (None, Window::Daily) => until_midnight(self.date.unwrap_or(now)),
            (None, _) => Duration::from_secs(60),
        }
    }

    /// Reads a refusal: the headers, then the gateway's body, then what the numbers imply.
    pub(crate) fn of_refusal(headers: &Headers<'_>, body: &Value) -> Self {
        let mut limit = Self::read(headers).unwrap_or_default();
        limit.date = date(headers);
        let count = |key: &str| body.get(key).and_then(lenient::whole);
        limit.minute_limit = limit.minute_limit.or_else(|| count("minuteLimit"));
        limit.daily_limit = limit.daily_limit.or_else(|| count("dayLimit"));
        if limit.retry_after.is_none() {
            let seconds = count("retry_after");
            limit.retry_after = seconds.map(Duration::from_secs).map(RetryAfter::In);
        }
        let told = header(headers, "x-ratelimit-type")
            .or_else(|| body.get("exceeded").and_then(Value::as_str));
        limit.window = match told.map(str::to_ascii_lowercase).as_deref() {
            Some("minute") => Window::Minute,
            Some("daily" | "day") => Window::Daily,
            _ => limit.implied(),
        };
        limit
    }

    fn implied(&self) -> Window {
        const LONG: Duration = Duration::from_secs(120);
        match self.retry_after {
            _ if self.daily_left == Some(0) => Window::Daily,
            Some(RetryAfter::In(wait)) if wait > LONG => Window::Daily,
            Some(RetryAfter::In(_)) => Window::Minute,
            _ if self.minute_left == Some(0) => Window::Minute,
            _ => Window::Unknown,
        }
    }
}

/// The service's own clock, as the answer tells it.
fn date(headers: &Headers<'_>) -> Option<SystemTime> {
    header(headers, "date").and_then(|date| httpdate::parse_http_date(date).ok())
}

/// From `now` to the next 00:00 UTC.
fn until_midnight(now: SystemTime) -> Duration {
    const DAY: u64 = 24 * 60 * 60;
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Duration::from_secs(DAY)
        .saturating_sub(Duration::new(since.as_secs() % DAY, since.subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn window(headers: &Headers<'_>, body: &Value) -> Window {
        RateLimit::of_refusal(headers, body).window
    }

    #[test]
    fn the_window_is_told_or_implied_or_unknown() {
        let none = Value::Null;
        assert_eq!(
            window(&[("X-RateLimit-Type", "daily")], &none),
            Window::Daily
        );
        assert_eq!(window(&[], &json!({"exceeded":"minute"})), Window::Minute);
        assert_eq!(
            window(&[("X-RateLimit-Daily-Remaining", "0")], &none),
            Window::Daily
        );
        assert_eq!(window(&[("Retry-After", "121")], &none), Window::Daily);
        assert_eq!(window(&[("Retry-After", "60")], &none), Window::Minute);
        assert_eq!(
            window(&[], &json!({"error":{"code":"rate_limited"}})),
            Window::Unknown
        );
    }

    #[test]
    fn what_is_not_told_is_waited_for_by_the_window() {
        let an_hour_to_midnight = SystemTime::UNIX_EPOCH + Duration::from_secs(82_800);
        let wait = |headers: &Headers<'_>| {
            RateLimit::of_refusal(headers, &Value::Null).wait(an_hour_to_midnight)
        };
        assert_eq!(wait(&[]), Duration::from_secs(60));
        let daily = ("X-RateLimit-Type", "daily");
        assert_eq!(wait(&[daily]), Duration::from_secs(3600));
        let date = ("Date", "Fri, 20 Mar 2026 23:59:00 GMT");
        assert_eq!(wait(&[daily, date]), Duration::from_secs(60));
        assert_eq!(wait(&[daily, ("Retry-After", "7")]), Duration::from_secs(7));
    }

    #[test]
    fn retry_after_as_seconds_date_and_nonsense() {
        let read = |text| RetryAfter::read(&[("retry-after", text)]);
        assert_eq!(read("60"), Some(RetryAfter::In(Duration::from_secs(60))));
        let huge = Some(RetryAfter::In(Duration::from_secs(u64::MAX)));
        assert_eq!(read("99999999999999999999999"), huge);
        for nonsense in ["-5", "", "soon", "1.5"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
        let dated = RetryAfter::read(&[
            ("Date", "Fri, 20 Mar 2026 23:59:00 GMT"),
            ("Retry-After", "Sat, 21 Mar 2026 00:00:00 GMT"),
        ]);
        assert_eq!(dated, Some(RetryAfter::In(Duration::from_secs(60))));
        let past = RetryAfter::read(&[
            ("Date", "Sat, 21 Mar 2026 00:00:00 GMT"),
            ("Retry-After", "Fri, 20 Mar 2026 23:59:00 GMT"),
        ]);
        assert_eq!(past, Some(RetryAfter::In(Duration::ZERO)));
    }
}
