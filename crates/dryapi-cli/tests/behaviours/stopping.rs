//! Signals: the money that is on its way is waited for, the job that goes on is named.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::support::{Ledger, WHOLE};

const ACCEPTED: &str = r#"{"data":{"request_id":"c08a339c-73e5-4d67-a4d5-231302fbff9a"}}"#;

/// The command as a process, against a server whose answers the test gives.
struct Running {
    child: Child,
    err: BufReader<ChildStderr>,
    server: TcpListener,
    _ledger: Ledger,
}

impl Running {
    fn start(more: &[&str]) -> Self {
        Self::command(&[WHOLE, &["-o", "/tmp/"], more].concat())
    }

    fn command(args: &[&str]) -> Self {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let ledger = Ledger::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dryapi"))
            .args(args)
            .env("DRYAPI_BASE_URL", url)
            .env("DRYAPI_LEDGER", ledger.path())
            .env("DRYAPI_API_KEY", "sk-1")
            .env_remove("DRYAPI_SANDBOX")
            .env_remove("DRYAPI_PROFILE")
            .env("DRYAPI_CONFIG", "/nowhere/config.toml")
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        Self {
            child,
            err,
            server,
            _ledger: ledger,
        }
    }

    /// The next request, read to the end of its body.
    fn request(&self) -> TcpStream {
        self.read_to(b"}")
    }

    /// The balance is read before what is paid for under a name.
    fn balance(&self) {
        let connection = self.read_to(b"\r\n\r\n");
        answer_with(
            connection,
            "200 OK\r\nconnection: close",
            r#"{"balance":"5"}"#,
        );
    }

    fn read_to(&self, end: &[u8]) -> TcpStream {
        let (mut connection, _) = self.server.accept().unwrap();
        let mut seen = Vec::new();
        let mut piece = [0; 4096];
        while !seen.ends_with(end) {
            let read = connection.read(&mut piece).unwrap();
            assert!(read > 0);
            seen.extend_from_slice(&piece[..read]);
        }
        connection
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.err.read_line(&mut line).unwrap();
        line
    }

    /// The exit code and the rest of stderr.
    fn end(mut self) -> (i32, String) {
        let mut rest = String::new();
        self.err.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }
}

fn answer(connection: TcpStream) -> TcpStream {
    answer_with(connection, "200 OK", ACCEPTED)
}

fn answer_with(mut connection: TcpStream, status: &str, body: &str) -> TcpStream {
    let length = body.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    connection
}

#[test]
fn the_answer_to_a_paid_request_is_waited_for() {
    let mut running = Running::start(&[]);
    let connection = running.request();
    running.signal("-INT");
    assert!(
        running
            .line()
            .starts_with("stopping: waiting for the answer")
    );
    let _connection = answer(connection);
    let (code, err) = running.end();
    assert_eq!(code, 130);
    assert!(
        err.starts_with(
            "error: interrupted; the job goes on and is billed; the service cannot cancel\n"
        ),
        "{err}"
    );
    let last = "  job c08a339c-73e5-4d67-a4d5-231302fbff9a goes on and is billed. To fetch it:  dryapi wait c08a339c-73e5-4d67-a4d5-231302fbff9a -o /tmp/\n";
    assert!(err.ends_with(last), "{err}");
}

#[test]
fn a_prompt_that_is_paid_for_is_shown_all_the_same() {
    let mut running = Running::command(&["prompt", "image", "a cat"]);
    let connection = running.request();
    running.signal("-INT");
    assert!(
        running
            .line()
            .starts_with("stopping: waiting for the answer")
    );
    let _connection = answer_with(connection, "200 OK", r#"{"prompt":"a fine cat"}"#);
    let mut out = String::new();
    let mut stdout = running.child.stdout.take().unwrap();
    stdout.read_to_string(&mut out).unwrap();
    let (code, err) = running.end();
    assert_eq!((code, out.as_str()), (130, "a fine cat\n"), "{err}");
    assert!(
        err.starts_with("error: interrupted; the answer came all the same and was printed\n"),
        "{err}"
    );
    assert!(
        err.ends_with("  Running the same command again pays again.\n"),
        "{err}"
    );
}

#[test]
fn a_prompt_that_failed_is_not_asked_for_again_once_told_to_stop() {
    let mut running = Running::command(&["prompt", "image", "a cat"]);
    let connection = running.request();
    running.signal("-INT");
    assert!(
        running
            .line()
            .starts_with("stopping: waiting for the answer")
    );
    let body = r#"{"message":"Internal server error"}"#;
    let _connection = answer_with(connection, "500 X", body);
    let (code, err) = running.end();
    assert_eq!(code, 130, "{err}");
    assert!(err.contains("the request had failed"), "{err}");
    assert!(
        err.ends_with("  Running the same command again may pay twice.\n"),
        "{err}"
    );
}

#[test]
fn a_second_signal_stops_at_once() {
    let mut running = Running::start(&["--intent", "order-1"]);
    running.balance();
    let _connection = running.request();
    running.signal("-INT");
    assert!(
        running
            .line()
            .starts_with("stopping: waiting for the answer")
    );
    running.signal("-INT");
    let (code, err) = running.end();
    assert_eq!(code, 130);
    assert!(err.contains("the outcome is unknown"), "{err}");
    assert!(err.contains("dryapi resume order-1\n"), "{err}");
    assert!(
        err.ends_with("  Running the same command again does not pay twice.\n"),
        "{err}"
    );
}

#[test]
fn a_signal_while_waiting_leaves_the_job() {
    for name in ["-INT", "-TERM", "-HUP"] {
        let running = Running::start(&["--json"]);
        let connection = answer(running.request());
        // The answer is read before the connection is dropped; the first look is 5 s away.
        drop(connection);
        running.signal(name);
        let (code, err) = running.end();
        assert_eq!(code, 130, "{name}: {err}");
        let error: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
        assert_eq!(error["error"]["kind"], "interrupted");
        assert_eq!(error["error"]["charged"], "yes", "{err}");
        assert_eq!(
            error["error"]["request_id"],
            "c08a339c-73e5-4d67-a4d5-231302fbff9a"
        );
        let help = "Fetch it with: dryapi wait c08a339c-73e5-4d67-a4d5-231302fbff9a";
        assert_eq!(error["error"]["help"], help);
    }
}

#[test]
fn time_that_is_up_with_a_paid_request_on_its_way_is_an_unknown_outcome() {
    let running = Running::start(&["--timeout", "300ms", "--json"]);
    let _connection = running.request();
    let (code, err) = running.end();
    assert_eq!(code, 12, "{err}");
    assert!(err.contains(r#""kind":"outcome_unknown""#), "{err}");
}

#[test]
fn a_sandbox_ends_well() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dryapi"))
        .args(["sandbox", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let value: Value = serde_json::from_str(&line).unwrap();
    for key in [
        "base_url",
        "admin_url",
        "realtime_url",
        "auth_url",
        "api_key",
        "client_id",
        "webhook_secret",
    ] {
        assert!(value[key].is_string(), "{key}");
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
