//! The results of jobs: made when first fetched, kept while there is room.

mod picture;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use self::picture::{Image, paint};
use crate::random::hash_bytes;
use crate::world::{Job, Work};

/// The formats a picture can be fetched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Jpeg,
    WebP,
}

impl Format {
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    pub(crate) fn of_file(name: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::WebP]
            .into_iter()
            .find(|format| name.strip_prefix("output.") == Some(format.extension()))
    }
}

/// Largest upload that is really enlarged; others give a painted picture of the right size.
const MOST_SOURCE_PIXELS: u64 = 2048 * 2048;

/// Finished files, the latest of them.
#[derive(Debug, Default)]
pub(crate) struct Works {
    kept: Mutex<VecDeque<((String, &'static str), Bytes)>>,
}

impl Works {
    const MOST_FILES: usize = 24;
    const MOST_BYTES: usize = 96 << 20;

    /// The file of a finished job. Takes a while: not for an async thread.
    pub(crate) fn file(&self, job: &Job, format: Format) -> Bytes {
        let name = (job.id.clone(), format.extension());
        if let Some((_, file)) = self.kept().iter().find(|(kept, _)| *kept == name) {
            return file.clone();
        }
        let image = make(job);
        let file = Bytes::from(match format {
            Format::Png => image.encode(),
            Format::Jpeg => image.encode_jpeg(90),
            Format::WebP => image.encode_webp(),
        });
        let mut kept = self.kept();
        kept.push_back((name, file.clone()));
        while kept.len() > Self::MOST_FILES
            || (kept.len() > 1
                && kept.iter().map(|(_, f)| f.len()).sum::<usize>() > Self::MOST_BYTES)
        {
            kept.pop_front();
        }
        file
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<((String, &'static str), Bytes)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make(job: &Job) -> Image {
    match &job.work {
        Work::Picture {
            prompt,
            seed,
            width,
            height,
        } => paint(prompt, *seed, job.model, *width, *height),
        Work::Enlargement {
            file,
            width,
            height,
            factor,
        } => match Image::decode(file, MOST_SOURCE_PIXELS) {
            Some(image) => image.enlarged(*factor),
            None => {
                let seed = hash_bytes(file.iter().copied()) as i64;
                let side = |length: u32| length.saturating_mul(*factor).clamp(1, 4096);
                paint("", seed, job.model, side(*width), side(*height))
            }
        },
    }
}

/// A small JPEG of the picture in the making; none for work that has none.
pub(crate) fn preview(job: &Job, progress: f64) -> Option<Vec<u8>> {
    let Work::Picture {
        prompt,
        seed,
        width,
        height,
    } = &job.work
    else {
        return None;
    };
    let long = (*width).max(*height).max(1);
    let side = |length: u32| (length * 64 / long).max(1);
    let small = paint(prompt, *seed, job.model, side(*width), side(*height));
    Some(small.preview(progress).encode_jpeg(75))
}
