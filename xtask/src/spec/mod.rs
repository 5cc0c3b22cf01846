//! Our own description of the service, `xtask/spec/dryapi.yaml`, read into what the generator needs.

pub(crate) mod extension;
mod field;
pub(crate) mod model;
mod read;
mod schemas;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

pub(crate) use self::model::{Description, PREFIX};

/// Where it lies, from the workspace's root.
pub(crate) const FILE: &str = "xtask/spec/dryapi.yaml";

/// Reads a description.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn load(path: &Path) -> Result<Description, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let document = serde_norway::from_str(&text).map_err(|error| format!("{shown}: {error}"))?;
    read::description(&document).map_err(|error| format!("{shown}: {error}"))
}
