//! Commands that are made from the table: tasks, and the improvement of prompts.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};
use dryapi_types::{Meta, TaskMeta};

use super::arg::switch;
use super::fields::{positional, with_fields, with_flags};
use super::names::{PROMPTS, TRANSCRIBE, Transcription, alias, prompt, tasks};
use crate::duration;

const HOW_FIELDS_ARE_READ: &str = "A text of `@FILE` is read from that file. Values beyond the \
    possible ones are sent as they are: the service may know more. What a model allows and assumes \
    shows `dryapi models show SLUG`.";

/// Adds every task as a command that submits, waits and fetches.
pub(super) fn with_tasks(command: Command) -> Command {
    let waits = |task: TaskMeta| {
        let deadline = duration::show(task.deadline);
        format!("Waits {deadline} unless --timeout says otherwise.")
    };
    let whole = |command: Command, summary: &str, task: TaskMeta| {
        let waits = waits(task);
        output(command)
            .about(format!("{summary}, wait for it and fetch it"))
            .after_long_help(format!("{waits}\n\n{HOW_FIELDS_ARE_READ}"))
            .after_help(waits)
    };
    let command = tasks().fold(command, |command, (meta, task)| {
        command.subcommand(whole(of_task(meta, task), meta.summary, task))
    });
    match transcribe() {
        Some((transcribe, task)) => command.subcommand(whole(transcribe, TRANSCRIBES, task)),
        None => command,
    }
}

/// A command over every task.
pub(super) fn group(name: &'static str, about: &'static str, does: &'static str) -> Command {
    let command = Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("TASK")
        .subcommand_help_heading("Tasks");
    let one = |command: Command, summary: &str| {
        command
            .about(format!("{summary}: {does}"))
            .after_long_help(HOW_FIELDS_ARE_READ)
    };
    let command = tasks().fold(command, |command, (meta, task)| {
        command.subcommand(one(of_task(meta, task), meta.summary))
    });
    match transcribe() {
        Some((transcribe, _)) => command.subcommand(one(transcribe, TRANSCRIBES)),
        None => command,
    }
}

/// A task as a command, with its fields.
fn of_task(meta: &'static Meta, task: TaskMeta) -> Command {
    let spellings = task.aliases.iter().copied();
    let spellings = spellings.filter(|name| *name != meta.name && *name != TRANSCRIBE);
    let command = Command::new(meta.name)
        .aliases(spellings)
        .visible_aliases(alias(meta.name))
        .arg(no_check());
    with_fields(command, meta)
}

const TRANSCRIBES: &str = "Write down what is said at an address or in a file";

/// The command that picks one of the transcription tasks, with the fields they share.
fn transcribe() -> Option<(Command, TaskMeta)> {
    let meta = dryapi_types::meta(Transcription::Address.task())?;
    let shared = meta
        .fields
        .iter()
        .filter(|field| Some(field.name) != meta.input);
    let command = Command::new(TRANSCRIBE).arg(no_check()).arg(positional(
        "An address (a Space of X is aud2txt, any other vid2txt), or a path or `-` for stdin \
         (a film is videofile2txt, anything else audiofile2txt)"
            .to_owned(),
    ));
    Some((with_flags(command, meta, shared), meta.task?))
}

/// `prompt …`
pub(super) fn prompts() -> Command {
    let command = Command::new("prompt")
        .about("Have a prompt improved or made up; costs money")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    PROMPTS.iter().fold(command, |command, (name, _)| {
        let Some(meta) = prompt(name) else {
            return command;
        };
        let one = Command::new(*name).about(format!("{}; costs money", meta.summary));
        // What one chooses from a few words is a flag only: no text of one's own.
        let main = meta.input.and_then(|input| meta.field(input));
        let chosen = main.is_none_or(|main| !main.choices.is_empty());
        command.subcommand(match chosen {
            true => with_flags(one, meta, meta.fields),
            false => with_fields(one, meta),
        })
    })
}

fn no_check() -> Arg {
    switch("no-check", "Send values outside the model's known limits")
}

/// Adds where a result goes.
pub(super) fn output(command: Command) -> Command {
    command
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Where the result goes: a file, a folder, or `-` for stdout"),
        )
        .arg(switch("force", "Replace a file that exists"))
}
