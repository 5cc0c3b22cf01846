//! Where in a result it went wrong: put before the error on its way out, so that reading what is
//! right costs nothing.

use std::fmt;

use serde::de::Error;

/// Says where in a list it went wrong.
pub(super) fn in_list<E: Error>(at: usize, error: &impl fmt::Display) -> E {
    placed(&format!("[{at}]"), error)
}

/// Says in which member of an object it went wrong.
pub(super) fn in_object<E: Error>(name: &str, error: &impl fmt::Display) -> E {
    placed(&format!(".{name}"), error)
}

/// Puts a place before an error, which may begin with one itself.
pub(in crate::output) fn placed<E: Error>(place: &str, error: &impl fmt::Display) -> E {
    let error = error.to_string();
    let gap = if error.starts_with(['[', '.']) {
        ""
    } else {
        ": "
    };
    E::custom(format_args!("{place}{gap}{error}"))
}
