//! Fields: where their values come from, and what is done about what was left out.

use crate::support::{Service, WHOLE, stdin};

/// The body of the latest paid request.
fn sent(service: &Service) -> serde_json::Value {
    let paid = service
        .requests()
        .into_iter()
        .rfind(|call| call.path.ends_with("/txt2img"));
    paid.unwrap().body
}

#[test]
fn what_was_left_out_is_filled_and_said() {
    let service = Service::start();
    let ran = service.dryapi(&["submit", "txt2img", "a cat", "--steps", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(
        lines[0],
        "model Flux1schnell, the first that offers txt2img"
    );
    assert_eq!(
        lines[1],
        "width 768, height 768, guidance 0, from Flux1schnell"
    );
    let seed = lines[2].strip_prefix("seed ").unwrap();
    let body = sent(&service);
    assert_eq!(
        body["seed"].to_string(),
        seed,
        "what is printed is what was sent"
    );
    assert!(body["seed"].as_u64().unwrap() <= u64::from(u32::MAX));
    assert_eq!((&body["steps"], &body["width"]), (&2.into(), &768.into()));
}

#[test]
fn values_outside_the_limits_are_not_sent() {
    let service = Service::start();
    let ran = service.dryapi(&["submit", "txt2img", "a cat", "--width", "100"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("width: Flux1schnell takes between 256 and 2048, not 100."),
        "{}",
        ran.err
    );
    assert_eq!(service.calls(), ["GET models"]);
    let ran = service.dryapi(&["submit", "txt2img", "a cat", "--width", "100", "--no-check"]);
    assert_eq!(ran.code, 5, "sent, and refused by the service: {}", ran.err);
    let ran = service.dryapi(&["submit", "txt2img", "a cat", "--width", "-5"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("width: -5 is out of range"), "{}", ran.err);
}

#[test]
fn a_model_that_is_not_listed_is_warned_about() {
    let service = Service::start();
    let ran = service.dryapi(&[
        "submit", "txt2img", "a cat", "--model", "New", "--width", "512", "--height", "512",
    ]);
    assert!(
        ran.err
            .starts_with("warning: the catalogue lists no model \"New\"\n"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, 5, "sent all the same");
    let ran = service.dryapi(&["submit", "txt2img", "a cat", "--model", "New"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("width: is required; give --width"),
        "{}",
        ran.err
    );
}

#[test]
fn texts_come_from_arguments_files_and_stdin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prompt.txt");
    std::fs::write(&file, "a cat\nin a file\n").unwrap();
    let at = format!("@{}", file.display());
    let service = Service::start();
    let prompt = |input: &str, more: &[&str]| {
        let args = [&["submit", "txt2img", input], &WHOLE[2..], more].concat();
        let ran = service.on(&args, stdin("a cat on stdin\n".as_bytes()));
        assert_eq!(ran.code, 0, "{}", ran.err);
        sent(&service)
    };
    assert_eq!(prompt(&at, &[])["prompt"], "a cat\nin a file");
    assert_eq!(prompt("-", &[])["prompt"], "a cat on stdin");
    assert_eq!(
        prompt("@@home", &["--negative-prompt", &at])["prompt"],
        "@home"
    );
    assert_eq!(sent(&service)["negative_prompt"], "a cat\nin a file");
    let ran = service.dryapi(&["submit", "txt2img", "@nothing.txt"]);
    assert_eq!(ran.code, 14, "{}", ran.err);
}

#[test]
fn a_picture_comes_on_stdin_or_from_a_path() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let path = path.to_str().unwrap();
    assert_eq!(
        service
            .dryapi(&["download", &service.job(), "-o", path])
            .code,
        0
    );
    let picture = std::fs::read(path).unwrap();
    let upscale = ["submit", "img-upscale", "-", "--model", "RealESRGAN_x2"];
    let ran = service.on(&upscale, stdin(&picture));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = service.dryapi(&["submit", "img-upscale", path, "--model", "RealESRGAN_x2"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = service.dryapi(&["submit", "img-upscale", "nothing.png"]);
    assert_eq!(ran.code, 14, "{}", ran.err);
}

#[test]
fn too_dear_is_not_sent() {
    let service = Service::start();
    let args = |limit| [&["submit"], WHOLE, &["--max-cost", limit]].concat();
    let ran = service.dryapi(&args("0.00135"));
    assert_eq!(ran.code, 13);
    assert!(
        ran.err
            .starts_with("error: it would cost 0.00136 USD, more than 0.00135 USD"),
        "{}",
        ran.err
    );
    assert_eq!(service.charges(), 0);
    assert_eq!(service.dryapi(&args("0.00136")).code, 0);
    assert_eq!(service.charges(), 1);
}
