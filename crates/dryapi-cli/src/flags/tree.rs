//! All commands.

use clap::{Arg, Command, value_parser};
use dryapi_client::Usd;

use super::arg::option;
use super::batch::batch;
use super::global::with_globals;
use super::machine::{completions, config, login, logout, man};
use super::record::{doctor, jobs, resume, spend};
use super::tasks::{group, output, prompts, with_tasks};
use super::watch::watch;
use super::webhook::webhook;

#[cfg(not(feature = "previews"))]
const AFTER: &str = "Try it without a key and without money:
  dryapi --sandbox txt2img \"a cat in a nebula\" -o cat.png";

#[cfg(feature = "previews")]
const AFTER: &str = "Try it without a key and without money:
  dryapi --sandbox txt2img \"a cat in a nebula\" -o cat.png

While you wait on a terminal that can, the unfinished picture is shown above the bar; not with --json, --quiet or NO_COLOR. DRYAPI_PREVIEWS=off turns it off; kitty, iterm, sixel or blocks choose how, where the terminal is not known.";

/// The whole command line.
pub(crate) fn tree() -> Command {
    let command = Command::new("dryapi")
        .bin_name("dryapi")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Pictures, prices, jobs and a sandbox of dryAPI from a terminal")
        .after_help(AFTER)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(100);
    with_globals(
        with_tasks(command)
            .subcommand(group(
                "submit",
                "Start a job and print its id",
                "start the job, print its id",
            ))
            .subcommand(group(
                "price",
                "Ask what a request would cost",
                "what it would cost",
            ))
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
            .subcommand(batch())
            .subcommand(resume())
            .subcommand(jobs())
            .subcommand(models())
            .subcommand(prompts())
            .subcommand(limits())
            .subcommand(Command::new("balance").about("What is left on the account"))
            .subcommand(spend())
            .subcommand(doctor())
            .subcommand(login())
            .subcommand(logout())
            .subcommand(config())
            .subcommand(completions())
            .subcommand(man())
            .subcommand(watch())
            .subcommand(webhook())
            .subcommand(sandbox()),
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

fn limits() -> Command {
    Command::new("limits")
        .about("What is left of the account's requests")
        .after_help(
            "As the ledger of this machine knows it, from the service's answers: nothing is sent. \
             With --plan, what the plan allows stands where nothing is known.",
        )
}

fn sandbox() -> Command {
    Command::new("sandbox")
        .about("Run an emulator of the service until Ctrl-C")
        .after_help(
            "The first line of stdout is its base URL. --api-key names the only key it takes; \
             without it every key that starts with sk-sandbox is an account of its own. Accounts \
             have the limits of --plan, by default premium.",
        )
        .arg(option("host", "HOST", "Address to listen on").default_value("127.0.0.1"))
        .arg(
            option("port", "PORT", "Port to listen on; 0 picks a free one")
                .value_parser(value_parser!(u16))
                .default_value("0"),
        )
        .arg(
            option("balance", "USD", "What an account starts with")
                .value_parser(value_parser!(Usd))
                .default_value("5"),
        )
        .arg(option(
            "webhook-secret",
            "S",
            "What webhook deliveries are signed with [default: shown at the start]",
        ))
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
