//! The API key: from the nearest place that has one.

use std::fmt;
use std::path::PathBuf;

use dryapi_client::{ApiKey, ErrorKind};

use crate::credentials::{self, Place, Whose};
use crate::flags::Given;
use crate::report::{End, Failure};
use crate::screen::Screen;
use crate::stdin::Stdin;

/// Where the key was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Flag,
    Stdin,
    File(PathBuf),
    Environment,
    Config(PathBuf),
    Login(Place),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("--api-key"),
            Self::Stdin => f.write_str("stdin"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Environment => f.write_str("DRYAPI_API_KEY"),
            Self::Config(path) => write!(f, "the config file {}", path.display()),
            Self::Login(place) => write!(f, "dryapi login ({place})"),
        }
    }
}

/// The key that was given: as a flag, from a file, in the environment.
pub(crate) async fn given(
    given: &Given,
    stdin: &mut Stdin,
) -> Result<Option<(String, Source)>, End> {
    let found = match (&given.api_key, &given.api_key_file) {
        (Some(key), _) if given.api_key_flag => (key.clone(), Source::Flag),
        (Some(key), _) => (key.clone(), Source::Environment),
        (None, Some(path)) if path.as_os_str() == "-" => (stdin.text().await?, Source::Stdin),
        (None, Some(path)) => (file(path.clone()).await?, Source::File(path.clone())),
        (None, None) => return Ok(None),
    };
    Ok(Some(found))
}

/// The key: as it was given, else as the config file says, else from the login.
pub(crate) async fn find(
    options: &Given,
    stdin: &mut Stdin,
    screen: &Screen,
) -> Result<(ApiKey, Source), End> {
    let (key, source) = match given(options, stdin).await? {
        Some(found) => found,
        None => kept(options, screen).await?,
    };
    Ok((ApiKey::new(key)?, source))
}

async fn kept(given: &Given, screen: &Screen) -> Result<(String, Source), End> {
    let settings = &given.settings;
    let chosen = settings.chosen();
    if let Some(key) = settings.get("api-key") {
        let path = chosen.path.clone().unwrap_or_default();
        credentials::guard(&path, screen)?;
        return Ok((key.to_owned(), Source::Config(path)));
    }
    if let Some(path) = settings.get("api-key-file").map(PathBuf::from) {
        return Ok((file(path.clone()).await?, Source::File(path)));
    }
    let whose = Whose::new(given.base_url.as_deref(), chosen);
    if let Some((key, place)) = credentials::find(&whose, chosen, screen).await? {
        return Ok((key, Source::Login(place)));
    }
    let message = match (&whose.profile, &given.base_url) {
        (Some(name), _) => format!("no API key for the profile {name} at {}", whose.base_url),
        (None, Some(_)) => format!("no API key for {}", whose.base_url),
        (None, None) => "no API key".to_owned(),
    };
    let login = whose.option();
    let help = format!(
        "Set DRYAPI_API_KEY, or give --api-key or --api-key-file, or keep one with dryapi \
         login{login}. Keys are made on the dashboard; --sandbox needs none."
    );
    Err(Failure::new(ErrorKind::Config, message).help(help).into())
}

async fn file(path: PathBuf) -> Result<String, End> {
    tokio::fs::read_to_string(&path).await.map_err(|error| {
        let message = format!("the key file {}: {error}", path.display());
        Failure::new(ErrorKind::Config, message).into()
    })
}
