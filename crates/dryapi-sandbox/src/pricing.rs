//! What a job costs, computed in whole units of a ten-billionth of a dollar.
//!
//! The rates reproduce the examples of the Pricing page and scale with the work.

use dryapi_types::Usd;

/// Ten-billionths of a US dollar: the service's prices have up to ten decimals.
const DECIMALS: usize = 10;

/// The price of a picture: `rate` is that of 512 x 512 pixels at 4 steps.
pub(crate) fn picture(rate: u64, width: u32, height: u32, steps: u32) -> Usd {
    let work = u128::from(width) * u128::from(height) * u128::from(steps.max(1));
    share(rate, work, 512 * 512 * 4)
}

/// The price of work on a given picture: `rate` is that of 512 x 512 pixels.
pub(crate) fn pixels(rate: u64, width: u32, height: u32) -> Usd {
    share(rate, u128::from(width) * u128::from(height), 512 * 512)
}

fn share(rate: u64, work: u128, whole: u128) -> Usd {
    // Rounded half up, never to nothing: the service gives nothing away.
    let units = u128::from(rate)
        .saturating_mul(work)
        .saturating_add(whole / 2)
        / whole;
    let digits = format!("{:0>width$}", units.max(1), width = DECIMALS + 1);
    let (dollars, fraction) = digits.split_at(digits.len() - DECIMALS);
    format!("{dollars}.{fraction}").parse().unwrap_or(Usd::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pricing_pages_examples_come_out_exactly() {
        for (rate, price) in [
            (13_600_000, "0.00136"),
            (18_600_000, "0.00186"),
            (40_500_000, "0.00405"),
        ] {
            assert_eq!(picture(rate, 512, 512, 4).to_string(), price);
        }
    }

    #[test]
    fn prices_scale_with_pixels_and_steps() {
        assert_eq!(picture(13_600_000, 1024, 512, 4).to_string(), "0.00272");
        assert_eq!(picture(13_600_000, 512, 512, 8).to_string(), "0.00272");
        assert_eq!(picture(13_600_000, 256, 256, 1).to_string(), "0.000085");
        assert_eq!(pixels(5_000_000, 1024, 1024).to_string(), "0.002");
        assert_eq!(pixels(1, 1, 1).to_string(), "0.0000000001");
    }
}
