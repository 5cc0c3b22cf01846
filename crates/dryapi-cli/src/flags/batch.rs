//! `batch`: many jobs from a file.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::arg::{option, switch};

const AFTER: &str = "\
FILE is .jsonl (an object a line: id, task, and fields as the API names them), .csv or .tsv with a \
header, or .txt (the main input a line); - reads JSON lines, or lines of text, from stdin. --task, \
--model and --set fill in what a row leaves out. Files are \"@path\", under the folder of FILE.

Results go to DIR, each with a sidecar of what made it. stdout gets a line of JSON for each row, and \
a summary. Run again, the batch pays for nothing twice: what is done is left alone, what is open is \
waited for, what was refused without cost is sent. --max-cost is for all runs together.";

pub(super) fn batch() -> Command {
    let command = Command::new("batch")
        .about("Run many jobs from a file, each paid for once")
        .after_help(AFTER);
    running(rows(command))
}

/// Where rows come from and their results go.
fn rows(command: Command) -> Command {
    let path = || value_parser!(PathBuf);
    command
        .arg(
            Arg::new("file")
                .value_name("FILE|-")
                .required(true)
                .value_parser(path())
                .help("The rows"),
        )
        .arg(
            option("out", "DIR", "The folder for the results")
                .required(true)
                .value_parser(path()),
        )
        .arg(option("task", "TASK", "The task of rows that name none"))
        .arg(option("model", "M", "The model of rows that name none"))
        .arg(
            option("set", "FIELD=VALUE", "A field of rows that leave it out")
                .action(ArgAction::Append),
        )
        .arg(
            option("field", "API=COLUMN", "The column that holds a field")
                .action(ArgAction::Append),
        )
        .arg(option(
            "id",
            "COLUMN",
            "The column that holds the rows' ids [default: id]",
        ))
        .arg(option(
            "name",
            "TEMPLATE",
            "The results' names, of {id}, {line}, {task}, {ext} and fields [default: {id}.{ext}]",
        ))
        .arg(
            option(
                "collect",
                "FILE",
                "Texts and vectors go into this file, a line of JSON each",
            )
            .value_parser(path()),
        )
}

/// How they are run.
fn running(command: Command) -> Command {
    command
        .arg(
            option("concurrency", "N", "Rows at a time")
                .value_parser(value_parser!(u16).range(1..))
                .default_value("16"),
        )
        .arg(
            option(
                "assume",
                "UNITS",
                "Characters or seconds to assume where the price depends on them unknown",
            )
            .value_parser(value_parser!(u64)),
        )
        .arg(switch(
            "dry-run",
            "Send nothing that costs: say what it would take",
        ))
        .arg(switch(
            "retry-failed",
            "Pay again for jobs that failed in a run before",
        ))
        .arg(switch(
            "resubmit-unknown",
            "Send again what may have been paid for in a run before",
        ))
        .arg(switch(
            "no-wait",
            "Stop at a day's limit rather than wait for its reset",
        ))
        .arg(switch(
            "allow-outside",
            "Files may lie outside the folder of FILE",
        ))
        .arg(switch("no-check", "Do not compare with the models' limits"))
}
