//! All commands.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use dryapi_client::Usd;
use dryapi_types::{Meta, TABLE, TaskMeta};

use super::fields::with_fields;
use super::global::with_globals;
use crate::duration;

/// The whole command line.
pub(crate) fn tree() -> Command {
    let command = Command::new("dryapi")
        .bin_name("dryapi")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Pictures, prices, jobs and a sandbox of dryAPI from a terminal")
        .after_help(
            "Try it without a key and without money:\n  \
             dryapi --sandbox txt2img \"a cat in a nebula\" -o cat.png",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(100);
    let command = tasks().fold(command, |command, (meta, task)| {
        let about = format!("{}, wait for it and fetch it", meta.summary);
        let waits = format!(
            "Waits {} unless --timeout says otherwise. A seed that is left out is drawn and told.",
            duration::show(task.deadline)
        );
        command.subcommand(output(of_task(meta, task)).about(about).after_help(waits))
    });
    with_globals(
        command
            .subcommand(group("submit", "Start a job and print its id", |meta| {
                format!("{}: start the job, print its id", meta.summary)
            }))
            .subcommand(group("price", "Ask what a request would cost", |meta| {
                format!("{}: what it would cost", meta.summary)
            }))
            .subcommand(
                Command::new("status")
                    .about("Look once at where a job stands")
                    .arg(id().required(true)),
            )
            .subcommand(output(
                Command::new("wait")
                    .about("Wait for jobs and fetch their results")
                    .arg(ids()),
            ))
            .subcommand(output(
                Command::new("download")
                    .about("Fetch the results of jobs that are done")
                    .arg(ids()),
            ))
            .subcommand(models())
            .subcommand(Command::new("balance").about("What is left on the account"))
            .subcommand(sandbox()),
    )
}

fn tasks() -> impl Iterator<Item = (&'static Meta, TaskMeta)> {
    TABLE.iter().filter_map(|meta| Some((*meta, meta.task?)))
}

/// A task as a command, with its fields.
fn of_task(meta: &'static Meta, task: TaskMeta) -> Command {
    let spellings = task
        .aliases
        .iter()
        .copied()
        .filter(|name| *name != meta.name);
    let no_check = Arg::new("no-check")
        .long("no-check")
        .action(ArgAction::SetTrue)
        .help("Send values outside the model's known limits");
    let command = Command::new(meta.name).aliases(spellings).arg(no_check);
    with_fields(command, meta)
}

/// A command over every task.
fn group(name: &'static str, about: &'static str, of: impl Fn(&Meta) -> String) -> Command {
    let command = Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("TASK")
        .subcommand_help_heading("Tasks");
    tasks().fold(command, |command, (meta, task)| {
        command.subcommand(of_task(meta, task).about(of(meta)))
    })
}

fn output(command: Command) -> Command {
    command
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Where the result goes: a file, a folder, or `-` for stdout"),
        )
        .arg(
            Arg::new("force")
                .long("force")
                .action(ArgAction::SetTrue)
                .help("Replace a file that exists"),
        )
}

fn id() -> Arg {
    Arg::new("id").value_name("ID").help("The job's id")
}

fn ids() -> Arg {
    Arg::new("id")
        .value_name("ID")
        .num_args(1..)
        .required(true)
        .help("The jobs' ids")
}

fn models() -> Command {
    Command::new("models")
        .about("List the models")
        .disable_help_subcommand(true)
        .arg(
            Arg::new("task")
                .long("task")
                .value_name("TASK")
                .help("Only models that do this task"),
        )
        .subcommand(
            Command::new("show")
                .about("Limits, defaults, features, LoRAs and voices of one model")
                .arg(
                    Arg::new("slug")
                        .value_name("SLUG")
                        .required(true)
                        .help("The model's slug; case matters"),
                ),
        )
}

fn sandbox() -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("sandbox")
        .about("Run an emulator of the service until Ctrl-C")
        .after_help(
            "The first line of stdout is its base URL. --api-key names the only key it takes; \
             without it every key that starts with sk-sandbox is an account of its own.",
        )
        .arg(option("host", "HOST", "Address to listen on").default_value("127.0.0.1"))
        .arg(
            option("port", "PORT", "Port to listen on; 0 picks a free one")
                .value_parser(value_parser!(u16))
                .default_value("0"),
        )
        .arg(
            option("plan", "PLAN", "Whose limits accounts have")
                .value_parser(["basic", "premium"])
                .default_value("premium"),
        )
        .arg(
            option("balance", "USD", "What an account starts with")
                .value_parser(value_parser!(Usd))
                .default_value("5"),
        )
        .arg(
            option("speed", "N", "Virtual seconds per second; 0 stands still")
                .value_parser(value_parser!(f64))
                .default_value("1"),
        )
        .arg(
            option("seed", "N", "What ids and random seeds are drawn from")
                .value_parser(value_parser!(u64))
                .default_value("0"),
        )
        .arg(option(
            "faults",
            "FILE",
            "Faults to begin with: a JSON list, or TOML [[faults]]",
        ))
}
