//! The picture of an unfinished job, above the bar.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dryapi_cli::{Console, run};
use jpeg_encoder::{ColorType, Encoder};
use serde_json::json;
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{Buffer, Ran};

/// A job that shows one picture and is done once that was seen, or after so many looks.
struct Job {
    err: Buffer,
    sign: &'static str,
    preview: String,
    most: usize,
    looks: Arc<AtomicUsize>,
    url: Arc<std::sync::Mutex<String>>,
}

impl Respond for Job {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if request.url.path() == "/cat.png" {
            return ResponseTemplate::new(200).set_body_bytes(b"\x89PNG\r\n\x1a\n".to_vec());
        }
        let looks = self.looks.fetch_add(1, Ordering::SeqCst);
        let seen = looks > 0 && self.err.text().contains(self.sign);
        let status = if seen || looks >= self.most {
            let url = self.url.lock().unwrap();
            json!({"status": "done", "progress": 100, "result_url": format!("{url}/cat.png")})
        } else {
            json!({"status": "processing", "progress": looks.min(90), "preview": self.preview})
        };
        ResponseTemplate::new(200).set_body_json(json!({ "data": status }))
    }
}

/// Waits for the job on a terminal, until this sign was seen.
fn wait(
    env: &[(&str, &str)],
    more: &[&str],
    preview: &str,
    sign: &'static str,
    most: usize,
) -> Ran {
    let console = Console::default().with_stderr_terminal(true);
    wait_on(console, env, more, preview, sign, most)
}

fn wait_on(
    console: Console,
    env: &[(&str, &str)],
    more: &[&str],
    preview: &str,
    sign: &'static str,
    most: usize,
) -> Ran {
    let runtime = Runtime::new().unwrap();
    let (out, err) = (Buffer::default(), Buffer::default());
    let url = Arc::default();
    let job = Job {
        err: err.clone(),
        sign,
        preview: preview.to_owned(),
        most,
        looks: Arc::default(),
        url: Arc::clone(&url),
    };
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        *url.lock().unwrap() = server.uri();
        Mock::given(any()).respond_with(job).mount(&server).await;
        server
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let args = ["dryapi", "wait", "c08a339c", "-o", path.to_str().unwrap()];
    let uri = server.uri();
    let known = [
        ("DRYAPI_BASE_URL", uri.as_str()),
        ("DRYAPI_API_KEY", "sk-previews-1"),
    ];
    let env: Vec<(String, String)> = known
        .iter()
        .chain(env)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let lookup = move |wanted: &str| {
        let found = env.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let console = console.with_look_every(Duration::from_millis(5));
    let code = run(
        args.iter().chain(more),
        lookup,
        out.clone(),
        err.clone(),
        console,
    );
    Ran {
        code,
        out: out.text(),
        err: err.text(),
    }
}

fn jpeg() -> String {
    let pixels = [200, 100, 50].repeat(32 * 32);
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, 32, 32, ColorType::Rgb).unwrap();
    STANDARD.encode(bytes)
}

const COLOURS: (&str, &str) = ("COLORTERM", "truecolor");
/// Looks after which a picture that does not come would have come.
const FEW: usize = 20;
/// The job waits for its picture, however slow the machine is.
const MANY: usize = 10_000;

#[test]
fn it_is_drawn_above_the_bar_and_goes_with_it() {
    let sign = "\u{1b}[20B\r";
    for (env, word) in [
        (&[COLOURS][..], "▀"),
        (&[("TERM", "xterm-kitty")], "\u{1b}_Ga=T"),
        (&[("DRYAPI_PREVIEWS", "iterm")], "\u{1b}]1337;File="),
        (&[("TERM", "foot")], "\u{1b}P0;1;0q"),
    ] {
        let ran = wait(env, &[], &jpeg(), sign, MANY);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            ran.out.ends_with("cat.png\n"),
            "stdout is the path alone: {}",
            ran.out
        );
        assert!(ran.err.contains(word), "{word}");
        let (_, after) = ran.err.rsplit_once(sign).unwrap();
        assert!(
            after.contains("\r\u{1b}[20A\u{1b}[J"),
            "taken away: {after:?}"
        );
        assert!(!after.contains(word));
        // The same picture is not drawn again.
        assert_eq!(ran.err.matches(sign).count(), 1);
    }
}

#[test]
fn a_data_uri_is_a_picture_too() {
    let uri = format!("data:image/jpeg;base64,{}", jpeg());
    let ran = wait(&[COLOURS], &[], &uri, "▀", MANY);
    assert!(ran.code == 0 && ran.err.contains('▀'));
}

#[test]
fn what_cannot_be_shown_is_left_out_without_a_word() {
    let none = |ran: Ran| {
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            !ran.err.contains('▀') && !ran.err.contains("error"),
            "{}",
            ran.err
        );
        assert!(!ran.out.contains('▀'));
    };
    let jpeg = jpeg();
    let torn = &jpeg[..jpeg.len() / 2 / 4 * 4];
    for preview in ["", "AAAA", "not base64", "https://s/a.jpg", torn] {
        none(wait(&[COLOURS], &[], preview, "never", FEW));
    }
    none(wait(
        &[COLOURS, ("NO_COLOR", "1")],
        &[],
        &jpeg,
        "never",
        FEW,
    ));
    none(wait(
        &[COLOURS, ("DRYAPI_PREVIEWS", "off")],
        &[],
        &jpeg,
        "never",
        FEW,
    ));
    none(wait(&[("TERM", "vt100")], &[], &jpeg, "never", FEW));
    for more in ["--json", "--quiet"] {
        none(wait(&[COLOURS], &[more], &jpeg, "never", FEW));
    }
    none(wait_on(
        Console::default(),
        &[COLOURS],
        &[],
        &jpeg,
        "never",
        FEW,
    ));
}
