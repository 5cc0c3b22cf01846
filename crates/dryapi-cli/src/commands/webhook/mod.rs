//! `dryapi webhook …`: what whoever writes a webhook's receiver needs. Only `listen` has to do with
//! an account.

mod desk;
mod listen;
mod parcel;
mod sample;
mod send;
mod sign;
mod trigger;
mod uuid;
mod verify;

use clap::ArgMatches;

use self::desk::Desk;
use crate::flags::Given;
use crate::report::{End, Failure, Kind};
use crate::screen::Screen;
use crate::stdin::Stdin;
use crate::stop::Stop;

pub(crate) use self::listen::listen;

/// Those that need no account.
pub(crate) async fn webhook(
    given: &Given,
    matches: &ArgMatches,
    screen: &Screen,
    stop: &Stop,
    stdin: Stdin,
) -> Result<(), End> {
    let desk = Desk {
        given,
        screen,
        stop,
    };
    let work = async {
        match matches.subcommand() {
            Some(("sign", matches)) => sign::sign(&desk, matches, stdin).await,
            Some(("verify", matches)) => verify::verify(&desk, matches, stdin).await,
            Some(("trigger", matches)) => trigger::trigger(&desk, matches).await,
            _ => Err(Failure::invalid("no such command").into()),
        }
    };
    tokio::select! {
        biased;
        result = work => result,
        () = desk.stop.asked(1) => {
            Err(Failure::new(Kind::Interrupted, "interrupted").into())
        }
    }
}
