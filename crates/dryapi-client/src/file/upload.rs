//! Opening the files of a request.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use dryapi_transport::{Body, ByteStream};
use dryapi_types::Source;

use super::attachment::{Attachment, Content};
use super::held::{Contents, Held, Key};
use super::spool::Spool;
use super::transfer::OnUpload;
use super::{fetched, local, peek, sniff};
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;

/// A file as a part of a form.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    /// The usual extension of what it is, where that is known.
    pub(crate) format: Option<&'static str>,
    pub(crate) body: Body,
}

/// What one call says about its files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uploads {
    contents: Contents,
    pub(crate) told: Option<OnUpload>,
    /// Whether a file outside the published limits is an error; `None`: as the client says.
    pub(crate) strict: Option<bool>,
}

/// Content that can be read as often as asked.
#[derive(Debug)]
pub(super) enum Readable {
    Path(PathBuf, String),
    Kept(String, Spool),
}

impl Uploads {
    /// Hands over the content of a slot.
    pub(crate) fn attach(&self, slot: String, attachment: Attachment) {
        self.contents
            .put(Key::Slot(slot), Held::Attached(attachment));
    }

    /// The same files, for a price that is asked on the way.
    pub(crate) fn untold(&self) -> Self {
        Self {
            told: None,
            ..self.clone()
        }
    }

    /// What was odd about the files; says whether that is news.
    pub(crate) fn warn(&self, warning: String) -> bool {
        self.contents.warn(warning)
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        self.contents.warnings()
    }

    /// Opens a source. A path is opened again for every attempt, and never held in memory. Content
    /// that can be read once is kept first when its length is not known, or when `keep` says that
    /// it will be read again.
    pub(crate) async fn open(
        &self,
        shared: &Arc<Shared>,
        source: &Source,
        keep: bool,
    ) -> Result<Upload, Error> {
        if let Source::Slot(slot) = source
            && !keep
            && let Some(upload) = self.open_streamed(slot).await?
        {
            return Ok(upload);
        }
        match self.readable(shared, source).await? {
            Readable::Path(path, name) => {
                let (first, body) = local::open(&path).await?;
                Ok(described(&name, &first, body))
            }
            Readable::Kept(name, spool) => {
                let failed = |error| Error::file(&name, error);
                let first = spool.first(sniff::LOOK).await.map_err(failed)?;
                Ok(described(&name, &first, spool.body()))
            }
        }
    }

    /// Content of known length, sent as it is read; `None` where it is of another kind.
    async fn open_streamed(&self, slot: &str) -> Result<Option<Upload>, Error> {
        let key = Key::Slot(slot.to_owned());
        let attachment = match self.contents.take(&key) {
            Some(Held::Attached(attachment)) => attachment,
            Some(other) => {
                self.contents.put(key, other);
                return Ok(None);
            }
            None => return Ok(None),
        };
        let name = attachment.name.clone().unwrap_or_else(|| slot.to_owned());
        let failed = |error| Error::file(&name, error);
        match (attachment.content, attachment.len) {
            (Content::Once(stream), Some(len)) => {
                self.contents.put(key, Held::Spent);
                let peeked = peek::peek(stream, len, sniff::LOOK).await;
                let (first, body) = peeked.map_err(failed)?;
                Ok(Some(described(&name, &first, body)))
            }
            (Content::Factory(make), Some(len)) => {
                let peeked = peek::peek(make(), len, sniff::LOOK).await;
                let (first, _) = peeked.map_err(failed)?;
                let again = Arc::clone(&make);
                let body = Body::factory(Some(len), move || again());
                let upload = described(&name, &first, body);
                let content = Content::Factory(make);
                self.contents.put(
                    key,
                    Held::Attached(Attachment {
                        content,
                        ..attachment
                    }),
                );
                Ok(Some(upload))
            }
            (content, _) => {
                let attachment = Attachment {
                    content,
                    ..attachment
                };
                self.contents.put(key, Held::Attached(attachment));
                Ok(None)
            }
        }
    }

