//! A response's body on its way through a service.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http_body::Frame;

use super::BoxError;
use crate::error::{TransportError, TransportErrorKind};
use crate::message::Response;

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// A response's body as a transport gave it.
pub struct ResponseBody(Pieces);

impl ResponseBody {
    pub(super) fn of(response: Response) -> Self {
        Self(response.into_stream())
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let piece = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody")
    }
}

/// A service's body as the pieces of a response. Trailers are passed over.
pub(super) struct Pieced<B>(pub(super) Pin<Box<B>>);

impl<B> Stream for Pieced<B>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(self.0.as_mut().poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(broken(error.into())))),
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        let size = data.remaining();
                        return Poll::Ready(Some(Ok(data.copy_to_bytes(size))));
                    }
                }
            }
        }
    }
}

/// Our own error as it is; of another it is only known that the answer broke off.
fn broken(error: BoxError) -> TransportError {
    match error.downcast::<TransportError>() {
        Ok(own) => *own,
        Err(other) => {
            let message = "the answer broke off";
            TransportError::new(TransportErrorKind::Interrupted, message).with_source(other)
        }
    }
}
