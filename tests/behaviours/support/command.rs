//! Running the command in this process.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use dryapi_cli::{Console, run};
use serde_json::Value;

pub(crate) const KEY: &str = "sk-sandbox-corpus-key-4711";

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The error object on the last line of stderr.
    pub(crate) fn error(&self) -> Value {
        let last = self.err.lines().last().unwrap_or_default();
        serde_json::from_str::<Value>(last).unwrap_or_else(|_| panic!("{self:?}"))["error"].take()
    }
}

/// Runs `dryapi ARGS` against a base URL.
pub(crate) fn dryapi(base_url: &str, args: &[&str]) -> Ran {
    let (out, err) = (Kept::default(), Kept::default());
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.sqlite3");
    let env = |name: &str| match name {
        "DRYAPI_API_KEY" => Some(KEY.to_owned()),
        "DRYAPI_BASE_URL" => Some(base_url.to_owned()),
        "DRYAPI_LEDGER" => ledger.to_str().map(ToOwned::to_owned),
        "RUST_LOG" => Some("trace".to_owned()),
        _ => None,
    };
    let all = ["dryapi"].into_iter().chain(args.iter().copied());
    let code = run(all, env, out.clone(), err.clone(), Console::default());
    Ran {
        code,
        out: out.text(),
        err: err.text(),
    }
}

/// Every field of a `txt2img`, so that nothing but the request is sent.
pub(crate) fn submit<'a>(globals: &[&'a str]) -> Vec<&'a str> {
    let mut args = globals.to_vec();
    args.extend([
        "submit",
        "txt2img",
        "--prompt",
        "a cat",
        "--model",
        "Flux1schnell",
    ]);
    args.extend([
        "--width",
        "512",
        "--height",
        "512",
        "--steps",
        "4",
        "--guidance",
        "0",
    ]);
    args.extend(["--seed", "7"]);
    args
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
