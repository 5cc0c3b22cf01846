//! The board against a small service: jobs with an end, a day's looks, and news in any order.

use std::time::{Duration, Instant, UNIX_EPOCH};

use dryapi_types::{
    Event, JobState, JobStatus, Operation, RateLimit, RequestId, TextToImage, Update, Window,
};
use proptest::prelude::*;

use super::*;
use crate::error::{Error, ErrorKind};
use crate::hub::watched::Seen;

const SECOND: Duration = Duration::from_secs(1);
/// 2026-03-21 12:00:00 UTC.
const NOON: u64 = 1_774_094_400;

#[expect(
    clippy::disallowed_methods,
    reason = "an `Instant` has no other origin; its value is never looked at"
)]
fn origin() -> Instant {
    Instant::now()
}

/// A service that knows when its jobs end, and the board that waits for them.
struct Service {
    board: Board,
    start: Now,
    passed: Duration,
    /// When each job ends, and how.
    ends: HashMap<RequestId, (Duration, JobState)>,
    /// Looks left today.
    left: u64,
    looks: u64,
}

impl Service {
    fn new(teller: Teller, noon_plus: u64, left: u64) -> Self {
        Self {
            board: Board::new(teller, None),
            start: Now {
                at: origin(),
                wall: UNIX_EPOCH + SECOND * u32::try_from(NOON + noon_plus).unwrap(),
            },
            passed: Duration::ZERO,
            ends: HashMap::new(),
            left,
            looks: 0,
        }
    }

    fn now(&self) -> Now {
        Now {
            at: self.start.at + self.passed,
            wall: self.start.wall + self.passed,
        }
    }

    fn submit(&mut self, id: &str, takes: Duration, end: JobState) -> (Slot, Arc<Watched>) {
        let ticket = JobTicket::accepted(id.into(), "txt2img", None, self.now().wall);
        self.ends.insert(id.into(), (self.passed + takes, end));
        let now = self.now();
        self.board.join(&ticket, TextToImage::META, now)
    }

    fn status(&self, id: &RequestId) -> JobStatus {
        let (ends, end) = self.ends[id].clone();
        if self.passed < ends {
            return JobStatus::new(JobState::Processing);
        }
        JobStatus::new(end).with_result_url("https://s/1.png")
    }

    /// Makes the looks that are due and answers them; gives when to come back.
    fn settle(&mut self) -> Option<Instant> {
        loop {
            let now = self.now();
            let agenda = self.board.agenda(now);
            if agenda.looks.is_empty() {
                return agenda.wake;
            }
            for order in agenda.looks {
                let answer = self.answer(&order);
                let now = self.now();
                self.board.looked(&order, answer, now);
            }
        }
    }

    fn answer(&mut self, order: &Order) -> Result<Looked, Error> {
        self.looks += 1;
        let mut limit = RateLimit::default();
        limit.daily_limit = Some(200);
        limit.minute_limit = Some(50);
        limit.date = Some(self.now().wall);
        let Some(left) = self.left.checked_sub(1) else {
            limit.window = Window::Daily;
            limit.daily_left = Some(0);
            return Err(Error::builder(ErrorKind::RateLimited, "request-status")
                .rate_limit(limit)
                .build());
        };
        self.left = left;
        limit.daily_left = Some(left);
        let news = News::polled(self.status(order.ticket.request_id()), None);
        Ok(Looked {
            news,
            limit: Some(limit),
        })
    }

    /// Runs until a moment; the day's looks are new at midnight.
    fn run(&mut self, until: Duration) {
        let midnight = Duration::from_secs(
            86_400
                - self
                    .start
                    .wall
                    .duration_since(UNIX_EPOCH)
                    .unwrap()
                    .as_secs()
                    % 86_400,
        );
        while self.passed < until {
            let wake = self.settle();
            let next = wake.map_or(until, |at| at.saturating_duration_since(self.start.at));
            let before = self.passed;
            self.passed = next.max(before + Duration::from_millis(10)).min(until);
            if before < midnight && self.passed >= midnight {
                self.left = 200;
            }
        }
        self.settle();
    }
}

fn state(watched: &Watched) -> JobState {
    watched.seen().status.state
}

