//! Which processes are alive: each writer holds a lock on a file of its own, and the system lets go
//! of it however the process ends. No process id, so none that was given to another.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::failure::io;
use super::files;
use crate::error::StoreError;

/// The folder of the writers' files, and the files of ours.
#[derive(Debug)]
pub(super) struct Writers {
    folder: PathBuf,
    ours: Vec<(PathBuf, File)>,
}

impl Writers {
    /// The writers of a ledger.
    pub(super) fn beside(ledger: &Path) -> Result<Self, StoreError> {
        let mut name = ledger.file_name().unwrap_or_default().to_owned();
        name.push("-writers");
        let folder = ledger.with_file_name(name);
        files::folder(&folder)?;
        let ours = Vec::new();
        Ok(Self { folder, ours })
    }

    /// Waits until nobody else is opening the ledger, and keeps others from it until the file is
    /// dropped.
    pub(super) fn alone(&self) -> Result<File, StoreError> {
        let path = self.folder.join("opening");
        let file = files::create(&path)?;
        file.lock().map_err(|error| io(error, "lock", &path))?;
        Ok(file)
    }

    /// A writer of this process begins.
    pub(super) fn join(&mut self, writer: &str) -> Result<(), StoreError> {
        let path = self.path(writer);
        let file = files::create(&path)?;
        file.lock().map_err(|error| io(error, "lock", &path))?;
        self.ours.push((path, file));
        Ok(())
    }

    /// Whether a writer's process has ended.
    pub(super) fn ended(&mut self, writer: &str) -> Result<Option<bool>, StoreError> {
        let path = self.path(writer);
        if self.ours.iter().any(|(ours, _)| *ours == path) {
            return Ok(Some(false));
        }
        let file = match File::open(&path) {
            Ok(file) => file,
            // It was tidied away.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Some(true)),
            Err(error) => return Err(io(error, "open", &path)),
        };
        match file.try_lock() {
            Ok(()) => {
                // Nobody takes this name again; if it cannot be removed, no harm is done.
                drop(fs::remove_file(&path));
                Ok(Some(true))
            }
            Err(TryLockError::WouldBlock) => Ok(Some(false)),
            Err(TryLockError::Error(error)) => Err(io(error, "lock", &path)),
        }
    }

    fn path(&self, writer: &str) -> PathBuf {
        // A writer's name is ours, but the row it stands in may not be.
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        self.folder
            .join(writer.chars().map(plain).collect::<String>())
    }
}

impl Drop for Writers {
    fn drop(&mut self) {
        for (path, file) in self.ours.drain(..) {
            // A file that stays is no harm.
            drop(fs::remove_file(path));
            drop(file);
        }
    }
}
