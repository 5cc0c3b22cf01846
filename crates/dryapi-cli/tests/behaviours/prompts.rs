//! `prompt …`: the answer itself is what is paid for.

use serde_json::json;

use crate::stub::{Files, Stub};
use crate::support::stdin;

#[test]
fn a_prompt_is_improved() {
    let stub = Stub::start();
    for kind in ["image", "video"] {
        let line = ["prompt", kind, "a cat", "--negative-prompt", "dogs"];
        let ran = stub.dryapi(&line);
        assert_eq!((ran.code, ran.out.as_str()), (0, "a fine cat\n"));
        assert_eq!(ran.err, "negative prompt: a dog\n");
        let mut sent = stub.sent(&format!("prompt/{kind}"));
        sent.sort();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            sent,
            [pair("negative_prompt", "dogs"), pair("prompt", "a cat")]
        );
        let ran = stub.dryapi(&["prompt", kind, "a cat", "--json"]);
        assert_eq!(
            ran.out,
            "{\"prompt\":\"a fine cat\",\"negative_prompt\":\"a dog\"}\n"
        );
    }
    stub.answers_prompts(200, json!({"data": {"prompt": "A warm voice."}}));
    let ran = stub.on(
        &["prompt", "speech", "-", "--lang-code", "en"],
        stdin(b"a voice\n"),
    );
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str()),
        ("A warm voice.\n", "")
    );
    assert_eq!(stub.field("prompt/speech", "prompt").unwrap(), "a voice");
    let ran = stub.dryapi(&["prompt", "speech", "a voice", "--json"]);
    assert_eq!(
        ran.out,
        "{\"prompt\":\"A warm voice.\",\"negative_prompt\":null}\n"
    );
}

#[test]
fn a_prompt_for_a_picture_takes_the_picture() {
    let (stub, files) = (Stub::start(), Files::new());
    let cat = files.path("cat.png");
    let ran = stub.dryapi(&["prompt", "image2image", "a hat", "--image", &cat]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "a fine cat\n"),
        "{}",
        ran.err
    );
    assert_eq!(
        stub.field("prompt/image2image", "image").unwrap(),
        "cat.png"
    );
    let ran = stub.dryapi(&["prompt", "image2image", "a hat"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("image: is required; give --image"),
        "{}",
        ran.err
    );
}

#[test]
fn a_prompt_is_made_up() {
    let stub = Stub::start();
    stub.answers_prompts(
        200,
        json!({"data": {"type": "text2image", "prompt": "a lake"}}),
    );
    let line = [
        "prompt",
        "sample",
        "--type",
        "text2image",
        "--topic",
        "water",
    ];
    let ran = stub.dryapi(&line);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "a lake\n", "")
    );
    assert_eq!(stub.calls(), ["GET prompts/samples"]);
    assert_eq!(stub.query(), "type=text2image&topic=water");
    let ran = stub.dryapi(&["prompt", "sample"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("See dryapi prompt sample --help."),
        "{}",
        ran.err
    );
}

#[test]
fn it_costs_money_like_everything_else() {
    let stub = Stub::start();
    let line = |limit| ["prompt", "image", "a cat", "--max-cost", limit];
    let ran = stub.dryapi(&line("0.24"));
    assert_eq!(ran.code, 13, "{}", ran.err);
    assert_eq!(stub.calls(), ["POST prompt/image/price-calculation"]);
    assert_eq!(stub.dryapi(&line("0.25")).code, 0);
    let ran = stub.dryapi(&["prompt", "image", "a"]);
    assert_eq!(ran.code, 2, "at least 3 characters: {}", ran.err);
    assert_eq!(stub.calls().len(), 3);
    // Whatever the method: a gateway's answer may have cost money, and is not asked again.
    stub.answers_prompts(502, json!("Bad Gateway"));
    let image: &[&str] = &["prompt", "image", "a cat"];
    for paid in [image, &["prompt", "sample", "--type", "text2speech"]] {
        let sent = || {
            let calls = stub.calls().into_iter();
            calls.filter(|call| call.contains("prompt")).count()
        };
        let before = sent();
        let ran = stub.dryapi(&[paid, &["--intent", paid[1]]].concat());
        assert_eq!(ran.code, 12, "{}", ran.err);
        let intent = paid[1];
        assert!(
            ran.err.contains(&format!("· intent {intent}\n")),
            "{}",
            ran.err
        );
        let last = format!(
            "  not sent again. To look for the job without paying:   dryapi resume {intent}\n  \
             Running the same command again does not pay twice.\n"
        );
        assert!(ran.err.ends_with(&last), "{}", ran.err);
        assert_eq!(sent(), before + 1, "sent once");
    }
}
