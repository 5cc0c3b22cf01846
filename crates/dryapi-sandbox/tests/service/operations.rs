//! Every operation of the table, asked for as little as it takes: what is quoted is what is
//! charged, and what a job makes is what its task says.

use std::time::Duration;

use dryapi_sandbox::Config;
use dryapi_types::{
    BodyKind, CardRule, CostClass, FieldKind, FieldMeta, Meta, Method, OutputKind, Required, TABLE,
};
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};

use crate::support::{Service, read, service, still};

/// Files to send, made by the sandbox itself.
struct Files {
    picture: Vec<u8>,
    film: Vec<u8>,
    sound: Vec<u8>,
}

impl Files {
    async fn make(it: &Service) -> Self {
        let picture = json!({"prompt": "a cat", "model": "Flux1schnell", "width": 256,
            "height": 256, "guidance": 0, "steps": 4, "seed": 7});
        let film = json!({"prompt": "a cat", "model": "Ltx2_19B_Dist_FP8", "width": 512,
            "height": 512, "frames": 49, "fps": 24, "seed": 7});
        let sound = json!({"text": "hello", "model": "Kokoro", "lang": "en-us", "speed": 1,
            "voice": "af_sky", "format": "wav", "sample_rate": 24000});
        Self {
            picture: made(it, "txt2img", &picture).await,
            film: made(it, "txt2video", &film).await,
            sound: made(it, "txt2audio", &sound).await,
        }
    }

    fn of(&self, field: &FieldMeta) -> (Vec<u8>, &'static str) {
        let formats = field.file.map_or(&[][..], |rule| rule.formats);
        if formats.is_empty() || formats.contains(&"png") {
            (self.picture.clone(), "in.png")
        } else if formats.contains(&"mp4") {
            (self.film.clone(), "in.mp4")
        } else {
            (self.sound.clone(), "in.wav")
        }
    }
}

async fn made(it: &Service, task: &str, body: &Value) -> Vec<u8> {
    let (status, answer) = it.post(task, body).await;
    assert_eq!(status, 200, "{task}: {answer}");
    let id = answer["data"]["request_id"].as_str().unwrap().to_owned();
    it.bytes(&it.result_url(&id).await).await
}

/// The first model that does a task.
async fn model(it: &Service, task: &Meta) -> Value {
    let path = format!("models?per_page=1&filter[inference_types]={}", task.name);
    it.get(&path).await.1["data"][0].clone()
}

/// What a field is sent as, where it must be.
fn value(field: &FieldMeta, model: &Value) -> Option<Value> {
    let key = field.card.map_or(field.name, |card| card.key);
    let defaults = &model["info"]["defaults"];
    if field.name == "model" {
        return Some(model["slug"].clone());
    }
    match field.card.map(|card| card.rule) {
        Some(CardRule::Language) => return Some(model["languages"][0]["slug"].clone()),
        Some(CardRule::Voice) => {
            return Some(model["languages"][0]["voices"][0]["slug"].clone());
        }
        _ => {}
    }
    if !defaults[key].is_null() {
        return Some(defaults[key].clone());
    }
    let given = match field.kind {
        FieldKind::Text => match field.choices.first() {
            Some(first) => json!(first),
            None if field.name.ends_with("_url") => json!("https://example.org/talk"),
            None => json!("a quiet harbour at dawn"),
        },
        FieldKind::Texts => json!(["a quiet harbour", "a loud market"]),
        FieldKind::Integer => json!(field.default.map_or(8, |text| text.parse().unwrap())),
        FieldKind::Number => json!(
            field
                .default
                .map_or(1.0, |text| text.parse::<f64>().unwrap())
        ),
        FieldKind::Boolean => json!(false),
        _ => return None,
    };
    Some(given)
}

/// Sends as little as an operation takes.
async fn ask(it: &Service, meta: &Meta, model: &Value, files: &Files) -> (u16, Value) {
    let group = meta.exactly_one.first().copied().unwrap_or_default();
    let needed = |field: &&FieldMeta| {
        let by_rule = meta
            .needs
            .iter()
            .any(|rule| rule.or_absent && rule.needs == field.name);
        field.required != Required::No || by_rule || group.contains(&field.name)
    };
    let fields: Vec<&FieldMeta> = meta.fields.iter().filter(needed).collect();
    let url = it.url(meta.path);
    let values: Map<String, Value> = fields
        .iter()
        .filter_map(|field| Some((field.name.to_owned(), value(field, model)?)))
        .collect();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(on) => u8::from(*on).to_string(),
        other => other.to_string(),
    };
    let request = if meta.method == Method::Get {
        let pairs: Vec<(&String, String)> = values.iter().map(|(k, v)| (k, text(v))).collect();
        it.http.get(url).query(&pairs)
    } else if matches!(meta.body, BodyKind::Json | BodyKind::JsonUnlessFile) {
        it.http.post(url).json(&values)
    } else {
        let mut form = Form::new();
        for field in &fields {
            if matches!(field.kind, FieldKind::File | FieldKind::Files) {
                let (bytes, name) = files.of(field);
                form = form.part(field.name, Part::bytes(bytes).file_name(name));
            } else if let Some(value) = values.get(field.name) {
                form = form.text(field.name, text(value));
            }
        }
        it.http.post(url).multipart(form)
    };
    read(request.bearer_auth(&it.key).send().await.unwrap()).await
}

