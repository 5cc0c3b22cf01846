//! What a check found.

/// One thing that is wrong, told so that a reader can repair it at once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What is wrong.
    pub(crate) what: String,
    /// The file, line or package.
    pub(crate) place: String,
    /// The command or the edit which repairs it.
    pub(crate) fix: String,
}

impl Failure {
    /// A failure with its three parts.
    pub(crate) fn new(
        what: impl Into<String>,
        place: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            place: place.into(),
            fix: fix.into(),
        }
    }

    /// A program that could not be run, or an answer nobody could read.
    pub(crate) fn of_tool(what: impl Into<String>, command: &str) -> Self {
        Self::new(what, command, format!("run `{command}` and see"))
    }
}

/// The outcome of a check.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What is wrong; the check is red if there is any.
    pub(crate) failures: Vec<Failure>,
    /// What is worth showing either way.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// A report of failures alone.
    pub(crate) fn of(failures: Vec<Failure>) -> Self {
        Self {
            failures,
            notes: Vec::new(),
        }
    }
}
