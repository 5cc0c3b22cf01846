//! A moment, as a date or as seconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

const DAY: i64 = 86_400;

/// Unix seconds (milliseconds from 10¹¹ on) as a number or text, or an ISO 8601 date and time.
pub(crate) fn read(value: &Value) -> Option<SystemTime> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    match text.parse::<u64>() {
        Ok(number) if number < 100_000_000_000 => {
            UNIX_EPOCH.checked_add(Duration::from_secs(number))
        }
        Ok(number) => UNIX_EPOCH.checked_add(Duration::from_millis(number)),
        Err(_) => iso(&text),
    }
}

/// A moment as ISO 8601 in UTC with milliseconds, as the service writes it.
pub(crate) fn write(moment: SystemTime) -> String {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let (year, month, day) = civil(seconds / DAY);
    let time = seconds % DAY;
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let milli = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// The day of UTC of a moment, by which the service counts: `2026-11-23`.
#[must_use]
pub fn utc_date(moment: SystemTime) -> String {
    let mut text = write(moment);
    text.truncate("2026-11-23".len());
    text
}

/// `2024-01-15T10:30:00.123456Z`; a space for `T`, no fraction, no zone (UTC) or `+02:00` do too.
fn iso(text: &str) -> Option<SystemTime> {
    let field = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let mark =
        |at: usize, allowed: &[u8]| text.as_bytes().get(at).is_some_and(|b| allowed.contains(b));
    if !(mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":") && mark(16, b":")) {
        return None;
    }
    let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    let (hour, minute, second) = (field(11, 13)?, field(14, 16)?, field(17, 19)?);
    let days = days(year, month, day);
    if civil(days) != (year, month, day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            rest.split_at_checked(end)?
        }
        None => ("", rest),
    };
    let seconds = days * DAY + hour * 3600 + minute * 60 + second - offset(zone)?;
    let nanos: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let since = Duration::new(u64::try_from(seconds).ok()?, nanos.parse().ok()?);
    UNIX_EPOCH.checked_add(since)
}

/// How many seconds a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let all = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| all)?;
    Some(sign * (number / 100 * 3600 + number % 100 * 60))
}

/// Days since 1970-01-01. Source: Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day. Source: Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let year = year + days.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn every_spelling_of_a_moment_is_the_same_moment() {
        let moment = UNIX_EPOCH + Duration::from_secs(1_705_314_600);
        for spelling in [
            json!(1_705_314_600),
            json!("1705314600"),
            json!(1_705_314_600_000_u64),
            json!("2024-01-15T10:30:00.000Z"),
            json!("2024-01-15T10:30:00Z"),
            json!("2024-01-15 10:30:00"),
            json!("2024-01-15T10:30:00.000000z"),
            json!("2024-01-15T12:30:00+02:00"),
            json!("2024-01-15T05:30:00-0500"),
        ] {
            assert_eq!(read(&spelling), Some(moment), "{spelling}");
        }
        let leap = read(&json!("2024-02-29T00:00:00.25Z")).unwrap();
        assert_eq!(write(leap), "2024-02-29T00:00:00.250Z");
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for other in [
            json!(null),
            json!(-1),
            json!(1.5),
            json!(""),
            json!("soon"),
            json!("2023-02-29T00:00:00Z"),
            json!("2024-13-01T00:00:00Z"),
            json!("2024-01-15T24:00:00Z"),
            json!("2024-01-15T10:30:00+2"),
            json!("1960-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_total(text in ".{0,40}", near in "[0-9]{4}.[0-9]{2}.[0-9]{2}.[0-9:]{8}.{0,12}") {
            let _ = (read(&json!(text)), read(&json!(near)));
        }

        #[test]
        fn what_is_written_is_read(millis in 0_u64..250_000_000_000_000) {
            let moment = UNIX_EPOCH + Duration::from_millis(millis);
            prop_assert_eq!(read(&json!(write(moment))), Some(moment));
        }
    }
}
