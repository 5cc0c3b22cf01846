//! Fetching a result: resumed where it broke, and checked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use dryapi_transport::{BoxFuture, Response, TransportError};
use dryapi_types::ResultUrl;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::fetch;
use super::range::content_range;
use super::transfer::Transfer;
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;

/// How often it is tried again without a byte of progress.
const TRIES: u32 = 3;

/// A result that is being fetched. The key is not sent; only silence ends it, never its size.
pub struct Download {
    pub(super) shared: Arc<Shared>,
    url: ResultUrl,
    response: Response,
    pub(super) media_type: Option<String>,
    /// Only a strong tag says that two answers hold the same bytes.
    etag: Option<HeaderValue>,
    total: Option<u64>,
    pub(super) received: u64,
    failures: u32,
    restarts: u32,
    told: Option<Box<dyn FnMut(Transfer) + Send>>,
    renew: Option<Renew>,
}

/// Asks for a fresh address, once.
pub(crate) type Renew = Box<dyn FnOnce() -> BoxFuture<'static, Result<ResultUrl, Error>> + Send>;

/// What comes next of a result.
pub(super) enum Next {
    Piece(Bytes),
    /// What came so far is void: it starts from the beginning.
    Restarted,
    End,
}

impl Download {
    /// Opens a result.
    pub(crate) async fn open(shared: &Arc<Shared>, url: &ResultUrl) -> Result<Self, Error> {
        let mut failures = 0;
        let response = loop {
            let error = match fetch::open(shared, url.as_str(), &HeaderMap::new()).await {
                Ok(response) if response.status == StatusCode::OK => break response,
                Ok(response) => refused(&response),
                Err(error) => error,
            };
            failures += 1;
            if failures > TRIES || !error.kind().is_transient() {
                return Err(error);
            }
            pause(shared, failures).await;
        };
        let header = |name: HeaderName| response.headers.get(name);
        let text = |name| header(name).and_then(|value| value.to_str().ok());
        Ok(Self {
            shared: Arc::clone(shared),
            url: url.clone(),
            media_type: text(CONTENT_TYPE).map(ToOwned::to_owned),
            etag: header(ETAG)
                .filter(|tag| tag.as_bytes().starts_with(b"\""))
                .cloned(),
            total: text(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            response,
            received: 0,
            failures: 0,
            restarts: 0,
            told: None,
            renew: None,
        })
    }

    /// Goes on at a fresh address, should its own expire on the way.
    pub(crate) fn renewed_by(mut self, renew: Renew) -> Self {
        self.renew = Some(renew);
        self
    }

    /// The media type, as the storage says it.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The whole size in bytes, where the storage says it.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.total
    }

