//! Where a result goes, checked before anything is paid.

use std::io;
use std::path::{Path, PathBuf};

use dryapi_client::ErrorKind;
use dryapi_types::OutputKind;

use crate::names;
use crate::report::{End, Failure};

/// Where a result goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output (`-o -`).
    Stdout,
    /// This file.
    File(PathBuf),
    /// A name of ours in this folder.
    Folder(PathBuf),
    /// Nothing was said: texts go to stdout, everything else into the current folder.
    Unsaid,
}

/// What the check needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) output: Option<&'a Path>,
    /// An existing file may be replaced.
    pub(crate) replace: bool,
    /// What the result will be, where that is known.
    pub(crate) kind: Option<OutputKind>,
    pub(crate) json: bool,
    pub(crate) stdout_is_terminal: bool,
}

impl Target {
    /// Reads and checks `-o`.
    pub(crate) fn check(asked: Asked<'_>) -> Result<Self, End> {
        let target = Self::read(asked.output);
        match &target {
            Self::Stdout => to_stdout(asked)?,
            Self::File(path) => {
                let folder = match path.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => Path::new("."),
                };
                takes_a_file(folder)?;
                if !asked.replace {
                    target.is_new()?;
                }
            }
            Self::Folder(folder) => takes_a_file(folder)?,
            Self::Unsaid if asked.kind.is_some_and(is_text) => {}
            Self::Unsaid => takes_a_file(Path::new("."))?,
        }
        Ok(target)
    }

    fn read(output: Option<&Path>) -> Self {
        let Some(path) = output else {
            return Self::Unsaid;
        };
        let ends_open = path
            .to_str()
            .is_some_and(|text| text.ends_with(std::path::is_separator));
        if path.as_os_str() == "-" {
            Self::Stdout
        } else if ends_open || path.is_dir() {
            Self::Folder(path.to_owned())
        } else {
            Self::File(path.to_owned())
        }
    }

    /// Refuses a file that exists.
    pub(crate) fn is_new(&self) -> Result<(), End> {
        match self {
            Self::File(path) if path.symlink_metadata().is_ok() => {
                let message = format!("{} exists; nothing was sent", path.display());
                Err(Failure::invalid(message)
                    .help("Give another name to -o, or --force to replace it.")
                    .into())
            }
            _ => Ok(()),
        }
    }

    /// The file or folder in which a result of this kind is wanted.
    pub(crate) fn wanted(&self, kind: Option<OutputKind>) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(path.clone()),
            // With a slash at its end: a folder, whatever it will be by then.
            Self::Folder(folder) => Some(folder.join("")),
            Self::Unsaid if !kind.is_some_and(is_text) => Some(Path::new(".").join("")),
            Self::Stdout | Self::Unsaid => None,
        }
    }

    /// A file as it would be called here, if it is where the result is wanted.
    pub(crate) fn holds(&self, file: &Path) -> Option<PathBuf> {
        let is =
            |path: &Path, wanted: &Path| std::path::absolute(path).is_ok_and(|path| path == wanted);
        let (folder, name) = (file.parent()?, file.file_name()?);
        match self {
            Self::File(path) => is(path, file).then(|| path.clone()),
            Self::Folder(path) => is(path, folder).then(|| path.join(name)),
            Self::Unsaid => is(Path::new("."), folder).then(|| name.into()),
            Self::Stdout => None,
        }
    }

    /// The file to write, for a result that needs a name.
    pub(crate) fn path(&self, task: Option<&str>, id: &str, extension: &str) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder) => names::free(folder, task, id, extension),
            Self::Stdout | Self::Unsaid => names::free(Path::new(""), task, id, extension),
        }
    }

    /// As it stands after `-o`, for a shell; `None` where nothing was said.
    pub(crate) fn for_shell(&self) -> Option<String> {
        match self {
            Self::Unsaid => None,
            Self::Stdout => Some("-".to_owned()),
            Self::File(path) | Self::Folder(path) => Some(names::quoted(&path.to_string_lossy())),
        }
    }
}

/// Texts and vectors are for reading, everything else is for files.
pub(crate) const fn is_text(kind: OutputKind) -> bool {
    matches!(
        kind,
        OutputKind::Transcript | OutputKind::Text | OutputKind::Embedding
    )
}

fn to_stdout(asked: Asked<'_>) -> Result<(), End> {
    if asked.json {
        let message = "-o - and --json both want stdout";
        return Err(Failure::invalid(message).into());
    }
    if asked.stdout_is_terminal && !asked.kind.is_some_and(is_text) {
        let message = "the result is binary and stdout is a terminal; nothing was sent";
        return Err(Failure::invalid(message)
            .help("Redirect stdout, or give -o FILE.")
            .into());
    }
    Ok(())
}

/// Creates a file in the folder and removes it: nothing less tells whether that will work.
fn takes_a_file(folder: &Path) -> Result<(), End> {
    let shown = folder.display();
    // The error itself names the probe, which nobody asked for.
    let failed = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => format!("the folder {shown} does not exist"),
            io::ErrorKind::NotADirectory => format!("{shown} is no folder"),
            kind => format!("the folder {shown} takes no file: {kind}"),
        };
        let message = format!("{why}; nothing was sent");
        End::from(Failure::new(ErrorKind::InvalidInput, message))
    };
    // Gone again when it is dropped.
    let probe = tempfile::Builder::new()
        .prefix(".dryapi-")
        .tempfile_in(folder);
    probe.map(drop).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn asked(output: &str) -> Asked<'_> {
        Asked {
            output: Some(Path::new(output)),
            replace: false,
            kind: Some(OutputKind::Image),
            json: false,
            stdout_is_terminal: false,
        }
    }

    fn message(asked: Asked<'_>) -> String {
        match Target::check(asked) {
            Err(End::Failed(failure)) => failure.message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_cannot_be_written_is_found_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cat.png");
        let file = file.to_str().unwrap();
        assert_eq!(
            Target::check(asked(file)).unwrap(),
            Target::File(file.into())
        );
        fs::write(file, "x").unwrap();
        assert!(message(asked(file)).contains("exists; nothing was sent"));
        assert!(
            Target::check(Asked {
                replace: true,
                ..asked(file)
            })
            .is_ok()
        );
        let here = folder.path().to_str().unwrap();
        assert_eq!(
            Target::check(asked(here)).unwrap(),
            Target::Folder(here.into())
        );
        let none = format!("the folder {here}/no does not exist; nothing was sent");
        assert_eq!(message(asked(&format!("{here}/no/cat.png"))), none);
        let none = format!("the folder {here}/no/ does not exist; nothing was sent");
        assert_eq!(message(asked(&format!("{here}/no/"))), none);
        let none = format!("{file} is no folder; nothing was sent");
        assert_eq!(message(asked(&format!("{file}/cat.png"))), none);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "the probe is gone"
        );
    }

    #[test]
    fn binary_results_do_not_go_to_a_terminal() {
        assert_eq!(Target::check(asked("-")).unwrap(), Target::Stdout);
        let terminal = Asked {
            stdout_is_terminal: true,
            ..asked("-")
        };
        assert!(message(terminal).contains("terminal"));
        let text = Asked {
            kind: Some(OutputKind::Text),
            ..terminal
        };
        assert!(Target::check(text).is_ok());
        assert!(
            message(Asked {
                json: true,
                ..asked("-")
            })
            .contains("--json")
        );
    }
}
