//! US dollars, exactly.
//!
//! The service writes prices as JSON numbers with up to ten decimals and sometimes as floats in
//! scientific notation (`1.36e-5`). They are read from the number's text and never pass through
//! `f64`: sums over thousands of jobs must agree with the balance to the last digit.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Decimals kept: enough for the shortest text of any double from 1e-7 up.
const SCALE: u32 = 24;
const ONE: i128 = 10_i128.pow(SCALE);

/// An exact amount of US dollars (the service's credits: 1 credit is 1 US dollar).
///
/// Reads plain and scientific decimals, prints the shortest plain decimal, and serialises as text
/// so that no reader rounds it. Up to 24 decimals and 170 trillion dollars.
///
/// ```
/// use dryapi_types::Usd;
/// let price: Usd = "1.36e-5".parse()?;
/// assert_eq!(price.to_string(), "0.0000136");
/// assert_eq!((price * 1000).to_string(), "0.0136");
/// # Ok::<(), dryapi_types::ParseUsdError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(i128);

/// A text that is no amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseUsdError {
    /// Not a decimal number.
    #[error("{0:?} is not a decimal number of US dollars (write 0.25)")]
    NotANumber(String),
    /// More than 24 decimals or over 170 trillion dollars.
    #[error("{0:?} US dollars is too large or too finely divided (24 decimals at most)")]
    OutOfRange(String),
}

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents as i128 * (ONE / 100))
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// This times `numerator / denominator`, rounded up to ten decimals, the finest the service
    /// writes. `None` beyond the range, of less than nothing, and over nothing.
    ///
    /// ```
    /// use dryapi_types::Usd;
    /// let a_million: Usd = "0.77".parse()?;
    /// assert_eq!(a_million.part(13, 1_000_000), Some("0.0000100100".parse()?));
    /// assert_eq!(a_million.part(1, 3_000_000), Some("0.0000002567".parse()?));
    /// # Ok::<(), dryapi_types::ParseUsdError>(())
    /// ```
    #[must_use]
    pub fn part(self, numerator: u64, denominator: u64) -> Option<Self> {
        const FINEST: i128 = 10_i128.pow(SCALE - 10);
        if self.is_negative() || denominator == 0 {
            return None;
        }
        let times = self.0.checked_mul(i128::from(numerator))?;
        let step = FINEST.checked_mul(i128::from(denominator))?;
        let steps = times / step + i128::from(times % step != 0);
        steps.checked_mul(FINEST).map(Self)
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Reads a JSON number or a numeric text, as the service may send either.
    ///
    /// # Errors
    /// [`ParseUsdError`] for anything else.
    pub fn from_json(value: &Value) -> Result<Self, ParseUsdError> {
        match value {
            Value::Number(number) => number.to_string().parse(),
            Value::String(text) => text.parse(),
            other => Err(ParseUsdError::NotANumber(other.to_string())),
        }
    }
}

impl FromStr for Usd {
    type Err = ParseUsdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let not_a_number = || ParseUsdError::NotANumber(text.chars().take(64).collect());
        let out_of_range = || ParseUsdError::OutOfRange(text.chars().take(64).collect());
        let trimmed = text.trim();
        let (mantissa, exponent) = match trimmed.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (
                mantissa,
                exponent.parse::<i32>().map_err(|_| not_a_number())?,
            ),
            None => (trimmed, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|digit| digit.is_ascii_digit()) {
            return Err(not_a_number());
        }
        let mut value: i128 = 0;
        for digit in all() {
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(i128::from(digit - b'0')))
                .ok_or_else(out_of_range)?;
        }
        let fraction_digits = i32::try_from(fraction.len()).map_err(|_| out_of_range())?;
        let shift = exponent
            .checked_sub(fraction_digits)
            .and_then(|shift| shift.checked_add(SCALE as i32))
            .ok_or_else(out_of_range)?;
        let scaled = if value == 0 {
            0
        } else if shift >= 0 {
            10_i128
                .checked_pow(shift.unsigned_abs())
                .and_then(|factor| value.checked_mul(factor))
                .ok_or_else(out_of_range)?
        } else {
            let factor = 10_i128
                .checked_pow(shift.unsigned_abs())
                .ok_or_else(out_of_range)?;
            if value % factor != 0 {
                return Err(out_of_range());
            }
            value / factor
        };
        Ok(Self(if negative { -scaled } else { scaled }))
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let mut text = (magnitude / one).to_string();
        let fraction = magnitude % one;
        if fraction != 0 {
            let digits = format!("{fraction:0width$}", width = SCALE as usize);
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

impl fmt::Debug for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Usd({self})")
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<u64> for Usd {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(i128::from(times)))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_json(&value).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(text: &str) -> Usd {
        text.parse().unwrap()
    }

    #[test]
    fn reads_what_the_service_writes() {
        for (text, shown) in [
            ("19.72", "19.72"),
            ("0.00136", "0.00136"),
            ("1.36e-5", "0.0000136"),
            ("1.36E-05", "0.0000136"),
            ("2e1", "20"),
            ("-0.50", "-0.5"),
            ("0", "0"),
            ("0e999", "0"),
            ("0.0013600000000000001", "0.0013600000000000001"),
        ] {
            assert_eq!(usd(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in [
            "", ".", "-", "1,5", "1.5 USD", "NaN", "inf", "0x10", "1e", "--1",
        ] {
            assert!(
                matches!(text.parse::<Usd>(), Err(ParseUsdError::NotANumber(_))),
                "{text}"
            );
        }
        for text in ["1e40", "1e-25", "1e2147483647", "1e-2147483648"] {
            assert!(
                matches!(text.parse::<Usd>(), Err(ParseUsdError::OutOfRange(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn json_numbers_and_texts_are_exact() {
        let number: Usd = serde_json::from_str("0.1").unwrap();
        let text: Usd = serde_json::from_str("\"0.2\"").unwrap();
        assert_eq!(number + text, usd("0.3"));
        assert_eq!(serde_json::to_string(&(number + text)).unwrap(), "\"0.3\"");
        assert!(serde_json::from_str::<Usd>("[]").is_err());
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_text(raw in -(10_i128.pow(34))..10_i128.pow(34)) {
            prop_assert_eq!(usd(&Usd(raw).to_string()), Usd(raw));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = text.parse::<Usd>();
        }
    }
}
