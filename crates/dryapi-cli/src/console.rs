//! What a command runs on besides its arguments and its two outputs.

use std::fmt;
use std::io::{self, IsTerminal, Read};
use std::time::Duration;

/// Standard input, and what is a terminal. The default is a machine: nothing is a terminal, and
/// standard input is empty.
pub struct Console {
    pub(crate) stdin: Box<dyn Read + Send>,
    pub(crate) stdin_is_terminal: bool,
    /// Whether standard input is this process's.
    pub(crate) stdin_is_own: bool,
    pub(crate) stdout_is_terminal: bool,
    pub(crate) stderr_is_terminal: bool,
    pub(crate) width: fn() -> u16,
    #[cfg(feature = "previews")]
    pub(crate) height: fn() -> u16,
    pub(crate) pace: Pace,
}

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Between two looks at a job, where somebody said.
    pub(crate) look: Option<Duration>,
    /// Before a delivery that was not taken is first sent again; each time twice as long.
    pub(crate) first_retry: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: None,
            first_retry: Duration::from_secs(1),
        }
    }
}

impl Console {
    /// This process's own.
    #[must_use]
    pub fn system() -> Self {
        Self {
            stdin: Box::new(io::stdin()),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdin_is_own: true,
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            width: || {
                terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| width.0)
            },
            #[cfg(feature = "previews")]
            height: || {
                terminal_size::terminal_size_of(io::stderr()).map_or(24, |(_, height)| height.0)
            },
            pace: Pace::default(),
        }
    }

    /// Reads standard input from here.
    #[must_use]
    pub fn with_stdin(mut self, stdin: impl Read + Send + 'static) -> Self {
        self.stdin = Box::new(stdin);
        self.stdin_is_own = false;
        self
    }

    /// Whether somebody sits at standard input: with messages on a terminal, too, one may be asked
    /// before paying again for what may have been paid for.
    #[must_use]
    pub const fn with_stdin_terminal(mut self, is_terminal: bool) -> Self {
        self.stdin_is_terminal = is_terminal;
        self
    }

    /// Whether results go to a terminal: binary ones are then refused.
    #[must_use]
    pub const fn with_stdout_terminal(mut self, is_terminal: bool) -> Self {
        self.stdout_is_terminal = is_terminal;
        self
    }

    /// Whether messages go to a terminal, 80 columns wide: progress bars and colours are then
    /// shown.
    #[must_use]
    pub const fn with_stderr_terminal(mut self, is_terminal: bool) -> Self {
        self.stderr_is_terminal = is_terminal;
        self
    }

    /// How often a job is looked at, for a service whose looks are not limited. Default: as its
    /// kind of task takes.
    #[must_use]
    pub const fn with_look_every(mut self, look: Duration) -> Self {
        self.pace.look = Some(look);
        self
    }

    /// How long a delivery that `webhook listen` forwards and the receiver did not take waits
    /// before it is first sent again, each further time twice as long. Default 1 s.
    #[must_use]
    pub const fn with_first_retry(mut self, pause: Duration) -> Self {
        self.pace.first_retry = pause;
        self
    }
}

impl Default for Console {
    fn default() -> Self {
        Self {
            stdin: Box::new(io::empty()),
            stdin_is_terminal: false,
            stdin_is_own: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            width: || 80,
            #[cfg(feature = "previews")]
            height: || 24,
            pace: Pace::default(),
        }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("stdin_is_terminal", &self.stdin_is_terminal)
            .field("stdout_is_terminal", &self.stdout_is_terminal)
            .field("stderr_is_terminal", &self.stderr_is_terminal)
            .finish_non_exhaustive()
    }
}
