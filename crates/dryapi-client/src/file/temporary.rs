//! A temporary file without a name: whatever happens to the process, nothing is left of it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates one in a folder, for this user only.
pub(super) fn create(folder: &Path, random: u64) -> io::Result<File> {
    let path = folder.join(format!("dryapi-{random:016x}.tmp"));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    nameless(&mut options, &path)
}

#[cfg(unix)]
fn nameless(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let file = options.mode(0o600).open(path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

#[cfg(windows)]
fn nameless(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;

    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    options.custom_flags(FILE_FLAG_DELETE_ON_CLOSE).open(path)
}

/// Reads at a place, whoever else reads elsewhere.
#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

/// Reads at a place, whoever else reads elsewhere.
#[cfg(windows)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}
