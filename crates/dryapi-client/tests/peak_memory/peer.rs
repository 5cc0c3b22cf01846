//! A service that takes everything and gives zeros.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A small result, for warming up.
pub(crate) const SMALL: u64 = 100_000;
/// The large file that is fetched before it is sent.
pub(crate) const INPUT: u64 = 80_000_000;
/// The large result.
pub(crate) const LARGE: u64 = 1_000_000_000;

pub(crate) struct Peer {
    pub(crate) base_url: String,
    bytes: Arc<AtomicU64>,
}

impl Peer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let bytes = Arc::new(AtomicU64::new(0));
        let (base, counted) = (base_url.clone(), Arc::clone(&bytes));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (base, counted) = (base.clone(), Arc::clone(&counted));
                std::thread::spawn(move || serve(&stream, &base, &counted));
            }
        });
        Self { base_url, bytes }
    }

    /// What came and went in bodies.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::SeqCst)
    }
}

/// Answers one request after the other, until the connection closes.
fn serve(stream: &TcpStream, base: &str, counted: &AtomicU64) -> Option<()> {
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    loop {
        let mut path = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if path.is_empty() {
                path = line.split(' ').nth(1)?.to_owned();
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let read = std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink()).ok()?;
        counted.fetch_add(read, Ordering::SeqCst);
        let last = path.rsplit('/').next()?;
        match last {
            "small" => zeros(stream, SMALL, counted)?,
            "input.png" => zeros(stream, INPUT, counted)?,
            "large" => zeros(stream, LARGE, counted)?,
            "img-upscale" => json(stream, r#"{"data":{"request_id":"job-1"}}"#)?,
            size => {
                let size = size.trim_start_matches("job-");
                let url = format!("{base}/{size}");
                let done = format!(r#"{{"data":{{"status":"done","result_url":"{url}"}}}}"#);
                json(stream, &done)?;
            }
        }
    }
}

fn json(mut stream: &TcpStream, text: &str) -> Option<()> {
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{text}"
    )
    .ok()
}

fn zeros(mut stream: &TcpStream, length: u64, counted: &AtomicU64) -> Option<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
    )
    .ok()?;
    let piece = vec![0; 256 * 1024];
    let mut left = length;
    while left > 0 {
        let now = usize::try_from(left).unwrap().min(piece.len());
        stream.write_all(&piece[..now]).ok()?;
        left -= u64::try_from(now).unwrap();
    }
    counted.fetch_add(length, Ordering::SeqCst);
    Some(())
}
