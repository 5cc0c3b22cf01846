//! One WebSocket, from the attempt to its end.

use std::pin::Pin;
use std::task::{Context, Poll};

use dryapi_transport::BoxFuture;
use futures_core::Stream;
use futures_util::Sink;
use tokio_tungstenite::tungstenite::{Error as WsError, Message, Utf8Bytes};

use crate::connect::Socket;
use crate::error::Error;
use crate::socket::NoSocket;

/// One WebSocket.
#[derive(Default)]
pub(crate) enum Link {
    /// There is none.
    #[default]
    None,
    /// It is being opened.
    Opening(BoxFuture<'static, Result<Socket, NoSocket>>),
    /// It is open.
    Open(Box<Open>),
}

/// An open WebSocket.
pub(crate) struct Open {
    socket: Socket,
    /// Whether something may wait to be written.
    must_flush: bool,
    /// Why the last frame could not be sent.
    failed: Option<WsError>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Heard {
    Opened,
    Unreachable(String),
    Impossible(Error),
    Text(Utf8Bytes),
    Activity,
    Closed(Option<u16>, String),
    Broken(String),
}

impl Link {
    /// Writes a frame; without an open WebSocket, nothing.
    pub(crate) fn send(&mut self, text: String) {
        if let Self::Open(open) = self {
            open.must_flush = true;
            // Frames are few and small: what the socket does not take at once waits in a bounded
            // buffer, and a full one is a broken connection.
            let sent = Pin::new(&mut open.socket).start_send(Message::text(text));
            open.failed = sent.err();
        }
    }

    /// What comes next. Pending for ever without a WebSocket.
    pub(crate) fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        match self {
            Self::None => Poll::Pending,
            Self::Opening(opening) => {
                let opened = std::task::ready!(opening.as_mut().poll(cx));
                let (next, heard) = match opened {
                    Ok(socket) => (Self::Open(Box::new(Open::new(socket))), Heard::Opened),
                    Err(NoSocket::Unreachable(why)) => (Self::None, Heard::Unreachable(why)),
                    Err(NoSocket::Impossible(error)) => (Self::None, Heard::Impossible(error)),
                };
                *self = next;
                Poll::Ready(heard)
            }
            Self::Open(open) => {
                let heard = std::task::ready!(open.poll_heard(cx));
                if matches!(heard, Heard::Closed(..) | Heard::Broken(_)) {
                    *self = Self::None;
                }
                Poll::Ready(heard)
            }
        }
    }
}

impl Open {
    const fn new(socket: Socket) -> Self {
        Self {
            socket,
            must_flush: false,
            failed: None,
        }
    }

    fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        // What the server said last says more than that nothing could be written any more: read
        // first.
        if let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(cx) {
            return Poll::Ready(self.heard(message));
        }
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Heard::Broken(error.to_string()));
        }
        if self.must_flush {
            match Pin::new(&mut self.socket).poll_flush(cx) {
                Poll::Ready(Ok(())) => self.must_flush = false,
                Poll::Ready(Err(error)) => return Poll::Ready(Heard::Broken(error.to_string())),
                Poll::Pending => {}
            }
        }
        Poll::Pending
    }

    fn heard(&mut self, message: Option<Result<Message, WsError>>) -> Heard {
        match message {
            Some(Ok(Message::Text(text))) => Heard::Text(text),
            Some(Ok(Message::Close(Some(frame)))) => {
                Heard::Closed(Some(frame.code.into()), frame.reason.to_string())
            }
            Some(Ok(Message::Close(None))) | None => Heard::Closed(None, String::new()),
            Some(Ok(_)) => {
                // A ping is answered by the library, as soon as it may write.
                self.must_flush = true;
                Heard::Activity
            }
            Some(Err(error)) => Heard::Broken(error.to_string()),
        }
    }
}
