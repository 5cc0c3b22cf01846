//! A service in a transport's place.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use tower_service::Service;

use super::response_body::Pieced;
use super::sends::Sends;
use super::{BoxError, RequestBody};
use crate::address::is_public;
use crate::error::{TransportError, TransportErrorKind};
use crate::message::{Reach, Request, Response};
use crate::transport::Transport;

/// A [`Transport`] made of a [`tower_service::Service`] of HTTP requests, which is cloned for each.
///
/// [`Timeouts`](crate::Timeouts), [`Reuse`](crate::Reuse) and [`Reach`] ride in the request's
/// extensions: [`TransportService`](super::TransportService) reads them at the other end of
/// middleware. Another HTTP client does not know them, so then
///
/// * only the deadline of the whole call ends an attempt;
/// * of [`Reach::Public`], which guards the download of results, only addresses that stand in the
///   request itself are checked, not what a name resolves to;
/// * redirects, content codings and the reuse of connections are as that client has them: switch
///   following redirects and decoding off in it.
///
/// # What is known of delivery
///
/// After an error a request counts as not sent where the service never was ready for it, where the
/// last byte of its body was never read, or where one of our own transports at the other end says
/// so and was asked once. Everything else is unknown: it may have been accepted, and charged.
pub struct ServiceTransport<S> {
    /// Only for the moment of a clone: it lets services be used that are not `Sync`.
    service: Mutex<S>,
}

impl<S> ServiceTransport<S> {
    /// Puts a service in a transport's place.
    pub const fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
        }
    }
}

#[async_trait]
impl<S, B> Transport for ServiceTransport<S>
where
    S: Service<http::Request<RequestBody>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        allowed(&request)?;
        let service = self.service.lock();
        let mut service = service.unwrap_or_else(PoisonError::into_inner).clone();
        poll_fn(|cx| service.poll_ready(cx))
            .await
            .map_err(|error| failed(error.into(), true))?;
        let sends = Sends::default();
        let (watch, body) = RequestBody::watched(request.body);
        let mut sent = http::Request::new(body);
        *sent.method_mut() = request.method;
        *sent.uri_mut() = request.uri;
        *sent.headers_mut() = request.headers;
        let terms = sent.extensions_mut();
        terms.insert(request.timeouts);
        terms.insert(request.reuse);
        terms.insert(request.reach);
        terms.insert(sends.clone());
        let (head, body) = match service.call(sent).await {
            Ok(answer) => answer.into_parts(),
            Err(error) => {
                let error = error.into();
                let vouched =
                    sends.count() == 1 && own(&*error).is_some_and(|own| own.provably_not_sent());
                return Err(failed(error, watch.give_up() || vouched));
            }
        };
        Ok(Response::new(head.status)
            .with_headers(head.headers)
            .with_stream(Pieced(Box::pin(body))))
    }
}

/// Refuses what may only go to a public address and names one that is none.
fn allowed(request: &Request) -> Result<(), TransportError> {
    let host = request.uri.host().unwrap_or_default();
    let ip = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    if request.reach == Reach::Public && ip.is_ok_and(|ip| !is_public(ip)) {
        let message = format!("could not connect to {host}: its address is not a public one");
        return Err(TransportError::new(TransportErrorKind::Connect, message));
    }
    Ok(())
}

/// Our own error among an error and its causes.
fn own<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a TransportError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(own) = error.downcast_ref() {
            return Some(own);
        }
        next = error.source();
    }
    None
}

/// What is told of a service's error: the kind and the words of our own in it, the delivery as it
/// is known here.
fn failed(error: BoxError, not_sent: bool) -> TransportError {
    let (kind, message) = match own(&*error) {
        // A kind that means "never sent" must not say more than is known.
        Some(own) if not_sent || !own.kind().never_sent() => (own.kind(), own.message().to_owned()),
        Some(own) => (TransportErrorKind::Other, own.message().to_owned()),
        None => (
            TransportErrorKind::Other,
            "the HTTP service failed".to_owned(),
        ),
    };
    let told = TransportError::new(kind, message).with_source(error);
    if not_sent { told.not_sent() } else { told }
}

impl<S> fmt::Debug for ServiceTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceTransport")
    }
}
