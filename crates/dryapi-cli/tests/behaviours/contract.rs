//! What scripts depend on: stdout to the letter, with and without `--json`.

use serde_json::Value;

use crate::support::{Service, WHOLE};

fn with<'a>(verb: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[verb], WHOLE, more].concat()
}

#[test]
fn money_is_exact_text() {
    let service = Service::start();
    let out = |args: &[&str]| {
        let ran = service.dryapi(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        ran.out
    };
    assert_eq!(out(&with("price", &[])), "0.00136 USD\n");
    let json = "{\"price\":\"0.00136\",\"currency\":\"USD\"}\n";
    assert_eq!(out(&with("price", &["--json"])), json);
    assert_eq!(out(&["balance"]), "5 USD\n");
    assert_eq!(
        out(&["--json", "balance"]),
        "{\"balance\":\"5\",\"currency\":\"USD\"}\n"
    );
    assert_eq!(service.charges(), 0);
}

#[test]
fn submit_prints_the_id() {
    let service = Service::start();
    let ran = service.dryapi(&with("submit", &[]));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out.trim().len(), 36);
    let ran = service.dryapi(&with("submit", &["--json", "--intent", "order-1"]));
    let keys = r#","task":"txt2img","intent":"order-1"}"#;
    assert!(
        ran.out.starts_with("{\"request_id\":\"") && ran.out.trim_end().ends_with(keys),
        "{ran:?}"
    );
    assert_eq!(service.charges(), 2);
}

#[test]
fn nothing_is_sent_but_the_request_when_every_field_is_given() {
    let service = Service::start();
    service.job();
    assert_eq!(service.calls(), ["POST txt2img"]);
    // One field less, and the catalogue is asked; nothing else is.
    let less: Vec<&str> = with("submit", &[])
        .into_iter()
        .filter(|arg| !arg.contains("guidance") && *arg != "0")
        .collect();
    let ran = service.dryapi(&less);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "guidance 0, from Flux1schnell\n")
    );
    assert_eq!(
        service.calls(),
        ["POST txt2img", "GET models", "POST txt2img"]
    );
}

#[test]
fn status_is_one_line() {
    let service = Service::start();
    let id = service.job();
    let ran = service.dryapi(&["status", &id]);
    assert_eq!((ran.code, ran.out), (0, format!("{id} done\n")));
    let ran = service.dryapi(&["status", &id, "--json"]);
    let json = format!("{{\"request_id\":\"{id}\",\"status\":\"done\",\"progress\":100.0}}\n");
    assert_eq!(ran.out, json);
}

#[test]
fn a_finished_job_has_every_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.webp");
    let path = path.to_str().unwrap();
    let service = Service::start();
    let ran = service.dryapi(&["wait", &service.job(), "-o", path, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["files"][0], path);
    assert_eq!(value["sandbox"], false);
    let at = |key: &str| {
        ran.out
            .find(&format!("\"{key}\":"))
            .unwrap_or_else(|| panic!("{key}"))
    };
    let keys = [
        "request_id",
        "task",
        "intent",
        "status",
        "result_url",
        "files",
        "result",
        "request",
        "sandbox",
    ];
    assert!(keys.map(at).is_sorted(), "{}", ran.out);
    assert!(
        std::fs::read(path).unwrap().starts_with(b"RIFF"),
        "the extension chose WebP"
    );
}

#[test]
fn models_for_people_and_programs() {
    let service = Service::start();
    let ran = service.dryapi(&["models", "--task", "img-upscale"]);
    insta::assert_snapshot!(ran.out, @r#"
    RealESRGAN_x4  img-upscale  width <=1024, height <=1024
    RealESRGAN_x2  img-upscale
    "#);
    let ran = service.dryapi(&["models", "show", "Flux1schnell"]);
    insta::assert_snapshot!(ran.out, @r#"
    Flux1schnell
      name      FLUX.1 [schnell]
      tasks     txt2img
      limits    width 256-2048, height 256-2048, steps 1-10, resolution step 128
      defaults  height 768, steps 4, width 768
      features  no guidance, steps, negative prompt, no lora
    "#);
    let ran = service.dryapi(&["models", "show", "Flux1schnell", "--json"]);
    insta::assert_snapshot!(ran.out, @r#"
    {"slug":"Flux1schnell","name":"FLUX.1 [schnell]","tasks":["txt2img"],"limits":{"max_height":2048,"max_steps":10,"max_width":2048,"min_height":256,"min_steps":1,"min_width":256,"resolution_step":128},"defaults":{"height":768,"steps":4,"width":768},"features":{"supports_guidance":false,"supports_steps":true,"supports_negative_prompt":true,"supports_lora":false},"loras":[],"languages":[]}
    "#);
    let ran = service.dryapi(&["models", "show", "flux1schnell"]);
    assert_eq!(ran.code, 4);
    assert!(
        ran.err.contains("did you mean Flux1schnell?"),
        "{}",
        ran.err
    );
}
