//! The scenarios over a socket, with a bare HTTP client.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::{Fault, answers, corpus};

fn client() -> reqwest::Client {
    // Another crate of the workspace switches TLS on for every test, without a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([]);
    client.build().unwrap()
}

/// Status, headers and body of one request.
async fn ask(server: &MockServer, method: Method, path: &str) -> (u16, http::HeaderMap, Bytes) {
    let url = if path.starts_with("http") {
        path.to_owned()
    } else {
        format!("{}/api/v1/client/{path}", server.uri())
    };
    let answer = client().request(method, url).send().await.unwrap();
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
async fn a_limit_is_over_after_a_while() {
    let server = MockServer::start().await;
    let calls = rate_limited_minute(&server, 1, answers::balance(1)).await;
    let (status, headers, _) = ask(&server, Method::GET, "balance").await;
    assert_eq!(
        (status, &headers["retry-after"]),
        (429, &"60".parse().unwrap())
    );
    assert_eq!(ask(&server, Method::GET, "balance").await.0, 200);
    assert_eq!(calls.count("balance"), 2);
}

#[tokio::test]
async fn a_job_fails_after_it_was_at_work() {
    let server = MockServer::start().await;
    let calls = job_failed(&server, "ab-1", "WORKER_TIMEOUT", "too slow").await;
    assert_eq!(ask(&server, Method::POST, "txt2img").await.0, 200);
    let mut states = Vec::new();
    for _ in 0..3 {
        let (_, status) = ask_json(&server, Method::GET, "request-status/ab-1").await;
        states.push(status["data"].clone());
    }
    assert_eq!(states[0]["status"], "processing");
    assert_eq!(states[1]["error_code"], "WORKER_TIMEOUT");
    assert_eq!(states[1]["error_message"], "too slow");
    assert_eq!(states[2], states[1]);
    assert_eq!(calls.posts(), 1);
}

#[tokio::test]
async fn an_expired_address_is_replaced_by_the_next_status() {
    let server = MockServer::start().await;
    let calls = expired_result(&server, "ab-1", &b"PNG"[..]).await;
    assert_eq!(ask(&server, Method::POST, "txt2img").await.0, 200);
    let mut urls = Vec::new();
    for _ in 0..2 {
        let (_, status) = ask_json(&server, Method::GET, "request-status/ab-1").await;
        urls.push(status["data"]["result_url"].as_str().unwrap().to_owned());
    }
    // The first stays expired.
    for _ in 0..2 {
        let (status, headers, body) = ask(&server, Method::GET, &urls[0]).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (403, &"application/xml".parse().unwrap())
        );
        assert!(body.starts_with(b"<?xml"));
        let (status, _, body) = ask(&server, Method::GET, &urls[1]).await;
        assert_eq!((status, &body[..]), (200, &b"PNG"[..]));
    }
    assert_eq!(calls.posts(), 1);
}

#[tokio::test]
async fn a_fault_is_mounted_or_needs_the_sandbox() {
    let mut mounted = Vec::new();
    for fault in Fault::ALL {
        let server = MockServer::start().await;
        let Some(calls) = fault.mount(&server).await else {
            continue;
        };
        mounted.push(fault.as_str());
        if *fault == Fault::Hang {
            continue;
        }
        let (status, _, _) = ask(&server, Method::POST, "txt2img").await;
        let expected = match fault {
            Fault::Html502 => 502,
            Fault::Error500 | Fault::BookThen500 => 500,
            Fault::RateLimitMinute | Fault::RateLimitDaily => 429,
            _ => 200,
        };
        assert_eq!((status, calls.posts()), (expected, 1), "{fault}");
    }
    let expected = "hang html_502 error_500 book_then_500 rate_limit_minute rate_limit_daily \
        job_failed stuck_job expired_url";
    assert_eq!(mounted.join(" "), expected);
}

#[tokio::test]
async fn a_hanging_server_has_taken_the_request_and_is_silent() {
    let server = MockServer::start().await;
    let calls = Fault::Hang.mount(&server).await.unwrap();
    let uri = server.uri();
    let asked = tokio::spawn(async move { client().post(uri).send().await });
    while calls.posts() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!asked.is_finished());
    asked.abort();
}

#[tokio::test]
async fn refusals_are_those_of_the_corpus() {
    for name in [
        "unauthorized",
        "account_suspended",
        "not_found",
        "validation",
        "insufficient_balance",
        "rate_limited_daily",
    ] {
        let server = MockServer::start().await;
        let calls = match name {
            "unauthorized" => unauthorized(&server).await,
            "account_suspended" => suspended(&server).await,
            "not_found" => not_found(&server).await,
            "insufficient_balance" => insufficient_balance(&server).await,
            "rate_limited_daily" => rate_limited_daily(&server).await,
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
