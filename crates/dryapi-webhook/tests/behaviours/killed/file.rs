//! A memory in a file, of one event.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dryapi_webhook::{Claim, Seen, SeenStore, StoreError, async_trait};

/// One row: until when, and whether it was handled. Each step holds the file's lock.
#[derive(Debug)]
pub(super) struct FileStore(PathBuf);

impl FileStore {
    pub(super) fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    fn open(&self) -> Result<File, StoreError> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&self.0)?;
        file.lock()?;
        Ok(file)
    }
}

fn read(file: &mut File) -> Result<Option<(SystemTime, bool)>, StoreError> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let Some((until, state)) = text.split_once(' ') else {
        return Ok(None);
    };
    let until = UNIX_EPOCH + Duration::from_secs(until.parse()?);
    Ok(Some((until, state == "done")))
}

fn write(file: &mut File, until: SystemTime, state: &str) -> Result<(), StoreError> {
    let until = until.duration_since(UNIX_EPOCH)?.as_secs();
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(format!("{until} {state}").as_bytes())?;
    Ok(file.sync_all()?)
}

#[async_trait]
impl SeenStore for FileStore {
    async fn begin(&self, claim: &Claim, now: SystemTime) -> Result<Seen, StoreError> {
        assert_eq!(claim.key, "d1");
        let mut file = self.open()?;
        match read(&mut file)? {
            Some((until, true)) if until > now => Ok(Seen::Duplicate),
            Some((until, false)) if until > now => Ok(Seen::InProgress),
            _ => {
                write(&mut file, claim.until, "claimed")?;
                Ok(Seen::Fresh)
            }
        }
    }

    async fn renew(&self, claim: &Claim, until: SystemTime) -> Result<bool, StoreError> {
        let mut file = self.open()?;
        let own = read(&mut file)? == Some((claim.until, false));
        if own {
            write(&mut file, until, "claimed")?;
        }
        Ok(own)
    }

    async fn done(&self, _: &Claim, keep_until: SystemTime) -> Result<(), StoreError> {
        write(&mut self.open()?, keep_until, "done")
    }
}
