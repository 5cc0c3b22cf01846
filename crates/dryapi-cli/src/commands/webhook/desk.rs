//! What the webhook commands have in common: their secrets and their bodies.

use clap::ArgMatches;
use dryapi_client::ErrorKind;

use crate::flags::Given;
use crate::report::{End, Failure};
use crate::screen::Screen;
use crate::stdin::Stdin;
use crate::stop::Stop;

/// What the commands run with.
pub(super) struct Desk<'a> {
    pub(super) given: &'a Given,
    pub(super) screen: &'a Screen,
    pub(super) stop: &'a Stop,
}

impl Desk<'_> {
    /// The secrets that were given; the environment's where there is none.
    pub(super) fn secrets(&self, matches: &ArgMatches) -> Result<Vec<String>, End> {
        let secrets = given_secrets(self.given, matches)?;
        if secrets.is_empty() {
            let help = "Set DRYAPI_WEBHOOK_SECRET, or give --secret. It stands on the dashboard.";
            return Err(Failure::invalid("no webhook secret").help(help).into());
        }
        Ok(secrets)
    }

    /// The only secret.
    pub(super) fn secret(&self, matches: &ArgMatches) -> Result<String, End> {
        Ok(self.secrets(matches)?.swap_remove(0))
    }
}

/// The secrets that were given, perhaps none; none of them is empty.
pub(super) fn given_secrets(given: &Given, matches: &ArgMatches) -> Result<Vec<String>, End> {
    let flags = matches.get_many::<String>("secret").unwrap_or_default();
    let mut secrets: Vec<String> = flags.cloned().collect();
    if secrets.is_empty() {
        secrets.extend(given.webhook_secret.clone());
    }
    if secrets.iter().any(String::is_empty) {
        let why = "an empty webhook secret protects nothing: everybody could sign with it";
        return Err(Failure::invalid(why).into());
    }
    Ok(secrets)
}

/// The bytes of FILE, every one of them: a signature covers them as they are.
pub(super) async fn body(matches: &ArgMatches, mut stdin: Stdin) -> Result<Vec<u8>, End> {
    let file = matches.get_one::<String>("file").cloned();
    let file = file.unwrap_or_default();
    if file == "-" {
        return stdin.bytes().await;
    }
    tokio::fs::read(&file)
        .await
        .map_err(|error| Failure::new(ErrorKind::File, format!("{file}: {error}")).into())
}
