//! The record of paid work: whether a command keeps one, and where.

use std::path::PathBuf;
use std::sync::Arc;

use clap::ArgMatches;
use dryapi_client::ErrorKind;
use dryapi_ledger::{SqliteStore, Store, StoreError};

use crate::flags::Given;
use crate::report::{End, Failure, terminal};
use crate::screen::Screen;

/// What a command does without a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// All of it: it has nothing to write down and nothing to look up.
    None,
    /// All of it, and there is nothing to warn of: it does not pay.
    Handy,
    /// It pays, warns, and goes on.
    Wanted,
    /// Nothing: it would break its promise.
    Must,
    /// Nothing, not even in a sandbox: there it has one in memory, which ends with it.
    Always,
}

/// What became of the ledger.
#[derive(Debug)]
pub(crate) enum Book {
    /// None is kept: by choice, or for a sandbox that ends with the command.
    Off(&'static str),
    /// It is open.
    Open {
        path: PathBuf,
        store: Arc<dyn Store>,
    },
    /// It cannot be opened.
    Broken(Box<Failure>),
}

impl Need {
    /// What the command that was given needs.
    pub(crate) fn of(given: &Given, matches: &ArgMatches) -> Self {
        let name = matches.subcommand_name().unwrap_or_default();
        let need = match name {
            "balance" | "models" => Self::None,
            "jobs" | "resume" | "spend" => Self::Must,
            "batch" => Self::Always,
            "doctor" | "limits" | "price" | "status" | "wait" | "download" | "watch"
            | "webhook" => Self::Handy,
            _ => Self::Wanted,
        };
        match need {
            Self::Wanted if given.intent.is_some() => Self::Must,
            need => need,
        }
    }

    /// Whether the command does nothing without it.
    pub(crate) const fn is_must(self) -> bool {
        matches!(self, Self::Must | Self::Always)
    }
}

impl Book {
    /// Opens it, if it is to be kept. A sandbox inside the command never has one.
    ///
    /// # Cancel safety
    /// Dropping the future may leave an empty ledger behind.
    pub(crate) async fn open(given: &Given, need: Need) -> Self {
        if need == Need::None {
            return Self::Off("this command needs no ledger");
        }
        if given.sandbox && need == Need::Always {
            return Self::opened(PathBuf::new(), SqliteStore::open_in_memory().await);
        }
        if given.sandbox {
            return Self::Off("the sandbox ends with this command, so nothing of it is recorded");
        }
        if given.no_ledger {
            return Self::Off("--no-ledger was given");
        }
        let Some(path) = given.ledger.clone() else {
            let message =
                "there is no place for the ledger: neither HOME nor XDG_STATE_HOME is set";
            return Self::Broken(broken(message));
        };
        let opened = SqliteStore::open(&path).await;
        Self::opened(path, opened)
    }

    fn opened(path: PathBuf, opened: Result<SqliteStore, StoreError>) -> Self {
        match opened {
            Ok(store) => Self::Open {
                path,
                store: Arc::new(store),
            },
            Err(error) => Self::Broken(broken(error.to_string())),
        }
    }

    /// Where the command writes things down; says what is to be said where it cannot.
    pub(crate) fn store(
        &self,
        given: &Given,
        need: Need,
        screen: &Screen,
    ) -> Result<Option<Arc<dyn Store>>, End> {
        match self {
            Self::Open { store, .. } => Ok(Some(Arc::clone(store))),
            Self::Broken(failure) if need.is_must() => {
                let mut failure = Failure::clone(failure);
                failure.message += "; nothing was sent";
                failure.intent.clone_from(&given.intent);
                Err(failure.into())
            }
            Self::Broken(failure) => {
                if need == Need::Wanted {
                    let said = terminal::line(&failure.message);
                    let text = format!("warning: {said}; what is paid for now is not recorded");
                    screen.note(&text);
                }
                Ok(None)
            }
            // Nothing is paid in a sandbox, so nothing can be paid twice.
            Self::Off(_) if need.is_must() && given.intent.is_some() && given.sandbox => Ok(None),
            Self::Off(why) if need.is_must() => {
                let what = match given.intent {
                    Some(_) => "--intent",
                    None => "this command",
                };
                let message = format!("{what} needs the ledger, but {why}; nothing was sent");
                Err(Failure::invalid(message).into())
            }
            Self::Off(_) => Ok(None),
        }
    }
}

fn broken(message: impl Into<String>) -> Box<Failure> {
    let failure = Failure::new(ErrorKind::File, message);
    Box::new(
        failure.help(
            "Name another file with --ledger or DRYAPI_LEDGER, or keep none with --no-ledger.",
        ),
    )
}
