//! The sockets of the push channel, and who may subscribe.

use std::time::Duration;

use serde_json::{Value, json};

use crate::pusher::{Ear, Heard, authorise, post};
use crate::support::{cat, read, service, still};

#[tokio::test]
async fn only_a_voucher_for_this_socket_and_channel_opens_it() {
    let mut it = service(still()).await;
    let mut ear = Ear::connect(&it).await;
    let mine = authorise(&it, &ear.id, "private-client.42").await.1;
    let other = authorise(&it, "1.2", "private-client.42").await.1;
    "sk-sandbox-other".clone_into(&mut it.key);
    let theirs = format!("private-client.{}", it.sandbox.client_id_of(&it.key));
    let text = |auth: &Value| auth["auth"].as_str().unwrap().to_owned();
    let (mine, other) = (text(&mine), text(&other));
    assert!(mine.starts_with("sandbox-app-key:"));
    for (channel, auth) in [
        ("private-client.42", other.as_str()),
        ("private-client.42", &mine.replace("sandbox", "other")),
        ("private-client.42", ""),
        (&theirs, &mine),
        ("presence-client.42", &mine),
    ] {
        ear.subscribe(channel, auth).await;
        let data = json!({"type": "AuthError", "error": "The connection is unauthorized.",
                          "status": 401});
        let wanted =
            json!({"event": "pusher:subscription_error", "channel": channel, "data": data});
        assert_eq!(ear.frame().await, wanted);
    }
    ear.say(&json!({"event": "pusher:subscribe", "data": {"channel": "private-client.42"}}))
        .await;
    assert_eq!(ear.frame().await["event"], "pusher:subscription_error");
    ear.subscribe("private-client.42", &mine).await;
    let event = ear.frame().await["event"].clone();
    assert_eq!(event, "pusher_internal:subscription_succeeded");
}

#[tokio::test]
async fn authorisation_is_for_the_accounts_own_channel() {
    let mut it = service(still()).await;
    assert_eq!(it.sandbox.client_id(), "42");
    assert_eq!(it.sandbox.client_id_of(&it.key), "42");
    for channel in [
        "private-client.43",
        "private-client.",
        "client.42",
        "presence-client.42",
        "",
    ] {
        let (status, answer) = authorise(&it, "1.2", channel).await;
        assert_eq!(
            (status, &answer["statusCode"]),
            (403, &json!(403)),
            "{channel}"
        );
        assert_eq!(answer["message"], "This action is unauthorized.");
    }
    for socket_id in ["", "1", "1.", "a.b", "1.2:private-client.43"] {
        assert_eq!(authorise(&it, socket_id, "private-client.42").await.0, 403);
    }
    "sk-sandbox-other".clone_into(&mut it.key);
    assert_eq!(authorise(&it, "1.2", "private-client.42").await.0, 403);
    "wrong".clone_into(&mut it.key);
    let (status, answer) = authorise(&it, "1.2", "private-client.42").await;
    assert_eq!(
        (status, &answer["message"]),
        (401, &json!("Unauthorized user."))
    );
}

#[tokio::test]
async fn forms_are_taken_in_either_order_and_recorded() {
    let it = service(still()).await;
    let json = json!({"channel_name": "private-client.42", "socket_id": "123.456"});
    let (_, wanted) = read(post(&it, &it.key, &json).await).await;
    for body in [
        "socket_id=123.456&channel_name=private-client.42",
        "channel_name=private-client.42&socket_id=123.456",
    ] {
        let request = it.http.post(it.sandbox.auth_url()).bearer_auth(&it.key);
        let form = request.header("content-type", "application/x-www-form-urlencoded");
        let (status, answer) = read(form.body(body).send().await.unwrap()).await;
        assert_eq!((status, &answer), (200, &wanted));
    }
    let requests = it.sandbox.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.path, "/broadcasting/auth");
        assert_eq!((request.body, request.status), (json.clone(), Some(200)));
        assert!(request.authorization);
    }
}

#[tokio::test]
async fn who_may_not_stay_is_told_and_closed() {
    let it = service(still()).await;
    let url = it.sandbox.realtime_url();
    let wrong = url.replace("sandbox-app-key", "depin-api-prod-key");
    for (url, code) in [
        (format!("{wrong}?protocol=7"), 4001),
        (url.clone(), 4008),
        (format!("{url}?protocol=99"), 4007),
    ] {
        let mut ear = Ear::open(&url).await;
        let frame = ear.frame().await;
        assert_eq!(frame["event"], "pusher:error");
        assert_eq!(frame["data"]["code"], code);
        assert_eq!(ear.hear().await, Heard::Close(code));
        assert_eq!(ear.hear().await, Heard::End);
    }
}

#[tokio::test]
async fn pings_are_answered_and_the_rest_ignored() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    for frame in [
        json!({"event": "pusher:hello"}),
        json!({"event": "client-typing", "channel": "private-client.42", "data": {}}),
        json!({"event": "pusher:subscribe", "data": "private-client.42"}),
        json!(["pusher:ping"]),
    ] {
        ear.say(&frame).await;
    }
    ear.hears_nothing().await;
    let data = json!({"channel": "private-client.42"});
    ear.say(&json!({"event": "pusher:unsubscribe", "data": data}))
        .await;
    ear.hears_nothing().await;
    it.submit(&cat()).await;
    it.sandbox.advance(Duration::from_secs(5));
    ear.hears_nothing().await;
}

#[tokio::test]
async fn silence_is_pinged_and_then_ended() {
    let it = service(still().with_push_silence(Duration::from_millis(40))).await;
    let mut ear = Ear::connect(&it).await;
    assert_eq!(ear.hear().await, Heard::Ping);
    assert_eq!(ear.hear().await, Heard::Close(4201));
    assert_eq!(ear.hear().await, Heard::End);
}

#[tokio::test]
async fn the_end_of_the_service_is_announced() {
    let it = service(still()).await;
    let mut ear = Ear::listen(&it).await;
    let (frame, ()) = tokio::join!(ear.frame(), it.sandbox.stop());
    assert_eq!(frame["data"]["code"], 4200);
    assert_eq!(ear.hear().await, Heard::Close(4200));
}
