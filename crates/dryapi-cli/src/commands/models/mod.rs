//! `dryapi models`: the catalogue as a table, one model at length.

mod card;

use std::fmt::Display;

use clap::ArgMatches;
use dryapi_client::Model;
use dryapi_types::ModelInfo;
use serde_json::Value;

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
    if let Some(task) = matches.get_one::<String>("task") {
        listed = listed.task(task);
    }
    let models = session.free(listed.all()).await?;
    if session.screen.json() {
        return models
            .iter()
            .try_for_each(|model| session.screen.result(&json::line(model)));
    }
    table(&models)
        .iter()
        .try_for_each(|line| session.screen.result(line))
}

/// Aligned columns: slug, tasks, limits.
fn table(models: &[Model]) -> Vec<String> {
    let rows: Vec<[String; 3]> = models
        .iter()
        .map(|model| {
            let cells = [
                model.slug.clone(),
                joined(&model.tasks, ","),
                limits(&model.info),
            ];
            cells.map(|cell| terminal::line(&cell).into_owned())
        })
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let (slugs, tasks) = (width(0), width(1));
    rows.iter()
        .map(|[slug, task, limits]| {
            let line = format!("{slug:slugs$}  {task:tasks$}  {limits}");
            line.trim_end().to_owned()
        })
        .collect()
}

/// The ranges a card names, for instance `width 256-2048, steps 1-10`.
fn limits(info: &ModelInfo) -> String {
    let mut ranges = Vec::new();
    let mut names: Vec<&str> = info
        .limits
        .keys()
        .filter_map(|key| {
            key.strip_prefix("max_")
                .or_else(|| key.strip_prefix("min_"))
        })
        .collect();
    // Sizes first: that is what one looks for.
    names.sort_by_key(|name| {
        (
            !matches!(*name, "width" | "height"),
            *name == "height",
            *name,
        )
    });
    names.dedup();
    for name in names {
        let of = |bound: &str| info.limits.get(&format!("{bound}_{name}")).map(shown);
        ranges.push(match (of("min"), of("max")) {
            (Some(min), Some(max)) if min == max => format!("{name} {max}"),
            (Some(min), Some(max)) => format!("{name} {min}-{max}"),
            (None, Some(max)) => format!("{name} <={max}"),
            (Some(min), None) => format!("{name} >={min}"),
            (None, None) => continue,
        });
    }
    ranges.join(", ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => joined(list.iter().map(shown), "/"),
        other => other.to_string(),
    }
}

fn joined(list: impl IntoIterator<Item = impl Display>, by: &str) -> String {
    let list: Vec<String> = list.into_iter().map(|item| item.to_string()).collect();
    list.join(by)
}
