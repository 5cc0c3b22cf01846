//! A server of bare sockets in threads of its own: it needs no runtime and stands in nobody's way.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::dechunk::dechunk;
use super::stage::{Act, Arrived, Log, OtherEnd};

/// How long the other side is waited for. Only one that breaks a rule lets it pass: it then learns
/// that the connection is closed, and the suite which rule it was.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listening server. Dropping it ends it.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    act: Act,
    log: Arc<Log>,
    over: AtomicBool,
    go: (Mutex<bool>, Condvar),
}

impl Server {
    pub(super) fn start(act: Act, log: Arc<Log>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            act,
            log,
            over: AtomicBool::new(false),
            go: (Mutex::default(), Condvar::new()),
        });
        // Its address is known and free: connections are refused.
        if !matches!(shared.act, Act::Refuse) {
            let shared = Arc::clone(&shared);
            thread::spawn(move || listen(&listener, &shared));
        }
        Ok(Self { address, shared })
    }
}

impl OtherEnd for Server {
    fn go_on(&self) {
        let (go, told) = &self.shared.go;
        *go.lock().unwrap_or_else(PoisonError::into_inner) = true;
        told.notify_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.go_on();
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener, which looks whether it is over.
        drop(TcpStream::connect(self.address));
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.over.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(stream) = stream {
            let shared = Arc::clone(shared);
            // A client that goes away is the other side's matter.
            thread::spawn(move || drop(serve(stream, &shared)));
        }
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let arrived = loop {
        if let Some(arrived) = whole(&bytes) {
            break arrived;
        }
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
    };
    shared.log.note(arrived);
    match &shared.act {
        Act::Refuse | Act::Drop => return Ok(()),
        Act::Send(answer) => {
            stream.write_all(answer)?;
            stream.shutdown(Shutdown::Write)?;
        }
        Act::SendAndHang(answer) => stream.write_all(answer)?,
        Act::SendInTwo(first, rest) => {
            stream.write_all(first)?;
            let (go, told) = &shared.go;
            let waiting = go.lock().unwrap_or_else(PoisonError::into_inner);
            drop(told.wait_timeout_while(waiting, PATIENCE, |go| !*go));
            stream.write_all(rest)?;
            stream.shutdown(Shutdown::Write)?;
        }
    }
    // Until the other side closes it: a close with unread bytes would be a reset.
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// The request, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Arrived> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut lines = head.split("\r\n");
    let mut line = lines.next()?.split(' ');
    let (method, target) = (line.next()?.parse().ok()?, line.next()?.to_owned());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    let rest = bytes.get(end + 4..)?;
    let body = if headers.contains_key("transfer-encoding") {
        dechunk(rest)?
    } else {
        let length = headers.get("content-length").map(HeaderValue::to_str);
        let length: usize = match length {
            Some(length) => length.ok()?.parse().ok()?,
            None => 0,
        };
        rest.get(..length)?.to_vec()
    };
    Some(Arrived {
        method,
        target,
        headers,
        body,
    })
}
