//! Cuts, closes and silence: what was lost is made again.

use std::time::Duration;

use dryapi_realtime::{Error, Loss, Signal};
use serde_json::json;
use tokio::sync::mpsc;

use super::server::{Peer, serve};
use super::support::{Rig, next};

#[tokio::test]
async fn a_cut_is_told_and_the_next_connection_is_authorised_anew() {
    let (say, mut said) = mpsc::unbounded_channel();
    let address = serve(move |mut peer: Peer, number| {
        let say = say.clone();
        async move {
            let auth = peer.subscribe(&format!("{number}.7")).await;
            say.send(auth).unwrap();
            peer.update("a", "processing").await;
            if number > 0 {
                peer.update("a", "done").await;
                peer.hear().await;
            }
            // Dropped: no close frame.
        }
    })
    .await;
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    assert_eq!(next(&mut channel).await, "a is processing");
    let lost = channel.next().await.unwrap();
    let Signal::Lost { why, again_in } = lost else {
        panic!("{lost:?}")
    };
    assert!(
        matches!(why, Loss::Broken(_) | Loss::Closed { code: None, .. }),
        "{why:?}"
    );
    assert_eq!(again_in, Duration::from_secs(1));

    let (subscribed, ()) = tokio::join!(next(&mut channel), async {
        rig.clock.wait_for_sleepers(1).await;
        rig.clock.advance(again_in);
    });
    assert_eq!(subscribed, "subscribed, gap true");
    assert_eq!(next(&mut channel).await, "a is done", "and nothing twice");

    assert_eq!(said.recv().await.unwrap(), "key:for-0.7");
    assert_eq!(said.recv().await.unwrap(), "key:for-1.7");
    let asked: Vec<_> = rig
        .transport
        .requests()
        .iter()
        .filter_map(|sent| sent.json())
        .collect();
    let expected = |id| json!({"socket_id": id, "channel_name": "private-client.42"});
    assert_eq!(asked, [expected("0.7"), expected("1.7")]);
}

#[tokio::test]
async fn a_silent_server_is_pinged_and_left() {
    let (say, mut said) = mpsc::unbounded_channel();
    let address = serve(move |mut peer: Peer, number| {
        let say = say.clone();
        async move {
            peer.subscribe(&format!("{number}.7")).await;
            while let Some(frame) = peer.hear().await {
                say.send(frame["event"].to_string()).unwrap();
            }
        }
    })
    .await;
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    let (lost, ()) = tokio::join!(next(&mut channel), async {
        rig.clock.wait_for_sleepers(1).await;
        rig.clock.advance(Duration::from_secs(25));
        assert_eq!(said.recv().await.unwrap(), r#""pusher:ping""#);
        rig.clock.advance(Duration::from_secs(10));
    });
    assert_eq!(
        lost,
        "lost for 0 s: the answer to a ping did not come in time"
    );
    assert_eq!(next(&mut channel).await, "subscribed, gap true");
}

#[tokio::test]
async fn a_close_is_answered_by_its_code() {
    let address = serve(move |mut peer: Peer, number| async move {
        peer.subscribe(&format!("{number}.7")).await;
        peer.close(if number == 0 { 4200 } else { 4004 }).await;
    })
    .await;
    let mut channel = Rig::new().channel(address);
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    let lost = "lost for 0 s: the push server closed the connection (4200): as the test said";
    assert_eq!(next(&mut channel).await, lost);
    assert_eq!(next(&mut channel).await, "subscribed, gap true");
    let stopped = channel.next().await;
    let Some(Signal::Stopped(Error::Rejected {
        code: 4004,
        message,
    })) = stopped
    else {
        panic!("{stopped:?}")
    };
    assert_eq!(message, "as the test said");
    assert_eq!(channel.next().await, None);
    assert_eq!(channel.next().await, None);
}

#[tokio::test]
async fn an_error_and_the_close_behind_it_stop_once() {
    let address = serve(move |mut peer: Peer, _| async move {
        let data = json!({"code": 4001, "message": "App key app-key does not exist."});
        peer.send(json!({"event": "pusher:error", "data": data}))
            .await;
        peer.close(4001).await;
    })
    .await;
    let mut channel = Rig::new().channel(address);
    let stopped = "stopped: the push server refuses the connection (4001): App key app-key does \
                   not exist.";
    assert_eq!(next(&mut channel).await, stopped);
    assert_eq!(next(&mut channel).await, "the end");
}

#[tokio::test]
async fn a_frame_too_large_ends_the_connection_and_one_just_small_enough_does_not() {
    let address = serve(move |mut peer: Peer, number| async move {
        peer.subscribe(&format!("{number}.7")).await;
        let preview = "a".repeat(if number == 0 {
            1000 * 1024
        } else {
            1025 * 1024
        });
        let data = json!({"request_id": "a", "status": "processing", "preview": preview});
        let event = "request.status.updated";
        let channel = "private-client.42";
        peer.send(json!({"event": event, "channel": channel, "data": data}))
            .await;
        if number == 0 {
            peer.close(4200).await;
        }
        peer.hear().await;
    })
    .await;
    let mut channel = Rig::new().channel(address);
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    assert_eq!(next(&mut channel).await, "a is processing");
    assert!(next(&mut channel).await.starts_with("lost for 0 s"));
    assert_eq!(next(&mut channel).await, "subscribed, gap true");
    let lost = next(&mut channel).await;
    assert!(lost.starts_with("lost for 1 s"), "{lost}");
    assert!(lost.contains("too long"), "{lost}");
}

#[tokio::test]
async fn pieces_do_not_make_a_frame_larger_than_one() {
    let address = serve(move |mut peer: Peer, _| async move {
        peer.subscribe("1.2").await;
        peer.pieces(&"a".repeat(1024), 1025).await;
        peer.hear().await;
    })
    .await;
    let mut channel = Rig::new().channel(address);
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    let lost = next(&mut channel).await;
    assert!(lost.contains("too long"), "{lost}");
}

#[tokio::test]
async fn a_connection_that_is_given_up_is_closed_before_the_next_is_made() {
    let (say, mut said) = mpsc::unbounded_channel();
    let address = serve(move |mut peer: Peer, _| {
        let say = say.clone();
        async move {
            let data = json!({"socket_id": "1.2"});
            let greeting = json!({"event": "pusher:connection_established", "data": data});
            peer.send(greeting).await;
            while let Some(frame) = peer.hear().await {
                say.send(frame["event"].to_string()).unwrap();
            }
            say.send("gone".to_owned()).unwrap();
        }
    })
    .await;
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    let (lost, ()) = tokio::join!(next(&mut channel), async {
        assert_eq!(said.recv().await.unwrap(), r#""pusher:subscribe""#);
        rig.clock.advance(Duration::from_secs(10));
    });
    assert_eq!(
        lost,
        "lost for 1 s: the answer to the subscription did not come in time"
    );
    assert_eq!(said.recv().await.unwrap(), "gone");
}
