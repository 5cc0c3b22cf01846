//! The results of jobs: made when first fetched, kept while there is room.

mod film;
mod format;
mod picture;
mod sound;
mod text;
mod vectors;
mod work;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

pub(crate) use self::film::Film;
pub(crate) use self::format::Format;
pub(crate) use self::sound::{Music, Speech};
pub(crate) use self::text::{Reading, Topic, Transcript, better_negative, better_prompt, sample};
pub(crate) use self::work::Work;

/// Finished files, the latest of them.
#[derive(Debug, Default)]
pub(crate) struct Works {
    kept: Mutex<VecDeque<((String, Format), Bytes)>>,
    /// Held while a large file is made: several at once would be more than is ever kept.
    making: Mutex<()>,
}

impl Works {
    const MOST_FILES: usize = 24;
    const MOST_BYTES: usize = 96 << 20;

    /// The file of a job by its id; none where its work does not come in that format. Takes a
    /// while: not for an async thread.
    pub(crate) fn file(&self, id: &str, model: &str, work: &Work, format: Format) -> Option<Bytes> {
        if let Some(file) = self.find(id, format) {
            return Some(file);
        }
        let large = matches!(format, Format::Wav | Format::Flac | Format::Mp4);
        let _alone = large.then(|| self.making.lock().unwrap_or_else(PoisonError::into_inner));
        // Perhaps somebody made it meanwhile.
        if let Some(file) = self.find(id, format) {
            return Some(file);
        }
        let file = Bytes::from(work.make(model, format)?);
        let mut kept = self.kept();
        kept.push_back(((id.to_owned(), format), file.clone()));
        while kept.len() > Self::MOST_FILES
            || (kept.len() > 1
                && kept.iter().map(|(_, f)| f.len()).sum::<usize>() > Self::MOST_BYTES)
        {
            kept.pop_front();
        }
        Some(file)
    }

    fn find(&self, id: &str, format: Format) -> Option<Bytes> {
        let kept = self.kept();
        let mut files = kept.iter();
        let found = files.find(|((of, as_), _)| of == id && *as_ == format);
        found.map(|(_, file)| file.clone())
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<((String, Format), Bytes)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn music(seconds: f64, format: Format) -> Work {
        Work::Music(Music {
            caption: "calm piano".into(),
            seed: 1,
            seconds,
            bpm: 90,
            key: "A minor".into(),
            beats: 4,
            format,
        })
    }

    fn film(width: u32, height: u32, frames: u32, fps: u32) -> Work {
        Work::Film(Film {
            prompt: "a boat on the sea at sunset".into(),
            seed: 3,
            width,
            height,
            frames,
            fps,
        })
    }

    fn speech(format: Format, rate: u32) -> Work {
        Work::Speech(Speech {
            text: "It was a bright cold day in April, and the clocks were striking thirteen."
                .into(),
            voice: "af_sky".into(),
            speed: 1.0,
            rate,
            format,
        })
    }

    /// Every kind of file, into the folder a person names, to be opened with other tools.
    #[test]
    #[ignore = "writes files: WORKS=FOLDER cargo nextest run -p dryapi-sandbox --run-ignored all"]
    fn write_samples() {
        let folder = std::env::var("WORKS").unwrap();
        let picture = paint_upload();
        let all = [
            ("speech24", speech(Format::Wav, 24_000)),
            ("speech24", speech(Format::Flac, 24_000)),
            ("speech24", speech(Format::Mp3, 24_000)),
            ("speech48", speech(Format::Mp3, 48_000)),
            ("music12", music(12.5, Format::Wav)),
            ("music12", music(12.5, Format::Flac)),
            ("music12", music(12.5, Format::Mp3)),
            ("music600", music(600.0, Format::Wav)),
            ("music600", music(600.0, Format::Flac)),
            ("music600", music(600.0, Format::Mp3)),
            ("film512", film(512, 512, 120, 30)),
            ("film1024", film(1024, 768, 241, 24)),
            ("film2048", film(2048, 2048, 49, 24)),
            ("film_odd", film(255, 77, 1, 7)),
            (
                "cutout",
                Work::Cutout {
                    file: picture.into(),
                    width: 64,
                    height: 48,
                },
            ),
        ];
        for (name, work) in all {
            let file = work.make("m", work.format()).unwrap();
            let name = format!("{folder}/{name}.{}", work.format().extension());
            std::fs::write(name, file).unwrap();
        }
    }

    fn paint_upload() -> Vec<u8> {
        picture::paint("a cat", 1, "m", 64, 48).encode()
    }

    #[test]
    fn every_work_is_the_file_it_says_it_is() {
        let works = Works::default();
        for (work, magic) in [
            (speech(Format::Wav, 16_000), &b"RIFF"[..]),
            (speech(Format::Flac, 16_000), b"fLaC"),
            (music(1.0, Format::Mp3), b"\xFF\xFB"),
            (film(32, 32, 5, 5), b"\0\0\0\x1Cftyp"),
            (Work::Vectors(vec!["a cat".into()]), b"[["),
        ] {
            let format = work.format();
            let id = format!("{format:?}");
            let file = works.file(&id, "m", &work, format).unwrap();
            assert!(file.starts_with(magic), "{format:?}");
            assert_eq!(works.file(&id, "m", &work, format), Some(file));
            assert_eq!(works.file(&id, "m", &work, Format::WebP), None);
        }
    }

    #[test]
    fn long_sounds_do_not_pile_up() {
        let works = Works::default();
        for id in ["a", "b", "c"] {
            works
                .file(id, "m", &music(500.0, Format::Wav), Format::Wav)
                .unwrap();
        }
        let kept = works.kept();
        let bytes: usize = kept.iter().map(|(_, file)| file.len()).sum();
        assert!(bytes < 100 << 20, "{bytes}");
        assert_eq!(kept.back().map(|((id, _), _)| id.as_str()), Some("c"));
    }
}
