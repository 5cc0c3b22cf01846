use std::time::{Duration, UNIX_EPOCH};

use dryapi_types::Intent;

use super::*;
use crate::entry::BodyHash;

const NOW: SystemTime = UNIX_EPOCH;

fn entry(state: State) -> Entry {
    Entry {
        intent: Intent::new("i").unwrap(),
        operation: "txt2img".to_owned(),
        model: None,
        body: BodyHash::of("a cat"),
        target: None,
        estimate: None,
        batch: None,
        state,
        request_id: matches!(
            state,
            State::Accepted | State::Done | State::Failed | State::Downloaded
        )
        .then(|| RequestId::from("r-1")),
        why: None,
        file: None,
        evidence: Vec::new(),
        reserved: Vec::new(),
        created: NOW,
        changed: NOW,
        writer: "w.0".to_owned(),
        until: NOW,
        tries: 1,
        version: 1,
    }
}

fn writer(name: &str) -> String {
    name.to_owned()
}

fn steps() -> Vec<(&'static str, Step)> {
    let why = Why::new("server");
    let until = NOW + Duration::from_secs(9);
    vec![
        (
            "sent",
            Step::Sent {
                writer: writer("w.0"),
                until,
            },
        ),
        (
            "sent by another",
            Step::Sent {
                writer: writer("w.1"),
                until,
            },
        ),
        (
            "turned down",
            Step::TurnedDown {
                writer: writer("w.0"),
                why: why.clone(),
            },
        ),
        (
            "turned down by another",
            Step::TurnedDown {
                writer: writer("w.1"),
                why: why.clone(),
            },
        ),
        ("not charged", Step::NotCharged(why.clone())),
        ("unknown", Step::Unknown(why.clone())),
        ("accepted", Step::Accepted(RequestId::from("r-1"))),
        ("done", Step::Done),
        ("failed", Step::Failed(why)),
        (
            "downloaded",
            Step::Downloaded(SavedFile::new("cat.png", 1, [0; 32])),
        ),
        ("priced", Step::Priced(Usd::from_cents(1))),
    ]
}

/// One letter for each state, in the order of `State::ALL`: the state it becomes (as in the states'
/// own table), `=` for no change, `!` for an error.
const TABLE: [(&str, &str); 11] = [
    ("sent", "SS!!!!!!"),
    ("sent by another", "!!!!!!!!"),
    ("turned down", "RRR====="),
    ("turned down by another", "========"),
    ("not charged", "!!R=!!!!"),
    ("unknown", "!U======"),
    ("accepted", "AAAA===="),
    ("done", "!DD!D=!="),
    ("failed", "!!!!F!=!"),
    ("downloaded", "!!!!!L!L"),
    ("priced", "PSURADFL"),
];

const LETTERS: &str = "PSURADFL";

#[test]
fn every_step_from_every_state_is_as_the_table_says() {
    for ((name, step), (row, cells)) in steps().into_iter().zip(TABLE) {
        assert_eq!(name, row);
        for (state, cell) in State::ALL.into_iter().zip(cells.chars()) {
            let became = match take(&entry(state), &step, NOW) {
                Ok(Next::Same) => '=',
                Ok(Next::Changed(next)) => {
                    let index = State::ALL.iter().position(|one| *one == next.state);
                    LETTERS.chars().nth(index.unwrap()).unwrap()
                }
                Ok(Next::Contradiction(..)) => '?',
                Err(_) => '!',
            };
            assert_eq!(became, cell, "{name} from {state}");
        }
    }
}

#[test]
fn a_step_taken_twice_changes_nothing_more() {
    for (name, step) in steps() {
        for state in State::ALL {
            if let Ok(Next::Changed(next)) = take(&entry(state), &step, NOW) {
                let again = take(&next, &step, NOW);
                assert!(
                    matches!(again, Ok(Next::Same)),
                    "{name} from {state}: {again:?}"
                );
            }
        }
    }
}

#[test]
fn no_step_loses_or_changes_an_id() {
    let mut all = steps();
    all.push(("other id", Step::Accepted(RequestId::from("r-2"))));
    for (name, step) in all {
        for state in State::ALL {
            let before = entry(state);
            let (Ok(Next::Changed(after)) | Ok(Next::Contradiction(after, _))) =
                take(&before, &step, NOW)
            else {
                continue;
            };
            if before.request_id.is_some() {
                assert_eq!(after.request_id, before.request_id, "{name} from {state}");
            }
        }
    }
}

#[test]
fn a_second_id_is_kept_once_and_told_each_time() {
    let second = Step::Accepted(RequestId::from("r-2"));
    let Ok(Next::Contradiction(first, error)) = take(&entry(State::Done), &second, NOW) else {
        panic!("two jobs for one wish");
    };
    assert_eq!(
        error.to_string(),
        "i is already job r-1, now it is said to be r-2: two may be paid"
    );
    assert_eq!(first.evidence.len(), 1);
    let Ok(Next::Contradiction(again, _)) = take(&first, &second, NOW) else {
        panic!("it is told again");
    };
    assert_eq!(again, first);
}

#[test]
fn another_attempt_may_have_more_time_never_less() {
    let later = |seconds| Step::Sent {
        writer: writer("w.0"),
        until: NOW + Duration::from_secs(seconds),
    };
    let Ok(Next::Changed(sent)) = take(&entry(State::Sent), &later(10), NOW) else {
        panic!("more time");
    };
    assert_eq!(sent.until, NOW + Duration::from_secs(10));
    assert!(matches!(take(&sent, &later(5), NOW), Ok(Next::Same)));
}

#[test]
fn many_notes_leave_the_first_and_the_last() {
    let mut entry = entry(State::Accepted);
    for n in 0..100 {
        let note = Evidence::new(NOW, EvidenceKind::Other, &n.to_string());
        let Ok(Next::Changed(next)) = take(&entry, &Step::Seen(note), NOW) else {
            panic!("it is new");
        };
        entry = next;
    }
    let texts: Vec<_> = entry
        .evidence
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(
        (texts.len(), texts[0], texts[30], texts[31]),
        (32, "0", "30", "99")
    );
}
