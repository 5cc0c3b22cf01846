//! Where results and messages go.

mod bar;
mod stream;
mod term;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use dryapi_client::ErrorKind;

pub(crate) use bar::Bar;

use self::stream::Stream;
use crate::report::{End, Failure};

/// Stdout for results, stderr for everything else. Clones write to the same.
#[derive(Clone)]
pub(crate) struct Screen {
    out: Stream,
    err: Stream,
    bar: Arc<Mutex<Option<Bar>>>,
    how: How,
}

/// How things are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// Whether `NO_COLOR` is set.
    pub(crate) plain: bool,
    pub(crate) stdout_is_terminal: bool,
    pub(crate) stderr_is_terminal: bool,
    pub(crate) width: fn() -> u16,
    #[cfg(feature = "previews")]
    pub(crate) height: fn() -> u16,
    /// How this terminal shows pictures, if it does.
    #[cfg(feature = "previews")]
    pub(crate) protocol: Option<crate::preview::Protocol>,
}

impl Screen {
    pub(crate) fn new(
        out: impl Write + Send + 'static,
        err: impl Write + Send + 'static,
        how: How,
    ) -> Self {
        Self {
            out: Stream::new(out),
            err: Stream::new(err),
            bar: Arc::default(),
            how,
        }
    }

    /// The same, shown otherwise.
    pub(crate) fn shown(mut self, json: bool, quiet: bool) -> Self {
        self.how.json = json;
        self.how.quiet = quiet;
        self
    }

    pub(crate) const fn json(&self) -> bool {
        self.how.json
    }

    pub(crate) const fn stdout_is_terminal(&self) -> bool {
        self.how.stdout_is_terminal
    }

    /// Whether a stream takes colours.
    pub(crate) const fn colours(&self, is_terminal: bool) -> bool {
        is_terminal && !self.how.plain && !self.how.json
    }

    pub(crate) const fn stderr_is_terminal(&self) -> bool {
        self.how.stderr_is_terminal
    }

    /// One line of result.
    pub(crate) fn result(&self, line: &str) -> Result<(), End> {
        self.result_bytes(format!("{line}\n").as_bytes())
    }

    /// Bytes of a result, flushed.
    pub(crate) fn result_bytes(&self, bytes: &[u8]) -> Result<(), End> {
        let written = self.out.write(bytes).and_then(|()| self.out.flush());
        written.map_err(|error| unwritten(&error))
    }

    /// One message.
    pub(crate) fn note(&self, line: &str) {
        self.message(&format!("{line}\n"));
    }

    /// A message that is only of use while one watches.
    pub(crate) fn progress(&self, line: &str) {
        if !self.how.quiet && !self.how.json {
            self.note(line);
        }
    }

    /// A whole message. Nobody can be told when stderr is gone.
    pub(crate) fn message(&self, text: &str) {
        match &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(bar) => bar.message(&self.err, text),
            None => self.write_err(text),
        }
    }

    fn write_err(&self, text: &str) {
        let written = self.err.write(text.as_bytes());
        let _ = written.and_then(|()| self.err.flush());
    }

    /// A writer of messages, for logs.
    pub(crate) fn messages(&self) -> impl Write + use<> {
        Messages(self.clone())
    }

    /// Shows a bar until [`clear`](Self::clear), where somebody watches.
    pub(crate) fn bar(&self, prefix: String) -> Option<Bar> {
        let how = &self.how;
        if !how.stderr_is_terminal || how.json || how.quiet {
            return None;
        }
        let bar = Bar::new(self.err.clone(), how.width, how.plain, prefix);
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
        Some(bar)
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        let bar = self
            .bar
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(bar) = bar {
            bar.clear();
            #[cfg(feature = "previews")]
            self.write_err(&bar.erase());
        }
    }
}

fn unwritten(error: &io::Error) -> End {
    match error.kind() {
        io::ErrorKind::BrokenPipe => End::ClosedPipe,
        _ => Failure::new(ErrorKind::File, format!("stdout: {error}")).into(),
    }
}

struct Messages(Screen);

impl Write for Messages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.message(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen")
            .field("how", &self.how)
            .finish_non_exhaustive()
    }
}

/// Pictures stand above the bar, and go with it.
#[cfg(feature = "previews")]
impl crate::preview::Easel for Screen {
    fn protocol(&self) -> Option<crate::preview::Protocol> {
        let how = &self.how;
        let watched = self.colours(how.stderr_is_terminal) && !how.quiet;
        how.protocol.filter(|_| watched)
    }

    fn size(&self) -> (u16, u16) {
        ((self.how.width)(), (self.how.height)())
    }

    fn picture(&self, drawn: crate::preview::Drawn) {
        // Nobody waits any more without a bar.
        if let Some(bar) = &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.picture(&self.err, drawn);
        }
    }
}

#[cfg(all(test, feature = "previews"))]
mod tests {
    use super::*;
    use crate::preview::{Drawn, Easel as _};

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_picture_stays_below_messages_and_goes_with_the_bar() {
        let err = Buffer::default();
        let how = How {
            json: false,
            quiet: false,
            plain: false,
            stdout_is_terminal: true,
            stderr_is_terminal: true,
            width: || 80,
            height: || 24,
            protocol: None,
        };
        let screen = Screen::new(io::sink(), err.clone(), how);
        let picture = |name: &str| Drawn {
            show: format!("<{name}>"),
            erase: format!("</{name}>"),
        };
        screen.picture(picture("early"));
        let _bar = screen.bar("job".to_owned());
        screen.picture(picture("one"));
        screen.picture(picture("two"));
        screen.note("a message");
        screen.clear();
        screen.picture(picture("late"));
        screen.note("the end");
        let text = String::from_utf8(err.0.lock().unwrap().clone()).unwrap();
        let marks = [
            "<one>",
            "</one><two>",
            "</two>a message\n<two>",
            "</two>the end\n",
        ];
        let at = marks.map(|mark| {
            text.find(mark)
                .unwrap_or_else(|| panic!("{mark}: {text:?}"))
        });
        assert!(at.is_sorted(), "{text:?}");
        assert!(
            !text.contains("early") && !text.contains("late"),
            "{text:?}"
        );
        assert_eq!(text.matches("</two>").count(), 2);
    }
}
