//! A report as a table for people.

use std::fmt::Write as _;

use serde_json::Value;

/// The candidates of a report beside their baseline, or figures of their own, and whether each kept
/// its limit.
pub(super) fn render(report: &Value) -> String {
    let mut text = format!("{}\n", word(&report["what"]));
    for figure in list(report, "figures") {
        let (value, unit) = (number(&figure["value"]), word(&figure["unit"]));
        let name = word(&figure["name"]);
        let limit = told(value, figure["limit"].as_f64());
        let _ = writeln!(text, "  {name:<50} {value:>9.2} {unit}{limit}");
    }
    let baseline = &report["baseline"];
    if baseline.is_null() {
        return text;
    }
    let mut row = |name: &str, ms: f64, rest: &str| {
        let _ = writeln!(text, "  {name:<40} {ms:>9.2} ms  {rest}");
    };
    row(word(&baseline["name"]), number(&baseline["ms"]), " 1.000");
    for candidate in candidates(report) {
        let ratio = number(&candidate["ratio"]);
        let limit = told(ratio, candidate["limit"].as_f64());
        let rest = format!("{ratio:>6.3}{limit}");
        row(word(&candidate["name"]), number(&candidate["ms"]), &rest);
    }
    text
}

/// Whether a limit was kept.
fn told(value: f64, limit: Option<f64>) -> String {
    match limit {
        Some(limit) if value <= limit => format!("  within {limit:.2}"),
        Some(limit) => format!("  OVER the limit of {limit:.2}"),
        None => String::new(),
    }
}

/// The names of what is over its limit. A figure that is missing kept none.
pub(super) fn over(report: &Value) -> Vec<&str> {
    let candidates = candidates(report).map(|candidate| (candidate, &candidate["ratio"]));
    let figures = list(report, "figures").map(|figure| (figure, &figure["value"]));
    candidates
        .chain(figures)
        .filter(|(row, value)| {
            let kept = |limit| number(value) <= limit;
            row["limit"].as_f64().is_some_and(|limit| !kept(limit))
        })
        .map(|(row, _)| word(&row["name"]))
        .collect()
}

fn candidates(report: &Value) -> impl Iterator<Item = &Value> {
    list(report, "candidates")
}

fn list<'a>(report: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    report[name].as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{over, render};
    use serde_json::json;

    #[test]
    fn what_is_over_its_limit_is_named() {
        let candidate = |name: &str, limit: Option<f64>, ratio: Option<f64>| json!({"name": name, "limit": limit, "ratio": ratio, "ms": 1.5});
        let report = json!({
            "what": "reading",
            "baseline": {"name": "theirs", "ms": 1.0},
            "candidates": [
                candidate("quick", Some(1.1), Some(1.1)),
                candidate("slow", Some(1.1), Some(1.2)),
                candidate("free", None, Some(9.0)),
                candidate("lost", Some(1.1), None),
            ],
        });
        assert_eq!(over(&report), ["slow", "lost"]);
        let table = render(&report);
        assert_eq!(table.lines().count(), 6);
        assert!(table.contains("1.200  OVER the limit of 1.10"), "{table}");
    }

    #[test]
    fn a_figure_has_a_limit_of_its_own() {
        let figure = |name: &str, value: Option<f64>| json!({"name": name, "value": value, "unit": "ms", "limit": 5.0});
        let report = json!({"what": "waiting", "figures": [figure("quick", Some(1.0)), figure("slow", Some(6.0)), figure("lost", None)]});
        assert_eq!(over(&report), ["slow", "lost"]);
        assert_eq!(render(&report).lines().count(), 4);
    }
}
