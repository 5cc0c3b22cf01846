//! The differences that are meant, and why: `xtask/spec/accepted.toml`.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::difference::Difference;

/// The word for every operation.
const EVERY: &str = "*";

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accepted {
    #[serde(default)]
    accepted: Vec<Entry>,
}

/// A difference of one or several operations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Paths below the service's prefix, or `*`.
    operations: Vec<String>,
    /// The field as it is printed; a `*` at the end stands for any rest.
    field: String,
    /// In what they differ, as it is printed before the colon.
    difference: String,
    /// What the other side says. When given, the entry is void as soon as they say something else.
    theirs: Option<String>,
    /// Why ours differs, and who says so.
    reason: String,
}

impl Accepted {
    /// Reads the file's text.
    ///
    /// # Errors
    /// It is no such file, or an entry gives no reason.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let read: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        for entry in &read.accepted {
            if entry.reason.trim().is_empty() {
                return Err(format!("{} gives no reason", entry.what()));
            }
            if entry.operations.is_empty() {
                return Err(format!("{} names no operation", entry.what()));
            }
        }
        Ok(read)
    }

    /// Why a difference is meant.
    pub(super) fn reason(&self, difference: &Difference) -> Option<&str> {
        let entry = self.accepted.iter().find(|entry| {
            let mut operations = entry.operations.iter();
            operations.any(|operation| entry.covers(operation, difference))
        })?;
        Some(&entry.reason)
    }

    /// What stands in the file and is no difference any more.
    pub(super) fn stale(&self, differences: &BTreeSet<Difference>) -> Vec<String> {
        let mut stale = Vec::new();
        for entry in &self.accepted {
            for operation in &entry.operations {
                let covers = |difference| entry.covers(operation, difference);
                if !differences.iter().any(covers) {
                    let what = entry.what();
                    stale.push(format!(
                        "{operation}  {what}: accepted, but no difference any more"
                    ));
                }
            }
        }
        stale
    }
}

impl Entry {
    fn what(&self) -> String {
        let theirs = self.theirs.as_deref();
        let theirs = theirs.map(|theirs| format!(": theirs {theirs}"));
        format!(
            "{}  {}{}",
            self.field,
            self.difference,
            theirs.unwrap_or_default()
        )
    }

    fn covers(&self, operation: &str, difference: &Difference) -> bool {
        let field = match self.field.strip_suffix('*') {
            Some(start) => difference.field.starts_with(start),
            None => difference.field == self.field,
        };
        let theirs = self.theirs.as_ref();
        field
            && (operation == EVERY || operation == difference.name)
            && self.difference == difference.what
            && theirs.is_none_or(|theirs| *theirs == difference.theirs)
    }
}
