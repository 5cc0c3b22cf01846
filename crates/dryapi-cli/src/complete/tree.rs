//! Which argument takes what.

use std::ffi::OsStr;

use clap::{Arg, Command};
use clap_complete::ArgValueCandidates;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::known::{Known, faults, fields, keys, tasks};

/// The commands with what is known of their arguments.
pub(super) fn with_candidates(command: Command, known: &Known) -> Command {
    let profile = known.clone();
    let intent = known.clone();
    within(command, known)
        .mut_arg("profile", |arg| {
            arg.add(ArgValueCandidates::new(move || profile.profiles()))
        })
        .mut_arg("intent", |arg| {
            arg.add(ArgValueCandidates::new(move || intent.intents()))
        })
}

fn within(command: Command, known: &Known) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| argument(&name, arg, known));
    command.mut_subcommands(|command| within(command, known))
}

fn argument(command: &str, arg: Arg, known: &Known) -> Arg {
    let known = known.clone();
    match (command, arg.get_id().as_str()) {
        ("status" | "wait" | "download", "id") | ("resume", "is") => {
            arg.add(ArgValueCandidates::new(move || known.jobs()))
        }
        ("resume", "name") => arg.add(ArgValueCandidates::new(move || {
            known.jobs().into_iter().chain(known.intents()).collect()
        })),
        ("show", "slug") | ("batch", "model") => {
            arg.add(ArgValueCandidates::new(move || known.models(None)))
        }
        ("models" | "batch", "task") => arg.add(ArgValueCandidates::new(tasks)),
        ("batch", "set" | "field") => arg.add(ArgValueCompleter::new(starting(fields))),
        ("get" | "set" | "unset", "key") => arg.add(ArgValueCandidates::new(keys)),
        (task, "field:model") => {
            let task = task.to_owned();
            arg.add(ArgValueCandidates::new(move || known.models(Some(&task))))
        }
        (_, "input" | "field:prompt" | "field:text") => {
            arg.add(ArgValueCompleter::new(|typed: &OsStr| {
                typed.to_str().map_or_else(Vec::new, faults)
            }))
        }
        _ => arg,
    }
}

/// Those that begin with what was typed.
fn starting(
    all: fn() -> Vec<CompletionCandidate>,
) -> impl Fn(&OsStr) -> Vec<CompletionCandidate> + Send + Sync + 'static {
    move |typed| {
        let typed = typed.to_string_lossy();
        let candidates = all().into_iter();
        candidates
            .filter(|candidate| candidate.get_value().to_string_lossy().starts_with(&*typed))
            .collect()
    }
}
