//! One measured figure, beside what it is compared with.

use serde::{Deserialize, Serialize};

/// What a figure is held to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Bound {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ratio_at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ratio_at_least: Option<f64>,
    /// In the row's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at_most: Option<f64>,
}

/// One line of the table, as `tests/benches/figures` prints it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) unit: String,
    pub(super) ours: f64,
    /// The baseline's name and its value.
    pub(super) beside: String,
    pub(super) baseline: f64,
    /// Ours to the baseline.
    pub(super) ratio: f64,
    pub(super) bound: Bound,
}

impl Row {
    /// Whether every bound was kept. A figure that is missing kept none.
    pub(super) fn kept(&self) -> bool {
        let Bound {
            ratio_at_most,
            ratio_at_least,
            at_most,
        } = self.bound;
        ratio_at_most.is_none_or(|most| self.ratio <= most)
            && ratio_at_least.is_none_or(|least| self.ratio >= least)
            && at_most.is_none_or(|most| self.ours <= most)
    }

    /// What it is held to, in words; empty where to nothing.
    pub(super) fn told(&self) -> String {
        let bound = &self.bound;
        let words = [
            bound
                .ratio_at_most
                .map(|most| format!("ratio at most {most:.2}")),
            bound
                .ratio_at_least
                .map(|least| format!("ratio at least {least:.2}")),
            bound
                .at_most
                .map(|most| format!("at most {most} {}", self.unit)),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        match (words.is_empty(), self.kept()) {
            (true, _) => String::new(),
            (false, true) => format!("kept: {}", words.join(", ")),
            (false, false) => format!("MISSED: {}", words.join(", ")),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn row(ratio: f64, bound: Bound) -> Row {
        Row {
            what: "reading".into(),
            unit: "ms".into(),
            ours: ratio * 2.0,
            beside: "theirs".into(),
            baseline: 2.0,
            ratio,
            bound,
        }
    }

    #[test]
    fn what_misses_its_bound_is_told() {
        let most = |most| Bound {
            ratio_at_most: Some(most),
            ..Bound::default()
        };
        assert!(row(1.1, most(1.1)).kept());
        assert!(!row(1.2, most(1.1)).kept());
        assert!(!row(f64::NAN, most(1.1)).kept());
        let least = Bound {
            ratio_at_least: Some(0.95),
            ..Bound::default()
        };
        assert!(!row(0.9, least).kept());
        let value = Bound {
            at_most: Some(2.0),
            ..Bound::default()
        };
        assert!(!row(1.1, value).kept());
        assert_eq!(row(1.1, value).told(), "MISSED: at most 2 ms");
        assert_eq!(row(9.0, Bound::default()).told(), "");
    }
}
