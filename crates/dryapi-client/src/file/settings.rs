//! What a client may be told about files.

use std::path::PathBuf;

/// A file fetched from an address may be this large, in bytes: what the service's FAQ page allows
/// for films.
const FETCH_LIMIT: u64 = 100 * 1024 * 1024;

/// How one client treats files.
#[derive(Clone, Debug)]
pub(crate) struct FileSettings {
    /// The most that is fetched from an address, in bytes.
    pub(crate) fetch_limit: u64,
    /// Whether a file outside the published limits is an error before anything is sent.
    pub(crate) strict: bool,
    /// Where content is kept that must be read twice; the system's folder by default.
    pub(crate) temp_dir: Option<PathBuf>,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            fetch_limit: FETCH_LIMIT,
            strict: false,
            temp_dir: None,
        }
    }
}
