//! A job from its price to its picture, and the money on the way.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{cat, service, still};

#[tokio::test]
async fn a_job_is_accepted_worked_on_and_done() {
    let it = service(still().with_balance("19.72".parse().unwrap())).await;
    assert_eq!(it.get("balance").await, (200, json!({"balance": 19.72})));
    let quote = it.post("txt2img/price-calculation", &cat()).await;
    assert_eq!(quote, (200, json!({"data": {"price": 0.00136}})));

    let id = it.submit(&cat()).await;
    assert_eq!(it.balance().await, "19.71864");
    let status = it.status(&id).await;
    assert_eq!(
        (&status["status"], &status["progress"]),
        (&json!("pending"), &json!(0.0))
    );

    it.sandbox.advance(Duration::from_secs(2));
    let early = it.status(&id).await;
    assert_eq!(
        (&early["status"], &early["progress"]),
        (&json!("processing"), &json!(25.0))
    );
    let preview = STANDARD.decode(early["preview"].as_str().unwrap()).unwrap();
    assert!(preview.starts_with(&[0xFF, 0xD8, 0xFF]), "a bare JPEG");
    it.sandbox.advance(Duration::from_millis(1500));
    let later = it.status(&id).await;
    assert_eq!(later["progress"], json!(62.5));
    assert_ne!(later["preview"], early["preview"]);
    assert_eq!(later["result_url"], json!(null));

    it.sandbox.advance(Duration::from_millis(1500));
    let done = it.status(&id).await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("done"), &json!(100.0))
    );
    let file = it.bytes(done["result_url"].as_str().unwrap()).await;
    assert_eq!(imagesize(&file), (512, 512));
    let jpg = it
        .bytes(done["results_alt_formats"]["jpg"].as_str().unwrap())
        .await;
    assert!(jpg.starts_with(&[0xFF, 0xD8, 0xFF]));
    let webp = it
        .bytes(done["results_alt_formats"]["webp"].as_str().unwrap())
        .await;
    assert!(webp.starts_with(b"RIFF") && webp[8..12] == *b"WEBP");
}

#[tokio::test]
async fn every_accepted_job_is_charged_exactly_once() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    for _ in 0..3 {
        it.result_url(&id).await;
    }
    it.submit(&cat()).await;
    let charges = it.sandbox.charges();
    assert_eq!(charges.len(), 2);
    assert_eq!(charges[0].request_id, id);
    assert_ne!(charges[1].request_id, id);
    assert_eq!(charges[0].amount.to_string(), "0.00136");
    assert_eq!(it.balance().await, "4.99728");
}

#[tokio::test]
async fn quotes_equal_charges_for_every_model_and_size() {
    let it = service(still()).await;
    for (model, width, steps, price) in [
        ("Flux1schnell", 512, 4, "0.00136"),
        ("Flux_2_Klein_4B_BF16", 512, 4, "0.00186"),
        ("ZImageTurbo_INT8", 512, 4, "0.00405"),
        ("ZImageTurbo_INT8", 1024, 8, "0.0162"),
        ("Flux1schnell", 256, 1, "0.00017"),
    ] {
        let mut body = cat();
        body["model"] = json!(model);
        body["width"] = json!(width);
        body["steps"] = json!(steps);
        let (_, quote) = it.post("txt2img/price-calculation", &body).await;
        it.submit(&body).await;
        let charge = it.sandbox.charges().pop().unwrap();
        assert_eq!(charge.amount.to_string(), price, "{model}");
        assert_eq!(
            quote["data"]["price"],
            price.parse::<f64>().unwrap(),
            "{model}"
        );
    }
}

#[tokio::test]
async fn nothing_is_booked_when_the_money_does_not_reach() {
    let it = service(still().with_balance("0.0027".parse().unwrap())).await;
    it.submit(&cat()).await;
    let refused = it.post("txt2img", &cat()).await;
    let body = json!({"message": "Not enough balance.",
                      "errors": {"balance": ["Not enough balance."]}});
    assert_eq!(refused, (422, body));
    assert_eq!(it.balance().await, "0.00134");
    assert_eq!(
        (it.sandbox.charges().len(), it.sandbox.jobs().len()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_job_time_of_its_own() {
    let it = service(still().with_job_time(Duration::from_secs(2))).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_millis(1999));
    assert_eq!(it.status(&id).await["status"], "processing");
    it.sandbox.advance(Duration::from_millis(1));
    assert_eq!(it.status(&id).await["status"], "done");
}

#[tokio::test]
async fn an_upload_comes_back_larger() {
    let it = service(still()).await;
    let mut small = cat();
    small["width"] = json!(256);
    small["height"] = json!(320);
    let source = {
        let id = it.submit(&small).await;
        let url = it.result_url(&id).await;
        it.bytes(&url).await
    };
    for (model, width, height) in [("RealESRGAN_x2", 512, 640), ("RealESRGAN_x4", 1024, 1280)] {
        let by_file = it
            .upload("img-upscale/price-calculation", model, source.clone())
            .await;
        let size = json!({"model": model, "width": 256, "height": 320});
        assert_eq!(
            by_file,
            it.post("img-upscale/price-calculation", &size).await
        );
        let (status, answer) = it.upload("img-upscale", model, source.clone()).await;
        assert_eq!(status, 200, "{answer}");
        let url = it
            .result_url(answer["data"]["request_id"].as_str().unwrap())
            .await;
        let file = it.bytes(&url).await;
        assert_eq!(imagesize(&file), (width, height), "{model}");
        assert_ne!(file, source);
    }
}

#[tokio::test]
async fn uploads_may_be_large_but_not_too_large() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    let url = it.result_url(&id).await;
    let picture = it.bytes(&url).await;
    // Bytes behind the end of a PNG are no part of it.
    let padded = |to: usize| [picture.clone(), vec![0; to - picture.len()]].concat();
    assert_eq!(
        it.upload("img-upscale", "RealESRGAN_x2", padded(10 << 20))
            .await
            .0,
        200
    );
    let (status, answer) = it
        .upload("img-upscale", "RealESRGAN_x2", padded((10 << 20) + 1))
        .await;
    let text = "The image may not be greater than 10240 kilobytes.";
    assert_eq!(
        (status, &answer["errors"][0]["messages"][0]),
        (422, &json!(text))
    );
    assert_eq!(it.sandbox.charges().len(), 2);
}

/// Width and height of a PNG, from its header.
fn imagesize(file: &[u8]) -> (u32, u32) {
    assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}
