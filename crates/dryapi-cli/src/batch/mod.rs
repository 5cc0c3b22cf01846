//! `dryapi batch`: many jobs from a file, each paid for once.

mod balance;
mod bring;
mod collect;
mod done;
mod draft;
mod dry_run;
mod files;
mod identity;
mod input;
mod lines;
mod lost;
mod options;
mod packs;
mod progress;
mod read;
mod ready;
mod recorded;
mod row;
mod run;
mod send;
mod shared;
mod sidecar;
mod summary;
mod template;
mod texts;
mod undone;

pub(crate) use run::batch;
