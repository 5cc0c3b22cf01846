//! Finding an operation by its name.

use crate::generated::table::TABLE;
use crate::meta::Meta;

/// An operation of the table by its API name or, for tasks, any spelling of it.
#[must_use]
pub fn meta(name: &str) -> Option<&'static Meta> {
    TABLE.iter().copied().find(|meta| meta.is_called(name))
}
