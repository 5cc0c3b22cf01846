//! The plans' limits, driven by the clock.

use std::time::Duration;

use dryapi_sandbox::{Config, Plan};
use jiff::Timestamp;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Service, cat, read, service, still};

fn basic() -> Config {
    still()
        .with_plan(Plan::Basic)
        .with_balance("100".parse().unwrap())
}

async fn answer(it: &Service, path: &str) -> Response {
    let request = it.http.post(it.url(path)).bearer_auth(&it.key);
    request.json(&cat()).send().await.unwrap()
}

/// Header values by name; empty where there is none.
fn headers<const N: usize>(response: &Response, names: [&str; N]) -> [String; N] {
    names.map(|name| {
        let value = response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    })
}

async fn statuses(it: &Service, path: &str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(answer(it, path).await.status().as_u16());
    }
    statuses
}

/// Goes to just after a midnight, so that no test crosses one by chance.
async fn to_midnight(it: &Service) {
    let (_, clock) = it.admin("clock", &json!({"advance": "0s"})).await;
    let now: Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
    let left = 86_400 - now.as_second().rem_euclid(86_400);
    it.sandbox.advance(Duration::from_secs(left.unsigned_abs()));
}

const SHOWN: [&str; 4] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-daily-limit",
    "x-ratelimit-daily-remaining",
];

#[tokio::test]
async fn basic_has_three_pictures_a_minute() {
    let it = service(basic()).await;
    to_midnight(&it).await;
    let first = answer(&it, "txt2img").await;
    assert_eq!(headers(&first, SHOWN), ["3", "2", "100", "99"]);
    it.sandbox.advance(Duration::from_secs(30));
    assert_eq!(statuses(&it, "txt2img", 2).await, [200, 200]);
    let refused = answer(&it, "txt2img").await;
    assert_eq!(refused.status(), 429);
    assert_eq!(headers(&refused, SHOWN), ["3", "0", "100", "97"]);
    assert_eq!(
        headers(&refused, ["x-ratelimit-type", "retry-after"]),
        ["minute", "60"]
    );
    assert_eq!(
        read(refused).await.1,
        json!({"message": "Too Many Attempts."})
    );
    assert_eq!(it.sandbox.charges().len(), 3);
    // 60 s after the first one there is room for one.
    it.sandbox.advance(Duration::from_secs(29));
    assert_eq!(statuses(&it, "txt2img", 1).await, [429]);
    it.sandbox.advance(Duration::from_secs(1));
    assert_eq!(statuses(&it, "txt2img", 2).await, [200, 429]);
    // As told, a minute after the refusal all is well.
    it.sandbox.advance(Duration::from_secs(60));
    assert_eq!(statuses(&it, "txt2img", 4).await, [200, 200, 200, 429]);
}

#[tokio::test]
async fn basic_has_a_hundred_pictures_a_day() {
    let it = service(basic()).await;
    it.submit(&cat()).await;
    to_midnight(&it).await;
    for _ in 0..33 {
        assert_eq!(statuses(&it, "txt2img", 3).await, [200; 3]);
        it.sandbox.advance(Duration::from_secs(60));
    }
    assert_eq!(statuses(&it, "txt2img", 1).await, [200]);
    let refused = answer(&it, "txt2img").await;
    assert_eq!(refused.status(), 429);
    assert_eq!(headers(&refused, SHOWN), ["3", "2", "100", "0"]);
    let [kind, wait] = headers(&refused, ["x-ratelimit-type", "retry-after"]);
    // 33 minutes are gone, and less than a second besides.
    assert_eq!((kind.as_str(), wait.as_str()), ("daily", "84420"));
    it.sandbox.advance(Duration::from_secs(84_419));
    assert_eq!(statuses(&it, "txt2img", 1).await, [429]);
    it.sandbox.advance(Duration::from_secs(1));
    assert_eq!(statuses(&it, "txt2img", 1).await, [200]);
    assert_eq!(it.sandbox.charges().len(), 102);
}

#[tokio::test]
async fn statuses_are_rationed_prices_share_and_the_balance_is_free() {
    let it = service(basic()).await;
    let id = it.submit(&cat()).await;
    let path = format!("request-status/{id}");
    for _ in 0..50 {
        assert_eq!(it.get(&path).await.0, 200);
    }
    assert_eq!(it.get(&path).await.0, 429);
    assert_eq!(
        statuses(&it, "txt2img/price-calculation", 30).await,
        [200; 30]
    );
    let size = json!({"model": "RealESRGAN_x4", "width": 64, "height": 64});
    let other = async || it.post("img-upscale/price-calculation", &size).await.0;
    for _ in 0..20 {
        assert_eq!(other().await, 200);
    }
    assert_eq!(other().await, 429);
    for path in ["balance", "models"] {
        for _ in 0..60 {
            assert_eq!(it.get(path).await.0, 200);
        }
        let request = it.http.get(it.url(path)).bearer_auth(&it.key);
        assert_eq!(
            headers(&request.send().await.unwrap(), SHOWN),
            ["", "", "", ""]
        );
    }
}

#[tokio::test]
async fn limits_are_per_account_and_refusals_count_only_when_they_reach_the_service() {
    let mut it = service(basic()).await;
    let wrong = json!({"prompt": "a cat"});
    assert_eq!(it.post("txt2img", &wrong).await.0, 422);
    assert_eq!(statuses(&it, "txt2img", 3).await, [200, 200, 429]);
    "sk-sandbox-two".clone_into(&mut it.key);
    assert_eq!(statuses(&it, "txt2img", 1).await, [200]);
    it.admin("reset", &json!({"key": "sk-sandbox"})).await;
    "sk-sandbox".clone_into(&mut it.key);
    assert_eq!(statuses(&it, "txt2img", 3).await, [200; 3]);
    "wrong".clone_into(&mut it.key);
    let unauthorized: Vec<u16> = statuses(&it, "txt2img", 5).await;
    assert_eq!(unauthorized, [401; 5]);
}

#[tokio::test]
async fn premium_is_the_default_and_has_300_a_minute() {
    let it = service(still()).await;
    let first: Value = it.post("txt2img", &cat()).await.1;
    let path = format!(
        "request-status/{}",
        first["data"]["request_id"].as_str().unwrap()
    );
    for left in (0..300).rev() {
        let request = it.http.get(it.url(&path)).bearer_auth(&it.key);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(
            headers(&response, SHOWN),
            ["300", &left.to_string(), "", ""]
        );
    }
    assert_eq!(it.get(&path).await.0, 429);
    it.sandbox.advance(Duration::from_secs(60));
    assert_eq!(it.get(&path).await.0, 200);
}
