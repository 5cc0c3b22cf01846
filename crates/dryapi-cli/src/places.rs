//! Where this program keeps what it remembers.

use std::path::PathBuf;

/// The ledger's usual file: in `$XDG_STATE_HOME` (XDG Base Directory Specification) wherever that is
/// set, else in the folder that the system has for a program's own files.
pub(crate) fn ledger(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let own = Own {
        xdg: "XDG_STATE_HOME",
        windows: "LOCALAPPDATA",
        macos: "Library/Application Support",
        home: ".local/state",
    };
    Some(folder(env, &own)?.join("dryapi").join("ledger.sqlite3"))
}

/// The config file: as `DRYAPI_CONFIG` names it, else in `$XDG_CONFIG_HOME` wherever that is set,
/// else in the folder that the system has for programs' settings.
pub(crate) fn config(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(named) = env("DRYAPI_CONFIG").filter(|path| !path.is_empty()) {
        return std::path::absolute(named).ok();
    }
    let own = Own {
        xdg: "XDG_CONFIG_HOME",
        windows: "APPDATA",
        macos: "Library/Application Support",
        home: ".config",
    };
    Some(folder(env, &own)?.join("dryapi").join("config.toml"))
}

/// What may go away at any time.
pub(crate) fn cache(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let own = Own {
        xdg: "XDG_CACHE_HOME",
        windows: "LOCALAPPDATA",
        macos: "Library/Caches",
        home: ".cache",
    };
    Some(folder(env, &own)?.join("dryapi"))
}

/// Where the systems have a folder of one kind.
struct Own {
    xdg: &'static str,
    windows: &'static str,
    macos: &'static str,
    home: &'static str,
}

fn folder(env: &dyn Fn(&str) -> Option<String>, own: &Own) -> Option<PathBuf> {
    // A path that depends on where one stands would be another file in every folder.
    let folder = |name: &str| {
        let path = env(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    folder(own.xdg).or_else(|| {
        if cfg!(windows) {
            folder(own.windows)
        } else if cfg!(target_os = "macos") {
            folder("HOME").map(|home| home.join(own.macos))
        } else {
            folder("HOME").map(|home| home.join(own.home))
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

    #[test]
    fn the_config_file_may_be_named() {
        let of = |vars: &[(&str, &str)]| {
            config(&|wanted| {
                let found = vars.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let home = ("HOME", "/home/ann");
        assert_eq!(
            of(&[home]),
            Some("/home/ann/.config/dryapi/config.toml".into())
        );
        let said = of(&[home, ("XDG_CONFIG_HOME", "/c")]);
        assert_eq!(said, Some("/c/dryapi/config.toml".into()));
        let named = of(&[home, ("DRYAPI_CONFIG", "/my.toml")]);
        assert_eq!(named, Some("/my.toml".into()));
        assert_eq!(of(&[]), None);
    }
}
