//! `dryapi config`: the config file read and written.

use clap::ArgMatches;
use dryapi_client::ErrorKind;
use serde::Serialize;

use crate::config::{Config, Key, Shape};
use crate::flags::Given;
use crate::report::{End, Failure, json, terminal};
use crate::screen::Screen;

/// What stands where a key would.
const HIDDEN: &str = "(hidden)";

/// A value that holds. Names and order of the keys are a contract.
#[derive(Debug, Serialize)]
struct Value<'a> {
    key: &'a str,
    /// Never that of a secret.
    value: Option<&'a str>,
    /// The profile that says it; `null` is `[default]`.
    profile: Option<&'a str>,
}

/// Whether a command may name a profile that is not there yet.
pub(crate) fn makes_profiles(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some(("config", matches)) => matches.subcommand_name() == Some("set"),
        Some((name, _)) => name == "login",
        None => false,
    }
}

pub(crate) fn config(given: &Given, matches: &ArgMatches, screen: &Screen) -> Result<(), End> {
    let text = |matches: &ArgMatches, name: &str| {
        let text = matches.get_one::<String>(name);
        text.cloned().unwrap_or_default()
    };
    let key = |matches: &ArgMatches| Key::known(&text(matches, "key"));
    match matches.subcommand() {
        Some(("get", matches)) => get(given, &key(matches)?, screen),
        Some(("set", matches)) => set(given, &key(matches)?, &text(matches, "value"), screen),
        Some(("unset", matches)) => unset(given, &key(matches)?, screen),
        Some(("list", _)) => list(given, screen),
        _ => Err(Failure::invalid("no such command").into()),
    }
}

fn get(given: &Given, key: &Key, screen: &Screen) -> Result<(), End> {
    let settings = &given.settings;
    let Some(value) = settings.get(&key.name) else {
        let path = settings.chosen().path()?.display();
        let message = format!("{} is not set in {path}", key.name);
        return Err(Failure::new(ErrorKind::Config, message).into());
    };
    if screen.json() {
        let own = settings.all().any(|(name, _, own)| own && name == key.name);
        return screen.result(&line(given, &key.name, value, own));
    }
    screen.result(&terminal::line_whole(shown(key, value).unwrap_or(HIDDEN)))
}

fn set(given: &Given, key: &Key, text: &str, screen: &Screen) -> Result<(), End> {
    if key.shape == Shape::Secret {
        let help =
            "A key on a command line stays in the shell's history. Keep it with dryapi login.";
        let message = format!("{} is not set on the command line", key.name);
        return Err(Failure::invalid(message).help(help).into());
    }
    let text = match key.shape {
        Shape::Path => absolute(text)?,
        _ => text.to_owned(),
    };
    let value = key.read(&text).map_err(|why| {
        let message = format!("{} {why}; nothing was written", key.name);
        Failure::invalid(message)
    })?;
    let chosen = given.settings.chosen();
    let mut config = Config::open(chosen.path()?)?;
    config.set(chosen.profile.as_deref(), key, &value)?;
    config.save()?;
    screen.progress(&format!("written to {}", config.path().display()));
    Ok(())
}

fn unset(given: &Given, key: &Key, screen: &Screen) -> Result<(), End> {
    let chosen = given.settings.chosen();
    let mut config = Config::open(chosen.path()?)?;
    if config.unset(chosen.profile.as_deref(), key)? {
        config.save()?;
        screen.progress(&format!("written to {}", config.path().display()));
    }
    Ok(())
}

fn list(given: &Given, screen: &Screen) -> Result<(), End> {
    let settings = &given.settings;
    let config = Config::open(settings.chosen().path()?)?;
    for (name, value, own) in settings.all() {
        if screen.json() {
            screen.result(&line(given, name, value, own))?;
            continue;
        }
        let value = Key::find(name).map_or(HIDDEN, |key| shown(&key, value).unwrap_or(HIDDEN));
        screen.result(&terminal::line_whole(&format!("{name}={value}")))?;
    }
    if !screen.json() {
        screen.progress(&format!("from {}", config.path().display()));
        let profiles = config.profiles();
        if !profiles.is_empty() {
            screen.progress(&format!("profiles: {}", profiles.join(", ")));
        }
    }
    Ok(())
}

fn line(given: &Given, name: &str, value: &str, own: bool) -> String {
    let profile = given.settings.chosen().profile.as_deref();
    json::line(&Value {
        key: name,
        value: Key::find(name).and_then(|key| shown(&key, value)),
        profile: profile.filter(|_| own),
    })
}

fn shown<'a>(key: &Key, value: &'a str) -> Option<&'a str> {
    (key.shape != Shape::Secret).then_some(value)
}

/// A path that means the same wherever it is read.
fn absolute(text: &str) -> Result<String, End> {
    let path = std::path::absolute(text).ok();
    let path = path.and_then(|path| path.to_str().map(str::to_owned));
    path.ok_or_else(|| Failure::invalid(format!("{text:?} is no path")).into())
}
