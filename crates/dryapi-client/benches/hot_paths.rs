//! The paths every program takes, many times over, without a socket or a real clock: for counting
//! their instructions. `cargo xtask bench instructions` runs it under valgrind.
//!
//! `hot_paths NAME TIMES`; without a name it says which there are.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a program of its own, which has no figure where anything fails"
)]

use async_trait::async_trait;
use dryapi_client::{ApiKey, Client, GetBalance, TextToImage};
use dryapi_testkit::HandClock;
use dryapi_transport::{Request, Response, Transport, TransportError};
use http::{HeaderMap, HeaderValue, StatusCode};

const NAMES: &[&str] = &["submit", "status", "balance", "refusal"];
const ID: &str = "c08a339c-73e5-4d67-a4d5-5a21c0a5c0ff";

/// Gives the same answer to everything.
#[derive(Debug)]
struct Canned(StatusCode, &'static str);

#[async_trait]
impl Transport for Canned {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-type", "application/json"),
            ("date", "Sat, 21 Mar 2026 12:00:00 GMT"),
            ("x-ratelimit-limit", "1000000"),
            ("x-ratelimit-remaining", "999999"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let response = Response::new(self.0).with_headers(headers);
        Ok(response.with_body(self.1))
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, times] = args.as_slice() else {
        println!("{}", NAMES.join(" "));
        return;
    };
    let times: usize = times.parse().expect("how many times");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(run(name, times));
}

async fn run(name: &str, times: usize) {
    let accepted = r#"{"data":{"request_id":"c08a339c-73e5-4d67-a4d5-5a21c0a5c0ff"}}"#;
    let processing = r#"{"data":{"status":"processing","preview":null,"result_url":null,"result":null,"progress":45.5}}"#;
    let balance = r#"{"data":{"balance":"19.72"}}"#;
    let refusal = r#"{"message":"The given data was invalid.","errors":{"width":["The width must be between 64 and 2048."]}}"#;
    let request = TextToImage::new("a cat in a nebula", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4)
        .with_guidance(0.0)
        .with_seed(7);
    match name {
        "submit" => {
            let client = client(Canned(StatusCode::OK, accepted));
            for _ in 0..times {
                let _ = client.submit(&request).await.expect("it is accepted");
            }
        }
        "status" => {
            let client = client(Canned(StatusCode::OK, processing));
            let job = client.job::<TextToImage>(ID);
            for _ in 0..times {
                job.status().await.expect("it is a status");
            }
        }
        "balance" => {
            let client = client(Canned(StatusCode::OK, balance));
            for _ in 0..times {
                client
                    .call(&GetBalance::new())
                    .await
                    .expect("it is a balance");
            }
        }
        "refusal" => {
            let client = client(Canned(StatusCode::UNPROCESSABLE_ENTITY, refusal));
            for _ in 0..times {
                client.submit(&request).await.expect_err("it is refused");
            }
        }
        other => panic!("no such path: {other}"),
    }
}

fn client(transport: Canned) -> Client {
    Client::builder()
        .api_key(ApiKey::new("sk-bench").expect("a key"))
        .transport(transport)
        .clock(HandClock::new())
        .build()
        .expect("a client")
}
