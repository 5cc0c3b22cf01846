//! Whether others may read a file.

use std::io;
use std::path::Path;

/// Takes everybody else's rights away. Says whether there were any.
///
/// Elsewhere than on Unix a file in one's own folder is one's own.
pub(super) fn repair(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut rights = std::fs::metadata(path)?.permissions();
        if rights.mode() & 0o077 != 0 {
            rights.set_mode(0o600);
            std::fs::set_permissions(path, rights)?;
            return Ok(true);
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(false)
}
