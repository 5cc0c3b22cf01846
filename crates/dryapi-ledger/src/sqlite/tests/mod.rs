//! What only an inside look can show: every statement as a place to die at.

pub(super) mod probe;
