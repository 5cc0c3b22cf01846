//! `dryapi login` and `dryapi logout`: the key that this machine keeps.

use clap::ArgMatches;
use dryapi_client::{ApiKey, ErrorKind};
use serde::Serialize;

use crate::config::Config;
use crate::console::Pace;
use crate::credentials::{self, Place, Whose};
use crate::flags::Given;
use crate::key;
use crate::ledger::Need;
use crate::report::{End, Failure, Kind, json};
use crate::screen::Screen;
use crate::session::Session;
use crate::stdin::Stdin;
use crate::stop::Stop;

/// What was kept, or forgotten. Names and order of the keys are a contract.
#[derive(Debug, Serialize)]
struct Said<'a> {
    base_url: &'a str,
    profile: Option<&'a str>,
    logged_in: bool,
    /// What is left on the account, where that was asked.
    balance: Option<String>,
    /// The file, where it is kept in one.
    file: Option<String>,
}

pub(crate) async fn login(
    mut given: Given,
    matches: &ArgMatches,
    screen: &Screen,
    stop: Stop,
    mut stdin: Stdin,
    pace: Pace,
) -> Result<(), End> {
    if given.sandbox {
        return Err(Failure::invalid("a sandbox needs no key: there is nothing to keep").into());
    }
    let chosen = given.settings.chosen().clone();
    chosen.path()?;
    let hidden_by_environment = given.api_key_in_env;
    if !given.api_key_flag {
        given.api_key = None;
    }
    let whose = Whose::new(given.base_url.as_deref(), &chosen);
    let text = match key::given(&given, &mut stdin).await? {
        Some((text, _)) => text,
        None => asked(&whose, &mut stdin, screen, &stop).await?,
    };
    let text = text.trim().to_owned();
    ApiKey::new(&text)?;
    let mut balance = None;
    if !matches.get_flag("no-check") {
        given.api_key = Some(text.clone());
        let stop = stop.clone();
        let session = Session::start(given, screen.clone(), stop, stdin, pace, Need::None).await?;
        let left = session.free(session.client.balance()).await?.balance;
        balance = Some(left.to_string());
    }
    let keep = credentials::keep(&whose, text, &chosen, screen);
    let place = unless_stopped(&stop, keep).await?;
    if let Some(profile) = chosen.profile.as_deref() {
        let mut config = Config::open(chosen.path()?)?;
        if config.section(Some(profile))?.is_none() {
            config.add(Some(profile))?;
            config.save()?;
        }
    }
    if hidden_by_environment {
        screen.note("warning: DRYAPI_API_KEY is set, and goes before the key that is kept now");
    }
    let left = balance.as_ref().map_or_else(
        || "the key was not tried".to_owned(),
        |left| format!("the key is taken, {left} USD are left"),
    );
    let said = format!("logged in{}; {left}; kept in {}", at(&whose), place);
    told(screen, &whose, Some(&place), balance, &said)
}

pub(crate) async fn logout(given: &Given, screen: &Screen, stop: &Stop) -> Result<(), End> {
    let chosen = given.settings.chosen();
    chosen.path()?;
    let whose = Whose::new(given.base_url.as_deref(), chosen);
    let forget = credentials::forget(&whose, chosen, screen);
    let said = match unless_stopped(stop, forget).await? {
        true => format!(
            "logged out{}; the key is forgotten here, and stays good",
            at(&whose)
        ),
        false => format!("no key was kept{}", at(&whose)),
    };
    if given.api_key_in_env {
        screen.note("warning: DRYAPI_API_KEY is set, and still used");
    }
    told(screen, &whose, None, None, &said)
}

fn told(
    screen: &Screen,
    whose: &Whose,
    place: Option<&Place>,
    balance: Option<String>,
    said: &str,
) -> Result<(), End> {
    if !screen.json() {
        return screen.result(said);
    }
    screen.result(&json::line(&Said {
        base_url: &whose.base_url,
        profile: whose.profile.as_deref(),
        logged_in: place.is_some(),
        balance,
        file: place.and_then(Place::file),
    }))
}

/// A keyring may ask its owner, and wait for long.
async fn unless_stopped<T>(
    stop: &Stop,
    work: impl Future<Output = Result<T, End>>,
) -> Result<T, End> {
    tokio::select! {
        biased;
        done = work => done,
        () = stop.asked(1) => {
            let why = "interrupted; what the keyring was asked for may still be done";
            Err(Failure::new(Kind::Interrupted, why).into())
        }
    }
}

fn at(whose: &Whose) -> String {
    let profile = whose.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(" as {name}"));
    format!("{profile} at {}", whose.base_url)
}

async fn asked(
    whose: &Whose,
    stdin: &mut Stdin,
    screen: &Screen,
    stop: &Stop,
) -> Result<String, End> {
    if !stdin.can_answer() || screen.json() {
        let message = "nobody can be asked for the key";
        let help = "Give it on stdin: dryapi login --api-key-file - < FILE";
        return Err(Failure::new(ErrorKind::Config, message).help(help).into());
    }
    let url = &whose.base_url;
    screen.note(&format!(
        "The API key for {url}, which is not shown while you type or paste it:"
    ));
    tokio::select! {
        biased;
        answer = stdin.secret() => answer,
        () = stop.asked(1) => {
            Err(Failure::new(Kind::Interrupted, "interrupted; nothing was kept").into())
        }
    }
}
