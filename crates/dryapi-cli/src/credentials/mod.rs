//! The keys that `dryapi login` keeps: one for each profile at each address of the service.
//!
//! They lie in the system's keyring, where this program was built with one and it answers; else in a
//! file for its owner alone, beside the config file. Rights that others got over that file are taken
//! away again before it is read.

mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod rights;
mod whose;

use std::fmt;
use std::path::PathBuf;

use crate::config::Chosen;
use crate::report::End;
use crate::screen::Screen;
use file::Credentials;

pub(crate) use rights::guard;
pub(crate) use whose::Whose;

/// Where a key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    #[cfg(feature = "keyring")]
    Keyring,
    File(PathBuf),
}

impl Place {
    /// The file's path, where it is one.
    pub(crate) fn file(&self) -> Option<String> {
        let path = match self {
            Self::File(path) => Some(path),
            #[cfg(feature = "keyring")]
            Self::Keyring => None,
        };
        path.map(|path| path.display().to_string())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "keyring")]
            Self::Keyring => f.write_str("the system's keyring"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The key that is kept, and where.
///
/// The file goes first: a key lies there only while the keyring has no newer one.
pub(crate) async fn find(
    whose: &Whose,
    chosen: &Chosen,
    screen: &Screen,
) -> Result<Option<(String, Place)>, End> {
    if let Some(kept) = Credentials::open(chosen, screen)?
        && let Some(key) = kept.key(whose)
    {
        return Ok(Some((key.to_owned(), Place::File(kept.path().to_owned()))));
    }
    #[cfg(feature = "keyring")]
    if chosen.keyring {
        match keyring::key(whose).await {
            Ok(key) => return Ok(key.map(|key| (key, Place::Keyring))),
            Err(why) => screen.note(&unusable(&why, "no key of it can be used")),
        }
    }
    Ok(None)
}

/// Keeps a key in the place of the one before.
pub(crate) async fn keep(
    whose: &Whose,
    key: String,
    chosen: &Chosen,
    screen: &Screen,
) -> Result<Place, End> {
    let mut kept = Credentials::at(chosen.path()?, screen)?;
    #[cfg(feature = "keyring")]
    if chosen.keyring {
        match keyring::keep(whose, key.clone()).await {
            Ok(()) => {
                kept.forget(whose)?;
                return Ok(Place::Keyring);
            }
            Err(why) => screen.note(&unusable(&why, "the key goes into a file")),
        }
    }
    kept.keep(whose.clone(), key)?;
    Ok(Place::File(kept.path().to_owned()))
}

/// Forgets a key wherever it is kept. Says whether there was one.
pub(crate) async fn forget(whose: &Whose, chosen: &Chosen, screen: &Screen) -> Result<bool, End> {
    let in_file = Credentials::at(chosen.path()?, screen)?.forget(whose)?;
    #[cfg(feature = "keyring")]
    if chosen.keyring {
        match keyring::forget(whose).await {
            Ok(in_keyring) => return Ok(in_file || in_keyring),
            Err(why) => screen.note(&unusable(&why, "a key in it is still there")),
        }
    }
    Ok(in_file)
}

#[cfg(feature = "keyring")]
fn unusable(why: &str, so: &str) -> String {
    let why = crate::report::terminal::line(why);
    format!("warning: the system's keyring cannot be used ({why}); {so}")
}