    /// A source as something that can be read twice: fetched or kept where it is not.
    pub(super) async fn readable(
        &self,
        shared: &Arc<Shared>,
        source: &Source,
    ) -> Result<Readable, Error> {
        let (key, held) = match source {
            Source::Path(path) => return Ok(Readable::Path(path.clone(), local::name(path))),
            Source::Bytes { name, bytes } => {
                let bytes = Bytes::from_owner(Arc::clone(bytes));
                return Ok(Readable::Kept(name.clone(), Spool::Memory(bytes)));
            }
            Source::Url(url) => {
                let key = Key::Url(url.clone());
                match self.contents.take(&key) {
                    Some(held) => (key, held),
                    None => {
                        let spool = fetched::fetch(shared, url).await?;
                        (key, Held::Kept(name_in(url), spool))
                    }
                }
            }
            Source::Slot(slot) => {
                let key = Key::Slot(slot.clone());
                let held = self.contents.take(&key).ok_or_else(|| missing(slot))?;
                (key, held)
            }
            other => {
                let message = format!("{other} has no content; give a path, bytes or an address");
                return Err(Error::new(ErrorKind::InvalidInput, "", message));
            }
        };
        let (name, spool) = match held {
            Held::Kept(name, spool) => (name, spool),
            Held::Attached(Attachment {
                content: Content::Path(path),
                name,
                len,
            }) => {
                let shown = name.clone().unwrap_or_else(|| local::name(&path));
                let attachment = Attachment {
                    content: Content::Path(path.clone()),
                    name,
                    len,
                };
                self.contents.put(key, Held::Attached(attachment));
                return Ok(Readable::Path(path, shown));
            }
            Held::Attached(attachment) => {
                self.contents.put(key.clone(), Held::Spent);
                kept(shared, source, attachment).await?
            }
            Held::Spent => {
                self.contents.put(key, Held::Spent);
                let message = format!("the content of {source} can only be read once, and was");
                return Err(Error::new(ErrorKind::InvalidInput, "", message));
            }
        };
        self.contents
            .put(key, Held::Kept(name.clone(), spool.clone()));
        Ok(Readable::Kept(name, spool))
    }
}

/// Reads what was handed over to its end, and keeps it.
async fn kept(
    shared: &Shared,
    source: &Source,
    attachment: Attachment,
) -> Result<(String, Spool), Error> {
    let name = attachment.name.unwrap_or_else(|| match source {
        Source::Slot(slot) => slot.clone(),
        _ => "file".to_owned(),
    });
    let failed = |error| Error::file(&name, error);
    let mut stream: ByteStream = match attachment.content {
        Content::Bytes(bytes) => return Ok((name, Spool::Memory(bytes))),
        Content::Once(stream) => stream,
        Content::Factory(make) => make(),
        Content::Path(path) => Box::pin(super::read::ReadStream::file(path)),
    };
    let mut spooling = fetched::start(shared);
    while let Some(piece) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        let piece = piece.map_err(failed)?;
        spooling.push(&piece).await.map_err(failed)?;
    }
    if let Some(len) = attachment.len
        && len != spooling.len()
    {
        let message = format!("{name} holds {} bytes, not {len} as said", spooling.len());
        return Err(Error::new(ErrorKind::InvalidInput, "", message));
    }
    let spool = spooling.end().await.map_err(failed)?;
    Ok((name, spool))
}

fn missing(slot: &str) -> Error {
    let message = format!("@{slot} has no content; hand it over with .attach({slot:?}, …)");
    Error::new(ErrorKind::InvalidInput, "", message)
}

/// The last part of an address' path.
fn name_in(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

fn described(name: &str, first: &[u8], body: Body) -> Upload {
    let name = match name.rsplit(['/', '\\']).next() {
        Some(last) if !last.is_empty() => last,
        _ => "file",
    };
    let kind = sniff::kind(first, name);
    Upload {
        name: sniff::with_extension(name, kind),
        media_type: kind.map_or("application/octet-stream", |kind| kind.media_type),
        format: kind.map(|kind| kind.extension),
        body,
    }
}
