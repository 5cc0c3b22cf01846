//! A small push server: each connection plays what the test says.

use std::future::Future;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// One client's connection, as its server sees it.
pub(crate) struct Peer<S = TcpStream> {
    socket: WebSocketStream<S>,
    /// The address the client asked for, with its query.
    pub(crate) path: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    #[expect(clippy::result_large_err, reason = "the library's own signature")]
    pub(crate) async fn accept(stream: S) -> Option<Self> {
        use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
        let mut path = String::new();
        let note = |request: &Request, response: Response| {
            path = request.uri().to_string();
            Ok(response)
        };
        let socket = accept_hdr_async(stream, note).await.ok()?;
        Some(Self { socket, path })
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.raw(&frame.to_string()).await;
    }

    pub(crate) async fn raw(&mut self, text: &str) {
        // A client that is gone is the test's own matter.
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// One text in pieces, each small enough.
    pub(crate) async fn pieces(&mut self, piece: &str, count: usize) {
        for number in 0..count {
            let kind = if number == 0 {
                Data::Text
            } else {
                Data::Continue
            };
            let is_last = number + 1 == count;
            let frame = Frame::message(piece.to_owned(), OpCode::Data(kind), is_last);
            // A client that is gone is the test's own matter.
            let _ = self.socket.send(Message::Frame(frame)).await;
        }
    }

    pub(crate) async fn ping(&mut self) {
        self.socket.send(Message::Ping("hi".into())).await.unwrap();
        let answer = self.socket.next().await.unwrap().unwrap();
        assert_eq!(answer, Message::Pong("hi".into()));
    }

    /// The next frame of the client's; `None` when it is gone.
    pub(crate) async fn hear(&mut self) -> Option<Value> {
        match self.socket.next().await?.ok()? {
            Message::Text(text) => serde_json::from_str(&text).ok(),
            Message::Close(_) => None,
            other => panic!("{other:?}"),
        }
    }

    /// Greets, and lets the client subscribe; gives the signature it came with.
    pub(crate) async fn subscribe(&mut self, socket_id: &str) -> String {
        let data = json!({"socket_id": socket_id, "activity_timeout": 30}).to_string();
        self.send(json!({"event": "pusher:connection_established", "data": data}))
            .await;
        let frame = self.hear().await.unwrap();
        assert_eq!(frame["event"], "pusher:subscribe");
        assert_eq!(frame["data"]["channel"], "private-client.42");
        self.send(json!({
            "event": "pusher_internal:subscription_succeeded",
            "channel": "private-client.42",
        }))
        .await;
        frame["data"]["auth"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn update(&mut self, id: &str, status: &str) {
        let data = json!({"request_id": id, "status": status}).to_string();
        self.send(json!({
            "event": "request.status.updated",
            "channel": "private-client.42",
            "data": data,
        }))
        .await;
    }

    pub(crate) async fn close(&mut self, code: u16) {
        let reason = "as the test said".into();
        let frame = CloseFrame {
            code: code.into(),
            reason,
        };
        self.socket.close(Some(frame)).await.unwrap();
    }
}

/// Serves every connection, numbered from 0, one after the other.
pub(crate) async fn serve<F>(mut play: impl FnMut(Peer, usize) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            if let Some(peer) = Peer::accept(stream).await {
                play(peer, number).await;
            }
        }
    });
    address
}
