//! The file of keys.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use dryapi_client::ErrorKind;
use serde::{Deserialize, Serialize};

use super::rights;
use super::whose::Whose;
use crate::config::{Chosen, write};
use crate::report::{End, Failure};
use crate::screen::Screen;

#[derive(Serialize, Deserialize)]
struct Login {
    #[serde(flatten)]
    whose: Whose,
    api_key: String,
}

#[derive(Default, Serialize, Deserialize)]
struct Logins {
    logins: Vec<Login>,
}

/// The keys that are kept.
pub(super) struct Credentials {
    path: PathBuf,
    logins: Logins,
}

impl Credentials {
    /// Reads them; takes others' rights over the file away first, and says so. `None` where there
    /// is no place for them.
    pub(super) fn open(chosen: &Chosen, screen: &Screen) -> Result<Option<Self>, End> {
        let config = chosen.path.as_deref();
        config.map(|config| Self::at(config, screen)).transpose()
    }

    /// Those beside a config file.
    pub(super) fn at(config: &Path, screen: &Screen) -> Result<Self, End> {
        let path = config.with_file_name("credentials.json");
        rights::guard(&path, screen)?;
        let logins = match std::fs::read_to_string(&path) {
            // What stands in it is not quoted.
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let line = error.line();
                wrong(&path, &format!("line {line} cannot be read"))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Logins::default(),
            Err(error) => return Err(wrong(&path, &error.to_string())),
        };
        Ok(Self { path, logins })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn key(&self, whose: &Whose) -> Option<&str> {
        let found = self
            .logins
            .logins
            .iter()
            .find(|login| login.whose == *whose);
        found.map(|login| login.api_key.as_str())
    }

    /// Keeps a key in the place of the one before.
    pub(super) fn keep(&mut self, whose: Whose, api_key: String) -> Result<(), End> {
        self.logins.logins.retain(|login| login.whose != whose);
        self.logins.logins.push(Login { whose, api_key });
        self.save()
    }

    /// Forgets a key. Says whether there was one.
    pub(super) fn forget(&mut self, whose: &Whose) -> Result<bool, End> {
        let before = self.logins.logins.len();
        self.logins.logins.retain(|login| login.whose != *whose);
        let found = self.logins.logins.len() < before;
        if found {
            self.save()?;
        }
        Ok(found)
    }

    fn save(&self) -> Result<(), End> {
        let text = serde_json::to_string_pretty(&self.logins).map_err(io::Error::from);
        let written = text.and_then(|text| write(&self.path, &(text + "\n")));
        written.map_err(|error| {
            let message = format!("the key cannot be kept in {}: {error}", self.path.display());
            Failure::new(ErrorKind::File, message).into()
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn wrong(path: &Path, why: &str) -> End {
    let message = format!("the file of keys {}: {why}", path.display());
    let failure = Failure::new(ErrorKind::Config, message);
    failure
        .help("Mend it, or remove it and log in again with dryapi login.")
        .into()
}
