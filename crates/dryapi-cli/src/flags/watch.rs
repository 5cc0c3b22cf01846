//! `watch`: the account's jobs as they move on.

use clap::Command;

/// What is true of every command that follows the account's jobs.
pub(super) const FOLLOWS: &str = "\
Needs the push channel: --client-id, and with another base URL --realtime-url. The channel never \
tells that a job failed: a look does, half a minute late or more. What happened while nobody was \
connected is not told again; jobs seen before are looked at.

Ends with Ctrl-C (exit code 130), or with exit code 0 when the time of --timeout is up. With \
--sandbox it says how to send it jobs from another terminal.";

pub(super) fn watch() -> Command {
    Command::new("watch")
        .about("Show the account's jobs as they move on, until Ctrl-C")
        .after_help(FOLLOWS)
}
