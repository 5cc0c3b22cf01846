//! The key goes to the configured origin and nowhere else.

use dryapi_client::{ApiKey, Client, ErrorKind, RetryPolicy, TextToImage};

use crate::support::command::KEY;
use crate::support::road::{Road, json, whole};

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
    let elsewhere = Road::start(vec![json("200 OK", "", "{}")]);
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let target = &elsewhere.base_url;
        let location = format!("location: {target}/api/v1/client/txt2img\r\n");
        let service = Road::start(vec![whole(status, &location, "")]);
        let error = client(&service.base_url).submit(&cat()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{status}");
        assert_eq!(service.requests().len(), 1, "{status}");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn not_by_download() {
    let storage = Road::start(vec![whole("200 OK", "content-type: image/png\r\n", "PNG")]);
    let url = format!("{}/results/1", storage.base_url);
    let status = format!(r#"{{"data":{{"status":"done","result_url":"{url}"}}}}"#);
    let service = Road::start(vec![json("200 OK", "", &status)]);
    let client = client(&service.base_url);
    let done = client.job::<TextToImage>("c08a339c").wait().await.unwrap();
    assert_eq!(done.bytes(100).await.unwrap(), "PNG");
    assert!(service.requests()[0].contains(KEY));
    let asked = storage.requests();
    assert_eq!(asked.len(), 1);
    let asked = asked[0].to_ascii_lowercase();
    assert!(
        !asked.contains(KEY) && !asked.contains("authorization"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_prefix_is_part_of_every_path() {
    let service = Road::start(vec![json("200 OK", "", r#"{"balance":19.72}"#)]);
    let base_url = format!("{}/proxy/", service.base_url);
    let balance = client(&base_url).balance().await.unwrap();
    assert_eq!(balance.balance.to_string(), "19.72");
    let asked = &service.requests()[0];
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
