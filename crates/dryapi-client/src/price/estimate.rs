//! What a call will cost, in the words of those who ask.

use dryapi_types::Usd;

/// What a call will cost, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Estimate {
    /// US dollars; never less than the service would say, as far as it keeps to its own prices.
    pub usd: Usd,
    /// How it is known.
    pub source: EstimateSource,
}

/// How the cost of a call is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EstimateSource {
    /// The service said it of just this request.
    Quoted,
    /// The service said it of one that differs only in what does not move the price.
    Shape,
    /// In proportion to what was counted on this machine.
    Rate,
    /// In proportion to what somebody assumed.
    Assumed,
}
