//! Refusals, spent days and answers that ask to be left alone.

use std::time::Duration;

use dryapi_types::{JobState, JobStatus, Operation, RateLimit, TextToImage, Window};

use super::{S, looks, plus, polled, start, ticket};
use crate::error::{Error, ErrorKind};
use crate::hub::board::*;

#[test]
fn a_day_without_a_told_limit_ends() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (_slot, _) = board.join(&ticket("a", now.wall), TextToImage::META, now);
    let times = looks(&mut board, now, 4 * 86_400, |_| {
        let mut limit = RateLimit::default();
        limit.daily_left = Some(0);
        Ok(Looked {
            news: News::polled(JobStatus::new(JobState::Processing), None),
            limit: Some(limit),
        })
    });
    assert!(times.len() >= 3, "{times:?}");
}

#[test]
fn a_refusal_counts_whoever_waits() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, _) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let order = board.agenda(now).looks.remove(0);
    board.leave(slot);
    let mut limit = RateLimit::default();
    limit.window = Window::Daily;
    board.looked(
        &order,
        Err(Error::builder(ErrorKind::RateLimited, "request-status")
            .rate_limit(limit)
            .build()),
        now,
    );
    let _ = board.join(&JobTicket::new("b"), TextToImage::META, now);
    assert!(
        board.agenda(now).looks.is_empty(),
        "refused for the day, and asked again"
    );
}

#[test]
fn the_queue_does_not_grow_while_nobody_may_look() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let mut limit = RateLimit::default();
    limit.window = Window::Daily;
    board.allowance.refused(&limit, now);
    for n in 0..20_000_u64 {
        let now = plus(now, n);
        let (slot, _) = board.join(&JobTicket::new("a"), TextToImage::META, now);
        board.agenda(now);
        board.leave(slot);
    }
    let size = format!("{:?}", board.queue).len();
    assert!(size < 10_000, "{size}");
}

#[test]
fn what_is_borne_names_its_own_job() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (a, _) = board.join(&ticket("a", now.wall), TextToImage::META, now);
    let (_, other) = board.join(&ticket("b", now.wall), TextToImage::META, now);
    let later = plus(now, 5);
    let orders = board.agenda(later).looks;
    assert_eq!(orders.len(), 1);
    let mut limit = RateLimit::default();
    limit.window = Window::Daily;
    let t = orders[0].ticket.clone();
    let error = Error::builder(ErrorKind::RateLimited, "request-status")
        .rate_limit(limit)
        .build()
        .with(|i| i.job = Some(t));
    board.looked(&orders[0], Err(error), later);
    let _ = a;
    let error = other.borne().unwrap().past(Some(later.at)).unwrap();
    assert_ne!(error.request_id().map(|id| id.as_str()), Some("a"));
}

#[test]
fn a_huge_retry_after_is_no_invitation() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let _ = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let times = looks(&mut board, now, 60, |_| {
        Err(Error::builder(ErrorKind::Server, "request-status")
            .retry_after(Duration::from_secs(u64::MAX))
            .build())
    });
    assert!(times.len() <= 2, "{}", times.len());
}

#[test]
fn new_waits_in_a_spent_day_know_it() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let _ = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let order = board.agenda(now).looks.remove(0);
    let mut limit = RateLimit::default();
    limit.window = Window::Daily;
    board.looked(
        &order,
        Err(Error::builder(ErrorKind::RateLimited, "request-status")
            .rate_limit(limit)
            .build()),
        now,
    );
    let (_, second) = board.join(&JobTicket::new("b"), TextToImage::META, now);
    assert!(second.borne().is_some());
}

#[test]
fn ten_thousand_resumed_jobs_share_the_minute() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    for n in 0..10_000 {
        let _ = board.join(&JobTicket::new(format!("j{n}")), TextToImage::META, now);
    }
    let n = looks(&mut board, now, 120, |_| polled(JobState::Processing)).len();
    assert!(n <= 101, "{n}");
}

#[test]
fn a_last_look_that_cannot_be_made_is_none() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, _) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let error = Error::builder(ErrorKind::Server, "request-status");
    let error = error.retry_after(S * 3600).build();
    looks(&mut board, now, 1, |_| Err(error.clone()));
    assert!(!board.want(slot, now.at));
    assert!(board.want(slot, plus(now, 3601).at));
}
