//! Ready-made [`wiremock`] scenarios: the service's usual answers over a real socket.
//!
//! Each answers every request to the server, whatever its prefix, after all mocks of your own, and
//! returns the [`Calls`] it answered.
//!
//! ```
//! use dryapi_testkit::scenarios;
//! use wiremock::MockServer;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let server = MockServer::start().await;
//! let calls = scenarios::job_life(&server, "c08a339c", &b"\x89PNG"[..]).await;
//! // … point the code at `server.uri()`, let it draw a picture, and then:
//! # let _ = rustls::crypto::ring::default_provider().install_default();
//! # let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
//! # http.post(format!("{}/api/v1/client/txt2img", server.uri())).send().await?;
//! assert_eq!(calls.posts(), 1, "paid once");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Method;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::answer::Answer;
use crate::answers;
use crate::corpus::Case;
use crate::path;

/// After every mock that was mounted without a priority.
const LAST: u8 = u8::MAX;

/// The requests that a scenario answered. Clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    seen: Arc<Mutex<Vec<(Method, String)>>>,
}

impl Calls {
    /// How many requests were POSTs: the number of times something may have been paid.
    #[must_use]
    pub fn posts(&self) -> usize {
        self.seen()
            .iter()
            .filter(|(method, _)| method == Method::POST)
            .count()
    }

    /// How many requests were for a path, or one that ends so: `txt2img`, `request-status/*`.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.seen()
            .iter()
            .filter(|(_, seen)| path::matches(path, seen))
            .count()
    }

    /// Notes a request; returns how many there were before it, in all and to its path.
    fn note(&self, request: &Request) -> (usize, usize) {
        let mut seen = self.seen();
        let path = request.url.path();
        let before = (
            seen.len(),
            seen.iter().filter(|(_, seen)| seen == path).count(),
        );
        seen.push((request.method.clone(), path.to_owned()));
        before
    }

    fn seen(&self) -> MutexGuard<'_, Vec<(Method, String)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 401 to everything, as on the Errors page.
pub async fn unauthorized(server: &MockServer) -> Calls {
    always(server, answers::unauthorized()).await
}

/// 404 to everything, as on the Errors page.
pub async fn not_found(server: &MockServer) -> Calls {
    always(server, answers::not_found()).await
}

/// 422 to everything, about `width` and `model`, as on the Errors page.
pub async fn validation(server: &MockServer) -> Calls {
    let fields = [
        ("width", "The width must be between 64 and 2048."),
        ("model", "The selected model does not exist."),
    ];
    always(server, answers::validation(&fields)).await
}

/// 500 to the first requests, as on the Errors page, and then an answer to all others.
pub async fn server_error_then(
    server: &MockServer,
    times: usize,
    then: impl Into<Answer>,
) -> Calls {
    let then = then.into();
    serve(server, move |_, (before, _)| {
        if before < times {
            answers::server_error()
        } else {
            then.clone()
        }
    })
    .await
}

/// The life of a picture: a POST to `txt2img` is accepted under an id; its status is pending, then
/// at 45.5 percent, then done, with an address on the same server, where the PNG lies. Everything
/// else is 404.
pub async fn job_life(server: &MockServer, request_id: &str, png: impl Into<Bytes>) -> Calls {
    let accepted = answers::accepted(request_id);
    let status = format!("request-status/{request_id}");
    let result = format!("/results/{request_id}/output.png");
    let url = format!("{}{result}?signature=testkit", server.uri());
    let png = png.into();
    serve(server, move |request, (_, before)| {
        let path = request.url.path();
        match request.method.as_str() {
            "POST" if path::matches("txt2img", path) => accepted.clone(),
            "GET" if path::matches(&status, path) => match before {
                0 => answers::status_pending(),
                1 => answers::status_processing(45.5),
                _ => answers::status_done(&url),
            },
            "GET" if path == result => Answer::bytes(200, "image/png", png.clone()),
            _ => answers::not_found(),
        }
    })
    .await
}

impl Case {
    /// Answers everything on a server with this case, after all mocks of your own.
    pub async fn mount(&self, server: &MockServer) -> Calls {
        always(server, self.answer()).await
    }
}

impl From<Answer> for ResponseTemplate {
    fn from(answer: Answer) -> Self {
        let mut template = Self::new(answer.status).set_body_bytes(answer.body);
        for (name, value) in &answer.headers {
            template = template.append_header(name, value);
        }
        template
    }
}

async fn always(server: &MockServer, answer: Answer) -> Calls {
    serve(server, move |_, _| answer.clone()).await
}

