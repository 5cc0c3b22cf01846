//! A server that does to each request, in order, what it was told; the last act repeats.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is done to a request, once it was read to its end.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The connection is closed.
    Drop,
    /// The connection is reset.
    Reset,
    /// Nothing, for ever.
    Hang,
    /// These bytes are sent and the connection is closed.
    Send(Vec<u8>),
}

/// The running server.
pub(crate) struct Road {
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Road {
    pub(crate) fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, acts) = (Arc::clone(&seen), acts.clone());
                std::thread::spawn(move || serve(stream, &seen, &acts));
            }
        });
        Self { base_url, requests }
    }

    /// The requests that came, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.starts_with(method))
            .count()
    }
}

/// An answer of JSON.
pub(crate) fn json(status: &str, headers: &str, body: &str) -> Act {
    whole(
        status,
        &format!("content-type: application/json\r\n{headers}"),
        body,
    )
}

/// An answer that says its length and closes.
pub(crate) fn whole(status: &str, headers: &str, body: &str) -> Act {
    Act::Send(answer(status, headers, body).into_bytes())
}

/// An answer that ends after so many bytes of its body.
pub(crate) fn cut(status: &str, body: &str, keep: usize) -> Act {
    let all = answer(status, "content-type: application/json\r\n", body);
    let head = all.len() - body.len();
    Act::Send(all.as_bytes()[..head + keep].to_vec())
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<String>>, acts: &[Act]) {
    let Some(request) = read(&mut stream) else {
        return;
    };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        seen.len() - 1
    };
    match acts.get(number).or(acts.last()) {
        Some(Act::Send(bytes)) => {
            let _ = stream.write_all(bytes);
            let _ = stream.shutdown(Shutdown::Write);
            // Until the other side has read it: a close with unread bytes would be a reset.
            let _ = stream.read(&mut [0; 64]);
        }
        Some(Act::Reset) => {
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
        Some(Act::Hang) => loop {
            std::thread::park();
        },
        Some(Act::Drop) | None => {}
    }
}

fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while !is_whole(&bytes) {
        match stream.read(&mut buffer) {
            Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}
