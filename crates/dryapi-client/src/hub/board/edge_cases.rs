//! What a board must bear: jobs picked up late, contradictions, refusals, waits that come and go.

use super::*;
use crate::error::{Error, ErrorKind};
use dryapi_types::{
    Event, Failure, JobState, JobStatus, Operation, RateLimit, RequestId, ResultUrl, TextToImage,
    Update, Window,
};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const S: Duration = Duration::from_secs(1);
#[expect(clippy::disallowed_methods, reason = "origin")]
fn start() -> Now {
    Now {
        at: Instant::now(),
        wall: UNIX_EPOCH + S * 1_774_094_400,
    }
}
fn plus(n: Now, s: u64) -> Now {
    Now {
        at: n.at + Duration::from_secs(s),
        wall: n.wall + Duration::from_secs(s),
    }
}
fn ticket(id: &str, at: SystemTime) -> JobTicket {
    JobTicket::accepted(id.into(), "txt2img", None, at)
}
fn polled(state: JobState) -> Result<Looked, Error> {
    Ok(Looked {
        news: News::polled(
            JobStatus::new(state).with_result_url("https://s/1.png"),
            None,
        ),
        limit: None,
    })
}
fn failed(kind: ErrorKind) -> Result<Looked, Error> {
    Err(Error::builder(kind, "request-status").build())
}
/// the times (seconds after `from`) of the looks until `until`, each answered by `answer`.
fn looks(
    board: &mut Board,
    from: Now,
    until: u64,
    mut answer: impl FnMut(u64) -> Result<Looked, Error>,
) -> Vec<u64> {
    let mut times = Vec::new();
    for second in 0..until {
        let now = plus(from, second);
        loop {
            let agenda = board.agenda(now);
            if agenda.looks.is_empty() {
                break;
            }
            for order in agenda.looks {
                times.push(second);
                let a = answer(second);
                board.looked(&order, a, now);
            }
        }
    }
    times
}

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
fn dead_listeners_are_forgotten() {
    let mut board = Board::new(Teller::Push, None);
    for _ in 0..10_000 {
        drop(board.listeners.add());
    }
    assert!(format!("{:?}", board.listeners).len() < 10_000);
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
fn a_job_of_unknown_age_teaches_nothing() {
    let now = start();
    let mut board = Board::new(Teller::Nobody, None);
    let _ = board.join(&JobTicket::new("old"), TextToImage::META, now);
    assert_eq!(looks(&mut board, now, 1, |_| polled(JobState::Done)), [0]);
    let _ = board.join(&ticket("new", now.wall), TextToImage::META, now);
    let first = looks(&mut board, now, 60, |_| polled(JobState::Done));
    assert_eq!(first, [5]);
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
