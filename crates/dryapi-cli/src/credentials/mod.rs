//! The keys that `dryapi login` keeps: one for each profile at each address of the service.
//!
//! They lie in a file for its owner alone, beside the config file. Rights that others got over it
//! are taken away again before it is read.

mod file;
mod rights;

pub(crate) use file::{Credentials, Whose};
