//! Connecting, subscribing, listening, and going away.

use std::time::Duration;

use dryapi_realtime::{Loss, Signal};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::server::{Peer, serve};
use super::support::{Rig, next};

#[tokio::test]
async fn a_channel_subscribes_and_tells_updates() {
    let (say, mut said) = mpsc::unbounded_channel();
    let address = serve(move |mut peer: Peer, _| {
        let say = say.clone();
        async move {
            say.send(peer.path.clone()).unwrap();
            say.send(peer.subscribe("1.2").await).unwrap();
            peer.update("a", "processing").await;
            peer.ping().await;
            peer.update("a", "processing").await;
            peer.update("a", "done").await;
            // Until the client is gone.
            assert_eq!(peer.hear().await, None);
            say.send("gone".to_owned()).unwrap();
        }
    })
    .await;
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    assert_eq!(rig.transport.count("broadcasting/auth"), 0);

    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    assert_eq!(next(&mut channel).await, "a is processing");
    // It is a stream, too.
    let done = StreamExt::next(&mut channel).await;
    assert!(matches!(done, Some(Signal::Update(update)) if update.state.is_terminal()));

    let version = env!("CARGO_PKG_VERSION");
    let path = format!("/app/app-key?protocol=7&client=dryapi-rust&version={version}&flash=false");
    assert_eq!(said.recv().await.unwrap(), path);
    assert_eq!(said.recv().await.unwrap(), "key:for-1.2");
    drop(channel);
    assert_eq!(said.recv().await.unwrap(), "gone");
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_polled() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rig = Rig::new();
    let channel = rig.channel(listener.local_addr().unwrap());
    tokio::select! {
        biased;
        _ = listener.accept() => panic!("it connected"),
        () = tokio::task::yield_now() => {}
    }
    drop(channel);
}

#[tokio::test]
async fn what_cannot_be_reached_is_tried_again() {
    // A port that nobody listens on.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    for seconds in [1, 2, 4] {
        let (signal, ()) = tokio::join!(channel.next(), async {
            if seconds > 1 {
                rig.clock.wait_for_sleepers(1).await;
                rig.clock.advance(Duration::from_secs(seconds / 2));
            }
        });
        let Some(Signal::Lost { why, again_in }) = signal else {
            panic!("{signal:?}")
        };
        assert!(matches!(why, Loss::Unreachable(_)), "{why}");
        assert_eq!(again_in.as_secs(), seconds);
    }
}

#[tokio::test]
async fn an_answer_that_is_no_websocket_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        std::future::pending::<()>().await;
    });
    let mut channel = Rig::new().channel(address);
    let lost = next(&mut channel).await;
    let expected = "lost for 1 s: the push server cannot be reached: it answered HTTP 404";
    assert_eq!(lost, expected);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let rig = Rig::new();
    let mut channel = rig.channel(address);
    // The handshake is never answered.
    let (lost, ()) = tokio::join!(next(&mut channel), async {
        rig.clock.wait_for_sleepers(1).await;
        let _accepted = listener.accept().await.unwrap();
        rig.clock.advance(Duration::from_secs(10));
    });
    assert_eq!(lost, "lost for 1 s: a connection did not come in time");
}
