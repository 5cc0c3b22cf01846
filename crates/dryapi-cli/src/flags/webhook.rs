//! `webhook …`: deliveries signed, verified and sent by hand, or made of the account's jobs.

use clap::{Arg, ArgAction, Command, value_parser};

use super::arg::option;
use super::watch::FOLLOWS;
use crate::duration;

/// What `webhook trigger` can send.
const EVENTS: [&str; 3] = ["job.processing", "job.completed", "job.failed"];

/// The commands of a webhook's developer. Only `listen` needs a key.
pub(super) fn webhook() -> Command {
    Command::new("webhook")
        .about("Sign, verify and send webhook deliveries; only listen needs a key")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(sign())
        .subcommand(verify())
        .subcommand(trigger())
        .subcommand(listen())
}

fn sign() -> Command {
    Command::new("sign")
        .about("Print a delivery's headers, as a JSON object of names and values")
        .after_help("The bytes of FILE are signed as they are: send them unchanged.")
        .arg(file())
        .arg(secret())
        .arg(
            option(
                "timestamp",
                "N",
                "When it was signed, in Unix seconds [default: now]",
            )
            .value_parser(value_parser!(u64)),
        )
        .arg(option(
            "event",
            "EVENT",
            "The event's name [default: as FILE says]",
        ))
}

fn verify() -> Command {
    Command::new("verify")
        .about("Print the event of a delivery, or say why it is refused (exit code 15)")
        .after_help(
            "FILE holds the body exactly as it came: parsed and written again, it is another.",
        )
        .arg(file())
        .arg(
            secret().action(ArgAction::Append).help(
                "The webhook's secret; may be given several times [env: DRYAPI_WEBHOOK_SECRET]",
            ),
        )
        .arg(
            option(
                "signature",
                "SIG",
                "The signature header: sha256= and 64 hex digits",
            )
            .required(true),
        )
        .arg(option("timestamp", "TS", "The timestamp header: Unix seconds").required(true))
        .arg(
            option(
                "tolerance",
                "DURATION",
                "How far the timestamp may lie from now",
            )
            .value_parser(duration::parse)
            .default_value("300s"),
        )
}

fn trigger() -> Command {
    Command::new("trigger")
        .about("Send one signed delivery of a made-up event")
        .after_help(
            "One attempt, as the service makes it: 10 s, no redirects. Any answer but 2xx is a \
             failure.",
        )
        .arg(
            Arg::new("event")
                .value_name("EVENT")
                .required(true)
                .value_parser(EVENTS)
                .help("What happened"),
        )
        .arg(option("to", "URL", "Where it goes: https, or http on this machine").required(true))
        .arg(secret())
        .arg(option(
            "request-id",
            "ID",
            "The job it is about [default: drawn]",
        ))
}

fn listen() -> Command {
    Command::new("listen")
        .about("Hand on the account's job changes as signed deliveries; no tunnel needed")
        .after_help(format!(
            "job.processing, job.completed and job.failed arrive as the service sends them, each \
             once, those of a job in order; progress is none of them. A delivery that is not \
             answered with 2xx within 10 s is sent again after 1, 2, 4, 8 and 16 s, then given \
             up.\n\n{FOLLOWS}"
        ))
        .arg(
            option(
                "forward-to",
                "URL",
                "Where they go: https, or http on this machine",
            )
            .required(true),
        )
        .arg(option(
            "secret",
            "S",
            "What they are signed with [env: DRYAPI_WEBHOOK_SECRET] [default: made up and shown; \
             needed with --json]",
        ))
}

fn file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .required(true)
        .help("The delivery's body; `-` is stdin")
}

fn secret() -> Arg {
    option(
        "secret",
        "S",
        "The webhook's secret [env: DRYAPI_WEBHOOK_SECRET]",
    )
}
