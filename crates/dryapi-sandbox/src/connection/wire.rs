//! A connection whose answers can be dropped, cut or slowed down.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::line::Line;
use super::passage::Step;
use crate::clock;

/// An accepted connection.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    line: Line,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            line: Line::default(),
            pause: None,
        }
    }

    pub(super) fn line(&self) -> Line {
        self.line.clone()
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let step = this
            .line
            .passage()
            .as_ref()
            .map(|passage| passage.next(bytes));
        let count = match step {
            None => return Pin::new(&mut this.stream).poll_write(cx, bytes),
            Some(Step::Pass(count)) => count,
            Some(Step::PassAfter(pause, count)) => {
                let pause = this
                    .pause
                    .get_or_insert_with(|| Box::pin(clock::pause(pause)));
                ready!(pause.as_mut().poll(cx));
                count
            }
            Some(Step::Close) => return Poll::Ready(Err(closed())),
            Some(Step::Reset) => {
                this.stream.set_zero_linger()?;
                return Poll::Ready(Err(closed()));
            }
        };
        let first = bytes.get(..count).unwrap_or(bytes);
        let written = ready!(Pin::new(&mut this.stream).poll_write(cx, first))?;
        this.pause = None;
        if let Some(passage) = this.line.passage().as_mut() {
            passage.passed(first.get(..written).unwrap_or(first));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

/// What the server is told: it gives the connection up, and with it the socket.
fn closed() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "a fault closes the connection",
    )
}
