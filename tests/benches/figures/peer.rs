//! A service that takes everything and answers at once, in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The size of the large result, in bytes.
pub(crate) const LARGE: usize = 1 << 30;

const JOB: &str = "c08a339c-73e5-4d67-a4d5-5a21c0a5c0ff";

/// The process; ends when it is dropped.
pub(crate) struct Peer {
    child: Child,
    pub(crate) base_url: String,
}

impl Peer {
    pub(crate) fn start() -> Self {
        Self::slow(0)
    }

    /// One that takes so many milliseconds for each answer.
    pub(crate) fn slow(millis: u64) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["peer", &millis.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut base_url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut base_url)
            .unwrap();
        let base_url = base_url.trim().to_owned();
        Self { child, base_url }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the process is ended.
pub(crate) fn serve(millis: &str) {
    let slow = Duration::from_millis(millis.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        println!("{base_url}");
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let _ = stream.set_nodelay(true);
            tokio::spawn(connection(stream, base_url.clone(), slow));
        }
    });
}

/// One request after the other, until the connection closes.
async fn connection(mut stream: TcpStream, base_url: String, slow: Duration) -> Option<()> {
    let mut buffer = vec![0; 1 << 18];
    let mut filled = 0;
    let headers = "content-type: application/json\r\nx-ratelimit-limit: 1000000\r\nx-ratelimit-remaining: 999999\r\nx-ratelimit-daily-limit: 100000000\r\nx-ratelimit-daily-remaining: 99999999\r\n";
    let answer = |body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let accepted = answer(&format!(r#"{{"data":{{"request_id":"{JOB}"}}}}"#));
    let processing = answer(
        r#"{"data":{"status":"processing","preview":null,"result_url":null,"result":null,"progress":45.5}}"#,
    );
    let done = answer(&format!(
        r#"{{"data":{{"status":"done","preview":null,"result_url":"{base_url}/large","result":null,"progress":100}}}}"#
    ));
    let zeros = vec![0_u8; 1 << 18];
    loop {
        let head = loop {
            if let Some(end) = find(&buffer[..filled], b"\r\n\r\n") {
                break end + 4;
            }
            let read = stream.read(&mut buffer[filled..]).await.ok()?;
            if read == 0 {
                return None;
            }
            filled += read;
        };
        let text = &buffer[..head];
        let posts = text.starts_with(b"POST");
        let large = text.starts_with(b"GET /large");
        let finished = find(text, b"finished").is_some();
        let mut left = length(text);
        // What came with the head, then the rest, thrown away.
        let here = left.min(filled - head);
        left -= here;
        buffer.copy_within(head + here..filled, 0);
        filled -= head + here;
        while left > 0 {
            let most = left.min(buffer.len());
            let read = stream.read(&mut buffer[..most]).await.ok()?;
            if read == 0 {
                return None;
            }
            left -= read;
        }
        if large {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\netag: \"large\"\r\ncontent-length: {LARGE}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            for _ in 0..LARGE / zeros.len() {
                stream.write_all(&zeros).await.ok()?;
            }
            continue;
        }
        let answer = match (posts, finished) {
            (true, _) => &accepted,
            (false, true) => &done,
            (false, false) => &processing,
        };
        if !slow.is_zero() {
            tokio::time::sleep(slow).await;
        }
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length: ";
    let lower = head.to_ascii_lowercase();
    let Some(at) = find(&lower, NAME) else {
        return 0;
    };
    let digits = lower[at + NAME.len()..].iter();
    digits
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |sum, byte| sum * 10 + usize::from(byte - b'0'))
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
