//! Faults of the service: what is answered, and what is booked.

use std::time::Duration;

use dryapi_sandbox::{Config, Fault, FaultRule, Plan, Sandbox};
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Service, cat, read, service, still};

async fn send(it: &Service, body: &Value) -> Response {
    let request = it.http.post(it.url("txt2img")).bearer_auth(&it.key);
    request.json(body).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

/// Status and text of a submit that meets a fault, and how many charges there are then.
async fn met(fault: Fault) -> (u16, String, usize) {
    let it = service(still()).await;
    it.sandbox.arm(FaultRule::new(fault).on("txt2img")).unwrap();
    let response = send(&it, &cat()).await;
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let charges = it.sandbox.charges().len();
    assert_eq!(
        it.sandbox.requests()[0].fault.as_deref(),
        Some(fault.as_str())
    );
    assert_eq!(it.sandbox.requests()[0].status, Some(status));
    it.submit(&cat()).await;
    (status, text, charges)
}

#[tokio::test]
async fn the_services_500_comes_before_or_after_the_booking() {
    let envelope = json!({"data": null, "message": "Internal server error",
                          "errors": [], "statusCode": 500});
    for (fault, booked) in [(Fault::Error500, 0), (Fault::BookThen500, 1)] {
        let (status, text, charges) = met(fault).await;
        assert_eq!((status, charges), (500, booked), "{fault}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), envelope);
    }
}

#[tokio::test]
async fn a_proxys_page_hides_a_booking() {
    let (status, text, charges) = met(Fault::Html502).await;
    assert_eq!((status, charges), (502, 1));
    assert!(text.starts_with("<html>"));
}

#[tokio::test]
async fn limits_can_be_declared_used_up() {
    let it = service(still().with_plan(Plan::Basic)).await;
    it.submit(&cat()).await;
    it.sandbox
        .arm(FaultRule::new(Fault::RateLimitMinute).on("txt2img"))
        .unwrap();
    let minute = send(&it, &cat()).await;
    let got = |name| header(&minute, name);
    assert_eq!(
        (minute.status().as_u16(), got("retry-after")),
        (429, Some("60"))
    );
    assert_eq!(
        (
            got("x-ratelimit-type"),
            got("x-ratelimit-limit"),
            got("x-ratelimit-remaining")
        ),
        (Some("minute"), Some("3"), Some("0"))
    );
    assert_eq!(got("x-ratelimit-daily-remaining"), Some("99"));
    assert_eq!(
        read(minute).await.1,
        json!({"message": "Too Many Attempts."})
    );

    it.sandbox
        .arm(FaultRule::new(Fault::RateLimitDaily).on("*"))
        .unwrap();
    let day = send(&it, &cat()).await;
    let got = |name| header(&day, name);
    assert_eq!(
        (day.status().as_u16(), got("x-ratelimit-type")),
        (429, Some("daily"))
    );
    assert_eq!(got("x-ratelimit-daily-remaining"), Some("0"));
    let wait: u64 = got("retry-after").unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait));
    assert_eq!(it.sandbox.charges().len(), 1);
    it.submit(&cat()).await;
}

#[tokio::test]
async fn every_body_of_the_corpus_is_answered_as_it_was_seen() {
    let it = service(still()).await;
    for case in dryapi_testkit::corpus::errors() {
        it.sandbox
            .arm(FaultRule::error_body(case.name).on("txt2img"))
            .unwrap();
        let response = send(&it, &cat()).await;
        assert_eq!(response.status(), case.status(), "{}", case.name);
        for (name, value) in case.headers() {
            assert_eq!(
                header(&response, name),
                Some(*value),
                "{}: {name}",
                case.name
            );
        }
        assert_eq!(
            response.bytes().await.unwrap(),
            case.body(),
            "{}",
            case.name
        );
    }
    assert!(it.sandbox.charges().is_empty());
}

#[tokio::test]
async fn a_prompt_brings_its_own_fault() {
    let it = service(still()).await;
    let prompt = |text: &str| {
        let mut body = cat();
        body["prompt"] = json!(text);
        body
    };
    let failing = prompt("a cat [[fault:job_failed:WORKER_TIMEOUT]]");
    let quote = it.post("txt2img/price-calculation", &failing).await;
    assert_eq!(quote.0, 200, "a price has no faults");
    let id = it.submit(&failing).await;
    let other = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(it.status(&id).await["error_code"], "WORKER_TIMEOUT");
    assert_eq!(it.status(&other).await["status"], "done");

    let heard = crate::raw::tell(&it, &prompt("[[fault:accept_then_drop]]")).await;
    assert_eq!(heard.text, "");
    assert_eq!(it.sandbox.charges().len(), 3);
    let body = prompt("[[fault:error_body:account_suspended]]");
    assert_eq!(it.post("txt2img", &body).await.0, 403);

    let (status, answer) = it.post("txt2img", &prompt("[[fault:hnag]]")).await;
    let message = answer["errors"][0]["messages"][0].as_str().unwrap();
    assert!(status == 422 && message.contains("hang"), "{answer}");
    assert_eq!(it.sandbox.charges().len(), 3);
}

#[tokio::test]
async fn faults_are_configured_and_belong_to_accounts() {
    let rules = FaultRule::parse_list(
        r#"[{"fault": "error_500", "key": "sk-sandbox-one", "times": 2, "after": 1}]"#,
    );
    let mut it = service(still().with_faults(rules.unwrap())).await;
    let mut statuses = async |key: &str| {
        key.clone_into(&mut it.key);
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(it.post("txt2img", &cat()).await.0);
        }
        statuses
    };
    assert_eq!(statuses("sk-sandbox-two").await, [200; 4]);
    assert_eq!(statuses("sk-sandbox-one").await, [200, 500, 500, 200]);
    assert_eq!(statuses("wrong").await, [401; 4]);
    let wrong = Config::default().with_faults(vec![FaultRule::new(Fault::PushCut).on("balance")]);
    let error = Sandbox::start(wrong).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
