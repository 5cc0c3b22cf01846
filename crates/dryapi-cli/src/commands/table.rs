//! Entries of the ledger as a table for people.

use std::time::{Duration, SystemTime};

use dryapi_ledger::{Entry, State};

use crate::names;
use crate::report::{End, terminal};
use crate::screen::Screen;

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    state: State,
    /// What stands behind the state, each in a column.
    cells: [String; 5],
    /// In the last column, which is not padded.
    target: String,
}

impl Row {
    pub(super) fn of(entry: &Entry, now: SystemTime) -> Self {
        let id = entry.request_id.as_ref();
        let id = id.map_or_else(|| "-".to_owned(), |id| names::short(id.as_str()));
        let cost = entry.estimate;
        let cost = cost.map_or_else(|| "-".to_owned(), |cost| format!("{cost} USD"));
        let file = entry.file.as_ref().map(|file| file.path.as_str());
        let target = file.or(entry.target.as_deref()).unwrap_or_default();
        Self {
            state: entry.state,
            cells: [
                terminal::line(&entry.operation).into_owned(),
                entry.intent.to_string(),
                id,
                cost,
                ago(now, entry.created),
            ],
            target: terminal::line(target).into_owned(),
        }
    }
}

/// Prints rows with their columns aligned; states in colours where somebody watches.
pub(super) fn show(screen: &Screen, rows: &[Row]) -> Result<(), End> {
    let colours = screen.colours(screen.stdout_is_terminal());
    let mut widths = [0; 5];
    let mut of_state = 0;
    for row in rows {
        of_state = of_state.max(row.state.as_str().len());
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        let state = format!("{:<of_state$}", row.state);
        let mut line = match colour(row.state).filter(|_| colours) {
            Some(colour) => format!("\x1b[{colour}m{state}\x1b[0m"),
            None => state,
        };
        for (width, cell) in widths.into_iter().zip(&row.cells) {
            line += &format!("  {cell:<width$}");
        }
        line += &format!("  {}", row.target);
        screen.result(line.trim_end())?;
    }
    Ok(())
}

/// As a terminal is told: what needs somebody, and what went well.
const fn colour(state: State) -> Option<u8> {
    match state {
        State::Unknown => Some(33),
        State::Failed => Some(31),
        State::Done | State::Downloaded => Some(32),
        _ => None,
    }
}

/// How long ago, in the largest unit of which there is one.
pub(super) fn ago(now: SystemTime, then: SystemTime) -> String {
    let passed = now.duration_since(then).unwrap_or(Duration::ZERO).as_secs();
    let (number, unit) = match passed {
        0..60 => return "just now".to_owned(),
        60..3600 => (passed / 60, "min"),
        3600..86_400 => (passed / 3600, "h"),
        86_400..172_800 => return "1 day ago".to_owned(),
        _ => (passed / 86_400, "days"),
    };
    format!("{number} {unit} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (seconds, said) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 min ago"),
            (7199, "1 h ago"),
            (86_400, "1 day ago"),
            (259_200, "3 days ago"),
        ] {
            assert_eq!(ago(now, now - Duration::from_secs(seconds)), said);
        }
        assert_eq!(ago(now, now + Duration::from_secs(9)), "just now");
    }
}
