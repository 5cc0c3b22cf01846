//! Webhooks: what is sent, signed by whom, in which order, and to whom it is shown.

use std::time::Duration;

use dryapi_sandbox::{Config, WebhookBrand};
use dryapi_webhook::EventKind;
use reqwest::multipart::Form;
use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply, cat_to, column};
use crate::support::{cat, read, service, still};

const OK: Reply = Reply::Status(200);

#[tokio::test]
async fn a_job_tells_its_story_signed_and_in_order() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[], OK).await;
    let id = it.submit(&cat_to(&receiver.url("hook"))).await;
    it.sandbox.advance(Duration::from_secs(5));
    let (first, last) = (receiver.next().await, receiver.next().await);
    let secret = it.sandbox.webhook_secret();
    assert_eq!(secret, "whsec-sandbox");
    let event = first.verified(secret);
    assert_eq!(event.kind, EventKind::JobProcessing);
    assert_eq!(event.request_id.unwrap().as_str(), id);
    let event = last.verified(secret);
    assert_eq!(
        event.delivery_id.as_deref(),
        Some(last.header("x-dryapi-delivery-id"))
    );
    assert_ne!(
        first.header("x-dryapi-delivery-id"),
        last.header("x-dryapi-delivery-id")
    );
    assert_eq!(last.header("x-dryapi-event"), "job.completed");
    assert_eq!(last.header("content-type"), "application/json");
    assert_eq!(last.header("user-agent"), "dryAPI-Webhook/1.0");
    assert!(!last.headers.contains_key("x-deapi-signature"));

    let (first, last) = (first.json(), last.json());
    let (began, ended) = (&first["data"], &last["data"]);
    assert_eq!(began["status"], "processing");
    assert_eq!(began["previous_status"], "pending");
    assert_eq!(began["started_at"], first["timestamp"]);
    assert_eq!(ended["previous_status"], "processing");
    assert_eq!(ended["job_type"], "txt2img");
    assert_eq!(ended["completed_at"], last["timestamp"]);
    assert_eq!(ended["processing_time_ms"], 4000);
    let file = it.bytes(ended["result_url"].as_str().unwrap()).await;
    assert!(file.starts_with(b"\x89PNG"));

    let attempts = it.attempts(2).await;
    assert_eq!(
        column(&attempts, "outcome"),
        json!(["delivered", "delivered"])
    );
    assert_eq!(column(&attempts, "attempt"), json!([1, 1]));
    assert_eq!(column(&attempts, "status"), json!([200, 200]));
    assert_eq!(column(&attempts, "request_id"), json!([id, id]));
    assert_eq!(attempts[1]["delivery_id"], last["delivery_id"]);
}

#[tokio::test]
async fn a_failed_job_says_why() {
    let mut receiver = Receiver::start(&[], OK).await;
    let it = service(still().with_webhook_url(receiver.url("account"))).await;
    let id = it.submit(&cat()).await;
    let outcome = json!({"state": "error", "code": "AGE_RESTRICTED"});
    it.admin(&format!("jobs/{id}"), &outcome).await;
    assert_eq!(receiver.next().await.json()["event"], "job.processing");
    let failed = receiver.next().await;
    failed.verified("whsec-sandbox");
    let data = &failed.json()["data"];
    assert_eq!(failed.json()["event"], "job.failed");
    assert_eq!(data["status"], "error");
    assert_eq!(data["error_code"], "AGE_RESTRICTED");
    assert_eq!(data["error_message"], "The source is age-restricted");
    assert_eq!(data["failed_at"], failed.json()["timestamp"]);
}

#[tokio::test]
async fn the_old_name_or_both_may_sign() {
    for (brand, current, legacy) in [
        (WebhookBrand::Current, true, false),
        (WebhookBrand::Legacy, false, true),
        (WebhookBrand::Both, true, true),
    ] {
        let mut receiver = Receiver::start(&[], OK).await;
        let config = still()
            .with_webhook_brand(brand)
            .with_webhook_secret("s3")
            .with_webhook_url(receiver.url(""));
        let it = service(config).await;
        it.submit(&cat()).await;
        it.sandbox.advance(Duration::from_secs(1));
        let arrival = receiver.next().await;
        for (name, there) in [("dryapi", current), ("deapi", legacy)] {
            for header in ["signature", "timestamp", "event", "delivery-id"] {
                let name = format!("x-{name}-{header}");
                let count = arrival.headers.get_all(&name).iter().count();
                assert_eq!(count, usize::from(there), "{brand:?} {name}");
            }
        }
        arrival.verified("s3");
        assert_eq!(it.sandbox.webhook_secret(), "s3");
    }
}

