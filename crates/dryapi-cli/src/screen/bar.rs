//! The progress bar of one job.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::stream::Stream;
use super::term::Term;
#[cfg(feature = "previews")]
use crate::preview::Drawn;

/// Redrawn this often, so that the elapsed time moves between two looks.
const TICK: Duration = Duration::from_millis(200);

/// A bar: what it is about, percent once they are known, elapsed time, what is going on.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    /// The picture directly above.
    #[cfg(feature = "previews")]
    above: std::sync::Arc<std::sync::Mutex<Option<Drawn>>>,
}

impl Bar {
    pub(super) fn new(err: Stream, width: fn() -> u16, plain: bool, prefix: String) -> Self {
        let term = Term::new(err, width);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(term), 10);
        let bar = ProgressBar::with_draw_target(Some(100), target)
            .with_style(style(plain))
            .with_prefix(prefix);
        bar.enable_steady_tick(TICK);
        Self {
            bar,
            #[cfg(feature = "previews")]
            above: std::sync::Arc::default(),
        }
    }

    /// Shows how far it is, and what is going on.
    pub(crate) fn set(&self, percent: Option<f64>, message: String) {
        if let Some(percent) = percent {
            // Between 0 and 100 since it was read.
            self.bar.set_position(percent.clamp(0.0, 100.0) as u64);
        }
        self.bar.set_message(message);
    }

    /// Writes a text above the bar, and above the picture that belongs to it. Nobody can be told
    /// when stderr is gone.
    pub(super) fn message(&self, err: &Stream, text: &str) {
        self.bar.suspend(|| {
            #[cfg(feature = "previews")]
            let text = &match &*self.above() {
                Some(Drawn { show, erase }) => format!("{erase}{text}{show}"),
                None => text.to_owned(),
            };
            let _ = err.write(text.as_bytes()).and_then(|()| err.flush());
        });
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(feature = "previews")]
impl Bar {
    /// Shows a picture above the bar, in place of one that stands there.
    pub(super) fn picture(&self, err: &Stream, drawn: Drawn) {
        let before = self.erase();
        let text = format!("{before}{}", drawn.show);
        self.bar.suspend(|| {
            let _ = err.write(text.as_bytes()).and_then(|()| err.flush());
        });
        *self.above() = Some(drawn);
    }

    /// What takes the picture away; empty where there is none. From now on nobody else does.
    pub(super) fn erase(&self) -> String {
        self.above()
            .take()
            .map_or_else(String::new, |drawn| drawn.erase)
    }

    fn above(&self) -> std::sync::MutexGuard<'_, Option<Drawn>> {
        self.above
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
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
