//! `dryapi limits`: what is left, as the ledger knows it.

use serde_json::Value;

use crate::support::{Service, folder_with, picture_of};

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    let service = Service::start();
    let ran = service.dryapi(&["limits"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(
        ran.err.starts_with("nothing is known of the limits yet"),
        "{}",
        ran.err
    );
    let ran = service.dryapi(&["--plan", "basic", "limits"]);
    assert!(
        ran.out
            .contains("txt2img            3 of 3 a minute         100 of 100 a day")
    );
    assert!(service.requests().is_empty());
}

#[test]
fn what_an_answer_told_is_known_to_the_next_command() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::start();
    let ran = service.dryapi(&picture_of("a cat", &["-o", &path]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let sent = service.requests().len();
    let ran = service.dryapi(&["limits", "--json"]);
    let line: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!(line["bucket"], "txt2img");
    assert_eq!(line["minute"]["limit"], 300);
    assert_eq!(line["minute"]["left"], 299);
    assert!(line["minute"]["resets"].as_str().unwrap().ends_with('Z'));
    assert_eq!(line["day"], Value::Null);
    assert_eq!(line["learned_from"], "header");
    assert_eq!(service.requests().len(), sent, "nothing is sent");
}
