//! The bodies of the Errors page, value for value.

use serde_json::{Value, json};

use crate::support::{cat, read, service, still};

#[tokio::test]
async fn no_key_or_a_wrong_one_is_401() {
    let it = service(still()).await;
    let body = json!({"data": null, "message": "Unauthorized user.", "errors": [],
                      "statusCode": 401});
    let request = || it.http.get(it.url("balance"));
    for request in [
        request(),
        request().bearer_auth("sk-live-1"),
        request().bearer_auth(""),
        request().header("authorization", "Basic sk-sandbox"),
    ] {
        assert_eq!(
            read(request.send().await.unwrap()).await,
            (401, body.clone())
        );
    }
    let one = service(still().with_api_key("sk-mine".to_owned())).await;
    assert_eq!(one.get("balance").await.0, 200);
    let other = one
        .http
        .get(one.url("balance"))
        .bearer_auth("sk-sandbox")
        .send()
        .await
        .unwrap();
    assert_eq!(read(other).await, (401, body));
    assert!(!format!("{:?}", one.sandbox).contains("sk-mine"));
}

#[tokio::test]
async fn an_unknown_request_is_404() {
    let it = service(still()).await;
    let body = json!({"data": null, "message": "Request not found.", "errors": [],
                      "statusCode": 404});
    let path = "request-status/c08a339c-73e5-4d67-a4d5-231302fbff9a";
    assert_eq!(it.get(path).await, (404, body));
}

#[tokio::test]
async fn unknown_routes_and_methods() {
    let it = service(still()).await;
    for path in [
        "nothing",
        "request-status/",
        "request-status/a/b",
        "txt2img/nothing",
    ] {
        let (status, body) = it.get(path).await;
        assert_eq!((status, &body["statusCode"]), (404, &json!(404)), "{path}");
    }
    let outside = it
        .http
        .get(format!("{}/v1/jobs", it.sandbox.base_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(read(outside).await.0, 404);
    assert_eq!(it.get("txt2img").await.0, 405);
    assert_eq!(it.post("balance", &json!({})).await.0, 405);
}

#[tokio::test]
async fn the_errors_pages_own_422() {
    let it = service(still()).await;
    let mut body = cat();
    body["model"] = json!("nothing");
    body["width"] = json!(9999);
    let expected = json!({
        "data": null,
        "message": "Validation failed",
        "errors": [
            {"field": "width", "messages": ["The width must be between 64 and 2048."]},
            {"field": "model", "messages": ["The selected model does not exist."]},
        ],
        "statusCode": 422,
    });
    assert_eq!(it.post("txt2img", &body).await, (422, expected.clone()));
    assert_eq!(
        it.post("txt2img/price-calculation", &body).await,
        (422, expected)
    );
    assert!(it.sandbox.charges().is_empty());
}

/// The only field error of a changed request.
async fn complaint(field: &str, value: Value) -> String {
    let it = service(still()).await;
    let mut body = cat();
    body[field] = value;
    let (status, answer) = it.post("txt2img", &body).await;
    assert_eq!(status, 422, "{field}: {answer}");
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(
        (errors.len(), &errors[0]["field"]),
        (1, &json!(field)),
        "{answer}"
    );
    assert!(it.sandbox.charges().is_empty());
    errors[0]["messages"][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_field_says_what_is_wrong_with_it() {
    for (field, value, message) in [
        ("prompt", json!(null), "The prompt field is required."),
        ("prompt", json!(""), "The prompt field is required."),
        ("prompt", json!(5), "The prompt must be a string."),
        ("seed", json!(null), "The seed field is required."),
        ("width", json!(1.5), "The width must be an integer."),
        ("width", json!("wide"), "The width must be an integer."),
        (
            "width",
            json!(128),
            "The width must be between 256 and 2048.",
        ),
        ("steps", json!(11), "The steps must be between 1 and 10."),
        ("guidance", json!("much"), "The guidance must be a number."),
        ("loras", json!("none"), "The loras must be an array."),
        (
            "webhook_url",
            json!("http://a.example"),
            "The webhook url must start with https://.",
        ),
        (
            "model",
            json!("flux1schnell"),
            "The selected model does not exist.",
        ),
    ] {
        assert_eq!(
            complaint(field, value.clone()).await,
            message,
            "{field} {value}"
        );
    }
}

#[tokio::test]
async fn a_limit_written_as_text_holds_and_numbers_as_text_are_read() {
    let it = service(still()).await;
    let mut body = cat();
    body["model"] = json!("Flux_2_Klein_4B_BF16");
    body["width"] = json!("1536");
    assert_eq!(it.post("txt2img", &body).await.0, 200);
    body["width"] = json!(1537);
    let (status, answer) = it.post("txt2img", &body).await;
    let message = &answer["errors"][0]["messages"][0];
    assert_eq!(
        (status, message),
        (422, &json!("The width must be between 256 and 1536."))
    );
}

#[tokio::test]
async fn a_model_of_another_task_is_refused_in_the_frameworks_own_shape() {
    let it = service(still()).await;
    let mut body = cat();
    body["model"] = json!("Kokoro");
    let text = "The selected model does not support Text To Image.";
    let expected = json!({"message": text, "errors": {"model": [text]}});
    assert_eq!(it.post("txt2img", &body).await, (422, expected));
}

#[tokio::test]
async fn what_is_no_json_or_no_picture_is_refused() {
    let it = service(still()).await;
    let send = |media_type: &'static str, body: &'static str| {
        let request = it.http.post(it.url("txt2img")).bearer_auth(&it.key);
        request.header("content-type", media_type).body(body).send()
    };
    let broken = read(send("application/json", "{\"prompt\":").await.unwrap()).await;
    assert_eq!((broken.0, &broken.1["statusCode"]), (400, &json!(400)));
    let other = read(send("text/plain", "a cat").await.unwrap()).await;
    assert_eq!(
        (other.0, &other.1["errors"][0]["field"]),
        (422, &json!("prompt"))
    );
    let (status, answer) = it
        .upload("img-upscale", "RealESRGAN_x4", b"no picture".to_vec())
        .await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (422, &json!("image"))
    );
    let text = json!({"image": "https://a.example/cat.png", "model": "RealESRGAN_x4"});
    let (_, answer) = it.post("img-upscale", &text).await;
    assert_eq!(
        answer["errors"][0]["messages"],
        json!(["The image field must be a file."])
    );
    let (_, answer) = it
        .post("img-upscale", &json!({"model": "RealESRGAN_x4"}))
        .await;
    assert_eq!(
        answer["errors"][0]["messages"],
        json!(["The image field is required."])
    );
    assert!(it.sandbox.charges().is_empty());
}
