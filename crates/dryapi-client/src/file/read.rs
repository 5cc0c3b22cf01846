//! A local file as a stream of pieces, opened when it is first read.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use dryapi_transport::BoxFuture;
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

const PIECE: usize = 64 * 1024;

/// Reads a file from its beginning to its end.
pub(super) struct FileStream {
    state: State,
}

enum State {
    Opening(BoxFuture<'static, io::Result<File>>),
    Reading(File, Vec<u8>),
    Ended,
}

impl FileStream {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            state: State::Opening(Box::pin(File::open(path))),
        }
    }
}

impl Stream for FileStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let read = match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(file) => {
                        self.state = State::Reading(file, vec![0; PIECE]);
                        continue;
                    }
                    Err(error) => Err(error),
                },
                State::Reading(file, buffer) => {
                    let mut piece = ReadBuf::new(buffer);
                    match ready!(Pin::new(file).poll_read(cx, &mut piece)) {
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
