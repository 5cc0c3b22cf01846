//! `dryapi --sandbox TASK … -o FILE` for every task of the table: the file is one that a tool of
//! its kind opens, and `dryapi price TASK …` says a price. A tool that is not there is said.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dryapi_types::{FieldKind, Meta, OutputKind, TABLE};
use serde_json::Value;

use crate::support::command::dryapi;

/// Files that tasks are given.
struct Inputs {
    picture: PathBuf,
    film: PathBuf,
    sound: PathBuf,
}

/// What is typed after the name of a task; what is left out is the model's.
fn typed(meta: &Meta, inputs: &Inputs) -> Vec<String> {
    let path = |path: &Path| path.display().to_string();
    let main = meta.input.and_then(|name| meta.field(name)).unwrap();
    let formats = main.file.map_or(&[][..], |rule| rule.formats);
    let mut args = match main.kind {
        FieldKind::File | FieldKind::Files if formats.contains(&"png") => {
            vec![path(&inputs.picture)]
        }
        FieldKind::File if formats.contains(&"mp4") => vec![path(&inputs.film)],
        FieldKind::File => vec![path(&inputs.sound)],
        _ if main.name.ends_with("_url") => vec!["https://example.org/talk".to_owned()],
        _ => vec!["a quiet harbour at dawn".to_owned()],
    };
    if meta.input != Some("prompt") && meta.field("prompt").is_some() {
        args.extend(["--prompt", "make it winter"].map(str::to_owned));
    }
    if meta.field("duration").is_some() {
        args.extend(["--duration", "10"].map(str::to_owned));
    }
    args
}

fn run(args: &[&str]) -> (u8, String, String) {
    let ran = dryapi("http://127.0.0.1:1", args);
    (ran.code, ran.out, ran.err)
}

/// Runs a tool; `None`, and said so, where it is not there.
fn tool(program: &str, args: &[&str]) -> Option<String> {
    match Command::new(program).args(args).output() {
        Ok(output) => {
            let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let text = said(&output.stdout);
            assert!(
                output.status.success(),
                "{program}: {}",
                said(&output.stderr)
            );
            Some(text)
        }
        Err(error) => {
            // Past the test harness, which keeps what a passing test prints.
            let _ = writeln!(std::io::stderr(), "not checked: {program}: {error}");
            None
        }
    }
}

/// Whether a file is what it should be, by our eyes and those of tools.
fn opens(kind: OutputKind, path: &Path) {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).unwrap();
    match kind {
        OutputKind::Image => {
            assert!(bytes.starts_with(b"\x89PNG"), "{shown}");
            if let Some(said) = tool("file", &["-b", &shown]) {
                assert!(said.contains("PNG image data"), "{shown}: {said}");
            }
        }
        OutputKind::Video | OutputKind::Audio => {
            let wanted = if kind == OutputKind::Video {
                "video"
            } else {
                "audio"
            };
            let entries = "stream=codec_type:format=duration";
            let args = [
                "-v",
                "error",
                "-show_entries",
                entries,
                "-of",
                "json",
                &shown,
            ];
            if let Some(said) = tool("ffprobe", &args) {
                let said: Value = serde_json::from_str(&said).unwrap();
                assert_eq!(said["streams"][0]["codec_type"], wanted, "{shown}");
                let seconds: f64 = said["format"]["duration"]
                    .as_str()
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!(seconds > 0.2, "{shown}: {said}");
            }
        }
        OutputKind::Embedding => {
            let vectors: Vec<Vec<f64>> = serde_json::from_slice(&bytes).unwrap();
            let length: f64 = vectors[0].iter().map(|number| number * number).sum();
            assert!((length - 1.0).abs() < 1e-3, "{shown}: {length}");
        }
        _ => assert!(std::str::from_utf8(&bytes).unwrap().len() > 20, "{shown}"),
    }
}

#[test]
fn makes_a_file_that_opens_and_has_a_price() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let made = |name: &str, args: &[&str]| {
        let path = place(name);
        let shown = path.display().to_string();
        let (code, _, err) = run(&[&["--sandbox"], args, &["-o", &shown]].concat());
        assert_eq!(code, 0, "{args:?}: {err}");
        path
    };
    let small = ["--width", "256", "--height", "256"];
    let inputs = Inputs {
        picture: made(
            "in.png",
            &[&["txt2img", "a harbour"][..], &small[..]].concat(),
        ),
        film: made("in.mp4", &["txt2video", "a harbour"]),
        sound: made("in.wav", &["txt2audio", "a harbour"]),
    };
    if let Some(said) = tool(
        "python3",
        &[
            "-c",
            "import sys, wave; print(wave.open(sys.argv[1]).getframerate())",
            &inputs.sound.display().to_string(),
        ],
    ) {
        assert_eq!(said.trim(), "24000");
    }
    let one = |meta: &'static Meta| {
        let Some(task) = meta.task else { return };
        let typed = typed(meta, &inputs);
        let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
        let price = [&["--sandbox", "--json", "price", meta.name], &typed[..]].concat();
        let (code, out, err) = run(&price);
        assert_eq!(code, 0, "{}: {err}", meta.name);
        let price: Value = serde_json::from_str(&out).unwrap();
        let price: f64 = price["price"].as_str().unwrap().parse().unwrap();
        assert!(price > 0.0, "{}", meta.name);
        let name = format!("{}.{}", meta.name.replace('/', "-"), task.extension);
        opens(
            task.output,
            &made(&name, &[&[meta.name], &typed[..]].concat()),
        );
    };
    let tasks: Vec<&'static Meta> = TABLE.iter().copied().filter(|m| m.task.is_some()).collect();
    assert!(tasks.len() >= 17);
    // Most of it is waiting for jobs.
    for several in tasks.chunks(6) {
        std::thread::scope(|threads| {
            for meta in several {
                threads.spawn(|| one(meta));
            }
        });
    }
}