#[tokio::test]
async fn what_is_quoted_is_charged_and_made() {
    let it = service(Config::with_balance(still(), "1000".parse().unwrap())).await;
    let files = Files::make(&it).await;
    for meta in TABLE.iter().filter(|meta| meta.cost == CostClass::Paid) {
        let name = meta.name;
        let model = model(&it, meta).await;
        let quote = TABLE
            .iter()
            .find(|quote| Some(quote.name) == meta.price)
            .unwrap();
        let (status, quoted) = ask(&it, quote, &model, &files).await;
        assert_eq!(status, 200, "{}: {quoted}", quote.name);
        let before = it.sandbox.charges().len();
        let (status, answer) = ask(&it, meta, &model, &files).await;
        assert_eq!(status, 200, "{name}: {answer}");
        let charges = it.sandbox.charges();
        assert_eq!(charges.len(), before + 1, "{name}");
        let price = match meta.task {
            Some(_) => quoted["data"]["price"].to_string(),
            None => quoted["price"].to_string(),
        };
        let paid = charges[before].amount.to_string();
        let paid: f64 = paid.parse().unwrap();
        assert_eq!(price.parse::<f64>().unwrap(), paid, "{name}");
        assert!(paid > 0.0, "{name}");
        let Some(task) = meta.task else {
            let prompt = answer["prompt"]
                .as_str()
                .or(answer["data"]["prompt"].as_str());
            assert!(
                prompt.is_some_and(|text| text.len() > 10),
                "{name}: {answer}"
            );
            continue;
        };
        let id = answer["data"]["request_id"].as_str().unwrap().to_owned();
        let bytes = it.bytes(&it.result_url(&id).await).await;
        let fits = match task.output {
            OutputKind::Image => bytes.starts_with(b"\x89PNG"),
            OutputKind::Video => bytes.get(4..8) == Some(b"ftyp"),
            OutputKind::Audio => bytes.starts_with(b"fLaC"),
            OutputKind::Embedding => {
                let vectors: Vec<Vec<f32>> = serde_json::from_slice(&bytes).unwrap();
                (vectors.len(), vectors[0].len()) == (2, 1024)
            }
            _ => String::from_utf8(bytes.clone()).unwrap().len() > 20,
        };
        assert!(fits, "{name}: {:?}", bytes.get(..16));
    }
}

#[tokio::test]
async fn a_text_result_is_inline_where_it_was_asked_for() {
    let it = service(still()).await;
    let ask = |inline: bool| {
        json!({"audio_url": "https://x.com/i/spaces/1", "include_ts": true,
            "model": "WhisperLargeV3", "return_result_in_response": inline})
    };
    for inline in [true, false] {
        let (status, answer) = it.post("aud2txt", &ask(inline)).await;
        assert_eq!(status, 200, "{answer}");
        let id = answer["data"]["request_id"].as_str().unwrap().to_owned();
        it.sandbox.advance(Duration::from_secs(5));
        let status = it.status(&id).await;
        assert_eq!(status["result"].is_string(), inline, "{status}");
        assert!(status["result_url"].as_str().unwrap().contains(".txt"));
    }
}

#[tokio::test]
async fn rules_over_several_fields() {
    let it = service(still()).await;
    let speech = |more: Value| {
        let mut body = json!({"text": "hello", "model": "Qwen3_TTS_12Hz_1_7B_CustomVoice",
            "lang": "English", "speed": 1, "format": "mp3", "sample_rate": 24000});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let errors = async |path: &str, body: Value| {
        let (status, answer) = it.post(path, &body).await;
        assert_eq!(status, 422, "{answer}");
        answer["errors"].to_string()
    };
    let voiceless = errors("txt2audio", speech(json!({}))).await;
    assert!(voiceless.contains("The voice field is required when mode is custom_voice."));
    let silent = errors("txt2audio", speech(json!({"mode": "voice_clone"}))).await;
    assert!(silent.contains("ref audio"), "{silent}");
    let odd = errors(
        "txt2audio",
        speech(json!({"mode": "opera", "voice": "Ryan"})),
    )
    .await;
    assert!(odd.contains("The selected mode is invalid."), "{odd}");
    let both = json!({"model": "Kokoro", "lang": "en-us", "speed": 1, "format": "mp3",
        "sample_rate": 24000, "voice": "af_sky", "text": "a", "count_text": 1});
    let both = errors("txt2audio/price-calculation", both).await;
    assert!(both.contains("Only one of these may be given"), "{both}");
}

#[tokio::test]
async fn errors_come_as_a_map_where_that_is_wished() {
    let it = service(still().with_errors_as_map(true)).await;
    let (status, answer) = it.post("txt2embedding", &json!({"input": 7})).await;
    assert_eq!(status, 422);
    let message = "The input must be a string or an array of strings.";
    let expected = json!({"message": message, "errors": {
        "input": [message], "model": ["The model field is required."]}});
    assert_eq!(answer, expected);
}