#[test]
fn every_open_job_keeps_a_look_before_midnight() {
    // Twenty minutes before midnight, forty looks left, and thirty-eight jobs that take five.
    let mut service = Service::new(Teller::Nobody, 43_200 - 1200, 40);
    let jobs: Vec<_> = (0..38)
        .map(|n| service.submit(&format!("job-{n}"), SECOND * 300, JobState::Done))
        .collect();
    service.run(SECOND * 1200);
    let done = jobs
        .iter()
        .filter(|(_, watched)| state(watched) == JobState::Done)
        .count();
    assert!(done >= 36, "{done} with {} looks", service.looks);
    service.run(SECOND * 2400);
    assert!(
        jobs.iter()
            .all(|(_, watched)| state(watched) == JobState::Done)
    );
}

#[test]
fn a_refused_day_is_waited_for() {
    let mut service = Service::new(Teller::Nobody, 43_200 - 600, 0);
    let (_, watched) = service.submit("a", SECOND, JobState::Error);
    service.run(SECOND * 599);
    assert_eq!((state(&watched), service.looks), (JobState::Pending, 1));
    service.run(SECOND * 700);
    assert_eq!((state(&watched), service.looks), (JobState::Error, 2));
}

#[test]
fn a_silent_failure_is_noticed_by_the_watchdog() {
    for teller in [Teller::Push, Teller::Webhooks] {
        let mut service = Service::new(teller, 0, 200);
        let (_, watched) = service.submit("a", SECOND * 20, JobState::Error);
        service.run(SECOND * 1200);
        assert_eq!(state(&watched), JobState::Error, "{teller:?}");
        assert!(service.looks <= 2, "{} {teller:?}", service.looks);
    }
}

#[test]
fn a_whole_status_is_asked_for_at_once() {
    let mut service = Service::new(Teller::Push, 0, 200);
    let (slot, watched) = service.submit("a", SECOND * 20, JobState::Done);
    service.run(SECOND * 20);
    let now = service.now();
    let news = News::pushed(Update::new("a", JobState::Done));
    service.board.hear(&"a".into(), news, now);
    assert_eq!(service.looks, 0);
    assert!(!watched.is_read());
    assert!(service.board.want(slot, now.at));
    service.settle();
    assert_eq!((service.looks, watched.is_read()), (1, true));
    service.run(SECOND * 600);
    assert_eq!(service.looks, 1, "nothing more is to be seen");
}

#[test]
fn news_before_the_wait_are_kept() {
    let mut service = Service::new(Teller::Nobody, 0, 200);
    let now = service.now();
    let url = dryapi_types::ResultUrl::new("https://s/1.png");
    let (id, news) = News::delivered(&Event::completed("a", Some(url))).unwrap();
    service.board.hear(&id, news, now);
    let (_, watched) = service.submit("a", SECOND, JobState::Done);
    assert_eq!(state(&watched), JobState::Done);
    service.run(SECOND * 600);
    assert_eq!(service.looks, 0);
}

#[test]
fn a_gap_is_closed_by_one_look_at_each_or_by_its_next_news() {
    let mut service = Service::new(Teller::Push, 0, 200);
    let _held: Vec<_> = (0..20)
        .map(|n| service.submit(&format!("job-{n}"), SECOND * 300, JobState::Done))
        .collect();
    service.run(SECOND * 10);
    assert_eq!(service.looks, 0);
    service.board.resync(service.now().at);
    let now = service.now();
    for n in 0..10 {
        let update = Update::new(format!("job-{n}"), JobState::Processing);
        service
            .board
            .hear(&update.request_id.clone(), News::pushed(update), now);
    }
    service.run(SECOND * 15);
    assert_eq!(service.looks, 10);
}

#[test]
fn leaving_forgets() {
    let mut service = Service::new(Teller::Nobody, 0, 200);
    let (slot, _) = service.submit("a", SECOND * 20, JobState::Done);
    let (other, _) = service.submit("a", SECOND * 20, JobState::Done);
    assert_eq!(slot, other);
    service.board.leave(slot);
    assert!(service.board.is_needed());
    service.board.leave(slot);
    assert!(!service.board.is_needed());
    service.run(SECOND * 600);
    assert_eq!(
        (service.looks, service.board.slots.len(), service.board.open),
        (0, 0, 0)
    );
}

#[test]
fn another_driver_makes_the_looks_of_the_last() {
    let mut service = Service::new(Teller::Nobody, 0, 200);
    let (_, watched) = service.submit("a", SECOND, JobState::Done);
    service.passed = SECOND * 10;
    let first = service.board.driven();
    let now = service.now();
    assert_eq!(service.board.agenda(now).looks.len(), 1);
    service.board.released(&first, service.start.at);
    assert!(!service.board.is_driven());
    let second = service.board.driven();
    service.board.released(&first, service.start.at);
    assert!(service.board.is_driven(), "a late goodbye changes nothing");
    service.run(SECOND * 20);
    assert_eq!(state(&watched), JobState::Done);
    service.board.released(&second, service.start.at);
}

