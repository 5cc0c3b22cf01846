//! `dryapi webhook …`: what whoever writes a webhook's receiver needs. No key, no account.

mod sample;
mod send;
mod sign;
mod trigger;
mod verify;

use clap::ArgMatches;
use dryapi_client::ErrorKind;

use crate::flags::Given;
use crate::report::{End, Failure};
use crate::screen::Screen;
use crate::stdin::Stdin;
use crate::stop::Stop;

/// What the commands run with.
struct Desk<'a> {
    given: &'a Given,
    screen: &'a Screen,
    stop: &'a Stop,
}

pub(crate) async fn webhook(
    given: &Given,
    matches: &ArgMatches,
    screen: &Screen,
    stop: &Stop,
    stdin: Stdin,
) -> Result<(), End> {
    let desk = Desk {
        given,
        screen,
        stop,
    };
    let work = async {
        match matches.subcommand() {
            Some(("sign", matches)) => sign::sign(&desk, matches, stdin).await,
            Some(("verify", matches)) => verify::verify(&desk, matches, stdin).await,
            Some(("trigger", matches)) => trigger::trigger(&desk, matches).await,
            _ => Err(Failure::invalid("no such command").into()),
        }
    };
    tokio::select! {
        biased;
        result = work => result,
        () = desk.stop.asked(1) => {
            Err(Failure::new(crate::report::Kind::Interrupted, "interrupted").into())
        }
    }
}

impl Desk<'_> {
    /// The secrets that were given; the environment's where there is none.
    fn secrets(&self, matches: &ArgMatches) -> Result<Vec<String>, End> {
        let given = matches.get_many::<String>("secret").unwrap_or_default();
        let mut secrets: Vec<String> = given.cloned().collect();
        if secrets.is_empty() {
            secrets.extend(self.given.webhook_secret.clone());
        }
        if secrets.is_empty() {
            let help = "Set DRYAPI_WEBHOOK_SECRET, or give --secret. It stands on the dashboard.";
            return Err(Failure::invalid("no webhook secret").help(help).into());
        }
        if secrets.iter().any(String::is_empty) {
            let why = "an empty webhook secret protects nothing: everybody could sign with it";
            return Err(Failure::invalid(why).into());
        }
        Ok(secrets)
    }

    /// The only secret.
    fn secret(&self, matches: &ArgMatches) -> Result<String, End> {
        Ok(self.secrets(matches)?.swap_remove(0))
    }
}

/// The bytes of FILE, every one of them: a signature covers them as they are.
async fn body(matches: &ArgMatches, mut stdin: Stdin) -> Result<Vec<u8>, End> {
    let file = matches.get_one::<String>("file").cloned();
    let file = file.unwrap_or_default();
    if file == "-" {
        return stdin.bytes().await;
    }
    tokio::fs::read(&file)
        .await
        .map_err(|error| Failure::new(ErrorKind::File, format!("{file}: {error}")).into())
}
