//! Standard input, which only one thing can read.

use std::fmt;
use std::io::{self, Read};

use dryapi_client::ErrorKind;
use tempfile::NamedTempFile;

use crate::report::{End, Failure};

/// Standard input until it is read.
pub(crate) struct Stdin(Option<Box<dyn Read + Send>>);

impl Stdin {
    pub(crate) fn new(stdin: Box<dyn Read + Send>) -> Self {
        Self(Some(stdin))
    }

    /// One that somebody else reads.
    pub(crate) const fn read() -> Self {
        Self(None)
    }

    /// All of it as text, without its last line break.
    pub(crate) async fn text(&mut self) -> Result<String, End> {
        let mut stdin = self.take()?;
        let text = on_a_thread(move || {
            let mut text = String::new();
            stdin.read_to_string(&mut text)?;
            Ok(text)
        });
        let text = text.await?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
    }

    /// All of it, every byte.
    pub(crate) async fn bytes(&mut self) -> Result<Vec<u8>, End> {
        let mut stdin = self.take()?;
        on_a_thread(move || {
            let mut bytes = Vec::new();
            stdin.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .await
    }

    /// All of it as a file, which goes away when it is dropped.
    pub(crate) async fn file(&mut self) -> Result<NamedTempFile, End> {
        let mut stdin = self.take()?;
        on_a_thread(move || {
            let mut file = NamedTempFile::with_prefix("stdin-")?;
            io::copy(&mut stdin, &mut file)?;
            Ok(file)
        })
        .await
    }

    /// How it begins, at most this many bytes; they can be read again.
    pub(crate) async fn peek(&mut self, most: usize) -> Result<Vec<u8>, End> {
        let mut stdin = self.take()?;
        let (beginning, rest) = on_a_thread(move || {
            let mut beginning = Vec::new();
            (&mut stdin).take(most as u64).read_to_end(&mut beginning)?;
            Ok((beginning, stdin))
        })
        .await?;
        let again = io::Cursor::new(beginning.clone()).chain(rest);
        self.0 = Some(Box::new(again));
        Ok(beginning)
    }

    fn take(&mut self) -> Result<Box<dyn Read + Send>, End> {
        let again = || Failure::invalid("only one thing can be read from stdin").into();
        self.0.take().ok_or_else(again)
    }
}

/// Reads where blocking does no harm.
async fn on_a_thread<T: Send + 'static>(
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, End> {
    let failed = |why: String| Failure::new(ErrorKind::File, format!("stdin: {why}")).into();
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

impl fmt::Debug for Stdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stdin")
    }
}
