//! What real servers said, frame by frame, told to the machine: see `tests/recorded/README.md`.

use std::path::Path;

use dryapi_realtime::protocol::Input;
use serde_json::Value;

use super::stage::Stage;

/// Everything the machine does when it is told one recording.
fn replay(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let text = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
    let mut stage = Stage::opened();
    let mut done = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let frame = line["text"].as_str().unwrap_or_default();
        let mut words = match line["from"].as_str() {
            // A name that servers refuse is refused by us before it is sent.
            Some("server") => stage.text(&frame.replace("private-client 42!", "private-client.42")),
            Some(_) if frame.contains("pusher:ping") => stage.pass(25.0),
            Some(_) => continue,
            None => {
                let code = line["close"].as_u64().map(|code| code as u16);
                stage.tell(Input::Closed { code, reason: "" })
            }
        };
        if words.iter().any(|word| word.starts_with("authorize")) {
            words = vec!["authorize".to_owned()];
            words.extend(stage.grant());
        }
        done.extend(words);
    }
    done
}

const SUBSCRIBED: [&str; 3] = ["authorize", "send subscribe", "subscribed"];
const HEARD: [&str; 3] = [
    "update 123e4567-e89b-12d3-a456-426614174000 is processing, 45.5 %",
    "update 123e4567-e89b-12d3-a456-426614174000 is done, 100 %",
    "send ping",
];

fn all<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

#[test]
fn updates_are_heard_of_every_server() {
    for server in SERVERS {
        let done = replay(&format!("{server}_updates"));
        assert_eq!(done, all(&[&SUBSCRIBED, &HEARD]), "{server}");
    }
}

#[test]
fn refusals_stop_the_channel_however_they_are_told() {
    for (recording, code) in REFUSALS {
        let stopped = format!("stopped: refused {code}");
        let expected = ["authorize", "send subscribe", "disconnect", &stopped];
        assert_eq!(replay(recording), expected, "{recording}");
    }
}

const SERVERS: &[&str] = &["soketi", "sockudo", "soketi_rs"];

const REFUSALS: &[(&str, u16)] = &[
    ("soketi_bad_auth", 401),
    ("soketi_missing_auth", 401),
    ("soketi_bad_channel", 4009),
    // Naming no channel.
    ("sockudo_bad_auth", 4009),
    ("sockudo_missing_auth", 4009),
    ("sockudo_bad_channel", 4300),
    ("soketi_rs_bad_auth", 4009),
    ("soketi_rs_missing_auth", 4009),
];

#[test]
fn an_unknown_application_is_not_tried_again_where_that_is_told() {
    let done = replay("soketi_unknown_key");
    assert_eq!(done, ["disconnect", "stopped: rejected 4001"]);
    let done = replay("soketi_rs_unknown_key");
    assert_eq!(done, ["disconnect", "stopped: rejected 4001"]);
    let hung_up = replay("sockudo_unknown_key");
    assert_eq!(hung_up, ["disconnect", "lost 1: closed 0"]);
}

#[test]
fn whoever_was_silent_comes_back_at_once() {
    let done = replay("soketi_silent");
    let lost = ["disconnect", "lost 0: closed 4201", "connect"];
    assert_eq!(done, all(&[&SUBSCRIBED, &lost]));
    // Asked first, which the machine answers.
    let done = replay("sockudo_silent");
    assert_eq!(done[..4], all(&[&SUBSCRIBED, &["send pong"]]));
}
