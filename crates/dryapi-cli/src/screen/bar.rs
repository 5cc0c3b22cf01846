//! The progress bar of one job.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::stream::Stream;
use super::term::Term;

/// Redrawn this often, so that the elapsed time moves between two looks.
const TICK: Duration = Duration::from_millis(200);

/// A bar: what it is about, percent once they are known, elapsed time, what is going on.
#[derive(Clone, Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new(err: Stream, width: fn() -> u16, plain: bool, prefix: String) -> Self {
        let term = Term::new(err, width);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(term), 10);
        let bar = ProgressBar::with_draw_target(Some(100), target)
            .with_style(style(plain))
            .with_prefix(prefix);
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Shows how far it is, and what is going on.
    pub(crate) fn set(&self, percent: Option<f64>, message: String) {
        if let Some(percent) = percent {
            // Between 0 and 100 since it was read.
            self.0.set_position(percent.clamp(0.0, 100.0) as u64);
        }
        self.0.set_message(message);
    }

    /// Writes something above the bar.
    pub(super) fn around(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

fn style(plain: bool) -> ProgressStyle {
    let bar = if plain {
        "{bar:30}"
    } else {
        "{bar:30.cyan/dim}"
    };
    let template = format!("{{prefix}} {bar} {{percent:>3}}% {{elapsed}} {{msg}}");
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─")
}
