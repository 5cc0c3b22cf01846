//! Our own description of the service, `xtask/spec/dryapi.yaml`, read into what the generator needs.

pub(crate) mod extension;
pub(crate) mod model;
mod read;

use std::fs;
use std::path::Path;

pub(crate) use self::model::Description;

/// Where it lies, from the workspace's root.
pub(crate) const FILE: &str = "xtask/spec/dryapi.yaml";

/// What every path of the service starts with.
pub(crate) const PREFIX: &str = "/api/v1/client/";

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
