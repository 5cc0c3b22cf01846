//! Logs of what the client does, where `RUST_LOG` asks for them. They never hold the key.

use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::screen::Screen;

/// Starts logging to stderr. Once in a process: later calls change nothing.
pub(crate) fn start(filter: Option<String>, screen: &Screen) {
    let Some(filter) = filter.filter(|filter| !filter.is_empty()) else {
        return;
    };
    let Ok(filter) = EnvFilter::try_new(&filter) else {
        screen.note(&format!("warning: RUST_LOG={filter:?} is no filter"));
        return;
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(screen.colours(screen.stderr_is_terminal()))
        .with_writer(Mutex::new(screen.messages()))
        .try_init();
}
