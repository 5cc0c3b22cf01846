//! The picture of an unfinished job, shown above the bar while one waits.
//!
//! Only on a terminal, and only where its environment says that it can; never with `--json`,
//! `--quiet` or `NO_COLOR`. What cannot be shown is left out without a word: nothing depends on it.

mod draw;
mod picture;
mod protocol;
mod sixel;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dryapi_client::{Clock, JobStatus};

use self::draw::{Cells, draw};
use self::picture::Picture;

pub(crate) use self::draw::Drawn;
pub(crate) use self::protocol::Protocol;

/// A picture is drawn at most this often.
const PAUSE: Duration = Duration::from_secs(1);
/// The most columns and rows it takes.
const MOST: Cells = Cells {
    columns: 40,
    rows: 20,
};
/// What is left of the terminal beside and below it, the bar included.
const MARGIN: u16 = 4;

/// Where pictures go.
pub(crate) trait Easel: Send + 'static {
    /// How it shows pictures; none where it does not.
    fn protocol(&self) -> Option<Protocol>;

    /// Its columns and rows.
    fn size(&self) -> (u16, u16);

    /// Shows a picture in place of the one before.
    fn picture(&self, drawn: Drawn);
}

/// The pictures of one wait.
pub(crate) struct Previews<E> {
    easel: E,
    clock: Arc<dyn Clock>,
    last: Option<(Instant, String)>,
    drawing: Arc<AtomicBool>,
}

impl<E: Easel + Clone> Previews<E> {
    pub(crate) fn new(easel: E, clock: Arc<dyn Clock>) -> Self {
        Self {
            easel,
            clock,
            last: None,
            drawing: Arc::default(),
        }
    }

    /// Shows a status's picture if it is a new one, and the last was not just now. Never waits:
    /// another thread draws. Needs a runtime.
    pub(crate) fn show(&mut self, status: &JobStatus) {
        let Some(protocol) = self.easel.protocol() else {
            return;
        };
        let Some(text) = status.preview.as_ref().and_then(|preview| preview.base64()) else {
            return;
        };
        if text.len() > picture::LONGEST {
            return;
        }
        let now = self.clock.now();
        if let Some((at, shown)) = &self.last
            && (now.saturating_duration_since(*at) < PAUSE || shown == text)
        {
            return;
        }
        if self.drawing.swap(true, Ordering::SeqCst) {
            return;
        }
        self.last = Some((now, text.to_owned()));
        let (easel, drawing, text) = (
            self.easel.clone(),
            Arc::clone(&self.drawing),
            text.to_owned(),
        );
        tokio::task::spawn_blocking(move || {
            let (columns, rows) = easel.size();
            let most = Cells {
                columns: MOST.columns.min(columns.saturating_sub(MARGIN)),
                rows: MOST.rows.min(rows.saturating_sub(MARGIN)),
            };
            if let Some(jpeg) = picture::bytes(&text)
                && let Some(picture) = Picture::decode(&jpeg)
            {
                easel.picture(draw(&picture, &jpeg, protocol, most));
            }
            drawing.store(false, Ordering::SeqCst);
        });
    }
}
