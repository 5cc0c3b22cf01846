//! The file of keys.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use dryapi_client::{DEFAULT_BASE_URL, ErrorKind};
use serde::{Deserialize, Serialize};

use super::rights;
use crate::config::{Chosen, write};
use crate::report::{End, Failure};
use crate::screen::Screen;

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whose {
    pub(crate) base_url: String,
    /// `None` where no profile was named.
    pub(crate) profile: Option<String>,
}

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
pub(crate) struct Credentials {
    path: PathBuf,
    logins: Logins,
}

impl Whose {
    pub(crate) fn new(base_url: Option<&str>, chosen: &Chosen) -> Self {
        let base_url = base_url.unwrap_or(DEFAULT_BASE_URL);
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            profile: chosen.profile.clone(),
        }
    }

    /// As an option of a command.
    pub(crate) fn option(&self) -> String {
        let profile = self.profile.as_ref();
        profile.map_or_else(String::new, |name| format!(" --profile {name}"))
    }
}

impl Credentials {
    /// Reads them; takes others' rights over the file away first, and says so. `None` where there
    /// is no place for them.
    pub(crate) fn open(chosen: &Chosen, screen: &Screen) -> Result<Option<Self>, End> {
        let Some(config) = &chosen.path else {
            return Ok(None);
        };
        let path = config.with_file_name("credentials.json");
        match rights::repair(&path) {
            Ok(false) => {}
            Ok(true) => screen.note(&format!(
                "warning: others could read {}; that is mended, but whoever could has the keys: \
                 make new ones on the dashboard if that may be",
                path.display()
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let why = format!("others can read it, and that cannot be mended: {error}");
                return Err(wrong(&path, &why));
            }
        }
        let logins = match std::fs::read_to_string(&path) {
            // What stands in it is not quoted.
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let line = error.line();
                wrong(&path, &format!("line {line} cannot be read"))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Logins::default(),
            Err(error) => return Err(wrong(&path, &error.to_string())),
        };
        Ok(Some(Self { path, logins }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn key(&self, whose: &Whose) -> Option<&str> {
        let found = self
            .logins
            .logins
            .iter()
            .find(|login| login.whose == *whose);
        found.map(|login| login.api_key.as_str())
    }

    /// Keeps a key in the place of the one before.
    pub(crate) fn keep(&mut self, whose: Whose, api_key: String) -> Result<(), End> {
        self.logins.logins.retain(|login| login.whose != whose);
        self.logins.logins.push(Login { whose, api_key });
        self.save()
    }

    /// Forgets a key. Says whether there was one.
    pub(crate) fn forget(&mut self, whose: &Whose) -> Result<bool, End> {
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
