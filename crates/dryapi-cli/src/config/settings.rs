//! What the config file says for one profile.

use std::path::{Path, PathBuf};

use dryapi_client::ErrorKind;

use super::file::{Config, Section, is_name};
use super::keys::{Key, model};
use crate::report::{End, Failure};

/// Which file, and which profile of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// The file, where there is a place for one.
    pub(crate) path: Option<PathBuf>,
    /// The profile; `None` is `[default]` alone.
    pub(crate) profile: Option<String>,
    /// Whether keys go into the system's keyring first.
    #[cfg(feature = "keyring")]
    pub(crate) keyring: bool,
}

/// The values of a profile over those of `[default]`.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    chosen: Chosen,
    own: Section,
    default: Section,
}

impl Chosen {
    /// The profile `default` is the section of that name.
    pub(crate) fn new(path: Option<PathBuf>, profile: Option<String>) -> Result<Self, End> {
        let profile = profile.filter(|name| name != "default");
        match profile.as_deref().filter(|name| !is_name(name)) {
            Some(name) => {
                let message = format!("{name:?} is no name of a profile");
                let help = "Write letters, digits, - and _.";
                Err(Failure::invalid(message).help(help).into())
            }
            None => Ok(Self {
                path,
                profile,
                #[cfg(feature = "keyring")]
                keyring: false,
            }),
        }
    }

    /// Where the config file is, or would be.
    pub(crate) fn path(&self) -> Result<&Path, End> {
        self.path.as_deref().ok_or_else(|| {
            let message = "there is no place for a config file: HOME is not set";
            let failure = Failure::new(ErrorKind::Config, message);
            failure.help("Name a file with DRYAPI_CONFIG.").into()
        })
    }
}

impl Settings {
    /// Reads them. A profile that is not there is an error, unless one may be `made`.
    pub(crate) fn read(chosen: Chosen, made: bool) -> Result<Self, End> {
        let Some(path) = chosen.path.clone() else {
            return match &chosen.profile {
                Some(_) => Err(chosen.path().err().unwrap_or(End::ClosedPipe)),
                None => Ok(Self::default()),
            };
        };
        let config = Config::open(&path)?;
        let own = match chosen.profile.as_deref() {
            None => Section::new(),
            Some(profile) => match config.section(Some(profile))? {
                Some(section) => section,
                None if made => Section::new(),
                None => return Err(unknown(&config, profile)),
            },
        };
        let default = config.section(None)?.unwrap_or_default();
        Ok(Self {
            chosen,
            own,
            default,
        })
    }

    pub(crate) const fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// A value.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let alone = self.chosen.profile.is_some() && Key::is_of_an_account(key);
        let shared = self.default.get(key).filter(|_| !alone);
        self.own.get(key).or(shared).map(String::as_str)
    }

    /// A value that belongs to the service's address: never one for another address.
    pub(crate) fn beside_base_url(&self, key: &str) -> Option<&str> {
        match self.own.contains_key("base-url") {
            true => self.own.get(key).map(String::as_str),
            false => self.get(key),
        }
    }

    /// Whether a switch is on, where that is said.
    pub(crate) fn switch(&self, key: &str) -> Option<bool> {
        self.get(key).map(|value| value == "true")
    }

    /// The model to take for a task where none is given.
    pub(crate) fn model(&self, task: &str) -> Option<&str> {
        self.get(&model(task))
    }

    /// Every value that holds, and whether the profile says it itself.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        let mut keys: Vec<&str> = self
            .own
            .keys()
            .chain(self.default.keys())
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| {
            let value = self.get(key)?;
            Some((key, value, self.own.contains_key(key)))
        })
    }
}

fn unknown(config: &Config, profile: &str) -> End {
    let path = config.path().display();
    let message = format!("there is no profile {profile} in {path}");
    let help = match config.profiles() {
        there if there.is_empty() => format!(
            "There are none yet; to make it: dryapi login --profile {profile}, or dryapi config set \
             KEY VALUE --profile {profile}."
        ),
        there => format!("There are: {}.", there.join(", ")),
    };
    Failure::new(ErrorKind::Config, message).help(help).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(profile: Option<&str>) -> Settings {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let text = "[default]\nbase-url = \"https://a\"\nauth-url = \"https://a/auth\"\n\
                    client-id = \"1\"\nplan = \"basic\"\nmodel.txt2img = \"A\"\n\
                    [profiles.work]\nplan = \"premium\"\n\
                    [profiles.other]\nbase-url = \"https://b\"\nclient-id = \"2\"\n";
        std::fs::write(&path, text).unwrap();
        let chosen = Chosen::new(Some(path), profile.map(str::to_owned)).unwrap();
        Settings::read(chosen, false).unwrap()
    }

    #[test]
    fn a_profile_stands_over_the_default_but_for_the_account_and_the_address() {
        let default = settings(Some("default"));
        assert_eq!(default.get("client-id"), Some("1"));
        let work = settings(Some("work"));
        assert_eq!(work.get("plan"), Some("premium"));
        assert_eq!(work.model("txt2img"), Some("A"));
        assert_eq!(work.get("client-id"), None);
        assert_eq!(work.beside_base_url("auth-url"), Some("https://a/auth"));
        let other = settings(Some("other"));
        assert_eq!(other.get("client-id"), Some("2"));
        assert_eq!(other.beside_base_url("auth-url"), None);
        assert_eq!(other.get("plan"), Some("basic"));
    }
}
