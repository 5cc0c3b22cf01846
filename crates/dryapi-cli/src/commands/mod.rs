//! The commands, each in a file of its name.

mod account;
mod config;
mod doctor;
mod feed;
mod jobs;
mod known;
mod limits;
mod login;
mod machine;
mod models;
mod pick_up;
mod price;
mod prompt;
mod resume;
mod sandbox;
mod spend;
mod submit;
mod table;
mod task;
mod watch;
mod webhook;

use clap::ArgMatches;
use dryapi_types::{Meta, meta};

use crate::batch::batch;
use crate::flags::TRANSCRIBE;
use crate::report::{End, Failure};
use crate::request::pick;
use crate::session::Session;

pub(crate) use config::{config, makes_profiles};
pub(crate) use doctor::without as doctor_without;
pub(crate) use login::{login, logout};
pub(crate) use machine::machine;
pub(crate) use sandbox::sandbox;
pub(crate) use webhook::webhook;

/// Runs the command that was asked for.
pub(crate) async fn run(session: &mut Session, matches: &ArgMatches) -> Result<(), End> {
    match matches.subcommand() {
        Some(("submit", matches)) => {
            let (meta, matches) = of(session, matches).await?;
            submit::submit(session, meta, matches).await
        }
        Some(("price", matches)) => {
            let (meta, matches) = of(session, matches).await?;
            price::price(session, meta, matches).await
        }
        Some(("prompt", matches)) => prompt::prompt(session, matches).await,
        Some(("status", matches)) => pick_up::status(session, matches).await,
        Some(("wait", matches)) => pick_up::fetch(session, matches, pick_up::When::Done).await,
        Some(("download", matches)) => pick_up::fetch(session, matches, pick_up::When::Now).await,
        Some(("batch", matches)) => batch(session, matches).await,
        Some(("resume", matches)) => resume::resume(session, matches).await,
        Some(("jobs", matches)) => jobs::jobs(session, matches).await,
        Some(("models", matches)) => models::models(session, matches).await,
        Some(("webhook", matches)) => match matches.subcommand() {
            Some(("listen", matches)) => webhook::listen(session, matches).await,
            _ => Err(Failure::invalid("no such command").into()),
        },
        Some(("watch", _)) => watch::watch(session).await,
        Some(("spend", matches)) => spend::spend(session, matches).await,
        Some(("doctor", matches)) => doctor::doctor(session, matches).await,
        Some(("limits", _)) => limits::limits(session).await,
        Some(("balance", _)) => account::balance(session).await,
        _ => {
            let (meta, matches) = of(session, matches).await?;
            task::task(session, meta, matches).await
        }
    }
}

/// The task of a subcommand, and what was given to it.
async fn of<'a>(
    session: &mut Session,
    matches: &'a ArgMatches,
) -> Result<(&'static Meta, &'a ArgMatches), End> {
    let none = || Failure::invalid("no such command");
    let (name, matches) = matches.subcommand().ok_or_else(none)?;
    let meta = match name {
        TRANSCRIBE => pick(session, matches).await?,
        name => meta(name).ok_or_else(none)?,
    };
    Ok((meta, matches))
}
