//! What is done already: by the sidecars beside the results.

use std::path::Path;

use super::row::Row;
use super::sidecar::{self, FileOf, Sidecar};
use crate::report::{End, Failure};

/// Where a row stands by its folder.
#[derive(Debug)]
pub(super) enum Standing {
    /// Its result is there, whole.
    Done(Box<Sidecar>),
    /// Its result was there: the job is known, its file is not as it was.
    Was(Box<Sidecar>),
    /// Nothing is there, or not all of it.
    Open,
}

/// Looks at a row's result.
///
/// # Errors
/// When something is there that this row did not make.
pub(super) fn standing(row: &Row, sandbox: bool) -> Result<Standing, String> {
    let Some(sidecar) = sidecar::of(row) else {
        // Without a sidecar the file may be this row's: the ledger knows.
        return Ok(Standing::Open);
    };
    if sidecar.content != row.content || sidecar.id != row.id {
        return Err(other(row, &row.path));
    }
    if sidecar.sandbox != sandbox {
        let (path, id) = (row.path.display(), &row.id);
        let other = match sidecar.sandbox {
            true => "comes from a sandbox",
            false => "does not come from a sandbox",
        };
        return Err(format!(
            "row {id}: {path} {other}; give another folder to --out"
        ));
    }
    match FileOf::read(&row.path) {
        Ok(file) if file == sidecar.file => Ok(Standing::Done(Box::new(sidecar))),
        _ => Ok(Standing::Was(Box::new(sidecar))),
    }
}

/// What is said of a row whose content is no longer what its result was made of.
pub(super) fn other(row: &Row, made: &Path) -> String {
    let (id, made) = (&row.id, made.display());
    format!("row {id}: {made} was made of other content; give the changed row another id")
}

/// Rows that cannot be, as a failure before anything is sent.
pub(super) fn changed(mut what: Vec<String>) -> Result<(), End> {
    if what.is_empty() {
        return Ok(());
    }
    let more = what.len().saturating_sub(1);
    let mut message = what.swap_remove(0);
    if more > 0 {
        message += &format!("; and {more} more");
    }
    Err(Failure::invalid(message + "; nothing was sent").into())
}
