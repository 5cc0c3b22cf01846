//! One exchange of every operation, as sent and as the sandbox answers it: a change of the wire is
//! seen in review, in `tests/snapshots/exchanges`.

use std::fmt::Write as _;
use std::path::Path;

use bytes::Bytes;
use dryapi_client::{ApiKey, Client, Random, RetryPolicy};
use dryapi_sandbox::{Config, Sandbox};
use dryapi_testkit::{Answer, ScriptedTransport, SentRequest, Step};
use dryapi_transport::{HttpTransport, Request, Transport};
use dryapi_types::{
    AnyTask, EnhanceImagePrompt, EnhanceImageToImagePrompt, EnhanceSpeechPrompt,
    EnhanceVideoPrompt, FieldKind, FieldMeta, GetBalance, GetJobStatus, GetSamplePrompt,
    ListModels, Measured, Meta, Operation, Priced, Source, TABLE,
};
use serde_json::{Map, Value, json};

/// A picture of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\r\xefF\xb8\0\0\0\0IEND\xaeB`\x82";
/// What begins like a film, and like a sound.
const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41";
const SOUND: &[u8] = b"ID3\x04\0\0\0\0\0\0 not really a sound";

/// Draws the same number whenever it is asked, so that boundaries are the same.
#[derive(Debug)]
struct Drawn;

impl Random for Drawn {
    fn next_u64(&self) -> u64 {
        0x0123_4567_89ab_cdef
    }
}

/// What is written down.
struct Recorder {
    sandbox: Sandbox,
    client: Client,
    sent: ScriptedTransport,
    road: HttpTransport,
    written: Vec<&'static str>,
}

impl Recorder {
    async fn start() -> Self {
        let sandbox = Sandbox::start(Config::default().with_speed(0.0))
            .await
            .unwrap();
        let nothing = Answer::json(500, &json!({"message": "only recorded"}));
        let sent = ScriptedTransport::new().then(Step::answer(nothing).always());
        let client = Client::builder()
            .api_key(ApiKey::new(sandbox.api_key()).unwrap())
            .base_url(sandbox.base_url())
            .transport(sent.clone())
            .random(Drawn)
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        Self {
            sandbox,
            client,
            sent,
            road: HttpTransport::builder().build().unwrap(),
            written: Vec::new(),
        }
    }

    /// Sends an operation, and writes down what was sent and what the sandbox makes of it.
    async fn exchange<O: Operation + 'static>(&mut self, operation: &O, variant: &str) {
        let meta = operation.meta();
        let call = self.client.call(operation).intent("order-4711");
        let failed = call.await.err().map(|error| error.to_string());
        let sent = self.sent.requests().pop();
        let sent = sent.unwrap_or_else(|| panic!("{}: {failed:?}", meta.name));
        let mut request = Request::new(sent.method.clone(), sent.uri.clone());
        request.headers = sent.headers.clone();
        request.body = sent.body.clone().into();
        let mut response = self.road.send(request).await.unwrap();
        let body = response.read(1 << 20).await.bytes;
        let mut text = written(&sent, &self.sandbox);
        let status = response.status.as_u16();
        let pretty = serde_json::from_slice::<Value>(&body).unwrap();
        let _ = writeln!(text, "\n{status}\n{pretty:#}");
        let text = text.replace(&self.sandbox.base_url(), "https://api.dryapi.dev");
        assert_eq!(status, 200, "{text}");
        if !self.written.contains(&meta.name) {
            self.written.push(meta.name);
        }
        let name = meta.name.replace('/', "-");
        insta::with_settings!({
            description => format!("{} {variant}", meta.summary),
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "../snapshots/exchanges",
        }, {
            insta::assert_snapshot!(format!("{name}{variant}"), text);
        });
    }
}

