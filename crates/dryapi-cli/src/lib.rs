//! The `dryapi` command as a library, so that it can be run and tested in a process of one's own.
//!
//! ```
//! use std::io;
//!
//! use dryapi_cli::{Console, run};
//!
//! let nothing = |_: &str| None::<String>;
//! let code = run(["dryapi", "--version"], nothing, io::sink(), io::sink(), Console::default());
//! assert_eq!(code, 0);
//!
//! // No key: exit code 1, before anything is sent.
//! let code = run(["dryapi", "balance"], nothing, io::sink(), io::sink(), Console::default());
//! assert_eq!(code, 1);
//! ```
//!
//! # Features
//!
//! `previews`: pictures of unfinished jobs on terminals that can show them (kitty, iTerm2, sixel).
//!
//! `keyring`: `dryapi login` keeps the key in the Keychain, the Credential Manager or the Secret
//! Service; where that does not answer, or `DRYAPI_KEYRING` is `off`, in the file as without it.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod await_job;
mod balances;
mod batch;
mod catalogue;
mod commands;
mod complete;
mod config;
mod console;
mod credentials;
mod deliver;
mod duration;
mod environment;
mod flags;
mod handed_out;
mod here;
#[cfg(unix)]
mod hidden;
mod key;
mod ledger;
mod logs;
mod manual;
mod media;
mod names;
mod pay;
mod places;
#[cfg(feature = "previews")]
mod preview;
mod recorder;
mod report;
mod request;
mod rules;
mod run;
mod screen;
mod session;
mod setup;
mod stdin;
mod stop;
mod target;

pub use console::Console;
pub use run::run;
