//! A service that takes anything, answers every task alike, and knows what it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dryapi_cli::Console;
use dryapi_types::{OutputKind, TABLE};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{Ledger, Ran, with};

const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";
const API: &str = "/api/v1/client/";

/// What a finished job holds.
#[derive(Clone, Debug)]
pub(crate) enum Made {
    /// A file of this name with this content.
    File(&'static str, &'static str),
    Inline(Value),
}

/// The service.
pub(crate) struct Stub {
    server: MockServer,
    ledger: Ledger,
    made: Arc<Mutex<Made>>,
    prompts: Arc<Mutex<(u16, Value)>>,
    runtime: Runtime,
}

struct Answers {
    url: Arc<Mutex<String>>,
    made: Arc<Mutex<Made>>,
    prompts: Arc<Mutex<(u16, Value)>>,
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path();
        let ok = |body: Value| ResponseTemplate::new(200).set_body_json(body);
        let made = self.made.lock().unwrap().clone();
        let Some(call) = path.strip_prefix(API) else {
            return match made {
                Made::File(_, content) => ResponseTemplate::new(200).set_body_string(content),
                Made::Inline(_) => ResponseTemplate::new(404),
            };
        };
        match call {
            "balance" => ok(json!({"balance": "5"})),
            "models" => ok(json!({"data": [card()]})),
            _ if call.contains("price") => ok(json!({"data": {"price": "0.25"}})),
            _ if call.starts_with("prompt") => {
                let (status, body) = self.prompts.lock().unwrap().clone();
                ResponseTemplate::new(status).set_body_json(body)
            }
            _ if call.starts_with("request-status") => {
                let mut status = json!({"status": "done", "progress": 100});
                match made {
                    Made::File(name, _) => {
                        let url = self.url.lock().unwrap();
                        status["result_url"] = format!("{url}/{name}").into();
                    }
                    Made::Inline(value) => status["result"] = value,
                }
                ok(json!({ "data": status }))
            }
            _ => ok(json!({"data": {"request_id": ID}})),
        }
    }
}

/// A model that does everything.
fn card() -> Value {
    let tasks: Vec<&str> = TABLE
        .iter()
        .filter(|meta| meta.task.is_some())
        .map(|meta| meta.name)
        .collect();
    json!({
        "slug": "Any", "name": "Anything", "inference_types": tasks,
        "info": {
            "limits": {
                "min_width": 256, "max_width": 2048, "resolution_step": 64, "max_input_images": 3,
                "format": ["flac", "wav", "mp3"], "sample_rate": [24000, 44100]
            },
            "features": {"supports_guidance": 1, "supports_steps": 1, "supports_lora": 1},
            "defaults": {
                "width": 768, "height": 512, "steps": 4, "guidance": 3.5, "frames": 97, "fps": 24,
                "lang": "English", "voice": "sky", "format": "flac", "sample_rate": 24000,
                "duration": 30
            }
        },
        "loras": [{"name": "watercolour", "display_name": "Watercolour"}],
        "languages": [{"slug": "en", "name": "English", "voices": [
            {"slug": "sky", "name": "Sky", "gender": "female"},
            {"slug": "sea", "name": "sea", "gender": null}
        ]}]
    })
}

impl Stub {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let made = Arc::new(Mutex::new(Made::Inline(json!("nothing"))));
        let prompts = json!({"prompt": "a fine cat", "negative_prompt": "a dog"});
        let prompts = Arc::new(Mutex::new((200, prompts)));
        let url = Arc::default();
        let answers = Answers {
            url: Arc::clone(&url),
            made: Arc::clone(&made),
            prompts: Arc::clone(&prompts),
        };
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            *url.lock().unwrap() = server.uri();
            Mock::given(any())
                .respond_with(answers)
                .mount(&server)
                .await;
            server
        });
        Self {
            server,
            ledger: Ledger::new(),
            made,
            prompts,
            runtime,
        }
    }

    /// Jobs end with this from now on.
    pub(crate) fn makes(&self, made: Made) -> &Self {
        *self.made.lock().unwrap() = made;
        self
    }

    /// Prompts are answered so from now on.
    pub(crate) fn answers_prompts(&self, status: u16, body: Value) -> &Self {
        *self.prompts.lock().unwrap() = (status, body);
        self
    }

    pub(crate) fn dryapi(&self, args: &[&str]) -> Ran {
        self.on(args, Console::default())
    }

    pub(crate) fn on(&self, args: &[&str], console: Console) -> Ran {
        let url = self.server.uri();
        let ledger = self.ledger.path();
        let env = [
            ("DRYAPI_BASE_URL", url.as_str()),
            ("DRYAPI_API_KEY", "sk-1"),
            ("DRYAPI_LEDGER", ledger.as_str()),
        ];
        with(
            args,
            &env,
            console.with_look_every(Duration::from_millis(1)),
        )
    }

    fn requests(&self) -> Vec<Request> {
        self.runtime
            .block_on(self.server.received_requests())
            .unwrap()
    }

    /// What arrived, as `METHOD path` below the API's prefix.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.requests()
            .iter()
            .map(|call| {
                let path = call.url.path().trim_start_matches(API);
                format!("{} {path}", call.method)
            })
            .collect()
    }

    /// How many bytes the longest body had.
    pub(crate) fn longest(&self) -> usize {
        let calls = self.requests();
        calls.iter().map(|call| call.body.len()).max().unwrap_or(0)
    }

    /// The query of the latest request.
    pub(crate) fn query(&self) -> String {
        let last = self.requests().pop().unwrap();
        last.url.query().unwrap_or_default().to_owned()
    }

    /// The fields of the latest request to this operation: of JSON by name, of a form in
    /// order. Of a file its name.
    pub(crate) fn sent(&self, operation: &str) -> Vec<(String, String)> {
        let path = format!("{API}{operation}");
        let calls = self.requests();
        let call = calls.iter().rfind(|call| call.url.path() == path).unwrap();
        if let Ok(Value::Object(object)) = serde_json::from_slice(&call.body) {
            let shown = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let mut fields: Vec<_> = object
                .into_iter()
                .map(|(name, value)| (name, shown(value)))
                .collect();
            fields.sort();
            return fields;
        }
        let body = String::from_utf8_lossy(&call.body);
        let boundary = body.lines().next().unwrap();
        body.split(boundary)
            .filter_map(|part| {
                let (head, value) = part.split_once("\r\n\r\n")?;
                let named = |key: &str| {
                    let (_, rest) = head.split_once(&format!("; {key}=\""))?;
                    rest.split('"').next().map(ToOwned::to_owned)
                };
                let value = named("filename").unwrap_or_else(|| value.trim_end().to_owned());
                Some((named("name")?, value))
            })
            .collect()
    }

    /// One field of the latest request to this operation.
    pub(crate) fn field(&self, operation: &str, name: &str) -> Option<String> {
        let sent = self.sent(operation);
        let found = sent.into_iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value)
    }
}

/// Files of every kind that tasks take, in a folder of their own.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 4] = [
            ("cat.png", PNG),
            ("film.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"),
            ("sound.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0"),
            ("unnamed", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"),
        ];
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
}

/// The header of a PNG of 64 by 32 pixels.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20\x08\x02\0\0\0\0\0\0\0\0\0\0\0IDAT";

/// The kind of what a task makes.
pub(crate) fn output(task: &str) -> OutputKind {
    dryapi_types::meta(task).unwrap().task.unwrap().output
}
