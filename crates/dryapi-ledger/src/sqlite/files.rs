//! The folder and the file: for their owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::path::{Path, PathBuf};

use super::failure::io;
use crate::error::{StoreError, StoreErrorKind};

/// Makes the folder, and gives the file's path without links in it.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, StoreError> {
    let Some(name) = path.file_name() else {
        let text = format!("{} is no name for a ledger; name a file", path.display());
        return Err(StoreError::new(StoreErrorKind::Other, text));
    };
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    folder(parent)?;
    let parent = fs::canonicalize(parent).map_err(|error| io(error, "find", parent))?;
    let path = parent.join(name);
    // The file itself may be a link, perhaps to another disk.
    Ok(fs::canonicalize(&path).unwrap_or(path))
}

/// Makes a folder, and those it is in, where there is none.
pub(super) fn folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| io(error, "create the folder", path))
}

/// Makes a file where there is none, which SQLite gives its own files' rights after.
pub(super) fn create(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .map_err(|error| io(error, "open the file", path))?;
    #[cfg(unix)]
    own(&file).map_err(|error| io(error, "take others' rights away from", path))?;
    Ok(file)
}

/// Takes everybody else's rights away.
#[cfg(unix)]
fn own(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut rights = file.metadata()?.permissions();
    if rights.mode() & 0o077 != 0 {
        rights.set_mode(0o600);
        file.set_permissions(rights)?;
    }
    Ok(())
}
