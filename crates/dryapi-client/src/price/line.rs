//! A price that grows by the same for each character, second or pixel.

use dryapi_types::Usd;
use serde::{Deserialize, Serialize};

/// Through two prices; agrees with a third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    low: (u64, Usd),
    high: (u64, Usd),
    /// Added to everything: the prices it was made from were rounded.
    extra: Usd,
}

impl Line {
    /// The line through two prices, where a third does not deny it by more than rounding.
    pub(super) fn through(low: (u64, Usd), high: (u64, Usd), third: (u64, Usd)) -> Option<Self> {
        if high.0 <= low.0 || high.1 < low.1 {
            return None;
        }
        let prices = [low.1, high.1, third.1];
        let rounding = prices.into_iter().map(last_place).min()?;
        let mut line = Self {
            low,
            high,
            extra: Usd::ZERO,
        };
        let drawn = line.at(third.0)?;
        if drawn == third.1 {
            return Some(line);
        }
        line.extra = rounding * 2;
        let near = drawn <= third.1 + line.extra && third.1 <= drawn + line.extra;
        near.then_some(line)
    }

    /// What so many units cost, at least. `None` beyond the range, and beyond the highest count of
    /// a price that has not risen yet: it may be a least price.
    pub(super) fn at(&self, units: u64) -> Option<Usd> {
        let (span, rise) = (self.high.0 - self.low.0, self.high.1 - self.low.1);
        if units > self.high.0 && rise == Usd::ZERO {
            return None;
        }
        let drawn = match units.checked_sub(self.low.0) {
            Some(over) => self.low.1 + rise.part(over, span)?,
            // Below, the price may have a least: never less than in proportion.
            None => self.low.1,
        };
        let mut extra = self.extra;
        if units > self.high.0 {
            // Whatever the two prices were rounded by is so many times as much here.
            let place = last_place(self.high.1).min(last_place(self.low.1));
            extra += place * (units / span + 1);
        }
        drawn.checked_add(extra)
    }
}

/// One in the last place of a price as it was written: of 0.0136, 0.0001.
fn last_place(price: Usd) -> Usd {
    let text = price.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    format!("1e-{decimals}").parse().unwrap_or(Usd::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(text: &str) -> Usd {
        text.parse().unwrap()
    }

    #[test]
    fn what_lies_on_it_is_exact() {
        let line = Line::through(
            (1, usd("0.00000077")),
            (3_600, usd("0.002772")),
            (1_787, usd("0.00137599")),
        );
        let line = line.unwrap();
        assert_eq!(line.at(1_000), Some(usd("0.00077")));
        assert_eq!(line.at(1), Some(usd("0.00000077")));
    }

    #[test]
    fn what_bends_is_no_line() {
        let bent = Line::through((1, usd("0.01")), (100, usd("1")), (50, usd("0.7")));
        assert_eq!(bent, None);
        assert_eq!(
            Line::through((5, usd("1")), (5, usd("1")), (5, usd("1"))),
            None
        );
        assert_eq!(
            Line::through((1, usd("2")), (9, usd("1")), (5, usd("1"))),
            None
        );
    }

    #[test]
    fn a_least_price_is_not_drawn_on() {
        let least = usd("0.01");
        let flat = Line::through((1, least), (3_600, least), (1_787, least)).unwrap();
        assert_eq!(flat.at(3_600), Some(least));
        assert_eq!(flat.at(3_601), None);
    }

    /// Prices as the service rounds them: to the nearest in the tenth decimal.
    fn rounded(base: u64, rate: u64, units: u64) -> Usd {
        let exact = u128::from(base) * 1_000 + u128::from(rate) * u128::from(units);
        format!("{}e-10", (exact + 500) / 1_000).parse().unwrap()
    }

    proptest! {
        #[test]
        fn never_less_than_is_asked(
            base in 0_u64..1_000_000, rate in 1_u64..100_000_000, units in 1_u64..40_000,
        ) {
            let at = |units| (units, rounded(base, rate, units));
            let line = Line::through(at(1), at(3_600), at(1_787));
            let line = line.expect("it is one");
            let (said, asked) = (line.at(units).unwrap(), at(units).1);
            prop_assert!(said >= asked, "{said} {asked}");
            // Prices that end in zeros look more coarsely rounded than they are.
            let most = asked + usd("1e-8") * (units / 3_600 + 2);
            prop_assert!(said <= most, "{said} {asked}");
        }
    }
}
