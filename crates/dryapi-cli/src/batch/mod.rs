//! `dryapi batch`: many jobs from a file, each paid for once.

mod collect;
mod done;
mod dry_run;
mod files;
mod identity;
mod input;
mod lines;
mod options;
mod packs;
mod progress;
mod read;
mod row;
mod run;
mod shared;
mod sidecar;
mod summary;
mod template;
mod texts;

pub(crate) use run::batch;
