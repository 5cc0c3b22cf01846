//! What is sent, byte for byte, and what is refused before anything is.

use dryapi_client::{ErrorKind, ImageUpscale, Source, Usd};
use dryapi_testkit::{HandClock, ScriptedTransport, answers};

use crate::support::{ID, KEY, builder, cat, client};

/// A 2 × 3 picture, as far as its header goes.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0";

#[tokio::test]
async fn a_json_task_as_it_is_sent() {
    let transport = ScriptedTransport::new().then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let _ = client
        .submit(&cat())
        .intent("order-4711")
        .webhook_url("https://example.com/hook")
        .await
        .unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.path(), "/api/v1/client/txt2img");
    assert_eq!(
        sent.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(sent.header("accept"), Some("application/json"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("idempotency-key"), Some("order-4711"));
    assert!(
        sent.header("user-agent")
            .unwrap()
            .starts_with("dryapi-rust/")
    );
    insta::assert_snapshot!(sent.text(), @r#"{"prompt":"a cat","model":"Flux1schnell","width":512,"height":512,"guidance":0.0,"steps":4,"seed":-1,"webhook_url":"https://example.com/hook"}"#);
}

#[tokio::test]
async fn a_multipart_task_as_it_is_sent() {
    let transport = ScriptedTransport::new().then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let request = ImageUpscale::new(Source::bytes("photo", PNG), "RealESRGAN_x4");
    let _ = client.submit(&request).await.unwrap();
    let sent = &transport.requests()[0];
    let boundary = "dryapi-80000000000000008000000000000000";
    let expected = format!("multipart/form-data; boundary={boundary}");
    assert_eq!(sent.header("content-type"), Some(expected.as_str()));
    let text = sent.text();
    assert!(text.contains("name=\"image\"; filename=\"photo.png\"\r\nContent-Type: image/png\r\n"));
    assert!(text.contains("name=\"model\"\r\n\r\nRealESRGAN_x4\r\n"));
}

#[tokio::test]
async fn a_price_measures_the_picture_and_does_not_send_it() {
    let transport = ScriptedTransport::new().then(answers::price("0.0005"));
    let (client, _) = client(&transport);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.png");
    std::fs::write(&path, PNG).unwrap();
    let price = client
        .price(&ImageUpscale::new(path, "RealESRGAN_x4"))
        .await
        .unwrap();
    assert_eq!(price.price.to_string(), "0.0005");
    let sent = &transport.requests()[0];
    assert!(sent.is_for("img-upscale/price-calculation"));
    let text = sent.text();
    assert!(
        text.contains("name=\"width\"\r\n\r\n2\r\n") && !text.contains("IHDR"),
        "{text}"
    );
}

#[tokio::test]
async fn what_cannot_be_right_is_not_sent() {
    let transport = ScriptedTransport::new();
    let (client, _) = client(&transport);
    let error = client
        .submit(&dryapi_client::TextToImage::new("", "x"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let fields: Vec<_> = error
        .fields()
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    assert_eq!(fields, ["prompt", "width", "height"]);

    let missing = ImageUpscale::new("/nowhere/photo.png", "RealESRGAN_x4");
    let error = client.submit(&missing).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::File, "img-upscale")
    );

    let error = client.submit(&cat()).intent("two words").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn a_limit_asks_the_price_first() {
    let limit: Usd = "0.001".parse().unwrap();
    let transport = ScriptedTransport::new().then(answers::price("0.00136"));
    let (client, _) = client(&transport);
    let error = client.submit(&cat()).max_cost(limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SpendLimit);
    insta::assert_snapshot!(error, @"txt2img: it would cost 0.00136 USD, more than 0.001 USD");
    assert_eq!(transport.count("txt2img"), 0);

    transport.push(answers::price("0.001"));
    transport.push(answers::accepted(ID));
    let _ = client.submit(&cat()).max_cost(limit).await.unwrap();
}

#[tokio::test]
async fn settings_that_would_show_the_key_are_refused() {
    let transport = ScriptedTransport::new();
    let build = |url: &str| {
        builder(&transport, &HandClock::auto())
            .base_url(url)
            .build()
    };
    let error = build("http://api.dryapi.dev").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(build("http://127.0.0.1:1/prefix").is_ok());
    let header = builder(&transport, &HandClock::auto()).default_header("Authorization", "x");
    assert_eq!(header.build().unwrap_err().kind(), ErrorKind::Config);
}
