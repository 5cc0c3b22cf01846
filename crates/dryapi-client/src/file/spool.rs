//! Content that could be read only once, kept so that it can be measured and sent again: a little
//! of it in memory, more in a temporary file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use dryapi_transport::Body;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::{read, temporary};

/// What stays in memory, in bytes.
const IN_MEMORY: usize = 1024 * 1024;

/// Kept content. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Spool {
    Memory(Bytes),
    Disk(Arc<File>, u64),
}

impl Spool {
    /// Its first bytes, at most `limit`.
    pub(super) async fn first(&self, limit: usize) -> io::Result<Bytes> {
        match self {
            Self::Memory(bytes) => Ok(bytes.slice(..limit.min(bytes.len()))),
            Self::Disk(..) => {
                let limit = u64::try_from(limit).unwrap_or(u64::MAX);
                let reader = self.reader();
                let read = tokio::task::spawn_blocking(move || {
                    let mut first = Vec::new();
                    reader.take(limit).read_to_end(&mut first).map(|_| first)
                });
                Ok(read.await.map_err(io::Error::other)??.into())
            }
        }
    }

    /// A body that reads it, as often as asked.
    pub(super) fn body(&self) -> Body {
        match self {
            Self::Memory(bytes) => Body::from(bytes.clone()),
            Self::Disk(_, len) => {
                let spool = self.clone();
                Body::factory(Some(*len), move || read::blocking(spool.reader()))
            }
        }
    }

    /// A reader of its own. It blocks.
    pub(super) fn reader(&self) -> SpoolReader {
        SpoolReader {
            spool: self.clone(),
            at: 0,
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Disk(_, len) => *len,
        }
    }
}

/// Reads kept content at its own pace.
pub(super) struct SpoolReader {
    spool: Spool,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = match &self.spool {
            Spool::Memory(bytes) => {
                let at = usize::try_from(self.at).unwrap_or(usize::MAX);
                bytes.get(at..).unwrap_or_default().read(buffer)?
            }
            Spool::Disk(file, _) => temporary::read_at(file, buffer, self.at)?,
        };
        self.at = self
            .at
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(length)
    }
}

impl Seek for SpoolReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.spool.len().checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Keeps content as it comes.
pub(super) struct Spooling {
    folder: PathBuf,
    random: u64,
    memory: BytesMut,
    disk: Option<tokio::fs::File>,
    len: u64,
}

impl Spooling {
    /// Nothing yet. A file is only made in `folder` when there is more than a little.
    pub(super) fn new(folder: PathBuf, random: u64) -> Self {
        Self {
            folder,
            random,
            memory: BytesMut::new(),
            disk: None,
            len: 0,
        }
    }

    /// How many bytes there are.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    pub(super) async fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.len = self
            .len
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if let Some(disk) = &mut self.disk {
            return disk.write_all(piece).await;
        }
        if self.memory.len().saturating_add(piece.len()) <= IN_MEMORY {
            self.memory.extend_from_slice(piece);
            return Ok(());
        }
        let (folder, random) = (self.folder.clone(), self.random);
        let created = tokio::task::spawn_blocking(move || temporary::create(&folder, random));
        let file = created.await.map_err(io::Error::other)??;
        let disk = self.disk.insert(tokio::fs::File::from_std(file));
        disk.write_all(&std::mem::take(&mut self.memory)).await?;
        disk.write_all(piece).await
    }

    /// Forgets what came so far.
    pub(super) async fn restart(&mut self) -> io::Result<()> {
        self.len = 0;
        self.memory.clear();
        if let Some(disk) = &mut self.disk {
            disk.set_len(0).await?;
            disk.rewind().await?;
        }
        Ok(())
    }

    pub(super) async fn end(self) -> io::Result<Spool> {
        Ok(match self.disk {
            None => Spool::Memory(self.memory.freeze()),
            Some(mut disk) => {
                disk.flush().await?;
                Spool::Disk(Arc::new(disk.into_std().await), self.len)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(len: usize, folder: PathBuf) -> Spool {
        let mut spooling = Spooling::new(folder, 7);
        for piece in content(len).chunks(100_000) {
            spooling.push(piece).await.unwrap();
        }
        spooling.end().await.unwrap()
    }

    fn content(len: usize) -> Vec<u8> {
        (0..=250).cycle().take(len).collect()
    }

    #[tokio::test]
    async fn it_reads_the_same_from_memory_and_disk_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for len in [0, 10, IN_MEMORY, IN_MEMORY + 1, 3_000_000] {
            let spool = kept(len, folder.path().to_owned()).await;
            assert_eq!(matches!(spool, Spool::Disk(..)), len > IN_MEMORY, "{len}");
            for _ in 0..2 {
                let mut all = Vec::new();
                spool.reader().read_to_end(&mut all).unwrap();
                assert_eq!(all, content(len));
            }
            assert_eq!(spool.first(5).await.unwrap(), content(len.min(5)));
            assert_eq!(spool.body().len(), u64::try_from(len).ok());
            let mut reader = spool.reader();
            assert_eq!(reader.seek(SeekFrom::End(0)).unwrap(), spool.len());
            assert!(reader.seek(SeekFrom::Current(-1 - i64::MAX)).is_err());
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_came_before_a_restart_is_void() {
        let folder = tempfile::tempdir().unwrap();
        let mut spooling = Spooling::new(folder.path().to_owned(), 7);
        spooling.push(&content(2_000_000)).await.unwrap();
        spooling.restart().await.unwrap();
        spooling.push(b"short").await.unwrap();
        let spool = spooling.end().await.unwrap();
        let mut all = Vec::new();
        spool.reader().read_to_end(&mut all).unwrap();
        assert_eq!(all, b"short");
    }
}
