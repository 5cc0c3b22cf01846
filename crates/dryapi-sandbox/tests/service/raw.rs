//! A client that shows what a connection really carried.

use std::io::ErrorKind;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Service;

/// What came back until the connection ended, and how it ended.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) text: String,
    /// None: closed in order.
    pub(crate) error: Option<ErrorKind>,
}

impl Heard {
    pub(crate) fn body(&self) -> &str {
        self.text
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body)
    }
}

pub(crate) async fn connect(it: &Service) -> TcpStream {
    let address = it.sandbox.base_url().replace("http://", "");
    TcpStream::connect(address).await.unwrap()
}

/// A submit as it stands on the wire, with what its head promises of the body.
pub(crate) fn submit(it: &Service, body: &Value) -> (String, String) {
    let body = body.to_string();
    let head = format!(
        "POST /api/v1/client/txt2img HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        it.key,
        body.len()
    );
    (head, body)
}

/// Reads until the other side ends the connection.
pub(crate) async fn hear(connection: &mut TcpStream) -> Heard {
    let mut bytes = Vec::new();
    let error = connection
        .read_to_end(&mut bytes)
        .await
        .err()
        .map(|error| error.kind());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Heard { text, error }
}

/// Submits on a connection of its own, and reads until the other side ends it.
pub(crate) async fn tell(it: &Service, body: &Value) -> Heard {
    let mut connection = connect(it).await;
    let (head, body) = submit(it, body);
    connection
        .write_all((head + &body).as_bytes())
        .await
        .unwrap();
    hear(&mut connection).await
}
