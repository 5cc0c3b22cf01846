//! What commands are called, where that is not the API's name.

use dryapi_types::{Meta, TABLE, TaskMeta};

/// The command that picks a transcription task by its input.
pub(crate) const TRANSCRIBE: &str = "transcribe";

/// What `transcribe` picks from, by what it writes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transcription {
    /// A Space of X at an address.
    Space,
    /// Anything else at an address.
    Address,
    /// A file with a film.
    Film,
    /// Any other file.
    Sound,
}

impl Transcription {
    pub(crate) const fn task(self) -> &'static str {
        match self {
            Self::Space => "aud2txt",
            Self::Address => "vid2txt",
            Self::Film => "videofile2txt",
            Self::Sound => "audiofile2txt",
        }
    }
}

/// Short names of tasks.
const ALIASES: &[(&str, &str)] = &[
    ("txt2audio", "tts"),
    ("img2txt", "ocr"),
    ("txt2embedding", "embed"),
];

/// The commands under `prompt`, and their operations.
pub(super) const PROMPTS: &[(&str, &str)] = &[
    ("image", "prompt/image"),
    ("video", "prompt/video"),
    ("image2image", "prompt/image2image"),
    ("speech", "prompt/speech"),
    ("sample", "prompts/samples"),
];

/// The short name of a task.
pub(super) fn alias(task: &str) -> Option<&'static str> {
    let found = ALIASES.iter().find(|(name, _)| *name == task);
    found.map(|(_, alias)| *alias)
}

/// A task by its short name or its own.
pub(crate) fn task(name: &str) -> &str {
    let found = ALIASES.iter().find(|(_, alias)| *alias == name);
    found.map_or(name, |(task, _)| *task)
}

/// The operation of a command under `prompt`.
pub(crate) fn prompt(command: &str) -> Option<&'static Meta> {
    let (_, name) = PROMPTS.iter().find(|(name, _)| *name == command)?;
    dryapi_types::meta(name)
}

/// The tasks that are commands of their own name.
pub(super) fn tasks() -> impl Iterator<Item = (&'static Meta, TaskMeta)> {
    // The table may hold an operation called as our command that picks one.
    let tasks = TABLE.iter().filter(|meta| meta.name != TRANSCRIBE);
    tasks.filter_map(|meta| Some((*meta, meta.task?)))
}

/// What is typed after `dryapi` for an operation.
pub(crate) fn command_of(meta: &Meta) -> String {
    let found = PROMPTS.iter().find(|(_, name)| *name == meta.name);
    found.map_or_else(
        || meta.name.to_owned(),
        |(name, _)| format!("prompt {name}"),
    )
}
