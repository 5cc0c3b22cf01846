//! A server of bare sockets: a test says what it does with each connection.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Listens, and hands each connection with its number to `handle`.
pub(crate) async fn serve<F, R>(handle: F) -> SocketAddr
where
    F: Fn(Connection, usize) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else {
                return;
            };
            stream.set_nodelay(true).unwrap();
            tokio::spawn(handle(
                Connection {
                    stream,
                    read: Vec::new(),
                },
                number,
            ));
        }
    });
    address
}

/// One connection, from the server's side.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    read: Vec<u8>,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Connection {
    async fn more(&mut self) -> bool {
        self.stream
            .read_buf(&mut self.read)
            .await
            .is_ok_and(|read| read > 0)
    }

    /// Reads until `count` bytes are there, head included; `false` if the connection ended before.
    pub(crate) async fn read_bytes(&mut self, count: usize) -> bool {
        while self.read.len() < count {
            if !self.more().await {
                return false;
            }
        }
        true
    }

    /// Reads a request's head; `None` at the connection's end.
    pub(crate) async fn head(&mut self) -> Option<String> {
        loop {
            let end = self
                .read
                .windows(4)
                .position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let head = self.read.drain(..end + 4).collect();
                return Some(String::from_utf8(head).unwrap());
            }
            if !self.more().await {
                return None;
            }
        }
    }

    /// Reads a whole request; `None` when it does not come whole.
    pub(crate) async fn request(&mut self) -> Option<Seen> {
        let head = self.head().await?;
        let mut seen = Seen {
            head,
            body: Vec::new(),
        };
        if seen.header("transfer-encoding") == ["chunked"] {
            let end = b"0\r\n\r\n";
            while !self.read.ends_with(end) {
                if !self.more().await {
                    return None;
                }
            }
            seen.body = self.read.split_off(0);
        } else {
            let length = seen
                .header("content-length")
                .first()
                .map_or(0, |len| len.parse().unwrap());
            if !self.read_bytes(length).await {
                return None;
            }
            seen.body = self.read.drain(..length).collect();
        }
        Some(seen)
    }

    /// How many bytes were read so far.
    pub(crate) fn has_read(&self) -> usize {
        self.read.len()
    }

    /// Whether what was read so far is a whole request.
    pub(crate) fn has_whole_request(&self) -> bool {
        self.whole_request().is_some()
    }

    /// A whole request that is there without waiting.
    pub(crate) fn waiting_request(&mut self) -> Option<Seen> {
        while matches!(self.stream.try_read_buf(&mut self.read), Ok(1..)) {}
        self.whole_request()
    }

    fn whole_request(&self) -> Option<Seen> {
        let end = self
            .read
            .windows(4)
            .position(|window| window == b"\r\n\r\n")?
            + 4;
        let head = String::from_utf8(self.read[..end].to_vec()).unwrap();
        let mut seen = Seen {
            head,
            body: Vec::new(),
        };
        let length: usize = seen.header("content-length").first()?.parse().unwrap();
        seen.body = self.read.get(end..end + length)?.to_vec();
        Some(seen)
    }

    /// Writes; a client that went away is no error.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Answers 200 with a text.
    pub(crate) async fn answer(&mut self, text: &str) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", text.len());
        self.write(format!("{head}{text}")).await;
    }

    /// Tears the connection.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// Keeps the connection open and silent until the client goes away.
    pub(crate) async fn hold(mut self) {
        while self.more().await {}
    }
}
