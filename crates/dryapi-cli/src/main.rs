//! The `dryapi` command.
fn main() {}
