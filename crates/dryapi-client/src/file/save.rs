//! Writing a result: beside its target, and put in place whole.

use std::path::{Path, PathBuf};

use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::download::{Download, Next};
use crate::error::Error;

/// A result that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Saved {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, as its storage says it.
    pub media_type: Option<String>,
    /// The SHA-256 of its bytes, where the client has a ledger.
    pub sha256: Option<[u8; 32]>,
}

impl Download {
    /// Writes it to a file, as [`Completed::save`](crate::Completed::save) does: of one that is told
    /// of its progress.
    ///
    /// # Errors
    /// Kind `File` when it cannot be written; else as [`chunk`](Self::chunk).
    ///
    /// # Cancel safety
    /// Dropping the future leaves an unfinished `.part` file beside the target.
    pub async fn save(mut self, target: impl AsRef<Path>) -> Result<Saved, Error> {
        let target = target.as_ref();
        let part = part_path(target, self.shared.random.next_u64());
        let wrong = |error| Error::file(part.display().to_string(), error);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&part)
            .await
            .map_err(wrong)?;
        let written = self.write(&mut file).await.map_err(|error| match error {
            Written::Fetch(error) => error,
            Written::Disk(error) => wrong(error),
        });
        drop(file);
        let moved = match written {
            Ok(()) => tokio::fs::rename(&part, target)
                .await
                .map_err(|error| Error::file(target.display().to_string(), error)),
            Err(error) => Err(error),
        };
        if let Err(error) = moved {
            // The job is done and can be fetched again; half a file helps nobody.
            let _ = tokio::fs::remove_file(&part).await;
            return Err(error);
        }
        Ok(Saved {
            path: target.to_owned(),
            bytes: self.received,
            media_type: self.media_type,
            sha256: None,
        })
    }

    async fn write(&mut self, file: &mut File) -> Result<(), Written> {
        loop {
            match self.next().await.map_err(Written::Fetch)? {
                Next::Piece(piece) => file.write_all(&piece).await.map_err(Written::Disk)?,
                Next::Restarted => {
                    file.set_len(0).await.map_err(Written::Disk)?;
                    file.rewind().await.map_err(Written::Disk)?;
                }
                Next::End => return file.sync_all().await.map_err(Written::Disk),
            }
        }
    }
}

enum Written {
    Fetch(Error),
    Disk(std::io::Error),
}

/// A hidden name beside the target that nothing else has.
fn part_path(target: &Path, random: u64) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{random:016x}.part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_stands_beside_its_target() {
        let part = part_path(Path::new("/tmp/cats/cat.png"), 7);
        assert_eq!(part, Path::new("/tmp/cats/.cat.png.0000000000000007.part"));
    }
}