async fn serve(
    server: &MockServer,
    answer: impl Fn(&Request, (usize, usize)) -> Answer + Send + Sync + 'static,
) -> Calls {
    let calls = Calls::default();
    let seen = calls.clone();
    let respond =
        move |request: &Request| -> ResponseTemplate { answer(request, seen.note(request)).into() };
    Mock::given(any())
        .respond_with(respond)
        .with_priority(LAST)
        .mount(server)
        .await;
    calls
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::matchers::method;

    use super::*;
    use crate::corpus;

    /// Status, headers and body of one request.
    async fn ask(server: &MockServer, method: Method, path: &str) -> (u16, http::HeaderMap, Bytes) {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/api/v1/client/{path}", server.uri())
        };
        // Another crate of the workspace switches TLS on for every test, without a provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([]);
        let client = client.build().unwrap();
        let answer = client.request(method, url).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.headers().clone(),
            answer.bytes().await.unwrap(),
        )
    }

    async fn ask_json(server: &MockServer, method: Method, path: &str) -> (u16, Value) {
        let (status, _, body) = ask(server, method, path).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_picture_is_accepted_watched_and_fetched() {
        let server = MockServer::start().await;
        let calls = job_life(&server, "ab-1", &b"PNG"[..]).await;
        let (_, accepted) = ask_json(&server, Method::POST, "txt2img").await;
        assert_eq!(accepted, json!({"data": {"request_id": "ab-1"}}));

        let mut states = Vec::new();
        for _ in 0..4 {
            let (_, status) = ask_json(&server, Method::GET, "request-status/ab-1").await;
            states.push((
                status["data"]["status"].clone(),
                status["data"]["progress"].clone(),
            ));
        }
        let state = |state: &str, percent: f64| (json!(state), json!(percent));
        let done = state("done", 100.0);
        let expected = [
            state("pending", 0.0),
            state("processing", 45.5),
            done.clone(),
            done,
        ];
        assert_eq!(states, expected);

        let (_, status) = ask_json(&server, Method::GET, "request-status/ab-1").await;
        let url = status["data"]["result_url"].as_str().unwrap();
        let (status, headers, body) = ask(&server, Method::GET, url).await;
        assert_eq!(
            (status, &headers["content-type"], &body[..]),
            (200, &"image/png".parse().unwrap(), &b"PNG"[..])
        );

        assert_eq!(
            ask_json(&server, Method::GET, "request-status/other")
                .await
                .0,
            404
        );
        assert_eq!(ask_json(&server, Method::POST, "txt2video").await.0, 404);
        assert_eq!(calls.posts(), 2);
        assert_eq!(calls.count("txt2img"), 1);
        assert_eq!(calls.count("request-status/ab-1"), 5);
        assert_eq!(calls.count("output.png"), 1);
    }

    #[tokio::test]
    async fn errors_come_first_and_then_the_answer() {
        let server = MockServer::start().await;
        let calls = server_error_then(&server, 2, answers::accepted("ab-1")).await;
        for expected in [500, 500, 200, 200] {
            assert_eq!(ask(&server, Method::POST, "txt2img").await.0, expected);
        }
        assert_eq!(calls.posts(), 4);
    }

    #[tokio::test]
    async fn refusals_are_those_of_the_errors_page() {
        for name in ["unauthorized", "not_found", "validation"] {
            let server = MockServer::start().await;
            let calls = match name {
                "unauthorized" => unauthorized(&server).await,
                "not_found" => not_found(&server).await,
                _ => validation(&server).await,
            };
            let case = corpus::error(name).unwrap();
            let (status, body) = ask_json(&server, Method::POST, "txt2img").await;
            assert_eq!(status, case.status());
            assert_eq!(Some(body), case.answer().to_json());
            assert_eq!(calls.posts(), 1);
        }
    }

    #[tokio::test]
    async fn a_case_is_mounted_as_it_is() {
        for case in corpus::errors() {
            let server = MockServer::start().await;
            let calls = case.mount(&server).await;
            let (status, headers, body) = ask(&server, Method::GET, "balance").await;
            assert_eq!(
                (status, &body[..]),
                (case.status(), case.body()),
                "{}",
                case.name
            );
            for (name, value) in case.headers() {
                let values: Vec<_> = headers.get_all(*name).iter().collect();
                assert_eq!(values, [value], "{}: {name}", case.name);
            }
            assert_eq!(calls.posts(), 0);
        }
    }

    #[tokio::test]
    async fn mocks_of_your_own_come_first() {
        let server = MockServer::start().await;
        let calls = not_found(&server).await;
        let own = ResponseTemplate::from(answers::balance("1.50"));
        Mock::given(method("GET"))
            .respond_with(own)
            .mount(&server)
            .await;
        assert_eq!(
            ask(&server, Method::GET, "balance").await.2,
            r#"{"balance":1.50}"#
        );
        assert_eq!(ask(&server, Method::POST, "txt2img").await.0, 404);
        assert_eq!(calls.posts(), 1);
    }
}
