//! Contradictions, and news that come before or after the wait.

use dryapi_types::{
    Event, Failure, JobState, JobStatus, Operation, RequestId, ResultUrl, TextToImage, Update,
};

use super::{looks, polled, start, ticket};
use crate::hub::board::*;

#[test]
fn contradiction_done_then_status_says_error() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, watched) = board.join(&ticket("a", now.wall), TextToImage::META, now);
    let (id, news) = News::delivered(&Event::completed("a", None)).unwrap();
    board.hear(&id, news, now);
    board.want(slot, now.at);
    assert_eq!(
        looks(&mut board, now, 5, |_| Ok(Looked {
            news: News::polled(JobStatus::new(JobState::Error), None),
            limit: None
        }))
        .len(),
        1
    );
    assert!(watched.is_read(), "the status was read and says it is over");
}

#[test]
fn contradiction_done_but_status_says_processing_is_not_asked_every_second() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, _) = board.join(&ticket("a", now.wall), TextToImage::META, now);
    let (id, news) = News::delivered(&Event::completed("a", None)).unwrap();
    board.hear(&id, news, now);
    board.want(slot, now.at);
    let times = looks(&mut board, now, 300, |_| {
        Ok(Looked {
            news: News::polled(JobStatus::new(JobState::Processing), None),
            limit: None,
        })
    });
    assert!(times.len() < 20, "{}", times.len());
}

#[test]
fn news_before_the_wait_are_kept_while_somebody_listens() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let _inbox = board.listeners.add();
    let url = ResultUrl::new("https://s/1.png");
    let (id, news) = News::delivered(&Event::completed("a", Some(url))).unwrap();
    board.hear(&id, news, now);
    let (_, watched) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    assert_eq!(watched.seen().status.state, JobState::Done);
}

#[test]
fn recent_news_join_like_all_others() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let id: RequestId = "a".into();
    board.hear(
        &id,
        News::pushed(Update::new("a", JobState::Done).with_result_url("https://s/1.png")),
        now,
    );
    let (_, news) = News::delivered(&Event::completed("a", None)).unwrap();
    board.hear(&id, news, now);
    let (_, watched) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    assert!(watched.seen().status.result_url.is_some());
}

#[test]
fn recent_news_in_any_order() {
    let now = start();
    let mut board = Board::new(Teller::Push, None);
    let id: RequestId = "a".into();
    board.hear(
        &id,
        News::pushed(Update::new("a", JobState::Done).with_result_url("https://s/1.png")),
        now,
    );
    let (_, news) = News::delivered(&Event::failed("a", Failure::default())).unwrap();
    board.hear(&id, news, now);
    let (_, watched) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    assert_eq!(watched.seen().status.state, JobState::Done);
}

#[test]
fn standing_is_the_same_in_any_order_of_contradictions() {
    let run = |news: [News; 2]| {
        let w = Watched::default();
        for n in news {
            w.hear(n);
        }
        (w.seen().status, w.is_read())
    };
    let push = || News::pushed(Update::new("a", JobState::Done));
    let poll = || News::polled(JobStatus::new(JobState::Error), None);
    assert_eq!(run([push(), poll()]).1, run([poll(), push()]).1);
}

#[test]
fn what_a_look_showed_is_not_thrown_away() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let (slot, _) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    let order = board.agenda(now).looks.remove(0);
    board.leave(slot);
    let (_, watched) = board.join(&JobTicket::new("a"), TextToImage::META, now);
    board.looked(&order, polled(JobState::Done), now);
    assert_eq!(watched.seen().status.state, JobState::Done);
}
