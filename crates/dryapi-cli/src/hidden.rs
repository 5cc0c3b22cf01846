//! A terminal that does not show what is typed.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Hides what is typed on standard input until it is dropped, also where the command is interrupted
/// meanwhile: the terminal is the user's.
#[derive(Debug)]
pub(crate) struct Hidden(Option<Termios>);

impl Hidden {
    pub(crate) fn start() -> Self {
        let Ok(before) = tcgetattr(io::stdin()) else {
            return Self(None);
        };
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        quiet.local_modes.insert(LocalModes::ECHONL);
        let hidden = tcsetattr(io::stdin(), OptionalActions::Flush, &quiet);
        Self(hidden.ok().map(|()| before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}
