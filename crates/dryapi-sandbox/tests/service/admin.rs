//! The control interface.

use reqwest::multipart::Form;
use serde_json::{Value, json};

use crate::support::{cat, http_client, read, service, still};

#[tokio::test]
async fn a_foreign_host_or_page_is_refused() {
    let it = service(still()).await;
    let request = || it.http.get(format!("{}/charges", it.sandbox.admin_url()));
    assert_eq!(request().send().await.unwrap().status(), 200);
    let foreign = request()
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    let page = request()
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 403);
    assert!(
        it.sandbox.requests().is_empty(),
        "admin calls are not recorded"
    );
}

#[tokio::test]
async fn a_forced_error_shows_its_code() {
    let it = service(still()).await;
    let id = it.submit(&cat()).await;
    let outcome = json!({"state": "error", "code": "WORKER_TIMEOUT"});
    let (status, answer) = it.admin(&format!("jobs/{id}"), &outcome).await;
    assert_eq!((status, &answer["job"]["status"]), (200, &json!("error")));
    let data = it.status(&id).await;
    assert_eq!(data["status"], "error");
    assert_eq!(data["progress"], json!(0.0));
    assert_eq!(data["error_code"], "WORKER_TIMEOUT");
    let text = "Worker failed to respond within the allowed time";
    assert_eq!(
        (&data["error"], &data["error_message"]),
        (&json!(text), &json!(text))
    );
    assert_eq!(it.admin("jobs/none", &outcome).await.0, 404);
    assert_eq!(
        it.admin(&format!("jobs/{id}"), &json!({"state": "lost"}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn the_clock_jumps_and_dates_follow() {
    let it = service(still()).await;
    let date = async || {
        let answer = it
            .http
            .get(it.url("balance"))
            .bearer_auth(&it.key)
            .send()
            .await
            .unwrap();
        answer.headers()["date"].to_str().unwrap().to_owned()
    };
    let before = date().await;
    assert_eq!(date().await, before, "the clock stands still");
    let (status, now) = it.admin("clock", &json!({"advance": "25h"})).await;
    assert_eq!(status, 200);
    assert_ne!(date().await, before);
    assert!(now["now"].as_str().unwrap().ends_with('Z'));
    assert_eq!(it.admin("clock", &json!({"advance": "soon"})).await.0, 400);
}

#[tokio::test]
async fn requests_are_shown_without_the_key() {
    let it = service(still()).await;
    let request = it.http.post(it.url("txt2img")).bearer_auth(&it.key);
    let answer = request
        .header("idempotency-key", "order-4711")
        .json(&cat())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let form = Form::new().text("model", "RealESRGAN_x4");
    let request = it
        .http
        .post(it.url("img-upscale"))
        .bearer_auth(&it.key)
        .multipart(form);
    assert_eq!(request.send().await.unwrap().status(), 422);

    let list = async |call: &str| -> Value {
        let url = format!("{}/{call}", it.sandbox.admin_url());
        let (status, body) = read(it.http.get(url).send().await.unwrap()).await;
        assert_eq!(status, 200);
        body
    };
    let requests = list("requests").await;
    assert!(!requests.to_string().contains(&it.key), "{requests}");
    let [submitted, uploaded] = requests["requests"].as_array().unwrap().as_slice() else {
        panic!("two requests");
    };
    assert_eq!(
        (&submitted["body"], &submitted["status"]),
        (&cat(), &json!(200))
    );
    assert_eq!(submitted["authorization"], json!(true));
    assert!(
        submitted["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["idempotency-key", "order-4711"]))
    );
    let part = &uploaded["body"]["parts"][0];
    assert_eq!(
        (&part["name"], &part["value"]),
        (&json!("model"), &json!("RealESRGAN_x4"))
    );
    let charges = list("charges").await;
    assert_eq!(charges["charges"][0]["idempotency_key"], "order-4711");
    assert_eq!(charges["charges"][0]["amount"], "0.00136");
    assert_eq!(
        list("jobs?key=sk-sandbox").await["jobs"][0]["task"],
        "txt2img"
    );
    assert_eq!(list("jobs?key=other").await["jobs"], json!([]));
    assert!(list("").await["calls"].is_array());
}

#[tokio::test]
async fn dropping_or_stopping_frees_the_port() {
    let it = service(still()).await;
    let url = it.url("balance");
    it.sandbox.stop().await;
    assert!(http_client().get(url).send().await.is_err());
}
