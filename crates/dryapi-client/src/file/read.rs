//! Readers as streams of pieces.

use std::io::{self, Read};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use dryapi_transport::{BoxFuture, ByteStream};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use crate::unfold::Unfold;

const PIECE: usize = 64 * 1024;

type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// Reads something from its beginning to its end.
pub(super) struct ReadStream {
    state: State,
}

enum State {
    Opening(BoxFuture<'static, io::Result<File>>),
    Reading(Reader, Vec<u8>),
    Ended,
}

impl ReadStream {
    /// A local file, opened when it is first read.
    pub(super) fn file(path: PathBuf) -> Self {
        Self {
            state: State::Opening(Box::pin(File::open(path))),
        }
    }

    /// Anything that can be read without blocking.
    #[cfg(feature = "tokio")]
    pub(super) fn of(reader: impl AsyncRead + Send + 'static) -> Self {
        Self {
            state: State::Reading(Box::pin(reader), vec![0; PIECE]),
        }
    }
}

impl Stream for ReadStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let read = match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(file) => {
                        self.state = State::Reading(Box::pin(file), vec![0; PIECE]);
                        continue;
                    }
                    Err(error) => Err(error),
                },
                State::Reading(reader, buffer) => {
                    let mut piece = ReadBuf::new(buffer);
                    match ready!(reader.as_mut().poll_read(cx, &mut piece)) {
                        Ok(()) if piece.filled().is_empty() => Ok(None),
                        Ok(()) => Ok(Some(Bytes::copy_from_slice(piece.filled()))),
                        Err(error) => Err(error),
                    }
                }
            };
            if !matches!(read, Ok(Some(_))) {
                self.state = State::Ended;
            }
            return Poll::Ready(read.transpose());
        }
    }
}

/// A reader that blocks, read on the runtime's threads for that.
pub(super) fn blocking(reader: impl Read + Send + Unpin + 'static) -> ByteStream {
    Box::pin(Unfold::new(Some(reader), |reader| {
        Box::pin(async move {
            let mut reader = reader?;
            let read = tokio::task::spawn_blocking(move || {
                let mut buffer = vec![0; PIECE];
                let read = reader.read(&mut buffer).map(|length| {
                    buffer.truncate(length);
                    Bytes::from(buffer)
                });
                (read, reader)
            });
            match read.await {
                Ok((Ok(piece), _)) if piece.is_empty() => None,
                Ok((Ok(piece), reader)) => Some((Ok(piece), Some(reader))),
                Ok((Err(error), reader)) if error.kind() == io::ErrorKind::Interrupted => {
                    Some((Ok(Bytes::new()), Some(reader)))
                }
                Ok((Err(error), _)) => Some((Err(error), None)),
                Err(error) => Some((Err(io::Error::other(error)), None)),
            }
        })
    }))
}
