//! The key goes to the configured origin and nowhere else.

use std::sync::{Arc, Mutex};

use dryapi_client::{ApiKey, Client, ErrorKind, RetryPolicy, TextToImage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const KEY: &str = "sk-sandbox-key-4711";

/// Answers every request with the same bytes and keeps what it read.
async fn server(answer: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (kept, answer) = (Arc::clone(&kept), answer.clone());
            tokio::spawn(async move {
                let mut text = String::new();
                let mut buffer = [0; 4096];
                while !complete(&text) {
                    match stream.read(&mut buffer).await {
                        Ok(read @ 1..) => text.push_str(&String::from_utf8_lossy(&buffer[..read])),
                        _ => break,
                    }
                }
                kept.lock().unwrap().push(text);
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (address, seen)
}

fn complete(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}

fn response(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn client(base_url: &str) -> Client {
    let key = ApiKey::new(KEY).unwrap();
    Client::builder()
        .api_key(key)
        .base_url(base_url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn cat() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
}

#[tokio::test]
async fn not_by_redirect() {
    let (elsewhere, seen) = server(response("200 OK", "", "{}")).await;
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("location: {elsewhere}/api/v1/client/txt2img\r\n");
        let (address, first) = server(response(status, &location, "")).await;
        let error = client(&address).submit(&cat()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{status}");
        assert_eq!(first.lock().unwrap().len(), 1);
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn not_by_download() {
    let (storage, seen) = server(response("200 OK", "content-type: image/png\r\n", "PNG")).await;
    let status = format!(r#"{{"data":{{"status":"done","result_url":"{storage}/results/1"}}}}"#);
    let (address, api) = server(response("200 OK", "", &status)).await;
    let client = client(&address);
    let done = client.job::<TextToImage>("c08a339c").wait().await.unwrap();
    assert_eq!(done.bytes(100).await.unwrap(), "PNG");
    assert!(api.lock().unwrap()[0].contains(KEY));
    let asked = seen.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].contains(KEY) && !asked[0].to_ascii_lowercase().contains("authorization"));
}

#[tokio::test]
async fn a_prefix_is_part_of_every_path() {
    let (address, seen) = server(response("200 OK", "", r#"{"balance":19.72}"#)).await;
    let balance = client(&format!("{address}/proxy/"))
        .balance()
        .await
        .unwrap();
    assert_eq!(balance.balance.to_string(), "19.72");
    let asked = seen.lock().unwrap()[0].clone();
    assert!(
        asked.starts_with("GET /proxy/api/v1/client/balance HTTP/1.1\r\n"),
        "{asked}"
    );
}

#[tokio::test]
async fn plain_http_to_a_public_name_is_refused_before_anything_is_sent() {
    let key = ApiKey::new(KEY).unwrap();
    let error = Client::builder()
        .api_key(key)
        .base_url("http://api.dryapi.dev")
        .build();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Config);
}
