//! One request out, one response in.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use futures_core::Stream;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method};

use super::answer::Answer;
use super::classify;
use super::exchange::{Limits, Outcome, drive, within};
use super::pools::{Pools, Purpose};
use super::target::{Origin, Target};
use super::tripwire::Stage;
use super::wake::Wake;
use super::wired_body::WiredBody;
use crate::body::Body;
use crate::clock::Clock;
use crate::error::TransportError;
use crate::message::{Request, Response};
use crate::transport::Transport;

/// [`Transport`] over HTTP/1.1, TCP and rustls. Needs a tokio runtime.
///
/// It makes one attempt: it follows no redirect, resends nothing, decodes no content coding, keeps
/// no cookie. A clone shares its connections. After the machine slept, all are made anew.
///
/// The caller's `Content-Length` and `Transfer-Encoding` are left out: the body knows its length.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    pools: Arc<Pools>,
    clock: Arc<dyn Clock>,
    wake: Arc<Wake>,
    origin: Arc<Origin>,
}

impl HttpTransport {
    pub(super) fn over(pools: Pools, clock: Arc<dyn Clock>) -> Self {
        Self {
            pools: Arc::new(pools),
            wake: Arc::new(Wake::new(&*clock)),
            clock,
            origin: Arc::default(),
        }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let Request {
            method,
            uri,
            mut headers,
            body,
            timeouts,
            reuse,
            reach,
        } = request;
        let (limits, idle) = (Limits::new(timeouts, body.len()), timeouts.idle);
        let target = Target::new(&uri, reach, &self.origin)?;
        if self.wake.slept(&*self.clock) {
            self.pools.forget_connections();
        }
        let client = self
            .pools
            .client(Purpose {
                https: target.is_https(),
                reuse,
                reach,
            })
            .await?;
        headers.remove(CONTENT_LENGTH);
        headers.remove(TRANSFER_ENCODING);
        if body.is_empty() && matches!(method, Method::POST | Method::PUT | Method::PATCH) {
            // Hyper sends nothing then, which some servers refuse with 411 Length Required.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }

        let body = if body.len() == Some(0) && body.as_bytes().is_none() {
            let upload = limits.of(Stage::Uploading);
            // Boxed, since the future of every request would be large with it.
            match Box::pin(within(known_empty(body), upload, &self.clock)).await {
                Some(Ok(body)) => body,
                Some(Err(error)) => return Err(classify::body_failed(error)),
                None => return Err(classify::timed_out(Stage::Uploading, upload, &target)),
            }
        } else {
            body
        };
        let (tripwire, body) = WiredBody::arm(body, &self.clock);
        // What is named before an `await` is kept in the future of every request.
        match drive(
            client.execute(outgoing(method, target.url(), headers, body)),
            &tripwire,
            limits,
            &self.clock,
        )
        .await
        {
            Outcome::Done(Ok(response)) => {
                tripwire.answered();
                let (head, body) = http::Response::<reqwest::Body>::from(response).into_parts();
                let body = Answer::new(body, idle, Arc::clone(&self.clock), target);
                Ok(Response::new(head.status)
                    .with_headers(head.headers)
                    .with_stream(body))
            }
            Outcome::Done(Err(error)) => {
                let stage = tripwire.give_up();
                Err(match tripwire.take_failure() {
                    Some(failure) => classify::body_failed(failure),
                    None => classify::no_answer(error, stage, &target, self.pools.proxy(&target)),
                })
            }
            Outcome::BodyFailed(error) => Err(classify::body_failed(error)),
            Outcome::TimedOut(stage, limit) => Err(classify::timed_out(stage, limit, &target)),
        }
    }
}

/// The request as reqwest takes it.
fn outgoing(
    method: Method,
    url: reqwest::Url,
    headers: HeaderMap,
    body: WiredBody,
) -> reqwest::Request {
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = Some(reqwest::Body::wrap(body));
    outgoing
}

/// A stream that is said to be empty must be: nobody would read it to find out.
async fn known_empty(body: Body) -> Result<Body, io::Error> {
    let mut stream = body.into_stream();
    loop {
        match poll_fn(|cx| Pin::new(&mut stream).poll_next(cx))
            .await
            .transpose()?
        {
            None => return Ok(Body::empty()),
            Some(piece) if piece.is_empty() => {}
            Some(_) => {
                let why = "the body is longer than it was said to be";
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        }
    }
}
