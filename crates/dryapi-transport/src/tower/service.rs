//! A transport in a service's place.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;

use super::sends::Sends;
use super::{BoxError, ResponseBody};
use crate::body::Body;
use crate::clock::BoxFuture;
use crate::error::TransportError;
use crate::message::{Reach, Request, Reuse, Timeouts};
use crate::transport::Transport;

/// A [`tower_service::Service`] made of a [`Transport`]: always ready, one attempt a call.
///
/// It reads [`Timeouts`], [`Reuse`] and [`Reach`] from the request's extensions, where
/// [`ServiceTransport`](super::ServiceTransport) puts them; without them the defaults count. The
/// body's length is its size hint, where that is exact.
#[derive(Clone, Debug)]
pub struct TransportService {
    transport: Arc<dyn Transport>,
}

impl TransportService {
    /// Puts a transport in a service's place.
    pub fn new(transport: impl Transport) -> Self {
        Self {
            transport: Arc::new(transport),
        }
    }
}

impl<B> tower_service::Service<http::Request<B>> for TransportService
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<ResponseBody>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let transport = Arc::clone(&self.transport);
        let (head, body) = request.into_parts();
        if let Some(sends) = head.extensions.get::<Sends>() {
            sends.count_one();
        }
        let mut sent = Request::new(head.method, head.uri);
        sent.headers = head.headers;
        let terms = &head.extensions;
        sent.timeouts = terms.get::<Timeouts>().copied().unwrap_or_default();
        sent.reuse = terms.get::<Reuse>().copied().unwrap_or_default();
        sent.reach = terms.get::<Reach>().copied().unwrap_or_default();
        sent.body = match body.size_hint().exact() {
            Some(0) => Body::empty(),
            len => Body::once(len, Outgoing(Box::pin(body))),
        };
        Box::pin(async move {
            let response = transport.send(sent).await?;
            let (status, headers) = (response.status, response.headers.clone());
            let mut answer = http::Response::new(ResponseBody::of(response));
            *answer.status_mut() = status;
            *answer.headers_mut() = headers;
            Ok(answer)
        })
    }
}

/// A service's body as a request's stream. Trailers are passed over.
struct Outgoing<B>(Pin<Box<B>>);

impl<B> Stream for Outgoing<B>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(self.0.as_mut().poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error.into())))),
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
