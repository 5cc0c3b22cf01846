//! Those who listen to the whole account, beside waits.

use dryapi_types::{JobState, Operation, TextToImage, Update};

use super::{failed, looks, plus, start, ticket};
use crate::error::ErrorKind;
use crate::hub::board::*;

#[test]
fn a_followed_job_that_could_not_be_read_is_no_waiters_error() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let _inbox = board.listeners.add();
    board.hear(
        &"a".into(),
        News::pushed(Update::new("a", JobState::Processing)),
        now,
    );
    assert_eq!(
        looks(&mut board, now, 3600, |_| failed(ErrorKind::NotFound)).len(),
        1
    );
    let later = plus(now, 3600);
    let (_, watched) = board.join(&ticket("a", later.wall), TextToImage::META, later);
    let mut done = Update::new("a", JobState::Done);
    done = done.with_result_url("https://s/1.png");
    board.hear(&"a".into(), News::pushed(done), later);
    let mut version = 0;
    assert!(
        matches!(watched.newer(&mut version), Some(Ok(_))),
        "done and paid for, but {:?}",
        watched.newer(&mut version)
    );
}

#[test]
fn a_followed_job_that_cannot_be_read_is_not_kept_open() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let _inbox = board.listeners.add();
    for n in 0..20 {
        let id = format!("j{n}");
        board.hear(
            &id.as_str().into(),
            News::pushed(Update::new(id.as_str(), JobState::Processing)),
            now,
        );
    }
    looks(&mut board, now, 86_400, |_| failed(ErrorKind::NotFound));
    assert_eq!(board.open, 0);
}

#[test]
fn an_unread_listener_is_bounded() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let inbox = board.listeners.add();
    for n in 0..50_000 {
        let id = format!("job-{n}");
        let update = Update::new(id.as_str(), JobState::Done).with_result_url("https://s/1.png");
        board.hear(&id.as_str().into(), News::pushed(update), now);
    }
    let mut kept = 0;
    while inbox.take().is_some() {
        kept += 1;
    }
    assert!(kept <= 20_000, "{kept}");
}

#[test]
fn who_listens_hears_everything_beside_ten_thousand_waits() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    for n in 0..10_000 {
        let id = format!("w{n}");
        let _ = board.join(&ticket(&id, now.wall), TextToImage::META, now);
    }
    let inbox = board.listeners.add();
    board.hear(
        &"x".into(),
        News::pushed(Update::new("x", JobState::Done)),
        now,
    );
    assert!(inbox.take().is_some());
}

#[test]
fn dead_listeners_are_forgotten() {
    let mut board = Board::new(Teller::Push, None);
    for _ in 0..10_000 {
        drop(board.listeners.add());
    }
    assert!(format!("{:?}", board.listeners).len() < 10_000);
}
