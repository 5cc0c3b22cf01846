//! `transcribe` picks the task by its input.

use crate::stub::{Files, Stub};
use crate::support::stdin;

const FIELDS: &[&str] = &["--model", "Any", "--include-ts"];

#[test]
fn the_input_picks_the_task() {
    let (stub, files) = (Stub::start(), Files::new());
    let film = files.path("film.mp4");
    let unnamed = files.path("unnamed");
    let sound = files.path("sound.wav");
    for (input, task, field) in [
        ("https://x.com/i/spaces/1a", "aud2txt", "audio_url"),
        ("https://twitter.com/i/spaces/1a", "aud2txt", "audio_url"),
        ("https://example.com/film.mp4", "vid2txt", "video_url"),
        (film.as_str(), "videofile2txt", "video"),
        (unnamed.as_str(), "videofile2txt", "video"),
        (sound.as_str(), "audiofile2txt", "audio"),
    ] {
        let ran = stub.dryapi(&[&["submit", "transcribe", input], FIELDS].concat());
        assert_eq!(ran.code, 0, "{input}: {}", ran.err);
        assert_eq!(ran.err, format!("transcribe is {task} here\n"));
        assert_eq!(stub.calls().pop(), Some(format!("POST {task}")));
        let sent = stub.field(task, field).unwrap();
        let named = input.rsplit('/').next().unwrap();
        assert!(sent.starts_with(named) || sent == input, "{sent}");
        let ts = stub.field(task, "include_ts").unwrap();
        assert!(["true", "1"].contains(&ts.as_str()), "{ts}");

        let ran = stub.dryapi(&[&["price", "transcribe", input], FIELDS].concat());
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, "0.25 USD\n"),
            "{}",
            ran.err
        );
        let line = [&["transcribe", input, "--json"], FIELDS].concat();
        let ran = stub.dryapi(&line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{input}");
        assert!(
            ran.out.contains(&format!("\"task\":\"{task}\"")),
            "{}",
            ran.out
        );
    }
}

#[test]
fn what_comes_on_stdin_is_looked_at_and_sent_whole() {
    let stub = Stub::start();
    let mut film = b"\0\0\0\x18ftypisom\0\0\0\0isomiso2".to_vec();
    film.resize(20_000, b'x');
    for (input, task) in [
        (film.as_slice(), "videofile2txt"),
        (b"fLaC and so on", "audiofile2txt"),
        (b"https://x.com/i/spaces/1a\n", "aud2txt"),
    ] {
        let line = [&["submit", "transcribe", "-"], FIELDS].concat();
        let ran = stub.on(&line, stdin(input));
        assert_eq!(ran.code, 0, "{task}: {}", ran.err);
        assert_eq!(stub.calls().pop(), Some(format!("POST {task}")));
    }
    let sent = stub.field("aud2txt", "audio_url").unwrap();
    assert_eq!(sent, "https://x.com/i/spaces/1a");
    assert!(
        stub.longest() > 20_000,
        "the film was sent from its beginning"
    );
}

#[test]
fn without_an_input_nothing_is_sent() {
    let stub = Stub::start();
    let ran = stub.dryapi(&["transcribe"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = stub.dryapi(&["transcribe", "nothing.mp3"]);
    assert_eq!(ran.code, 14, "{}", ran.err);
    assert!(stub.calls().is_empty());
}