    /// Is told of every piece that came.
    #[must_use]
    pub fn on_progress(mut self, told: impl FnMut(Transfer) + Send + 'static) -> Self {
        self.told = Some(Box::new(told));
        self
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// Kind `Network` when it broke and cannot be resumed where it broke, `ResultExpired` when the
    /// address expired meanwhile.
    ///
    /// # Cancel safety
    /// Dropping the future between pieces loses nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match self.next().await? {
            Next::Piece(piece) => Ok(Some(piece)),
            Next::End => Ok(None),
            Next::Restarted => Err(broken(
                "the result changed while it was read; read it again",
            )),
        }
    }

    /// All of it, at most `limit` bytes.
    ///
    /// # Errors
    /// Kind `File` when it is larger; else as [`chunk`](Self::chunk).
    ///
    /// # Cancel safety
    /// Dropping the future loses what was read.
    pub async fn bytes(mut self, limit: u64) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        loop {
            match self.next().await? {
                Next::Piece(piece) => all.extend_from_slice(&piece),
                Next::Restarted => all.clear(),
                Next::End => return Ok(all.freeze()),
            }
            if self.received > limit {
                let message = format!("the result is larger than {limit} bytes");
                return Err(Error::new(ErrorKind::File, "download", message));
            }
        }
    }

    pub(super) async fn next(&mut self) -> Result<Next, Error> {
        loop {
            let error = match self.response.chunk().await {
                Ok(Some(piece)) => {
                    self.failures = 0;
                    self.received = self.received.saturating_add(length(&piece));
                    if let Some(told) = &mut self.told {
                        told(Transfer::new(self.received, self.total));
                    }
                    return Ok(Next::Piece(piece));
                }
                Ok(None) if self.total.is_none_or(|total| self.received == total) => {
                    return Ok(Next::End);
                }
                Ok(None) => broken("the result ended before its length"),
                Err(error) => torn(error),
            };
            if self.reopen(error).await? {
                return Ok(Next::Restarted);
            }
        }
    }

    /// Whether a part may be put behind what came: its strong tag says so, without one its size.
    fn continues(&self, response: &Response, start: Option<u64>, total: Option<u64>) -> bool {
        let tag = response.headers.get(ETAG);
        let same = match &self.etag {
            // Whoever knows `If-Range` sends all of it when the tag changed.
            Some(etag) => tag.is_none_or(|tag| tag == etag),
            None => self.total.is_some(),
        };
        same && start == Some(self.received) && self.total.is_none_or(|size| total == Some(size))
    }

    /// Goes on where it broke. Gives whether it starts over instead.
    async fn reopen(&mut self, error: Error) -> Result<bool, Error> {
        self.failures += 1;
        if self.failures > TRIES {
            return Err(error);
        }
        pause(&self.shared, self.failures).await;
        let mut headers = HeaderMap::new();
        if let Ok(range) = HeaderValue::try_from(format!("bytes={}-", self.received)) {
            headers.insert(RANGE, range);
        }
        if let Some(etag) = &self.etag {
            headers.insert(IF_RANGE, etag.clone());
        }
        let Ok(response) = fetch::open(&self.shared, self.url.as_str(), &headers).await else {
            // Nothing came; the old response is spent, so the next look ends up here again.
            return Ok(false);
        };
        let range = response
            .headers
            .get(CONTENT_RANGE)
            .and_then(|value| value.to_str().ok());
        let (start, total) = range.map_or((None, None), content_range);
        match response.status {
            StatusCode::PARTIAL_CONTENT if self.continues(&response, start, total) => {
                self.total = self.total.or(total);
                self.response = response;
                Ok(false)
            }
            StatusCode::RANGE_NOT_SATISFIABLE
                if total == Some(self.received)
                    && self.total.is_none_or(|size| total == Some(size)) =>
            {
                self.total = total;
                self.response = Response::new(StatusCode::OK);
                Ok(false)
            }
            // Progress that is thrown away again and again is none.
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE
                if self.restarts >= TRIES =>
            {
                Err(error)
            }
            StatusCode::OK => {
                self.restart(response);
                Ok(true)
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                let fresh = Self::open(&self.shared, &self.url).await?;
                self.restart(fresh.response);
                Ok(true)
            }
            _ => {
                let error = refused(&response);
                let expired = error.kind() == ErrorKind::ResultExpired;
                match self.renew.take().filter(|_| expired) {
                    Some(renew) => self.url = renew().await?,
                    None if error.kind().is_transient() => {}
                    None => return Err(error),
                }
                // Nothing came; the old response is spent, so the next look ends up here again.
                Ok(false)
            }
        }
    }

    fn restart(&mut self, response: Response) {
        let header = |name: HeaderName| response.headers.get(name);
        self.etag = header(ETAG)
            .filter(|tag| tag.as_bytes().starts_with(b"\""))
            .cloned();
        self.total = header(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|length| length.parse().ok());
        self.response = response;
        self.received = 0;
        self.restarts += 1;
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("url", &self.url)
            .field("media_type", &self.media_type)
            .field("total", &self.total)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

fn length(piece: &Bytes) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

/// An answer that is not the result. Storage answers in XML or HTML, not in the API's envelope.
fn refused(response: &Response) -> Error {
    let status = response.status.as_u16();
    let (kind, message) = match status {
        403 | 404 | 410 => (ErrorKind::ResultExpired, "the result's address has expired"),
        500..=599 => (ErrorKind::Server, "the result's storage failed"),
        _ => (
            ErrorKind::UnexpectedStatus,
            "the result's storage answered something else",
        ),
    };
    Error::new(kind, "download", message).with(|inner| inner.status = Some(status))
}

fn torn(error: TransportError) -> Error {
    Error::new(ErrorKind::Network, "download", error.message()).caused_by(error)
}

fn broken(why: &str) -> Error {
    Error::new(ErrorKind::Network, "download", why)
}

async fn pause(shared: &Shared, failures: u32) {
    let seconds = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(4);
    shared.clock.sleep(Duration::from_secs(seconds)).await;
}
