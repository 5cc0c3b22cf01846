//! A server that does not mean well: it reads a request, and answers what the test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How it answers.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// These bytes, and the connection is closed.
    Closed(Vec<u8>),
    /// These bytes, and nothing more on an open connection.
    Held(Vec<u8>),
    /// The beginning, then the piece for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// The beginning, then the piece for ever, one each tick.
    Drip(Vec<u8>, Vec<u8>),
}

impl Play {
    pub(crate) fn closed(bytes: impl AsRef<[u8]>) -> Self {
        Self::Closed(bytes.as_ref().to_vec())
    }

    pub(crate) fn held(bytes: impl AsRef<[u8]>) -> Self {
        Self::Held(bytes.as_ref().to_vec())
    }

    pub(crate) fn endless(head: &str, piece: impl AsRef<[u8]>) -> Self {
        Self::Endless(head.into(), piece.as_ref().repeat(64))
    }

    pub(crate) fn drip(head: &str, piece: &str) -> Self {
        Self::Drip(head.into(), piece.into())
    }
}

/// Eight hundred megabytes of zeros in one: packed by gzip, a megabyte in each block.
pub(crate) fn gzip_bomb() -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    /// The codes of a block: a copy of the last 258 bytes takes two bits, both zero.
    const CODES: [u8; 15] = [
        0xec, 0xc1, 0x31, 0x01, 0, 0, 0, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x08, 0x5f, 0xa0,
    ];
    const BLOCK_END: [u8; 6] = [0x3e, 0x03, 0, 0, 0xff, 0xff];
    let block = [&CODES[..], &[0; 1016], &BLOCK_END].concat();
    [&HEAD[..], &block.repeat(800)].concat()
}

/// The server.
pub(crate) struct Server {
    pub(crate) address: String,
    requests: Arc<AtomicUsize>,
    written: Arc<AtomicU64>,
}

impl Server {
    /// Plays for each request what its path says.
    pub(crate) async fn start(play: impl Fn(&str, &str) -> Play + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (requests, written) = <(Arc<AtomicUsize>, Arc<AtomicU64>)>::default();
        let (own, counted, wrote) = (address.clone(), requests.clone(), written.clone());
        let play = Arc::new(play);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (own, play) = (own.clone(), Arc::clone(&play));
                let (counted, wrote) = (counted.clone(), wrote.clone());
                tokio::spawn(async move {
                    let path = request(&mut stream).await?;
                    counted.fetch_add(1, Ordering::SeqCst);
                    answer(&mut stream, play(&own, &path), &wrote).await
                });
            }
        });
        Self {
            address,
            requests,
            written,
        }
    }

    /// The same for everything.
    pub(crate) async fn always(play: Play) -> Self {
        Self::start(move |_, _| play.clone()).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many bytes the other side or the system between took.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }
}

/// Reads a request whole; gives its path.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    head.split(' ').nth(1).map(ToOwned::to_owned)
}

/// `None` once the other side is gone.
#[expect(
    clippy::disallowed_methods,
    reason = "a server's drops fall in real time"
)]
async fn answer(stream: &mut TcpStream, play: Play, written: &AtomicU64) -> Option<()> {
    let (head, piece, tick) = match play {
        Play::Closed(all) => {
            stream.write_all(&all).await.ok()?;
            // Read to the other's end: a reset would take from it what was written.
            stream.shutdown().await.ok()?;
            let _ = tokio::io::copy(stream, &mut tokio::io::sink()).await;
            return Some(());
        }
        Play::Held(all) => {
            stream.write_all(&all).await.ok()?;
            let _ = tokio::io::copy(stream, &mut tokio::io::sink()).await;
            return Some(());
        }
        Play::Endless(head, piece) => (head, piece, Duration::ZERO),
        Play::Drip(head, piece) => (head, piece, Duration::from_millis(5)),
    };
    stream.write_all(&head).await.ok()?;
    loop {
        stream.write_all(&piece).await.ok()?;
        written.fetch_add(u64::try_from(piece.len()).unwrap(), Ordering::SeqCst);
        tokio::time::sleep(tick).await;
    }
}
