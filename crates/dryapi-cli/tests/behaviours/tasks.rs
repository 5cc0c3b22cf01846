//! Every task of the table as a command.

use dryapi_types::{CardRule, FieldKind, FieldMeta, Meta, Required, TABLE};

use crate::stub::{Files, Made, Stub};

fn tasks() -> impl Iterator<Item = &'static Meta> {
    let tasks = TABLE.iter().copied();
    // The command that picks a transcription goes before an operation of its name.
    tasks.filter(|meta| meta.task.is_some() && meta.name != "transcribe")
}

/// A value for a field that nothing fills in.
fn value(files: &Files, field: &FieldMeta) -> String {
    match (field.kind, field.file) {
        (FieldKind::File | FieldKind::Files, Some(rule)) if rule.formats.contains(&"png") => {
            files.path("cat.png")
        }
        (FieldKind::File | FieldKind::Files, Some(rule)) if rule.formats.contains(&"mp4") => {
            files.path("film.mp4")
        }
        (FieldKind::File | FieldKind::Files, _) => files.path("sound.wav"),
        _ if field.name.ends_with("_url") => "https://example.com/1".to_owned(),
        _ => "three words here".to_owned(),
    }
}

/// The shortest command line: the main input, and what no model knows.
fn smallest(files: &Files, meta: &Meta) -> Vec<String> {
    let main = meta.field(meta.input.unwrap()).unwrap();
    let mut args = vec![meta.name.to_owned(), value(files, main)];
    for field in meta.fields {
        let by_model = field
            .card
            .is_some_and(|card| card.rule != CardRule::Characters && card.rule != CardRule::Images);
        let given = [main.name, "model"].contains(&field.name) || by_model;
        if field.required == Required::Yes && field.default.is_none() && !given {
            args.push(format!("--{}", field.name.replace('_', "-")));
            args.push(value(files, field));
        }
    }
    args
}

#[test]
fn every_task_is_made_from_its_input_and_a_model() {
    let (stub, files) = (Stub::start(), Files::new());
    for meta in tasks() {
        let args = smallest(&files, meta);
        let line: Vec<&str> = ["submit"]
            .into_iter()
            .chain(args.iter().map(String::as_str))
            .collect();
        let ran = stub.dryapi(&line);
        assert_eq!(ran.code, 0, "{line:?}: {}", ran.err);
        let sent = stub.sent(meta.path);
        let has = |name: &str| sent.iter().any(|(field, _)| field == name);
        for field in meta.fields {
            let there = field.required != Required::No;
            assert!(!there || has(field.name), "{}: {sent:?}", field.name);
        }
        assert!(sent.contains(&("model".into(), "Any".into())), "{line:?}");
        let told = ran.err.lines().find_map(|line| line.strip_prefix("seed "));
        let seed = sent.iter().find(|(field, _)| field == "seed");
        assert_eq!(told, seed.map(|(_, value)| value.as_str()), "{line:?}");
    }
}

#[test]
fn every_task_has_its_price() {
    let (stub, files) = (Stub::start(), Files::new());
    for meta in tasks().filter(|meta| meta.price.is_some()) {
        let args = smallest(&files, meta);
        let line: Vec<&str> = ["price"]
            .into_iter()
            .chain(args.iter().map(String::as_str))
            .collect();
        let ran = stub.dryapi(&line);
        assert_eq!((ran.code, ran.out.as_str()), (0, "0.25 USD\n"), "{ran:?}");
    }
    let paid = |call: &String| call.starts_with("POST") && !call.contains("price");
    assert!(!stub.calls().iter().any(paid), "{:?}", stub.calls());
    // Measured here, not uploaded.
    let upscale = stub.sent("img-upscale/price-calculation");
    assert_eq!(
        upscale[..2],
        [
            ("width".into(), "64".into()),
            ("height".into(), "32".into())
        ]
    );
}

#[test]
fn every_task_brings_what_it_makes() {
    let (stub, files) = (Stub::start(), Files::new());
    stub.makes(Made::File("made.json", "[[1]]"));
    for meta in tasks() {
        let out = files.path(&format!("{}-made", meta.name.replace('/', "-")));
        let mut line = smallest(&files, meta);
        line.extend(["-o".to_owned(), out.clone()]);
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let ran = stub.dryapi(&line);
        assert_eq!(
            (ran.code, ran.out),
            (0, format!("{out}\n")),
            "{line:?}: {}",
            ran.err
        );
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "[[1]]");
    }
}

#[test]
fn short_names_are_tasks_too() {
    let (stub, files) = (Stub::start(), Files::new());
    let picture = files.path("cat.png");
    for (alias, input, task) in [
        ("tts", "hello", "txt2audio"),
        ("ocr", picture.as_str(), "img2txt"),
        ("embed", "hello", "txt2embedding"),
    ] {
        assert_eq!(stub.dryapi(&["submit", alias, input]).code, 0, "{alias}");
        assert_eq!(stub.calls().pop(), Some(format!("POST {task}")));
        assert_eq!(stub.dryapi(&["price", alias, input]).code, 0, "{alias}");
        assert_eq!(stub.dryapi(&["models", "--task", alias]).code, 0);
        let ran = stub.dryapi(&[alias, input, "-o", &files.path(alias)]);
        assert_eq!(ran.code, 0, "{alias}: {}", ran.err);
    }
}
