//! What the client does with files.

use std::path::PathBuf;

use super::ClientBuilder;

impl ClientBuilder {
    /// The most that is fetched from the address of a [`Source::Url`](dryapi_types::Source::Url), in
    /// bytes; default 100 MiB, what the service's FAQ page allows for films.
    #[must_use]
    pub const fn fetch_limit(mut self, bytes: u64) -> Self {
        self.files.fetch_limit = bytes;
        self
    }

    /// Whether a file outside the published limits (size, format) is an error before anything is
    /// sent. Off by default, since the service's pages disagree: then it is a warning, told to the
    /// [`Observer`](crate::Observer) and by the job.
    #[must_use]
    pub const fn enforce_file_limits(mut self, enforce: bool) -> Self {
        self.files.strict = enforce;
        self
    }

    /// Where content above 1 MiB is kept that was fetched or can be read only once; default the
    /// system's folder for temporary files, which on some machines is memory.
    #[must_use]
    pub fn temp_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.files.temp_dir = Some(folder.into());
        self
    }
}