/// A request as it stands on the wire, files by their size.
fn written(sent: &SentRequest, sandbox: &Sandbox) -> String {
    let mut text = format!("{} {}\n", sent.method, sent.uri);
    for (name, value) in &sent.headers {
        let value = value.to_str().unwrap();
        let value = match name.as_str() {
            "authorization" => value.replace(sandbox.api_key(), "[api key]"),
            "user-agent" => continue,
            _ => value.to_owned(),
        };
        let _ = writeln!(text, "{name}: {value}");
    }
    if let Some(json) = sent.json() {
        let _ = writeln!(text, "\n{json:#}");
    } else if !sent.body.is_empty() {
        let _ = writeln!(text, "\n{}", parts(&sent.body));
    }
    text
}

/// A form, line by line; content that is no text by its size.
fn parts(body: &Bytes) -> String {
    let mut text = String::new();
    for part in split(body, b"\r\n--") {
        let end = part.windows(4).position(|window| window == b"\r\n\r\n");
        let (head, content) = match end {
            Some(end) => (&part[..end], &part[end + 4..]),
            None => (part, &[][..]),
        };
        let head = String::from_utf8_lossy(head).replace("\r\n", "\n");
        let _ = writeln!(text, "--{}", head.trim_start_matches("--"));
        if end.is_some() {
            let _ = match std::str::from_utf8(content) {
                Ok(content) if !head.contains("filename") => writeln!(text, "\n{content}"),
                _ => writeln!(text, "\n<{} bytes>", content.len()),
            };
        }
    }
    text
}

fn split<'b>(body: &'b [u8], by: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.windows(by.len()).position(|window| window == by) {
        pieces.push(&rest[..at]);
        rest = &rest[at + by.len()..];
    }
    pieces.push(rest);
    pieces
}

/// Everything a task takes, with a model that takes it.
fn everything(meta: &Meta, folder: &Path, with_files: bool) -> Map<String, Value> {
    let file = |field: &FieldMeta| {
        let formats = field.file.map_or(&[][..], |rule| rule.formats);
        let (name, bytes) = match formats {
            formats if formats.is_empty() || formats.contains(&"png") => ("in.png", PNG),
            formats if formats.contains(&"mp4") => ("in.mp4", FILM),
            _ => ("in.mp3", SOUND),
        };
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        json!(path)
    };
    let loras = json!([{"name": "watercolour_v2", "weight": 0.8}]);
    let value = |field: &FieldMeta| match (field.name, field.kind) {
        (_, FieldKind::Files) => Some(json!([file(field), file(field)])),
        (_, FieldKind::File) => with_files.then(|| file(field)),
        ("model", _) => Some(json!(model(meta.name))),
        // Published for pictures, and offered by one model that makes them from texts.
        ("loras", _) => (meta.name == "txt2img").then(|| loras.clone()),
        ("negative_prompt", _) => (meta.name != "img2img").then(|| json!("blurred")),
        ("lang", _) => Some(json!("en-us")),
        ("voice", _) => Some(json!("af_sky")),
        ("webhook_url", _) => Some(json!("https://example.org/hook?x=1&y=2")),
        ("width" | "height", _) => Some(json!(512)),
        ("steps", _) => Some(json!(if meta.name.ends_with("2video") { 8 } else { 4 })),
        ("guidance", _) => Some(json!(if meta.name.ends_with("2video") {
            1.0
        } else {
            0.0
        })),
        ("frames", _) => Some(json!(49)),
        ("fps", _) => Some(json!(24)),
        ("duration", _) => Some(json!(12.5)),
        ("bpm", _) => Some(json!(90)),
        ("timesignature", _) => Some(json!(4)),
        ("keyscale", _) => Some(json!("F# minor")),
        ("sample_rate", _) => Some(json!(24000)),
        ("inference_steps", _) => Some(json!(8)),
        ("guidance_scale", _) => Some(json!(7.5)),
        ("seed", _) => Some(json!(4711)),
        ("speed", _) => Some(json!(1.25)),
        ("video_url" | "audio_url", _) => Some(json!("https://example.org/talk?t=5")),
        (_, FieldKind::Text) => Some(match field.choices.first() {
            Some(first) => json!(first),
            None => json!("a \"quiet\" harbour, straße 東京"),
        }),
        (_, FieldKind::Texts) => Some(json!(["a quiet harbour", "a loud market"])),
        (_, FieldKind::Boolean) => Some(json!(true)),
        _ => None,
    };
    let fields = meta.fields.iter().filter(|field| !field.extended);
    fields
        .filter_map(|field| Some((field.name.to_owned(), value(field)?)))
        .collect()
}

