//! A finished job: its typed output, and its file.

use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use dryapi_transport::BoxFuture;
use dryapi_types::{HasFile, ResultFile, ResultUrl, Task};
use serde_json::Value;

use super::content::{self, fresh_file};
use crate::error::{Error, ErrorKind};
use crate::file::{Download, Saved};
use crate::hub::{Hub, known_job, status};
use crate::ticket::JobTicket;

/// A finished job. Derefs to its typed output; where that is a file, it is fetched from here.
pub struct Completed<T: Task> {
    hub: Arc<Hub>,
    ticket: JobTicket,
    output: T::Output,
    /// Whether it was read from the status itself: others tell of no alternative formats.
    read: bool,
}

impl<T: Task> Completed<T> {
    pub(super) const fn new(hub: Arc<Hub>, ticket: JobTicket, output: T::Output) -> Self {
        Self {
            hub,
            ticket,
            output,
            read: false,
        }
    }

    /// Whether it was read from the status itself.
    pub(super) const fn read(mut self, read: bool) -> Self {
        self.read = read;
        self
    }

    /// What is known of the job.
    #[must_use]
    pub const fn ticket(&self) -> &JobTicket {
        &self.ticket
    }

    /// The result as the service gave it, with what the typed output leaves out: the JSON that
    /// came inline or stands in its file, a text as a JSON text. It is not kept but asked for
    /// again: one look at the status, which counts against the day's allowance, and the file.
    ///
    /// # Errors
    /// Kind `InvalidInput` where the output is itself a file, `ResultExpired` where the result is
    /// no longer there, `File` for a file of more than 64 MiB, else any kind of a free call;
    /// always with the job's id.
    ///
    /// # Cancel safety
    /// Dropping the future gives it up; the job stays done.
    pub async fn raw(&self) -> Result<Value, Error> {
        let named = |error| known_job(error, &self.ticket);
        let status = status(&self.hub, &self.ticket).await.map_err(named)?;
        let address = status.result_url.as_ref().map(ResultUrl::as_str);
        let placeholder = |result: &Value| {
            let text = result.as_str();
            address.is_some() && (text == Some("") || text == address)
        };
        if let Some(result) = status.result.as_ref().filter(|result| !placeholder(result)) {
            return Ok(result.clone());
        }
        if T::output_of(&[]).is_none() {
            let message = "the result is a file: save it, or read its bytes";
            let operation = self.ticket.operation();
            return Err(named(Error::new(
                ErrorKind::InvalidInput,
                operation,
                message,
            )));
        }
        let file = ResultFile::of(&status).map_err(|missing| {
            named(Error::new(
                ErrorKind::ResultExpired,
                self.ticket.operation(),
                missing.to_string(),
            ))
        })?;
        let content = content::fetch(&self.hub, &self.ticket, &file).await?;
        Ok(serde_json::from_slice(&content)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&content))))
    }

    /// Says that the output was written to this file by other means than [`save`](Self::save), and
    /// that it is whole: the ledger then knows where it is.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is written down.
    #[cfg(feature = "ledger")]
    pub async fn saved_to(&self, path: impl AsRef<Path>) {
        let record = &self.hub.shared().record;
        record.saved(&self.ticket, path.as_ref()).await;
    }

    /// The output alone.
    #[must_use]
    pub fn into_output(self) -> T::Output {
        self.output
    }
}

