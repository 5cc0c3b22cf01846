//! Commands over the ledger.

use clap::{Arg, ArgGroup, Command};

use super::arg::{option, switch};
use super::since;

/// `jobs`.
pub(super) fn jobs() -> Command {
    Command::new("jobs")
        .about("List what was paid for, or may have been, newest first")
        .after_help(
            "From the ledger of this machine alone: nothing is sent. `dryapi resume` settles what \
             is unknown and fetches what is missing.",
        )
        .arg(switch("open", "Only those whose end is not known yet"))
        .arg(switch("unknown", "Only those that may have been charged"))
        .arg(switch("failed", "Only those whose job failed"))
        .group(ArgGroup::new("which").args(["open", "unknown", "failed"]))
}

/// `resume`.
pub(super) fn resume() -> Command {
    Command::new("resume")
        .about("Settle what is unknown, wait for open jobs, fetch what is done and missing")
        .after_help(
            "Never pays: it only asks, waits and fetches, to where the results were wanted, or to \
             the current folder; texts that nobody wanted in a file go to stdout. What \
             stays unknown is yours to decide: --is names its job, --not-charged gives it up, so \
             that it may be sent once more. With --client-id, jobs that nobody claims are looked \
             for on the push channel and fetched as orphan-ID.",
        )
        .arg(
            Arg::new("name").value_name("ID|INTENT").num_args(0..).help(
                "Only these, by the job's id or the intent [default: all that is left to do]",
            ),
        )
        .arg(option("is", "ID", "That job is what became of the intent").requires("name"))
        .arg(
            switch(
                "not-charged",
                "Nothing came of the intent, and nothing was charged for it",
            )
            .requires("name")
            .conflicts_with("is"),
        )
}

/// `spend`.
pub(super) fn spend() -> Command {
    Command::new("spend")
        .about("Add up what was paid for, as estimated")
        .after_help(
            "The service does not say what a job cost: these are the prices that were asked before \
             (--max-cost, batches). What has none is counted.",
        )
        .arg(
            option(
                "since",
                "D",
                "Only what was written down since: 24h, 7d, or a day like 2026-11-23 (UTC)",
            )
            .value_parser(since::parse),
        )
}

/// `doctor`.
pub(super) fn doctor() -> Command {
    Command::new("doctor")
        .about("Check the key, the limits, the ledger and the push channel; pays nothing")
        .after_help("Exit code 1 if anything is not as it should be.")
        .arg(switch(
            "report",
            "Add a text to paste into a support request; there is no secret in it",
        ))
}