fn model(task: &str) -> &'static str {
    match task {
        "txt2img" => "ZImageTurbo_INT8",
        "img2img" => "Flux_2_Klein_4B_BF16",
        "img-upscale" => "RealESRGAN_x4",
        "img-rmbg" => "Ben2",
        "txt2video" | "img2video" | "aud2video" => "Ltx2_3_22B_Dist_INT8",
        "vid-upscale" => "RealESRGAN_Vid_x2",
        "vid-rmbg" => "RMBG_Vid",
        "txt2audio" => "Kokoro",
        "txt2music" => "AceStep_1_5_Turbo",
        "txt2embedding" => "Bge_M3_FP16",
        "img2txt" => "Nanonets_Ocr_S_F16",
        _ => "WhisperLargeV3",
    }
}

#[tokio::test]
async fn every_operation_as_sent_and_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut it = Recorder::start().await;
    let tasks = TABLE
        .iter()
        .filter(|meta| meta.task.is_some() && !meta.extended);
    for meta in tasks {
        let has_file = |kind| meta.fields.iter().any(|field| field.kind == kind);
        let optional = meta.body == dryapi_types::BodyKind::JsonUnlessFile;
        let variants: &[(&str, bool)] = match optional {
            true => &[("", false), ("_with_file", true)],
            false => &[("", true)],
        };
        for (variant, with_files) in variants {
            let fields = everything(meta, folder.path(), *with_files);
            let task = AnyTask::from_fields(meta.name, fields).unwrap();
            it.exchange(&task, variant).await;
            it.exchange(&task.quote(Measured::default()), variant).await;
            let mut measured = Measured::pixels(640, 480);
            measured.seconds = Some(12.25);
            let file = has_file(FieldKind::File) && task.measured().is_some();
            if file {
                it.exchange(&task.quote(measured), "_measured").await;
            }
        }
    }
    let picture = || Source::bytes("in.png", PNG.to_vec());
    let none = Measured::default();
    let image = EnhanceImagePrompt::new("a cat").with_negative_prompt("a dog");
    it.exchange(&image, "").await;
    it.exchange(&image.quote(none), "").await;
    it.exchange(&EnhanceImagePrompt::new("a cat"), "_bare")
        .await;
    let video = EnhanceVideoPrompt::new("a cat runs");
    it.exchange(&video, "").await;
    it.exchange(&video.quote(none), "").await;
    it.exchange(&video.with_image(picture()), "_with_file")
        .await;
    let edit = EnhanceImageToImagePrompt::new("make it winter").with_image(picture());
    it.exchange(&edit, "").await;
    it.exchange(&edit.quote(none), "").await;
    let speech = EnhanceSpeechPrompt::new("good morning").with_lang_code("en");
    it.exchange(&speech, "").await;
    it.exchange(&speech.quote(none), "").await;
    let sample = GetSamplePrompt::new("text2image").with_topic("a quiet harbour & a cat");
    it.exchange(&sample, "").await;
    it.exchange(&sample.quote(none), "").await;
    it.exchange(&GetBalance::new(), "").await;
    it.exchange(
        &ListModels::new().with_per_page(1).with_task("txt2audio"),
        "",
    )
    .await;
    let job = it.sandbox.jobs()[0].request_id.clone();
    it.exchange(&GetJobStatus::new(job), "").await;

    let published = TABLE.iter().filter(|meta| !meta.extended);
    let missing: Vec<_> = published
        .map(|meta| meta.name)
        .filter(|name| !it.written.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(it.written.len(), 47);
}
