//! An operation's fields as flags, from its entry in the table.

use clap::{Arg, ArgAction, ArgMatches, Command};
use dryapi_types::{FieldKind, FieldMeta, Meta};
use serde_json::Value;

use super::explain;
use super::kind::{is_file, long, repeats, value_name};
use super::value::Open;

const INPUT: &str = "input";
const HEADING: &str = "Fields";

/// Adds an operation's main input and a flag for each of its fields.
pub(super) fn with_fields(command: Command, meta: &'static Meta) -> Command {
    let main = meta.input.and_then(|input| meta.field(input));
    let command = match main {
        Some(main) => command.arg(main_input(main)),
        None => command,
    };
    with_flags(command, meta, meta.fields)
}

/// Adds a flag for each of these fields.
pub(super) fn with_flags<'a>(
    command: Command,
    meta: &'static Meta,
    fields: impl IntoIterator<Item = &'a FieldMeta>,
) -> Command {
    fields
        .into_iter()
        .fold(command, |command, field| command.arg(flag(meta, field)))
}

/// The positional argument, with what it is in words.
pub(super) fn positional(help: String) -> Arg {
    Arg::new(INPUT).value_name("INPUT").help(help)
}

fn main_input(field: &FieldMeta) -> Arg {
    let from = match is_file(field) {
        true => "a path, `-` for stdin, or an https address",
        false => "`-` reads stdin, @FILE a file",
    };
    let arg = positional(format!("{} ({from})", field.summary));
    match repeats(field) {
        true => arg,
        false => arg.conflicts_with(id(field.name)),
    }
}

fn flag(meta: &'static Meta, field: &FieldMeta) -> Arg {
    let arg = Arg::new(id(field.name))
        .long(long(field))
        .help(field.summary)
        .long_help(explain::field(meta, field))
        .help_heading(HEADING)
        .value_name(value_name(field))
        .value_parser(Open::of(field))
        .action(match repeats(field) {
            true => ArgAction::Append,
            false => ArgAction::Set,
        });
    match field.kind {
        FieldKind::Integer | FieldKind::Number => arg.allow_negative_numbers(true),
        FieldKind::Boolean => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        _ => arg,
    }
}

/// The values a field was given as a flag, in order. Texts are as typed.
pub(crate) fn given(field: &FieldMeta, matches: &ArgMatches) -> Vec<Value> {
    match matches.try_get_many::<Value>(&id(field.name)) {
        Ok(Some(values)) => values.cloned().collect(),
        _ => Vec::new(),
    }
}

/// The positional input as typed.
pub(crate) fn input(matches: &ArgMatches) -> Option<&String> {
    matches.try_get_one::<String>(INPUT).ok().flatten()
}

fn id(field: &str) -> String {
    format!("field:{field}")
}