impl<T: Task> Completed<T>
where
    T::Output: HasFile + Sync,
{
    /// Where the result lies: signed, expires.
    #[must_use]
    pub fn url(&self) -> Option<&ResultUrl> {
        self.output.file().map(|file| &file.url)
    }

    /// Writes the result to a file. An extension the service has an alternative for (`.jpg`,
    /// `.webp`) gets that. A file that exists is replaced once all of the new one is there.
    ///
    /// # Errors
    /// Kind `File` when it cannot be written, `ResultExpired` when no fresh address is given,
    /// else any kind of a free call; always with the job's id.
    ///
    /// # Cancel safety
    /// Dropping the future leaves an unfinished `.part` file beside the target; the job stays done.
    pub async fn save(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let path = path.as_ref();
        let extension = path
            .extension()
            .and_then(|text| text.to_str())
            .unwrap_or_default();
        let result = self.open(extension).await?.save(path).await;
        #[cfg_attr(
            not(feature = "ledger"),
            expect(unused_mut, reason = "no hash is taken")
        )]
        let mut saved = result.map_err(|error| known_job(error, &self.ticket))?;
        #[cfg(feature = "ledger")]
        {
            let record = &self.hub.shared().record;
            saved.sha256 = record.saved(&self.ticket, path).await;
        }
        Ok(saved)
    }

    /// The result in memory, at most `limit` bytes.
    ///
    /// # Errors
    /// As [`save`](Self::save); kind `File` when it is larger.
    ///
    /// # Cancel safety
    /// Dropping the future loses what was read; the job stays done.
    pub async fn bytes(&self, limit: u64) -> Result<Bytes, Error> {
        let result = self.open("").await?.bytes(limit).await;
        result.map_err(|error| known_job(error, &self.ticket))
    }

    /// The result as a stream, with its media type and size.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing; the job stays done.
    pub async fn stream(&self) -> Result<Download, Error> {
        self.open("").await
    }

    /// The result in the format of a file extension, where the service has it, else as it is.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing; the job stays done.
    pub async fn stream_as(&self, extension: &str) -> Result<Download, Error> {
        self.open(extension).await
    }

    /// The media type of the result as its storage says it, for instance `image/png`. Opens the
    /// result; [`Download::media_type`] says the same of one that is open.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing; the job stays done.
    pub async fn media_type(&self) -> Result<Option<String>, Error> {
        let download = self.open("").await?;
        Ok(download.media_type().map(ToOwned::to_owned))
    }

    /// Opens the result, with a fresh address once when its own has expired.
    async fn open(&self, extension: &str) -> Result<Download, Error> {
        let named = |error| known_job(error, &self.ticket);
        let Some(file) = self.output.file() else {
            let message = "the result came inline; there is no file";
            return Err(named(Error::new(
                ErrorKind::InvalidInput,
                self.ticket.operation(),
                message,
            )));
        };
        let hub = &self.hub;
        let asked = matches!(
            extension.to_ascii_lowercase().as_str(),
            "jpg" | "jpeg" | "webp"
        );
        let fresh;
        let mut file = file;
        if asked && !self.read && file.alternatives.for_extension(extension).is_none() {
            fresh = fresh_file(hub, &self.ticket).await.map_err(named)?;
            file = &fresh;
        }
        match Download::open(hub.shared(), choose(file, extension)).await {
            Err(error) if error.kind() == ErrorKind::ResultExpired => {
                let fresh = fresh_file(hub, &self.ticket).await.map_err(named)?;
                Download::open(hub.shared(), choose(&fresh, extension))
                    .await
                    .map_err(named)
            }
            other => {
                let (hub, ticket) = (Arc::clone(hub), self.ticket.clone());
                let extension = extension.to_owned();
                let renew = || -> BoxFuture<'static, Result<ResultUrl, Error>> {
                    Box::pin(async move {
                        let fresh = fresh_file(&hub, &ticket).await?;
                        Ok(choose(&fresh, &extension).clone())
                    })
                };
                let download = other.map_err(named)?;
                Ok(download.renewed_by(Box::new(renew)))
            }
        }
    }
}

fn choose<'a>(file: &'a ResultFile, extension: &str) -> &'a ResultUrl {
    file.alternatives
        .for_extension(extension)
        .unwrap_or(&file.url)
}

impl<T: Task> Deref for Completed<T> {
    type Target = T::Output;

    fn deref(&self) -> &T::Output {
        &self.output
    }
}

impl<T: Task> fmt::Debug for Completed<T>
where
    T::Output: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completed")
            .field("job", &self.ticket)
            .field("output", &self.output)
            .finish()
    }
}
