//! A push server that does not mean well.

use std::fmt::Write as _;
use std::sync::Arc;

use dryapi_realtime::{Channel, Endpoint, Signal};
use dryapi_testkit::{HandClock, ScriptedTransport};
use http::{HeaderValue, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{KEY, in_time};

/// Accepts a WebSocket, then sends the beginning, and the piece until nobody takes it. Gives its
/// address.
async fn server(head: Vec<u8>, piece: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (head, piece) = (head.clone(), piece.clone());
            tokio::spawn(async move { play(&mut stream, &head, &piece).await });
        }
    });
    address
}

async fn play(stream: &mut TcpStream, head: &[u8], piece: &[u8]) -> Option<()> {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(stream.read_u8().await.ok()?);
    }
    let asked = String::from_utf8(asked).ok()?;
    let key = asked.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .starts_with("sec-websocket-key:")
            .then(|| line[18..].trim().to_owned())
    })?;
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.write_all(head).await.ok()?;
    while !piece.is_empty() {
        stream.write_all(piece).await.ok()?;
    }
    // Nothing more is said; the line stays open.
    let _ = tokio::io::copy(stream, &mut tokio::io::sink()).await;
    Some(())
}

async fn lost(head: Vec<u8>, piece: Vec<u8>) -> String {
    let address = server(head, piece).await;
    let endpoint = Endpoint::parse(&format!("ws://{address}/app/app-key")).unwrap();
    let mut channel = Channel::builder(endpoint, "42")
        .auth_url(Uri::from_static("http://127.0.0.1:1/broadcasting/auth"))
        .authorization(HeaderValue::try_from(format!("Bearer {KEY}")).unwrap())
        .transport(Arc::new(ScriptedTransport::new()))
        .clock(Arc::new(HandClock::new()))
        .random(Arc::new(|| 0.0))
        .open()
        .unwrap();
    match in_time(channel.next()).await {
        Some(Signal::Lost { why, again_in }) => format!("lost for {again_in:?}: {why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_frame_over_the_bound_ends_the_connection() {
    let mut table = String::new();
    // A final text frame of a 64-bit length, and a fragment that never becomes final.
    let length = |bytes: u64| [&[0x81, 127][..], &bytes.to_be_bytes()].concat();
    let mut part = vec![0x01, 126, 0xff, 0xff];
    part.extend([b'a'; 0xffff]);
    let mut rest = vec![0x00, 126, 0xff, 0xff];
    rest.extend([b'a'; 0xffff]);
    for (name, head, piece) in [
        ("a frame of 2^63 bytes", length(1 << 63), vec![b'a'; 65536]),
        ("a frame one byte too long", length(1024 * 1024 + 1), vec![]),
        ("a text in endless fragments", part, rest),
        ("reserved bits", vec![0xf1, 0], vec![]),
        ("a masked frame", vec![0x81, 0x81, 1, 2, 3, 4, 5], vec![]),
    ] {
        writeln!(table, "{name}: {}", lost(head, piece).await).unwrap();
    }
    insta::assert_snapshot!(table, @"
    a frame of 2^63 bytes: lost for 1s: the connection to the push server broke: Space limit exceeded: Message too long: 9223372036854775808 > 1048576
    a frame one byte too long: lost for 1s: the connection to the push server broke: Space limit exceeded: Message too long: 1048577 > 1048576
    a text in endless fragments: lost for 1s: the connection to the push server broke: Space limit exceeded: Message too long: 1114095 > 1048576
    reserved bits: lost for 1s: the connection to the push server broke: WebSocket protocol error: Reserved bits are non-zero
    a masked frame: lost for 1s: the connection to the push server broke: WebSocket protocol error: Received a masked frame from server
    ");
}
