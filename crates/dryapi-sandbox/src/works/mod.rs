//! The results of jobs.

pub(crate) mod picture;
