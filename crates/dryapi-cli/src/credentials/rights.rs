//! A file with keys is for its owner alone.

use std::io;
use std::path::Path;

use dryapi_client::ErrorKind;

use crate::report::{End, Failure};
use crate::screen::Screen;

/// Takes everybody else's rights over a file away, and says so; where that cannot be done, the file
/// is not read.
pub(crate) fn guard(path: &Path, screen: &Screen) -> Result<(), End> {
    let shown = path.display();
    match repair(path) {
        Ok(false) => {}
        Ok(true) => screen.note(&format!(
            "warning: others could read {shown}; that is mended, but whoever could has the keys: \
             make new ones on the dashboard if that may be"
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let message =
                format!("others can read the keys in {shown}, and that cannot be mended: {error}");
            return Err(Failure::new(ErrorKind::Config, message).into());
        }
    }
    Ok(())
}

/// Says whether others had any rights.
///
/// Elsewhere than on Unix a file in one's own folder is one's own.
fn repair(path: &Path) -> io::Result<bool> {
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
