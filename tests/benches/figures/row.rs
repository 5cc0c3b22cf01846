//! One measured figure, beside what it is compared with.

use serde::Serialize;

/// What a figure is held to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Bound {
    /// The greatest ratio to the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ratio_at_most: Option<f64>,
    /// The least ratio to the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ratio_at_least: Option<f64>,
    /// The greatest value, in the row's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_most: Option<f64>,
}

impl Bound {
    pub(crate) fn ratio_at_most(ratio: f64) -> Self {
        Self {
            ratio_at_most: Some(ratio),
            ..Self::default()
        }
    }

    pub(crate) fn ratio_at_least(ratio: f64) -> Self {
        Self {
            ratio_at_least: Some(ratio),
            ..Self::default()
        }
    }

    pub(crate) fn at_most(value: f64) -> Self {
        Self {
            at_most: Some(value),
            ..Self::default()
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    /// Ours, in the unit: the median.
    pub(crate) ours: f64,
    /// The baseline's name and its value.
    pub(crate) beside: &'static str,
    pub(crate) baseline: f64,
    /// The median of the rounds' ratios: what slows the machine down slows both of a round down.
    pub(crate) ratio: f64,
    pub(crate) bound: Bound,
}

impl Row {
    /// From rounds of (ours, baseline).
    pub(crate) fn of(
        what: impl Into<String>,
        unit: &'static str,
        beside: &'static str,
        rounds: &[(f64, f64)],
        bound: Bound,
    ) -> Self {
        let column = |of: fn(&(f64, f64)) -> f64| median(rounds.iter().map(of).collect());
        Self {
            what: what.into(),
            unit,
            ours: column(|(ours, _)| *ours),
            beside,
            baseline: column(|(_, baseline)| *baseline),
            ratio: column(|(ours, baseline)| ours / baseline),
            bound,
        }
    }
}

/// Rounds of both, who change places from round to round, so that what slows the machine down slows
/// both down. A first round warms up and does not count.
pub(crate) fn rounds<T>(
    count: usize,
    mut ours: impl FnMut() -> T,
    mut baseline: impl FnMut() -> T,
) -> Vec<(T, T)> {
    let mut rounds = Vec::new();
    for round in 0..=count {
        let pair = if round % 2 == 0 {
            let ours = ours();
            (ours, baseline())
        } else {
            let baseline = baseline();
            (ours(), baseline)
        };
        if round > 0 {
            rounds.push(pair);
        }
    }
    rounds
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
