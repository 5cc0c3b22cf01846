//! The options of every command.

use std::path::PathBuf;

use clap::{Arg, Command};
use dryapi_client::Usd;

use super::arg;
use crate::duration;

const HEADING: &str = "Global options";
pub(super) const PROFILE: &str = "profile";

/// Adds the global options, which stand before or after the command.
pub(super) fn with_globals(command: Command) -> Command {
    sending(paying(push(account(command))))
}

/// Whose account, and where the service is.
fn account(command: Command) -> Command {
    command
        .arg(
            option("api-key", "KEY", "The API key [env: DRYAPI_API_KEY]")
                .conflicts_with("api-key-file"),
        )
        .arg(
            option(
                "api-key-file",
                "FILE",
                "Read the API key from a file; `-` is stdin",
            )
            .value_parser(clap::value_parser!(PathBuf)),
        )
        .arg(option(
            PROFILE,
            "NAME",
            "A set of these options from the config file [env: DRYAPI_PROFILE]",
        ))
        .arg(option(
            "base-url",
            "URL",
            "Where the service is [env: DRYAPI_BASE_URL] [default: https://api.dryapi.dev]",
        ))
        .arg(switch(
            "sandbox",
            "Use a sandbox inside this command: no key, no money [env: DRYAPI_SANDBOX=1]",
        ))
}

/// Where jobs are heard of, and what the account allows.
fn push(command: Command) -> Command {
    command
        .arg(option(
            "client-id",
            "ID",
            "The number on the dashboard: jobs' updates are pushed then [env: DRYAPI_CLIENT_ID]",
        ))
        .arg(option(
            "realtime-url",
            "URL",
            "Where updates are pushed from [env: DRYAPI_REALTIME_URL] [default: \
             wss://soketi.dryapi.dev/app/depin-api-prod-key with the default base URL, else none]",
        ))
        .arg(option(
            "auth-url",
            "URL",
            "Where the push channel is authorised [env: DRYAPI_AUTH_URL] [default: \
             BASE_URL/broadcasting/auth]",
        ))
        .arg(
            option(
                "plan",
                "PLAN",
                "The account's plan, whose limits are kept to: basic or premium [env: DRYAPI_PLAN] \
                 [default: learned]",
            )
            .value_parser(["basic", "premium"])
            .hide_possible_values(true),
        )
}

/// What is paid for, and where that is written down.
fn paying(command: Command) -> Command {
    command
        .arg(option(
            "intent",
            "NAME",
            "Pay for this at most once: the same command again gives the recorded job",
        ))
        .arg(
            option(
                "ledger",
                "FILE",
                "The record of paid work [env: DRYAPI_LEDGER] [default: dryapi/ledger.sqlite3 in \
                 the folder for programs' state]",
            )
            .value_parser(clap::value_parser!(PathBuf))
            .conflicts_with("no-ledger"),
        )
        .arg(switch("no-ledger", "Keep no record of paid work"))
        .arg(
            option(
                "max-cost",
                "USD",
                "Ask the price first; stop if it is above",
            )
            .value_parser(amount),
        )
}

/// How long it takes, how often it is sent, and what is printed.
fn sending(command: Command) -> Command {
    command
        .arg(
            option("max-retries", "N", "Extra attempts; 0 turns retries off [default: 3]")
                .value_parser(clap::value_parser!(u32)),
        )
        .arg(
            option(
                "attempt-timeout",
                "DURATION",
                "How long one attempt waits for the answer [default: 30s, paid 120s]",
            )
            .value_parser(duration::parse),
        )
        .arg(switch(
            "allow-http",
            "Allow plain http to another machine: shows the key on the way [env: DRYAPI_ALLOW_HTTP=1]",
        ))
        .arg(
            option(
                "timeout",
                "DURATION",
                "How long the whole command may take, like 90s or 10m; the default depends on the \
                 kind of task and does not count downloads",
            )
            .value_parser(duration::parse),
        )
        .arg(switch("json", "Print JSON, one object a line; the error on stderr's last line"))
        .arg(switch("quiet", "Show no progress"))
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    everywhere(arg::option(name, value, help))
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    everywhere(arg::switch(name, help))
}

fn everywhere(arg: Arg) -> Arg {
    arg.help_heading(HEADING).global(true)
}

/// An amount of US dollars.
pub(super) fn amount(text: &str) -> Result<Usd, String> {
    match text.parse::<Usd>() {
        Ok(amount) if !amount.is_negative() => Ok(amount),
        Ok(_) => Err("must not be negative".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
