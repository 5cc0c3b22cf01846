//! Today, as the changelog writes it.

use std::time::SystemTime;

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

/// Today's date in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the day on which a person runs it; tests give their own"
)]
pub(super) fn today() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    civil(since.map_or(0, |time| time.as_secs()) / SECONDS_A_DAY)
}

/// The date so many days after 1970-01-01, by counting years and months off.
fn civil(mut days: u64) -> String {
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in months {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Whether a text is a date of the form 2026-01-31.
pub(super) fn is_date(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00"
}

#[cfg(test)]
mod tests {
    use super::{civil, is_date};

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_453, "2025-12-31"),
            (20_454, "2026-01-01"),
        ] {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn only_a_date_is_a_date() {
        assert!(is_date("2026-01-31"));
        for text in ["", "2026-1-31", "31.01.2026", "2026-01-31T", "today"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
