//! Since when: so long ago, or from a day on.

use std::time::{Duration, SystemTime};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::duration;

/// Since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    Ago(Duration),
    At(SystemTime),
}

impl Since {
    /// The moment it names.
    pub(crate) fn moment(self, now: SystemTime) -> SystemTime {
        match self {
            Self::At(moment) => moment,
            Self::Ago(passed) => now.checked_sub(passed).unwrap_or(SystemTime::UNIX_EPOCH),
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Since, String> {
    if let Ok(day) = text.parse::<Date>() {
        let midnight = day
            .to_zoned(TimeZone::UTC)
            .map_err(|error| error.to_string())?;
        return Ok(Since::At(midnight.timestamp().into()));
    }
    duration::parse(text)
        .map(Since::Ago)
        .map_err(|_| "write 24h, 7d, or a day like 2026-11-23".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_durations() {
        assert_eq!(parse("7d"), Ok(Since::Ago(Duration::from_secs(604_800))));
        let day = parse("1970-01-02").unwrap();
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
        assert_eq!(day.moment(second), second);
        assert_eq!(
            parse("1h").unwrap().moment(second),
            second - Duration::from_secs(3600)
        );
        assert!(parse("yesterday").is_err());
        assert!(parse("2026-13-01").is_err());
    }
}
