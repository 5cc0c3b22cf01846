//! The commands, each in a file of its name.

mod account;
mod jobs;
mod models;
mod price;
mod sandbox;
mod submit;
mod task;

use clap::ArgMatches;
use dryapi_types::{Meta, meta};

use crate::report::{End, Failure};
use crate::session::Session;

pub(crate) use sandbox::sandbox;

/// Runs the command that was asked for.
pub(crate) async fn run(session: &mut Session, matches: &ArgMatches) -> Result<(), End> {
    match matches.subcommand() {
        Some(("submit", task)) => submit::submit(session, of(task)?.0, of(task)?.1).await,
        Some(("price", task)) => price::price(session, of(task)?.0, of(task)?.1).await,
        Some(("status", matches)) => jobs::status(session, matches).await,
        Some(("wait", matches)) => jobs::fetch(session, matches, jobs::When::Done).await,
        Some(("download", matches)) => jobs::fetch(session, matches, jobs::When::Now).await,
        Some(("models", matches)) => models::models(session, matches).await,
        Some(("balance", _)) => account::balance(session).await,
        _ => {
            let (meta, matches) = of(matches)?;
            task::task(session, meta, matches).await
        }
    }
}

/// The task of a subcommand, and what was given to it.
fn of(matches: &ArgMatches) -> Result<(&'static Meta, &ArgMatches), End> {
    let none = || Failure::invalid("no such command");
    let (name, matches) = matches.subcommand().ok_or_else(none)?;
    Ok((meta(name).ok_or_else(none)?, matches))
}
