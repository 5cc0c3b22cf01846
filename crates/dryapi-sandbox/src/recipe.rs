//! What the sandbox makes of an operation, and the formula of its price, as the description has
//! them: one for both the price call and the charge, so that what is quoted is what is paid.

use dryapi_types::Usd;

/// What one operation makes, and for how much.
#[derive(Debug)]
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    pub(crate) makes: Makes,
    /// US dollars whatever is asked for.
    pub(crate) base: &'static str,
    /// US dollars for each of the product of `times`, divided by that of `over`.
    pub(crate) rate: &'static str,
    pub(crate) times: &'static [&'static str],
    pub(crate) over: &'static [&'static str],
}

/// What an operation makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Makes {
    Picture,
    EditedPicture,
    EnlargedPicture,
    Cutout,
    Film,
    EnlargedFilm,
    CutoutFilm,
    Speech,
    Music,
    Transcript,
    Reading,
    Vectors,
    Prompt,
    SamplePrompt,
}

/// The service's prices have up to ten decimals.
const DECIMALS: u32 = 10;

/// So many parts of one are a measure's smallest: thousandths of a second.
const PARTS: f64 = 1000.0;

impl Recipe {
    /// The price of a request whose measures are `measure(name)`, for a model that costs
    /// `model` = (times, over) of what the formula says.
    pub(crate) fn price(&self, measure: impl Fn(&str) -> f64, model: (u64, u64)) -> Usd {
        let whole = |name: &&str| (measure(name).max(0.0) * PARTS).round() as u128;
        let mut parts: u128 = 1;
        let mut scale: u128 = 1;
        for name in self.times {
            parts = parts.saturating_mul(whole(name));
            scale = scale.saturating_mul(PARTS as u128);
            // Kept small, so that large pictures do not overflow.
            while parts.is_multiple_of(1000) && scale.is_multiple_of(1000) && scale > 1 {
                parts /= 1000;
                scale /= 1000;
            }
        }
        for name in self.over {
            scale = scale.saturating_mul(whole(name).max(1));
            parts = parts.saturating_mul(PARTS as u128);
        }
        parts = parts.saturating_mul(u128::from(model.0));
        scale = scale.saturating_mul(u128::from(model.1.max(1)));
        let rate = units(self.rate, 22).saturating_mul(parts) / scale.max(1);
        let to_decimals = 10_u128.pow(22 - DECIMALS);
        // Rounded half up, never to nothing: the service gives nothing away.
        let rate = rate.saturating_add(to_decimals / 2) / to_decimals;
        let total = units(self.base, DECIMALS).saturating_add(rate).max(1);
        let width = DECIMALS as usize + 1;
        let digits = format!("{total:0>width$}");
        let (dollars, fraction) = digits.split_at(digits.len() - DECIMALS as usize);
        format!("{dollars}.{fraction}").parse().unwrap_or(Usd::ZERO)
    }
}

/// A decimal text in units of the `decimals`-th digit after its point; later digits are dropped.
fn units(text: &str, decimals: u32) -> u128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let padded = fraction.bytes().chain(std::iter::repeat(b'0'));
    let digits = whole.bytes().chain(padded.take(decimals as usize));
    digits
        .filter(u8::is_ascii_digit)
        .fold(0, |units: u128, digit| {
            units
                .saturating_mul(10)
                .saturating_add(u128::from(digit - b'0'))
        })
}