#[tokio::test]
async fn the_query_travels_untouched_and_is_not_shown() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[], OK).await;
    let query = "dryapi_intent=o%2F1&dryapi_intent_mac=ab&x=%7e&y=a+b";
    let form = Form::new()
        .text("text", "Good evening")
        .text("webhook_url", receiver.url(&format!("hook?{query}")));
    let mut cat = cat_to(&receiver.url(&format!("hook?{query}")));
    cat["seed"] = json!(8);
    it.submit(&cat).await;
    // A form's field is read as well as a JSON member.
    let sent = it.http.post(it.url("img-rmbg")).bearer_auth(&it.key);
    let picture = reqwest::multipart::Part::bytes(png()).file_name("in.png");
    let form = form
        .part("image", picture.mime_str("image/png").unwrap())
        .text("model", "Ben2");
    let (status, answer) = read(sent.multipart(form).send().await.unwrap()).await;
    assert_eq!(status, 200, "{answer}");
    it.sandbox.advance(Duration::from_secs(1));
    for _ in 0..2 {
        let arrival = receiver.next().await;
        assert_eq!(
            (arrival.uri.path(), arrival.uri.query()),
            ("/hook", Some(query))
        );
    }
    let attempts = it.attempts(2).await;
    assert_eq!(attempts[0]["url"], json!(receiver.url("hook")));
    assert!(!json!(attempts).to_string().contains("intent"));
    assert!(!format!("{:?}", it.sandbox.deliveries()).contains("intent"));
}

fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[128; 64 * 64]).unwrap();
    drop(writer);
    file
}

#[tokio::test]
async fn who_gave_no_address_hears_nothing() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[], OK).await;
    let silent = it.submit(&cat()).await;
    let heard = it.submit(&cat_to(&receiver.url(""))).await;
    it.sandbox.advance(Duration::from_secs(9));
    for _ in 0..2 {
        assert_eq!(
            receiver.next().await.json()["data"]["job_request_id"],
            json!(heard)
        );
    }
    let attempts = it.attempts(2).await;
    assert!(!json!(attempts).to_string().contains(&silent));
    for bad in ["http://a.example/hook", "hook", "https://"] {
        let (status, answer) = it.post("txt2img", &cat_to(bad)).await;
        assert_eq!(
            (status, &answer["errors"][0]["field"]),
            (422, &json!("webhook_url"))
        );
    }
}

#[tokio::test]
async fn a_request_of_its_own_address_goes_there() {
    let mut account = Receiver::start(&[], OK).await;
    let mut own = Receiver::start(&[], OK).await;
    let it = service(still().with_webhook_url(account.url(""))).await;
    it.submit(&cat()).await;
    it.submit(&cat_to(&own.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(account.events(2).await, ["job.processing", "job.completed"]);
    assert_eq!(own.events(2).await, ["job.processing", "job.completed"]);
    it.attempts(4).await;
    assert!(account.is_empty() && own.is_empty());
}

#[tokio::test]
async fn text_in_the_status_has_no_address() {
    let mut receiver = Receiver::start(&[], OK).await;
    let it = service(still().with_webhook_url(receiver.url(""))).await;
    for inline in [true, false] {
        let body = json!({"input": "a cat", "model": "Bge_M3_FP16",
                          "return_result_in_response": inline});
        let (status, answer) = it.post("txt2embedding", &body).await;
        assert_eq!(status, 200, "{answer}");
        it.sandbox.advance(Duration::from_secs(5));
        receiver.next().await;
        let data = receiver.next().await.json()["data"].clone();
        assert_eq!(data["result_url"].is_string(), !inline, "{data}");
        assert_eq!(data.get("result"), None);
    }
}

#[tokio::test]
async fn two_accounts_do_not_meet() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[], Reply::Status(500)).await;
    let submit = async |key: &str| {
        let request = it.http.post(it.url("txt2img")).bearer_auth(key);
        let body = cat_to(&receiver.url(key));
        let (status, answer) = read(request.json(&body).send().await.unwrap()).await;
        assert_eq!(status, 200, "{answer}");
    };
    submit("sk-sandbox-a").await;
    submit("sk-sandbox-b").await;
    it.sandbox.advance(Duration::from_secs(1));
    receiver.next().await;
    receiver.next().await;
    it.attempts(2).await;
    let list = async |key: &str| -> Value {
        let url = format!("{}/deliveries?key={key}", it.sandbox.admin_url());
        read(it.http.get(url).send().await.unwrap()).await.1["deliveries"].clone()
    };
    let of_a = list("sk-sandbox-a").await;
    assert_eq!(of_a.as_array().unwrap().len(), 1);
    assert!(of_a[0]["url"].as_str().unwrap().ends_with("sk-sandbox-a"));
    it.admin("reset", &json!({"key": "sk-sandbox-a"})).await;
    assert_eq!(list("sk-sandbox-a").await, json!([]));
    // What was to be tried again is forgotten, too; the other's is not.
    it.sandbox.advance(Duration::from_secs(60));
    let arrival = receiver.next().await;
    assert_eq!(arrival.uri.path(), "/sk-sandbox-b");
}

#[tokio::test]
async fn a_bad_address_or_no_secret_is_refused_at_the_start() {
    for config in [
        Config::default().with_webhook_url("http://a.example?token=t0".to_owned()),
        Config::default().with_webhook_secret(""),
    ] {
        let error = dryapi_sandbox::Sandbox::start(config).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(!error.to_string().contains("t0"), "{error}");
    }
    let config = Config::default().with_webhook_url("https://a.example?token=t0".to_owned());
    let shown = format!("{config:?}");
    assert!(!shown.contains("t0") && !shown.contains("whsec"), "{shown}");
}
