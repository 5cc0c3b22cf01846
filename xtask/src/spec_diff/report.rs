//! What is printed, and whether all is well.

use std::collections::BTreeMap;

use super::accepted::Accepted;
use super::compare;
use super::document::Operation;

/// The outcome of a comparison.
#[derive(Debug)]
pub(super) struct Report {
    /// A line a difference, then what else is wrong, then notes, then the sum.
    pub(super) lines: Vec<String>,
    /// Whether nothing is left to do.
    pub(super) ok: bool,
}

/// Compares their operations with ours.
pub(super) fn report(theirs: &[Operation], ours: &[Operation], accepted: &Accepted) -> Report {
    let differences = compare::all(theirs, ours);
    let mut lines = Vec::new();
    let mut meant = 0;
    for difference in &differences {
        let mark = match accepted.reason(difference) {
            Some(_) => "  (accepted)",
            None => "",
        };
        meant += usize::from(!mark.is_empty());
        lines.push(format!("{difference}{mark}"));
    }
    let stale = accepted.stale(&differences);
    let ok = meant == differences.len() && stale.is_empty();
    lines.extend(stale);
    lines.extend(notes(theirs, ours));
    let described = theirs
        .iter()
        .filter(|operation| compare::counterpart(operation, ours).is_some());
    lines.push(format!(
        "{} of {} operations are described; {} differences, {meant} accepted, {} not",
        described.count(),
        theirs.len(),
        differences.len(),
        differences.len() - meant,
    ));
    Report { lines, ok }
}

/// Worth knowing, and not wrong.
fn notes(theirs: &[Operation], ours: &[Operation]) -> Vec<String> {
    let mut notes = Vec::new();
    let extended = ours.iter().filter(|operation| {
        operation.extended && compare::counterpart(operation, theirs).is_none()
    });
    let extended: Vec<_> = extended.map(Operation::name).collect();
    if !extended.is_empty() {
        notes.push(format!(
            "note: ours alone, and marked so: {}",
            extended.join(", ")
        ));
    }
    let mut statuses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in theirs {
        let Some(ours) = compare::counterpart(operation, ours) else {
            continue;
        };
        for status in operation
            .failures
            .iter()
            .filter(|status| !declares(ours, status))
        {
            statuses.entry(status).or_default().push(operation.name());
        }
    }
    for (status, names) in statuses {
        notes.push(format!(
            "note: only they declare {status}: {}",
            names.join(", ")
        ));
    }
    notes
}

fn declares(operation: &Operation, status: &str) -> bool {
    let class = status.get(..1).map(|digit| format!("{digit}XX"));
    let declared = &operation.failures;
    declared.contains(status)
        || declared.contains("default")
        || class.is_some_and(|class| declared.contains(&class))
}
