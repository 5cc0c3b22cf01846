//! Services as transports: the suite for transports through middleware, and what is known of
//! delivery when a service fails.

#![allow(
    clippy::unwrap_used,
    reason = "tests panic; clippy only knows it of the functions marked as tests"
)]

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dryapi_testkit::conformance;
use dryapi_transport::tower::{RequestBody, ServiceTransport, TransportService};
use dryapi_transport::{
    HttpTransport, Reach, Request, Response, Transport, TransportError, TransportErrorKind,
    async_trait,
};
use http::{HeaderValue, Method, StatusCode, Uri};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

type Body = RequestBody;

fn http() -> HttpTransport {
    HttpTransport::builder()
        .environment(|_| None)
        .build()
        .unwrap()
}

#[tokio::test]
async fn through_middleware_it_is_a_transport() {
    conformance::transport(|| {
        let service = ServiceBuilder::new()
            .concurrency_limit(64)
            .service(TransportService::new(http()));
        ServiceTransport::new(service)
    })
    .await;
}

fn post() -> Request {
    Request::new(Method::POST, Uri::from_static("http://127.0.0.1:9/")).with_body("text")
}

/// What is told of a service that fails after it did something with the request.
async fn failing<F>(
    call: impl Fn(http::Request<Body>) -> F + Clone + Send + 'static,
) -> TransportError
where
    F: Future<Output = Result<http::Response<String>, Box<dyn std::error::Error + Send + Sync>>>
        + Send
        + 'static,
{
    let transport = ServiceTransport::new(service_fn(call));
    transport.send(post()).await.unwrap_err()
}

#[tokio::test]
async fn a_body_that_nobody_read_was_not_sent() {
    let error = failing(|_| async { Err("refused by a rule".into()) }).await;
    assert!(error.provably_not_sent());
    assert_eq!(error.kind(), TransportErrorKind::Other);
}

#[tokio::test]
async fn a_body_that_was_read_may_have_been_sent() {
    let error = failing(|request| async {
        http_body_util::BodyExt::collect(request.into_body()).await?;
        Err("who knows".into())
    })
    .await;
    assert!(!error.provably_not_sent());
}

/// Fails as it says, and counts.
#[derive(Clone, Debug, Default)]
struct Unreachable(Arc<AtomicUsize>);

#[async_trait]
impl Transport for Unreachable {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let mut body = request.body.into_stream();
        while futures_util::StreamExt::next(&mut body).await.is_some() {}
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Err(TransportError::new(
                TransportErrorKind::Interrupted,
                "cut off",
            )),
            _ => Err(TransportError::new(TransportErrorKind::Connect, "refused")),
        }
    }
}

/// Middleware that sends what it kept once more, as none should.
#[tokio::test]
async fn what_middleware_sent_twice_is_not_called_unsent_by_its_last_try() {
    let inner = TransportService::new(Unreachable::default());
    let service = service_fn(move |request: http::Request<Body>| {
        let inner = inner.clone();
        async move {
            let (head, body) = request.into_parts();
            let bytes = http_body_util::BodyExt::collect(body)
                .await
                .unwrap()
                .to_bytes();
            let body = || http_body_util::Full::new(bytes.clone());
            let first = http::Request::from_parts(head.clone(), body());
            let again = http::Request::from_parts(head, body());
            match inner.clone().oneshot(first).await {
                Ok(answer) => Ok(answer),
                Err(_) => inner.oneshot(again).await,
            }
        }
    });
    let error = ServiceTransport::new(service)
        .send(post())
        .await
        .unwrap_err();
    assert!(!error.provably_not_sent(), "{error:?}");
    assert_eq!(error.message(), "refused");
}

#[tokio::test]
async fn a_service_that_never_was_ready_sent_nothing() {
    #[derive(Clone)]
    struct Closed;
    impl Service<http::Request<Body>> for Closed {
        type Response = http::Response<String>;
        type Error = std::io::Error;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), Self::Error>> {
            std::task::Poll::Ready(Err(std::io::Error::other("closed")))
        }

        fn call(&mut self, _: http::Request<Body>) -> Self::Future {
            unreachable!("it is not ready")
        }
    }
    let get = Request::new(Method::GET, Uri::from_static("http://127.0.0.1:9/"));
    let error = ServiceTransport::new(Closed).send(get).await.unwrap_err();
    assert!(error.provably_not_sent());
}

#[tokio::test]
async fn an_address_that_is_not_public_is_not_asked() {
    let service = service_fn(|_: http::Request<Body>| async {
        Ok::<_, Infallible>(http::Response::new(String::new()))
    });
    let transport = ServiceTransport::new(service);
    let mut request = Request::new(Method::GET, Uri::from_static("http://169.254.169.254/"));
    request.reach = Reach::Public;
    let error = transport.send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
}

#[tokio::test]
async fn heads_and_bodies_pass_unchanged() {
    let service = service_fn(|request: http::Request<Body>| async move {
        assert_eq!(request.headers()["x-a"], "1");
        let bytes = http_body_util::BodyExt::collect(request.into_body()).await?;
        let mut answer = http::Response::new(http_body_util::Full::new(bytes.to_bytes()));
        *answer.status_mut() = StatusCode::IM_A_TEAPOT;
        let value = HeaderValue::from_static("2");
        answer.headers_mut().insert("x-b", value);
        Ok::<_, std::io::Error>(answer)
    });
    let request = post().with_header("x-a".parse().unwrap(), HeaderValue::from_static("1"));
    let transport = ServiceTransport::new(service);
    let mut response = transport.send(request).await.unwrap();
    assert_eq!(response.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(response.headers["x-b"], "2");
    assert_eq!(response.read(100).await.bytes, "text");
}