/// One thing that happens to the board.
#[derive(Clone, Debug)]
enum Step {
    Push(usize, bool),
    Webhook(usize, bool),
    Time(u64),
    Resync,
    Cut,
    Live,
    Leave(usize),
    Join(usize),
    Want(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..6_usize, any::<bool>()).prop_map(|(job, end)| Step::Push(job, end)),
        (0..6_usize, any::<bool>()).prop_map(|(job, end)| Step::Webhook(job, end)),
        (1..200_u64).prop_map(Step::Time),
        Just(Step::Resync),
        Just(Step::Cut),
        Just(Step::Live),
        (0..6_usize).prop_map(Step::Leave),
        (0..6_usize).prop_map(Step::Join),
        (0..6_usize).prop_map(Step::Want),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_happens_every_wait_ends_with_the_jobs_end(
        steps in prop::collection::vec(step(), 0..60),
        takes in prop::collection::vec(1..600_u64, 6),
    ) {
        let mut service = Service::new(Teller::Nobody, 0, 200);
        let id = |job: usize| format!("job-{job}");
        let end = |job: usize| if job % 3 == 2 { JobState::Error } else { JobState::Done };
        let mut held: Vec<Vec<(Slot, Arc<Watched>)>> = Vec::new();
        let mut last: Vec<Option<Seen>> = vec![None; 6];
        for (job, takes) in takes.iter().enumerate() {
            held.push(vec![service.submit(&id(job), SECOND * u32::try_from(*takes).unwrap(), end(job))]);
        }
        for step in steps {
            let now = service.now();
            match step {
                // What is told is true: an end only after the end.
                Step::Push(job, ended) => {
                    let over = ended && service.ends[&id(job).into()].0 <= service.passed;
                    if !(over && end(job) == JobState::Error) {
                        let state = if over { JobState::Done } else { JobState::Processing };
                        let update = Update::new(id(job), state).with_result_url("https://s/1.png");
                        service.board.hear(&id(job).into(), News::pushed(update), now);
                    }
                }
                Step::Webhook(job, ended) => {
                    let over = ended && service.ends[&id(job).into()].0 <= service.passed;
                    let event = match (over, end(job)) {
                        (false, _) => Event::processing(id(job)),
                        (true, JobState::Done) => Event::completed(id(job), None),
                        (true, _) => Event::failed(id(job), dryapi_types::Failure::default()),
                    };
                    let (id, news) = News::delivered(&event).unwrap();
                    service.board.hear(&id, news, now);
                }
                Step::Time(seconds) => {
                    let until = service.passed + Duration::from_secs(seconds);
                    service.run(until);
                }
                Step::Resync => service.board.resync(now.at),
                Step::Cut => service.board.tells(Teller::Nobody, now.at),
                Step::Live => service.board.tells(Teller::Push, now.at),
                Step::Leave(job) => {
                    if let Some((slot, _)) = held[job].pop() {
                        service.board.leave(slot);
                        last[job] = None;
                    }
                }
                Step::Join(job) => {
                    let ticket = JobTicket::new(id(job));
                    held[job].push(service.board.join(&ticket, TextToImage::META, now));
                }
                Step::Want(job) => {
                    if let Some((slot, _)) = held[job].last() {
                        service.board.want(*slot, now.at);
                    }
                }
            }
            for (job, held) in held.iter().enumerate() {
                let Some((_, watched)) = held.last() else { continue };
                let seen = watched.seen();
                if let Some(before) = &last[job] {
                    let over = before.status.state.is_terminal();
                    prop_assert!(!over || seen.status.state == before.status.state);
                }
                last[job] = Some(seen);
            }
        }
        let open = service.board.slots.values().filter(|entry| entry.is_open()).count();
        prop_assert_eq!(service.board.open, open);
        // Two days are enough for every watchdog and for a day without looks.
        let until = service.passed + SECOND * 172_800;
        service.run(until);
        for (job, held) in held.iter().enumerate() {
            for (_, watched) in held {
                prop_assert_eq!(state(watched), end(job));
            }
        }
        prop_assert_eq!(service.board.open, 0);
        prop_assert_eq!(service.board.in_flight, 0);
    }
}
