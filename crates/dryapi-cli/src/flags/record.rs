//! Commands over the ledger.

use clap::{Arg, ArgAction, ArgGroup, Command};

/// `jobs`.
pub(super) fn jobs() -> Command {
    let only = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    Command::new("jobs")
        .about("List what was paid for, or may have been, newest first")
        .after_help(
            "From the ledger of this machine alone: nothing is sent. `dryapi resume` settles what \
             is unknown and fetches what is missing.",
        )
        .arg(only("open", "Only those whose end is not known yet"))
        .arg(only("unknown", "Only those that may have been charged"))
        .arg(only("failed", "Only those whose job failed"))
        .group(ArgGroup::new("which").args(["open", "unknown", "failed"]))
}
