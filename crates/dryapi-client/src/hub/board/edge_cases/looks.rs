//! When looks are made: at jobs picked up late, torn, or waited for again and again.

use dryapi_types::{JobState, JobStatus, Operation, TextToImage};

use super::{S, failed, looks, plus, polled, start, ticket};
use crate::error::ErrorKind;
use crate::hub::board::*;

#[test]
fn an_old_job_picked_up_teaches_nothing_false() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, _) = board.join(
        &ticket("old", now.wall - S * 86_400),
        TextToImage::META,
        now,
    );
    assert_eq!(looks(&mut board, now, 1, |_| polled(JobState::Done)), [0]);
    board.leave(slot);
    let now = plus(now, 10);
    let _ = board.join(&ticket("new", now.wall), TextToImage::META, now);
    let first = looks(&mut board, now, 3600, |_| polled(JobState::Done));
    assert!(first.first().is_some_and(|at| *at <= 60), "{first:?}");
}

#[test]
fn an_old_job_that_is_gone_is_asked_for_once() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let _ = board.join(
        &ticket("old", now.wall - S * 86_400),
        TextToImage::META,
        now,
    );
    assert_eq!(
        looks(&mut board, now, 120, |_| failed(ErrorKind::NotFound)).len(),
        1
    );
}

#[test]
fn a_torn_first_look_at_a_resumed_job_is_made_again_soon() {
    let now = start();
    let mut board = Board::new(Teller::Webhooks, None);
    let _ = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let mut first = true;
    let times = looks(&mut board, now, 3600, |_| {
        if std::mem::take(&mut first) {
            failed(ErrorKind::Network)
        } else {
            polled(JobState::Done)
        }
    });
    assert!(times[1] < 60, "{times:?}");
}

#[test]
fn waits_that_are_begun_again_every_second_cost_what_one_does() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let ticket = ticket("a", now.wall);
    let mut made = 0;
    for second in 0..300 {
        let now = plus(now, second);
        let (slot, _) = board.join(&ticket, TextToImage::META, now);
        made += looks(&mut board, now, 1, |_| {
            Ok(Looked {
                news: News::polled(JobStatus::new(JobState::Processing), None),
                limit: None,
            })
        })
        .len();
        board.leave(slot);
    }
    assert!(made <= 12, "{made} looks; one wait of 300 s makes 8");
}

#[test]
fn a_job_of_unknown_age_teaches_nothing() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let _ = board.join(&JobTicket::new("old"), TextToImage::META, now);
    assert_eq!(looks(&mut board, now, 1, |_| polled(JobState::Done)), [0]);
    let _ = board.join(&ticket("new", now.wall), TextToImage::META, now);
    let first = looks(&mut board, now, 60, |_| polled(JobState::Done));
    assert_eq!(first, [5]);
}
