//! A report as a table for people.

use std::fmt::Write as _;

use serde_json::Value;

/// The candidates of a report, and whether each kept its limit.
pub(super) fn render(report: &Value) -> String {
    let baseline = &report["baseline"];
    let mut text = format!("{}\n", word(&report["what"]));
    let mut row = |name: &str, ms: f64, rest: &str| {
        let _ = writeln!(text, "  {name:<40} {ms:>9.2} ms  {rest}");
    };
    row(word(&baseline["name"]), number(&baseline["ms"]), " 1.000");
    for candidate in candidates(report) {
        let ratio = number(&candidate["ratio"]);
        let limit = match candidate["limit"].as_f64() {
            Some(limit) if ratio <= limit => format!("  within {limit:.2}"),
            Some(limit) => format!("  OVER the limit of {limit:.2}"),
            None => String::new(),
        };
        let rest = format!("{ratio:>6.3}{limit}");
        row(word(&candidate["name"]), number(&candidate["ms"]), &rest);
    }
    text
}

/// The names of the candidates over their limits. A ratio that is missing kept none.
pub(super) fn over(report: &Value) -> Vec<&str> {
    candidates(report)
        .filter(|candidate| {
            let kept = |limit| number(&candidate["ratio"]) <= limit;
            candidate["limit"]
                .as_f64()
                .is_some_and(|limit| !kept(limit))
        })
        .map(|candidate| word(&candidate["name"]))
        .collect()
}

fn candidates(report: &Value) -> impl Iterator<Item = &Value> {
    report["candidates"].as_array().into_iter().flatten()
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
}
