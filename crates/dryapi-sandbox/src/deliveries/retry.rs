//! When a delivery is tried again. Source: Webhooks page.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Seconds from the attempt before; the first goes at once.
const DELAYS: [u64; 10] = [
    0,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

/// What lies between an attempt (counted from 1) and the one before; none when it is not made.
pub(super) fn delay_before(attempt: u32) -> Option<Duration> {
    let at = usize::try_from(attempt).ok()?.checked_sub(1)?;
    DELAYS.get(at).copied().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_in_less_than_a_day() {
        let all: Duration = (1..).map_while(delay_before).sum();
        assert_eq!(all, Duration::from_secs(22 * HOUR + 48 * MINUTE));
        assert_eq!((1..).map_while(delay_before).count(), 10);
        assert_eq!(delay_before(0), None);
    }
}
