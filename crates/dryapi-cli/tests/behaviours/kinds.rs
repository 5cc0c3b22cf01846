//! Every kind of field: how it is typed, and what is sent.

use serde_json::{Value, json};

use crate::stub::{Files, Made, Stub};
use crate::support::stdin;

/// What no model fills in of a speech.
const SPEECH: &[&str] = &[
    "submit",
    "txt2audio",
    "Hello.",
    "--model",
    "Any",
    "--lang",
    "en",
    "--format",
    "mp3",
    "--sample-rate",
    "24000",
];

#[test]
fn texts_repeat() {
    let stub = Stub::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, "from a file\n").unwrap();
    let at = format!("@{}", file.display());
    let sent = |args: &[&str]| {
        let line = [&["submit", "embed", "--model", "Any"], args].concat();
        let ran = stub.on(&line, stdin(b"from stdin\n"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        stub.field("txt2embedding", "input").unwrap()
    };
    assert_eq!(sent(&["one"]), "one");
    assert_eq!(
        sent(&["--input", "one", "--input", &at]),
        r#"["one","from a file"]"#
    );
    assert_eq!(sent(&["-", "--input", "two"]), r#"["from stdin","two"]"#);
    assert_eq!(sent(&["--input", "-"]), "-", "a flag's text is as typed");
}

#[test]
fn pictures_repeat() {
    let (stub, files) = (Stub::start(), Files::new());
    stub.makes(Made::File("made.png", "x"));
    let cat = files.path("cat.png");
    let png = std::fs::read(&cat).unwrap();
    let line = |more: &[&str]| {
        let line = [
            "img2img", "--prompt", "a hat", "--model", "Any", "--steps", "4", "--json",
        ];
        let ran = stub.on(&[&line, more].concat(), stdin(&png));
        assert_eq!(ran.code, 0, "{}", ran.err);
        let request: Value = serde_json::from_str(&ran.out).unwrap();
        let sent = stub.sent("img2img").into_iter();
        let files: Vec<_> = sent.filter(|(name, _)| name.starts_with("image")).collect();
        (files, request["request"]["image"].clone())
    };
    let out = |name: &str| files.path(name);
    let (sent, shown) = line(&[&cat, "-o", &out("1.png")]);
    assert_eq!(sent, [("image".to_owned(), "cat.png".to_owned())]);
    assert_eq!(shown, cat.as_str());
    let (sent, shown) = line(&["--image", &cat, "--image", "-", "-o", &out("2.png")]);
    let names: Vec<&str> = sent.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["images[]", "images[]"]);
    assert_eq!(shown, json!([cat, "-"]), "no file of ours is shown");
    let ran = stub.on(&["submit", "img2img", "-", "--image", "-"], stdin(&png));
    assert_eq!(ran.code, 2, "stdin is read once: {}", ran.err);
}

#[test]
fn loras_booleans_and_choices() {
    let (stub, files) = (Stub::start(), Files::new());
    let picture = files.path("cat.png");
    let line = [
        "submit",
        "img2img",
        &picture,
        "--prompt",
        "a hat",
        "--lora",
        "watercolour=0.8",
        "--lora",
        "b=1",
    ];
    let ran = stub.dryapi(&[&line[..], &["--no-check"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        stub.field("img2img", "loras[0][name]").unwrap(),
        "watercolour"
    );
    assert_eq!(stub.field("img2img", "loras[1][weight]").unwrap(), "1");
    let ran = stub.dryapi(&line);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("Any has no LoRA adapter \"b\"."),
        "{}",
        ran.err
    );

    let film = files.path("film.mp4");
    for (typed, sent) in [
        (&["--include-ts"][..], "1"),
        (&["--include-ts", "false"], "0"),
        (&["--include-ts=true"], "1"),
        (&[], "0"),
    ] {
        let line = [
            &["submit", "videofile2txt"],
            typed,
            &[&film, "--model", "Any"],
        ]
        .concat();
        assert_eq!(stub.dryapi(&line).code, 0, "{typed:?}");
        assert_eq!(stub.field("videofile2txt", "include_ts").unwrap(), sent);
    }

    // The service may know more than its pages: a mode of tomorrow is sent as it is.
    let ran = stub.dryapi(&[SPEECH, &["--mode", "voice_of_tomorrow"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        stub.field("txt2audio", "mode").unwrap(),
        "voice_of_tomorrow"
    );
}

#[test]
fn what_another_field_needs_comes_from_the_model_or_is_missed() {
    let (stub, files) = (Stub::start(), Files::new());
    for mode in [&[][..], &["--mode", "custom_voice"]] {
        let ran = stub.dryapi(&[SPEECH, mode].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, "voice sky, from Any\n"));
        assert_eq!(stub.field("txt2audio", "voice").unwrap(), "sky");
    }
    let before = stub.calls().len();
    let ran = stub.dryapi(&[SPEECH, &["--voice", "sea"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(stub.calls()[before..], ["POST txt2audio"], "nothing to ask");

    let before = stub.calls().len();
    let ran = stub.dryapi(&[SPEECH, &["--mode", "voice_clone"]].concat());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("ref_audio: is required; give --ref-audio"),
        "{}",
        ran.err
    );
    let ran = stub.dryapi(&["submit", "img2img", &files.path("cat.png")]);
    assert!(
        ran.err.contains("prompt: is required; give --prompt"),
        "{}",
        ran.err
    );
    assert_eq!(
        (ran.code, stub.calls().len()),
        (2, before),
        "not even the catalogue is asked"
    );
}

#[test]
fn values_that_cannot_be_are_not_sent() {
    let stub = Stub::start();
    let ran = stub.dryapi(&["submit", "txt2music", "a waltz", "--duration", "5"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("duration: "), "{}", ran.err);
    assert_eq!(stub.calls(), ["GET models"]);
}

#[test]
fn the_name_of_the_file_chooses_the_format() {
    let (stub, files) = (Stub::start(), Files::new());
    stub.makes(Made::File("made.flac", "x"));
    for (name, more, format) in [
        ("speech.wav", &[][..], "wav"),
        ("speech.MP3", &[], "mp3"),
        ("other.wav", &["--format", "flac"], "flac"),
        ("speech.ogg", &[], "flac"),
        ("no-extension", &[], "flac"),
    ] {
        for (task, input) in [("txt2audio", "Hello."), ("txt2music", "a waltz")] {
            let out = files.path(&format!("{task}-{name}"));
            let ran = stub.dryapi(&[&[task, input, "-o", &out], more].concat());
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
            assert_eq!(stub.field(task, "format").unwrap(), format, "{name}");
        }
    }
}
