//! Where this program keeps what it remembers.

use std::path::PathBuf;

/// The ledger's usual file: in `$XDG_STATE_HOME` (XDG Base Directory Specification) wherever that is
/// set, else in the folder that the system has for a program's own files.
pub(crate) fn ledger(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    Some(state(env)?.join("dryapi").join("ledger.sqlite3"))
}

fn state(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    // A path that depends on where one stands would be another ledger in every folder.
    let folder = |name: &str| {
        let path = env(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    folder("XDG_STATE_HOME").or_else(|| {
        if cfg!(windows) {
            folder("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            folder("HOME").map(|home| home.join("Library").join("Application Support"))
        } else {
            folder("HOME").map(|home| home.join(".local").join("state"))
        }
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn of(vars: &[(&str, &str)]) -> Option<PathBuf> {
        ledger(&|wanted| {
            let found = vars.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_nearest_place_counts() {
        let home = ("HOME", "/home/ann");
        let usual = "/home/ann/.local/state/dryapi/ledger.sqlite3";
        assert_eq!(of(&[home]), Some(usual.into()));
        assert_eq!(
            of(&[home, ("XDG_STATE_HOME", "not/absolute")]),
            Some(usual.into())
        );
        let said = of(&[home, ("XDG_STATE_HOME", "/s")]);
        assert_eq!(said, Some("/s/dryapi/ledger.sqlite3".into()));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("HOME", "relative")]), None);
    }
}
