//! What goes wrong with the push channel.

use std::time::Duration;

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::json;

use crate::pusher::{Ear, Heard, authorise, whole};
use crate::support::{cat, service, still};

#[tokio::test]
async fn a_cut_loses_the_next_event() {
    let mut it = service(still()).await;
    "sk-sandbox-one".clone_into(&mut it.key);
    let rule = FaultRule::new(Fault::PushCut).with_after(2);
    it.sandbox.arm(rule.with_key(it.key.clone())).unwrap();
    let mut ear = Ear::listen(&it).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_millis(3500));
    assert_eq!(ear.news(2).await, whole(&id)[..2]);
    assert_eq!(ear.hear().await, Heard::End, "no close frame");
    let mut again = Ear::listen(&it).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(again.news(2).await, whole(&id)[3..]);
}

#[tokio::test]
async fn a_prompt_brings_its_own_cut() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    let plain = it.submit(&cat()).await;
    let mut cutting = cat();
    cutting["prompt"] = json!("a cat [[fault:push_cut]]");
    let id = it.submit(&cutting).await;
    it.sandbox.advance(Duration::from_secs(1));
    assert_eq!(ear.news(1).await, whole(&plain)[..1]);
    assert_eq!(ear.hear().await, Heard::End);
    let mut again = Ear::listen(&it).await;
    it.sandbox.advance(Duration::from_secs(4));
    let told = again.news(8).await;
    assert_eq!(told.iter().filter(|news| news.0 == id).count(), 4);
}

#[tokio::test]
async fn a_cut_leaves_other_accounts_and_failures_alone() {
    let mut it = service(still()).await;
    let rule = FaultRule::new(Fault::PushCut).on("push");
    it.sandbox.arm(rule.with_key(it.key.clone())).unwrap();
    let mut main = Ear::listen(&it).await;
    let job = it.submit(&cat()).await;
    let main_key = std::mem::replace(&mut it.key, "sk-sandbox-other".to_owned());
    let mut other = Ear::listen(&it).await;
    let id = it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(other.news(5).await, whole(&id));
    assert_eq!(main.hear().await, Heard::End);
    it.key = main_key;
    assert_eq!(it.status(&job).await["status"], "done");
}

#[tokio::test]
async fn every_socket_is_cut_on_demand() {
    let it = service(still()).await;
    let mut ears = [Ear::listen(&it).await, Ear::connect(&it).await];
    assert_eq!(it.sandbox.cut_push(), 2);
    for ear in &mut ears {
        assert_eq!(ear.hear().await, Heard::End);
    }
    let mut ear = Ear::listen(&it).await;
    let (status, answer) = it.admin("push/cut", &json!({})).await;
    assert_eq!(status, 200);
    // Those cut before may still be about to notice.
    assert!(answer["cut"].as_u64().unwrap() >= 1, "{answer}");
    assert_eq!(ear.hear().await, Heard::End);
}

#[tokio::test]
async fn authorisation_is_refused_once() {
    let it = service(still()).await;
    it.sandbox.arm(FaultRule::new(Fault::PushRefused)).unwrap();
    it.submit(&cat()).await;
    let auth = async || authorise(&it, "1.2", "private-client.42").await;
    let (status, answer) = auth().await;
    assert_eq!(status, 403);
    assert_eq!(answer["message"], "This action is unauthorized.");
    assert_eq!(auth().await.0, 200);
    let recorded = &it.sandbox.requests()[1];
    assert_eq!(
        (recorded.fault.as_deref(), recorded.status),
        (Some("push_refused"), Some(403))
    );
}

#[tokio::test]
async fn authorisation_fails_like_any_call_where_that_is_asked_for() {
    let it = service(still()).await;
    let auth = async || authorise(&it, "1.2", "private-client.42").await;
    it.sandbox.arm(FaultRule::new(Fault::Error500)).unwrap();
    assert_eq!(auth().await.0, 200, "`*` is the API");
    it.sandbox.disarm();
    let rule = FaultRule::new(Fault::Error500).on("broadcasting/auth");
    it.sandbox.arm(rule).unwrap();
    assert_eq!(auth().await.0, 500);
    it.sandbox
        .arm(FaultRule::error_body("account_suspended").on("broadcasting/auth"))
        .unwrap();
    assert_eq!(auth().await.0, 403);
    for (fault, on, only) in [
        (Fault::PushCut, "results", ", push"),
        (Fault::PushRefused, "push", "only to broadcasting/auth"),
        (Fault::JobFailed, "push", "only to txt2img"),
        (
            Fault::RateLimitMinute,
            "broadcasting/auth",
            "only to txt2img",
        ),
    ] {
        let error = it.sandbox.arm(FaultRule::new(fault).on(on)).unwrap_err();
        assert!(error.to_string().contains(only), "{error}");
    }
}
