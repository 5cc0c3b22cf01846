//! Runs the command in this process, against a sandbox or a server that says one thing.

use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dryapi_cli::{Console, run};
use dryapi_sandbox::{Config, FaultRule, Recorded, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Every field of a request, so that nothing has to be asked.
pub(crate) const WHOLE: &[&str] = &[
    "txt2img",
    "a cat",
    "--model",
    "Flux1schnell",
    "--width",
    "512",
    "--height",
    "512",
    "--steps",
    "4",
    "--guidance",
    "0",
    "--seed",
    "7",
];

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The last line of stderr.
    pub(crate) fn last(&self) -> &str {
        self.err.lines().last().unwrap_or_default()
    }
}

/// A buffer that can be read while it is written to.
#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs `dryapi` with these arguments and nothing in the environment.
pub(crate) fn dryapi(args: &[&str]) -> Ran {
    with(args, &[], Console::default())
}

/// Runs `dryapi` with an environment on a console.
pub(crate) fn with(args: &[&str], env: &[(&str, &str)], console: Console) -> Ran {
    let out = Buffer::default();
    let ran = to(out.clone(), args, env, console);
    Ran {
        out: out.text(),
        ..ran
    }
}

/// The same, its results written to this.
fn to(
    out: impl Write + Send + 'static,
    args: &[&str],
    env: &[(&str, &str)],
    console: Console,
) -> Ran {
    let err = Buffer::default();
    let env: Vec<(String, String)> = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let lookup = move |wanted: &str| {
        let found = env.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let args = ["dryapi"].iter().chain(args);
    let code = run(args, lookup, out, err.clone(), console);
    Ran {
        code,
        out: String::new(),
        err: err.text(),
    }
}

/// Takes nothing: the disk behind it is full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A ledger of a test's own.
pub(crate) struct Ledger(tempfile::TempDir);

impl Ledger {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> String {
        let path = self.0.path().join("ledger.sqlite3");
        path.to_str().unwrap().to_owned()
    }
}

/// A service to run against.
pub(crate) struct Service {
    sandbox: Sandbox,
    pub(crate) ledger: Ledger,
    _runtime: Runtime,
}

impl Service {
    /// Jobs are done as soon as they are accepted.
    pub(crate) fn start() -> Self {
        Self::with(Config::default().with_job_time(Duration::ZERO))
    }

    /// Jobs go on when the test says so.
    pub(crate) fn halted() -> Self {
        let time = Duration::from_secs(10);
        Self::with(Config::default().with_speed(0.0).with_job_time(time))
    }

    pub(crate) fn with(config: Config) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        Self {
            sandbox,
            ledger: Ledger::new(),
            _runtime: runtime,
        }
    }

    pub(crate) fn dryapi(&self, args: &[&str]) -> Ran {
        self.on(args, Console::default())
    }

    pub(crate) fn base_url(&self) -> String {
        self.sandbox.base_url()
    }

    pub(crate) fn arm(&self, rule: FaultRule) {
        self.sandbox.arm(rule).unwrap();
    }

    /// All jobs are over.
    pub(crate) fn finish(&self) {
        self.sandbox.advance(Duration::from_secs(60));
    }

    /// Runs it with the push channel.
    pub(crate) fn listening(&self, args: &[&str]) -> Ran {
        let id = self.sandbox.client_id_of("sk-sandbox-cli");
        let url = self.sandbox.realtime_url();
        let push = ["--client-id", &id, "--realtime-url", &url];
        self.dryapi(&[args, &push].concat())
    }

    /// The ids of all jobs.
    pub(crate) fn jobs(&self) -> Vec<String> {
        let jobs = self.sandbox.jobs().into_iter();
        jobs.map(|job| job.request_id.to_string()).collect()
    }

    pub(crate) fn on(&self, args: &[&str], console: Console) -> Ran {
        let out = Buffer::default();
        let ran = self.to(out.clone(), args, console);
        Ran {
            out: out.text(),
            ..ran
        }
    }

    /// Runs it with a stdout that takes nothing.
    pub(crate) fn to_full_disk(&self, args: &[&str]) -> Ran {
        self.to(Full, args, Console::default())
    }

    fn to(&self, out: impl Write + Send + 'static, args: &[&str], console: Console) -> Ran {
        let (url, ledger) = (self.sandbox.base_url(), self.ledger.path());
        let env = [
            ("DRYAPI_BASE_URL", url.as_str()),
            ("DRYAPI_API_KEY", "sk-sandbox-cli"),
            ("DRYAPI_LEDGER", ledger.as_str()),
        ];
        to(
            out,
            args,
            &env,
            console.with_look_every(Duration::from_millis(1)),
        )
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.sandbox.requests()
    }

    pub(crate) fn charges(&self) -> usize {
        self.sandbox.charges().len()
    }

    /// What arrived, as `METHOD path` below the API's prefix.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.requests()
            .iter()
            .map(|call| {
                let path = call.path.trim_start_matches("/api/v1/client/");
                format!("{} {path}", call.method)
            })
            .collect()
    }

    /// A job that is done, paid for by `submit`.
    pub(crate) fn job(&self) -> String {
        let ran = self.dryapi(&[&["submit"], WHOLE].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out.trim().to_owned()
    }
}

/// A server that answers every request with the same.
pub(crate) struct Fixed {
    url: String,
    ledger: Ledger,
    _runtime: Runtime,
}

impl Fixed {
    pub(crate) fn start(status: u16, body: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        );
        runtime.spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let mut request = vec![0; 64 * 1024];
                let _ = connection.read(&mut request).await;
                let _ = connection.write_all(answer.as_bytes()).await;
                let _ = connection.shutdown().await;
                // Until the client hangs up, so that it has read everything.
                while connection
                    .read(&mut request)
                    .await
                    .is_ok_and(|read| read > 0)
                {}
            }
        });
        Self {
            url,
            ledger: Ledger::new(),
            _runtime: runtime,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn dryapi(&self, args: &[&str]) -> Ran {
        let ledger = self.ledger.path();
        let env = [
            ("DRYAPI_BASE_URL", self.url.as_str()),
            ("DRYAPI_API_KEY", "sk-secret-1"),
            ("DRYAPI_LEDGER", ledger.as_str()),
        ];
        with(args, &env, Console::default())
    }
}

/// Standard input that holds this.
pub(crate) fn stdin(bytes: &[u8]) -> Console {
    Console::default().with_stdin(Cursor::new(bytes.to_vec()))
}

/// A picture of this prompt, with every field given.
pub(crate) fn picture_of<'a>(prompt: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut line = WHOLE.to_vec();
    line[1] = prompt;
    line.extend(more);
    line
}

/// A folder of a test's own, and the path of a file in it that is not there yet.
pub(crate) fn folder_with(name: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name).to_str().unwrap().to_owned();
    (folder, path)
}
