//! One thing in which the descriptions disagree.

use std::fmt;

/// One line of the output. The order of its parts is the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// The operation's path below the service's prefix.
    pub(super) name: String,
    /// Its method.
    pub(super) method: String,
    /// The field, `query:NAME`, `path:NAME`, `answer:NAME`, `(body)` or `(operation)`.
    pub(super) field: String,
    /// In what: `missing`, `only ours`, `type`, `required`, a keyword of schemas …
    pub(super) what: String,
    /// What the other description says.
    pub(super) theirs: String,
    /// What ours says.
    pub(super) ours: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            method,
            field,
            what,
            theirs,
            ours,
        } = self;
        write!(
            to,
            "{method} {name}  {field}  {what}: theirs {theirs}, ours {ours}"
        )
    }
}
