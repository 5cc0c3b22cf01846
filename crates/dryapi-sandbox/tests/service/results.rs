//! The storage results lie in.

use std::time::Duration;

use reqwest::Method;

use crate::support::{Service, cat, service, still};

async fn finished() -> (Service, String, Vec<u8>) {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    let url = it.result_url(&id).await;
    let file = it.bytes(&url).await;
    (it, url, file)
}

#[tokio::test]
async fn an_address_expires_and_status_gives_a_fresh_one() {
    let (it, url, file) = finished().await;
    it.sandbox.advance(Duration::from_secs(3599));
    assert_eq!(it.bytes(&url).await, file);
    it.sandbox.advance(Duration::from_secs(1));
    let expired = it.http.get(&url).send().await.unwrap();
    assert_eq!(expired.status(), 403);
    assert_eq!(expired.headers()["content-type"], "application/xml");
    let body = expired.text().await.unwrap();
    assert!(body.contains("<Code>AccessDenied</Code>") && body.contains("Request has expired"));
    let id = it.sandbox.jobs()[0].request_id.clone();
    let fresh = it.result_url(&id).await;
    assert_ne!(fresh, url);
    assert_eq!(it.bytes(&fresh).await, file);
}

#[tokio::test]
async fn a_changed_or_missing_signature_opens_nothing() {
    let (it, url, _) = finished().await;
    let later = url.replace("expires=", "expires=9");
    let other = url.replace("output.png", "output.jpg");
    for (url, code) in [
        (
            url.replace("signature=", "signature=00"),
            "SignatureDoesNotMatch",
        ),
        (later, "SignatureDoesNotMatch"),
        (other, "SignatureDoesNotMatch"),
        (url.split('?').next().unwrap().to_owned(), "AccessDenied"),
    ] {
        let refused = it.http.get(&url).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{code}");
        assert!(refused.text().await.unwrap().contains(code));
    }
}

#[tokio::test]
async fn a_key_sent_along_is_refused() {
    let (it, url, _) = finished().await;
    let refused = it.http.get(&url).bearer_auth(&it.key).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("<Code>InvalidArgument</Code>")
    );
    let requests = it.sandbox.requests();
    let last = requests.last().unwrap();
    assert!(last.authorization && last.path.starts_with("/results/"));
    assert_eq!(last.status, Some(400));
    let text = format!("{requests:?}");
    assert!(
        !text.contains(&it.key) && !text.contains("signature="),
        "{text}"
    );
}

#[tokio::test]
async fn parts_of_a_file() {
    let (it, url, file) = finished().await;
    let whole = it.http.get(&url).send().await.unwrap();
    let etag = whole.headers()["etag"].to_str().unwrap().to_owned();
    assert!(etag.starts_with('"') && whole.headers()["accept-ranges"] == "bytes");
    assert_eq!(whole.headers()["content-length"], file.len().to_string());

    let range = |range: &str| it.http.get(&url).header("range", range);
    let part = range("bytes=100-")
        .header("if-range", &etag)
        .send()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    let described = format!("bytes 100-{}/{}", file.len() - 1, file.len());
    assert_eq!(part.headers()["content-range"], described);
    assert_eq!(part.bytes().await.unwrap(), file[100..]);

    let changed = range("bytes=100-")
        .header("if-range", "\"other\"")
        .send()
        .await
        .unwrap();
    assert_eq!(changed.status(), 200);
    assert_eq!(changed.bytes().await.unwrap(), file);

    let outside = range(&format!("bytes={}-", file.len()))
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), 416);
    assert_eq!(
        outside.headers()["content-range"],
        format!("bytes */{}", file.len())
    );

    let head = it.http.request(Method::HEAD, &url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], file.len().to_string());
    assert_eq!(head.headers()["etag"], etag);
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_address_is_on_the_host_the_caller_used() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(5));
    let url = |host: &'static str| {
        let path = it.url(&format!("request-status/{id}"));
        let request = it.http.get(path).bearer_auth(&it.key).header("host", host);
        async move {
            let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
            answer["data"]["result_url"].as_str().unwrap().to_owned()
        }
    };
    assert!(
        url("localhost:8123")
            .await
            .starts_with("http://localhost:8123/results/")
    );
    assert!(
        url("evil.example")
            .await
            .starts_with(&it.sandbox.base_url())
    );
}
