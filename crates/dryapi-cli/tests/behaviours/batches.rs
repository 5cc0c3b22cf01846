//! `dryapi batch`: rows in, results out, each paid for once, whenever the process was killed.

mod ending;
mod forms;
mod killed;
mod reading;
mod standing;
mod support;
