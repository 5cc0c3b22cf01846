//! `dryapi models`: the catalogue as a table, one model at length.

mod card;
mod list;
mod words;

use clap::ArgMatches;

use crate::flags;
use crate::report::{End, json, terminal};
use crate::session::Session;

pub(super) async fn models(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    if let Some(("show", matches)) = matches.subcommand() {
        let slug = matches.get_one::<String>("slug").map_or("", String::as_str);
        let model = session.free(session.client.model(slug)).await?;
        return match session.screen.json() {
            true => session.screen.result(&json::line(&model)),
            false => session
                .screen
                .result(&terminal::text(&card::at_length(&model))),
        };
    }
    let mut listed = session.client.models();
    let task = matches.get_one::<String>("task");
    if let Some(task) = task {
        listed = listed.task(flags::task(task));
    }
    let models = session.free(listed.all()).await?;
    session.remember(&models, task.is_none());
    if session.screen.json() {
        return models
            .iter()
            .try_for_each(|model| session.screen.result(&json::line(model)));
    }
    list::table(&models)
        .iter()
        .try_for_each(|line| session.screen.result(line))
}
