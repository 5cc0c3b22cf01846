//! The desk without a socket, by hand.

use dryapi_types::Event;
use http::StatusCode;

use super::*;
use crate::webhook::WebhookUrl;

fn letter(key: &str, job: &str, event: Event) -> Letter {
    let url = WebhookUrl::read("https://a.example/").unwrap();
    let id = format!("{job} {}", event.kind.name());
    let event = event.with_delivery_id(id);
    Letter::new(Key::new(key), job.to_owned(), event, url)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn works(desk: &mut Desk, key: &str, job: &str, seconds: i64, mishap: Option<Mishap>) {
    let letter = letter(key, job, Event::processing(job));
    desk.announce(letter, at(seconds), mishap);
}

fn ends(desk: &mut Desk, key: &str, job: &str, seconds: i64, mishap: Option<Mishap>) {
    let letter = letter(key, job, Event::completed(job, None));
    desk.announce(letter, at(seconds), mishap);
}

/// Who is sent by then, without an answer.
fn take(desk: &mut Desk, seconds: i64) -> Vec<(u64, String)> {
    let due = std::iter::from_fn(|| desk.take_due(at(seconds)));
    due.map(|(number, letter)| (number, letter.event.delivery_id.clone().unwrap()))
        .collect()
}

const OK: StatusCode = StatusCode::OK;
const DOWN: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// Who is sent by then, everybody answering so.
fn send(desk: &mut Desk, seconds: i64, status: StatusCode) -> Vec<String> {
    let mut sent = Vec::new();
    while let Some((number, letter)) = desk.take_due(at(seconds)) {
        sent.push(letter.event.delivery_id.clone().unwrap());
        desk.answered(number, Answer::status(status));
    }
    sent
}

fn outcomes(desk: &Desk) -> Vec<String> {
    let list = desk.list(None).into_iter();
    list.map(|attempt| format!("{} {}", attempt.attempt, attempt.outcome))
        .collect()
}

#[test]
fn nothing_is_sent_before_its_time() {
    let mut desk = Desk::default();
    works(&mut desk, "k", "j", 100, None);
    assert_eq!(send(&mut desk, 99, DOWN), [""; 0]);
    let delays = [0, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200];
    let mut due = 100;
    for delay in delays {
        due += delay;
        assert_eq!(desk.next_due(), Some(at(due)));
        assert_eq!(send(&mut desk, due - 1, DOWN), [""; 0]);
        assert_eq!(send(&mut desk, due, DOWN), ["j job.processing"]);
    }
    assert_eq!(desk.next_due(), None);
    assert_eq!(outcomes(&desk).last().unwrap(), "10 failed");
}

#[test]
fn a_first_attempt_waits_for_its_jobs_other_first_attempt_only() {
    let mut desk = Desk::default();
    works(&mut desk, "k", "a", 1, None);
    works(&mut desk, "k", "b", 2, None);
    ends(&mut desk, "k", "a", 5, None);
    let sent = take(&mut desk, 9);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert_eq!(sent[0].1, "a job.processing");
    desk.answered(sent[0].0, Answer::status(DOWN));
    // It went wrong: what follows does not wait a minute for it.
    assert_eq!(send(&mut desk, 9, OK), ["a job.completed"]);
    assert_eq!(send(&mut desk, 61, OK), ["a job.processing"]);
}

#[test]
fn what_was_forgotten_under_way_stays_forgotten() {
    let mut desk = Desk::default();
    works(&mut desk, "k", "a", 1, None);
    ends(&mut desk, "k", "a", 2, Some(Mishap::Late));
    works(&mut desk, "k", "held", 2, Some(Mishap::Reordered));
    works(&mut desk, "other", "b", 1, None);
    let sent = take(&mut desk, 1);
    desk.reset(Some(&Key::new("k")));
    for (number, _) in sent {
        desk.answered(number, Answer::status(DOWN));
    }
    assert_eq!(desk.list(None).len(), 1);
    assert_eq!(send(&mut desk, 99_999, OK), ["b job.processing"]);
    assert!(desk.held.is_empty());
}

#[test]
fn an_attempt_under_way_when_all_is_switched_off_is_the_last() {
    let mut desk = Desk::default();
    works(&mut desk, "k", "a", 1, None);
    ends(&mut desk, "k", "a", 2, None);
    let sent = take(&mut desk, 1);
    desk.switch(None, false);
    works(&mut desk, "new", "b", 3, None);
    desk.answered(sent[0].0, Answer::status(DOWN));
    assert_eq!(outcomes(&desk), ["0 disabled", "0 disabled", "1 disabled"]);
    assert_eq!(desk.next_due(), None);
    desk.switch(Some(&Key::new("k")), true);
    ends(&mut desk, "k", "c", 4, None);
    assert_eq!(send(&mut desk, 4, OK), ["c job.completed"]);
}

#[test]
fn what_was_switched_off_holds_nothing_up_later() {
    let mut desk = Desk::default();
    works(&mut desk, "k", "a", 1, None);
    desk.switch(None, false);
    desk.switch(None, true);
    ends(&mut desk, "k", "a", 2, None);
    assert_eq!(send(&mut desk, 2, OK), ["a job.completed"]);
}

#[test]
fn a_lost_one_counts_as_delivered_and_a_copy_as_nothing() {
    let mut desk = Desk::default();
    for job in 0..9 {
        works(&mut desk, "k", &job.to_string(), 0, None);
    }
    send(&mut desk, 99_999, DOWN);
    ends(&mut desk, "k", "lost", 0, Some(Mishap::Lost));
    for job in 0..9 {
        works(&mut desk, "k", &job.to_string(), 100_000, None);
    }
    send(&mut desk, 199_999, DOWN);
    ends(&mut desk, "k", "twice", 200_000, Some(Mishap::Twice));
    let pair = take(&mut desk, 200_000);
    assert_eq!(pair.len(), 1, "one after the other");
    desk.answered(pair[0].0, Answer::status(OK));
    assert_eq!(send(&mut desk, 299_999, DOWN), ["twice job.completed"]);
    for job in 0..9 {
        works(&mut desk, "k", &job.to_string(), 300_000, None);
    }
    send(&mut desk, 399_999, DOWN);
    works(&mut desk, "k", "still on", 400_000, None);
    assert_eq!(send(&mut desk, 400_000, OK), ["still on job.processing"]);
}

#[test]
fn memory_has_an_end() {
    let mut desk = Desk::default();
    for job in 0..Queue::MOST + 1 {
        works(&mut desk, "k", &job.to_string(), 0, None);
    }
    assert_eq!(outcomes(&desk), ["0 dropped"]);
    send(&mut desk, 0, DOWN);
    assert_eq!(desk.list(None).len(), Attempts::MOST);
}
