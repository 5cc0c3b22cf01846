//! Answers that come slowly or not to their end.

use std::time::Duration;

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::raw::{connect, submit};
use crate::support::{cat, service, still};

#[tokio::test]
async fn a_slow_body_comes_whole_in_pieces() {
    let pause = Duration::from_millis(1);
    let it = service(still()).await;
    let slow = FaultRule::new(Fault::SlowBody).with_pause(pause);
    it.sandbox.arm(slow.on("txt2img")).unwrap();
    let mut connection = connect(&it).await;
    let (head, body) = submit(&it, &cat());
    connection
        .write_all((head + &body).as_bytes())
        .await
        .unwrap();
    let mut text = String::new();
    let mut reads = 0;
    while !text.ends_with("}}") {
        let mut buffer = [0; 4096];
        let count = connection.read(&mut buffer).await.unwrap();
        assert!(count > 0, "it does not end early");
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        reads += 1;
    }
    assert!(
        text.ends_with(
            &json!({"data": {"request_id": it.sandbox.jobs()[0].request_id}}).to_string()
        )
    );
    assert!(reads > 1, "{reads}");
    // The same connection answers the next request at once.
    let (head, body) = submit(&it, &cat());
    connection
        .write_all((head + &body).as_bytes())
        .await
        .unwrap();
    let mut buffer = [0; 4096];
    let count = connection.read(&mut buffer).await.unwrap();
    assert!(buffer[..count].ends_with(b"}}"), "in one piece");
}

#[tokio::test]
async fn result_files_break_too_and_resume() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    let url = it.result_url(&id).await;
    let file = it.bytes(&url).await;
    it.sandbox
        .arm(
            FaultRule::new(Fault::HalfAnswer)
                .on("results")
                .with_at(1000),
        )
        .unwrap();
    let mut torn = it.http.get(&url).send().await.unwrap();
    assert_eq!(torn.content_length(), Some(file.len() as u64));
    let mut got = Vec::new();
    while let Ok(Some(chunk)) = torn.chunk().await {
        got.extend_from_slice(&chunk);
    }
    assert_eq!(got, file[..1000]);
    let rest = it
        .http
        .get(&url)
        .header("range", "bytes=1000-")
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), 206);
    assert_eq!(rest.bytes().await.unwrap(), file[1000..]);
}
