//! The request that authorises the channel.

use std::time::Duration;

use dryapi_realtime::{Error, Signal};
use dryapi_testkit::{Answer, ScriptedTransport, Step};
use dryapi_transport::{TransportError, TransportErrorKind};
use http::{HeaderName, HeaderValue};
use serde_json::json;

use super::server::{Peer, serve};
use super::support::{Rig, grant, next};

async fn lets_subscribe() -> std::net::SocketAddr {
    serve(move |mut peer: Peer, number| async move {
        let data = json!({"socket_id": format!("{number}.7")});
        peer.send(json!({"event": "pusher:connection_established", "data": data}))
            .await;
        if peer.hear().await.is_some() {
            peer.raw(crate::machine::stage::SUBSCRIBED).await;
            peer.hear().await;
        }
    })
    .await
}

#[tokio::test]
async fn the_request_is_what_the_service_wants() {
    let rig = Rig::new();
    let endpoint = format!("ws://{}/app/app-key", lets_subscribe().await);
    let extra = HeaderName::from_static("x-extra");
    let builder = rig.builder(&endpoint);
    let builder = builder.header(extra, HeaderValue::from_static("7"));
    let mut channel = builder.open().unwrap();
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    let sent = &rig.transport.requests()[0];
    assert_eq!(
        (sent.method.as_str(), sent.path()),
        ("POST", "/broadcasting/auth")
    );
    for (name, value) in [
        ("authorization", "Bearer sk-5ecret"),
        ("accept", "application/json"),
        ("content-type", "application/json"),
        ("x-extra", "7"),
    ] {
        assert_eq!(sent.header(name), Some(value));
    }
    assert!(sent.headers["authorization"].is_sensitive());
    let body = json!({"socket_id": "0.7", "channel_name": "private-client.42"});
    assert_eq!(sent.json(), Some(body));
}

#[tokio::test]
async fn refused_stops_and_shows_no_key() {
    let refusal = json!({"message": "no channel for Bearer sk-5ecret (sk-5ecret)"});
    let rig = Rig::with(ScriptedTransport::new().then(Answer::json(403, &refusal)));
    let mut channel = rig.channel(lets_subscribe().await);
    let stopped = channel.next().await.unwrap();
    let Signal::Stopped(Error::Unauthorized {
        status: 403,
        message,
    }) = &stopped
    else {
        panic!("{stopped:?}")
    };
    assert!(message.starts_with("no channel for"), "{message}");
    assert!(!message.contains("5ecret"), "{message}");
    assert_eq!(channel.next().await, None);
    rig.transport.assert_done();
}

#[tokio::test]
async fn what_passes_is_tried_again_with_a_new_connection() {
    let busy = Answer::json(429, &json!({})).with_header("retry-after", "17");
    let reset = TransportError::new(TransportErrorKind::Interrupted, "connection reset");
    let cut = Step::cut(Answer::json(200, &json!({"auth": "key:whole"})), 14);
    let large = Answer::text(
        200,
        format!("{}{}", " ".repeat(70_000), r#"{"auth":"key:far"}"#),
    );
    let script = ScriptedTransport::new()
        .then(busy)
        .then(reset)
        .then(cut)
        .then(large);
    let rig = Rig::with(script.then(Step::reply(grant).always()));
    let mut channel = rig.channel(lets_subscribe().await);
    let mut wait = 0;
    for (seconds, why) in [
        (17, "(HTTP 429)"),
        (2, ": connection reset"),
        (4, "(HTTP 200): the answer holds no `auth`"),
        (8, "(HTTP 200): the answer holds no `auth`"),
    ] {
        let (lost, ()) = tokio::join!(next(&mut channel), async {
            if wait > 0 {
                rig.clock.wait_for_sleepers(1).await;
                rig.clock.advance(Duration::from_secs(wait));
            }
        });
        assert!(lost.starts_with(&format!("lost for {seconds} s")), "{lost}");
        assert!(lost.contains(why), "{lost}");
        wait = seconds;
    }
    let (subscribed, ()) = tokio::join!(next(&mut channel), async {
        rig.clock.wait_for_sleepers(1).await;
        rig.clock.advance(Duration::from_secs(wait));
    });
    assert_eq!(subscribed, "subscribed, gap false");
    let asked = rig.transport.requests();
    assert_eq!(asked.last().unwrap().json().unwrap()["socket_id"], "4.7");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up() {
    let rig = Rig::with(ScriptedTransport::new().then(Step::hang()));
    let mut channel = rig.channel(lets_subscribe().await);
    let (lost, ()) = tokio::join!(next(&mut channel), async {
        rig.transport.wait_for_requests(1).await;
        rig.clock.advance(Duration::from_secs(10));
    });
    let expected = "lost for 1 s: the channel's authorisation did not come in time";
    assert_eq!(lost, expected);
}

#[tokio::test]
async fn what_this_machine_cannot_send_stops() {
    let error = TransportError::new(TransportErrorKind::Config, "no TLS roots");
    let rig = Rig::with(ScriptedTransport::new().then(error));
    let mut channel = rig.channel(lets_subscribe().await);
    let stopped = "stopped: the push channel cannot be opened: no TLS roots";
    assert_eq!(next(&mut channel).await, stopped);
}
