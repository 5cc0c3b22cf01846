//! Standard input, which only one thing can read.

use std::fmt;
use std::io::{self, Read};

use dryapi_client::ErrorKind;
use tempfile::NamedTempFile;

use crate::report::{End, Failure};

/// Longer answers are cut, in bytes.
const LONGEST_ANSWER: usize = 1000;

/// Standard input until it is read.
pub(crate) struct Stdin {
    source: Option<Box<dyn Read + Send>>,
    is_terminal: bool,
    /// Whether it is this process's own, whose terminal can be told not to show what is typed.
    is_own: bool,
}

impl Stdin {
    pub(crate) fn new(stdin: Box<dyn Read + Send>, is_terminal: bool) -> Self {
        Self {
            source: Some(stdin),
            is_terminal,
            is_own: false,
        }
    }

    /// One that somebody else reads.
    pub(crate) const fn read() -> Self {
        Self {
            source: None,
            is_terminal: false,
            is_own: false,
        }
    }

    /// The process's own.
    pub(crate) const fn own(mut self, is_own: bool) -> Self {
        self.is_own = is_own;
        self
    }

    /// Whether somebody sits there, and nothing has read it.
    pub(crate) const fn can_answer(&self) -> bool {
        self.is_terminal && self.source.is_some()
    }

    /// One line, as somebody answers.
    pub(crate) async fn answer(&mut self) -> Result<String, End> {
        let mut stdin = self.take()?;
        let (answer, stdin) = on_a_thread(move || {
            let (mut line, mut byte) = (Vec::new(), [0]);
            while line.len() < LONGEST_ANSWER && stdin.read(&mut byte)? > 0 && byte != *b"\n" {
                line.extend(byte);
            }
            Ok((line, stdin))
        })
        .await?;
        self.source = Some(stdin);
        Ok(String::from_utf8_lossy(&answer).trim().to_owned())
    }

    /// One line that is not shown while it is typed, as far as the terminal can be told so.
    pub(crate) async fn secret(&mut self) -> Result<String, End> {
        #[cfg(windows)]
        if self.is_own && self.is_terminal {
            return on_a_thread(|| console::Term::stderr().read_secure_line()).await;
        }
        #[cfg(unix)]
        let _hidden = (self.is_own && self.is_terminal).then(crate::hidden::Hidden::start);
        self.answer().await
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
        self.source = Some(Box::new(again));
        Ok(beginning)
    }

    fn take(&mut self) -> Result<Box<dyn Read + Send>, End> {
        let again = || Failure::invalid("only one thing can be read from stdin").into();
        self.source.take().ok_or_else(again)
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
