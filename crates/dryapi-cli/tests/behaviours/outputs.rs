//! Results that are for reading: to stdout, inline or not.

use dryapi_types::OutputKind;
use serde_json::{Value, json};

use crate::stub::{Files, Made, Stub, output};

#[test]
fn texts_go_to_stdout() {
    let (stub, files) = (Stub::start(), Files::new());
    let (cat, sound) = (files.path("cat.png"), files.path("sound.wav"));
    let read = |args: &[&str]| {
        let ran = stub.dryapi(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran.out
    };
    let tasks: [(&[&str], OutputKind); 3] = [
        (&["ocr", &cat], output("img2txt")),
        (&["transcribe", &sound], output("audiofile2txt")),
        (&["embed", "a text"], output("txt2embedding")),
    ];
    for (task, kind) in tasks {
        let is_vectors = kind == OutputKind::Embedding;
        // A file, with and without a line break at its end: one stands there.
        for content in ["[[1.5,2]]", "[[1.5,2]]\n"] {
            stub.makes(Made::File("made.txt", content));
            assert_eq!(read(task), "[[1.5,2]]\n", "{task:?}");
            assert_eq!(read(&[task, &["-o", "-"]].concat()), content);
        }
        let ran: Value = serde_json::from_str(&read(&[task, &["--json"]].concat())).unwrap();
        let expected = match is_vectors {
            true => json!([[1.5, 2]]),
            false => json!("[[1.5,2]]\n"),
        };
        assert_eq!(ran["result"], expected, "{task:?}");
        assert_eq!(ran["files"], json!([]));

        let inline = match is_vectors {
            true => json!([[1.5, 2]]),
            false => json!("inline"),
        };
        stub.makes(Made::Inline(inline.clone()));
        let asked = [task, &["--return-result-in-response"]].concat();
        let shown = inline
            .as_str()
            .map_or_else(|| inline.to_string(), ToOwned::to_owned);
        assert_eq!(read(&asked), format!("{shown}\n"));
        let folder = tempfile::tempdir().unwrap();
        let at = format!("{}/", folder.path().display());
        let path = read(&[&asked[..], &["-o", &at]].concat());
        let extension = if is_vectors { ".json\n" } else { ".txt\n" };
        assert!(path.ends_with(extension), "{path}");
        assert_eq!(std::fs::read_to_string(path.trim_end()).unwrap(), shown);
    }
    let asked = stub.field("txt2embedding", "return_result_in_response");
    assert_eq!(asked.unwrap(), "true");
}

#[test]
fn a_text_named_json_is_what_the_service_gave() {
    let (stub, files) = (Stub::start(), Files::new());
    stub.makes(Made::Inline(json!({"text": "hello", "segments": []})));
    let out = files.path("said.json");
    let ran = stub.dryapi(&["transcribe", &files.path("sound.wav"), "-o", &out]);
    assert_eq!((ran.code, ran.out), (0, format!("{out}\n")), "{}", ran.err);
    let text = std::fs::read_to_string(out).unwrap();
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(said["text"], "hello");
}

#[test]
fn a_model_is_shown_at_length() {
    let ran = Stub::start().dryapi(&["models", "show", "Any"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (_, rest) = ran.out.split_once("limits").unwrap();
    insta::assert_snapshot!(format!("limits{rest}"), @r"
    limits    width 256-2048, input images <=3, format flac/wav/mp3, resolution step 64, sample rate 24000/44100
      defaults  duration 30, format flac, fps 24, frames 97, guidance 3.5, height 512, lang English, sample rate 24000, steps 4, voice sky, width 768
      features  guidance, steps, lora
      loras     watercolour (Watercolour)
      language  en (English)
        voice   sky (Sky, female)
        voice   sea
    ");
}
