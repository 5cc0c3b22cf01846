//! The hub beside a push channel that is played: refused, cut, ended, late.

use super::core::Hub;
use super::push::{OpensPush, PushStream, Signal};
use crate::error::Error;
use crate::job::{Changes, Job};
use crate::shared::Shared;
use crate::ticket::JobTicket;
use dryapi_testkit::{HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::Clock;
use dryapi_types::{JobState, TextToImage, Update};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

type Make = Box<dyn Fn(HandClock, usize) -> PushStream + Send + Sync>;
struct Fake {
    clock: HandClock,
    opened: Arc<AtomicUsize>,
    make: Make,
}
impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fake")
    }
}
impl OpensPush for Fake {
    fn open(&self, _: &Shared) -> Result<PushStream, Error> {
        let n = self.opened.fetch_add(1, Ordering::SeqCst);
        Ok((self.make)(self.clock.clone(), n))
    }
}
/// signals, each after a wait; then silence
fn script(clock: HandClock, signals: Vec<(u64, Signal)>, ends: bool) -> PushStream {
    Box::pin(futures_util::stream::unfold(
        (clock, signals.into_iter()),
        move |(clock, mut s)| async move {
            match s.next() {
                Some((wait, signal)) => {
                    if wait > 0 {
                        clock.sleep(Duration::from_secs(wait)).await;
                    }
                    Some((signal, (clock, s)))
                }
                None if ends => None,
                None => std::future::pending().await,
            }
        },
    ))
}
fn hub(transport: &ScriptedTransport, make: Make) -> (Arc<Hub>, HandClock, Arc<AtomicUsize>) {
    let clock = HandClock::auto();
    let opened = Arc::new(AtomicUsize::new(0));
    let mut hub = crate::Client::builder()
        .api_key(crate::ApiKey::new("sk-x").unwrap())
        .transport(transport.clone())
        .clock(clock.clone())
        .hub()
        .unwrap();
    hub.push = Some(Box::new(Fake {
        clock: clock.clone(),
        opened: Arc::clone(&opened),
        make,
    }));
    (Arc::new(hub), clock, opened)
}
fn done(id: &str) -> Signal {
    Signal::Heard(Update::new(id, JobState::Done).with_result_url("https://s.example/1.png"))
}
fn job(hub: &Arc<Hub>, id: &str) -> Job<TextToImage> {
    Job::new(Arc::clone(hub), JobTicket::new(id))
}

#[tokio::test]
async fn a_wait_that_push_can_end_is_not_hopeless() {
    let transport =
        ScriptedTransport::new().then(Step::from(answers::rate_limited_daily()).always());
    let (hub, clock, _) = hub(
        &transport,
        Box::new(|c, _| {
            script(
                c,
                vec![(2, Signal::Connected { gap: false }), (20, done("a"))],
                false,
            )
        }),
    );
    let begun = clock.now();
    let result = job(&hub, "a").wait().await.map(drop);
    assert!(result.is_ok(), "{result:?} after {:?}", clock.now() - begun);
}

#[tokio::test]
async fn same_after_a_short_cut() {
    let transport = ScriptedTransport::new()
        .then(answers::status_processing(1.0))
        .then(Step::from(answers::rate_limited_daily()).always());
    let (hub, clock, _) = hub(
        &transport,
        Box::new(|c, _| {
            script(
                c,
                vec![
                    (0, Signal::Connected { gap: false }),
                    (
                        100,
                        Signal::Lost {
                            why: "x".into(),
                            again_in: Duration::from_secs(40),
                        },
                    ),
                    (60, Signal::Connected { gap: true }),
                    (20, done("a")),
                ],
                false,
            )
        }),
    );
    let begun = clock.now();
    let result = job(&hub, "a")
        .wait()
        .deadline(Duration::from_secs(1000))
        .await
        .map(drop);
    assert!(result.is_ok(), "{result:?} after {:?}", clock.now() - begun);
}

#[tokio::test]
async fn a_refused_channel_is_not_asked_for_by_every_wait() {
    let transport = ScriptedTransport::new()
        .then(Step::from(answers::status_done("https://s.example/1.png")).always());
    let (hub, _, opened) = hub(
        &transport,
        Box::new(|c, _| script(c, vec![(0, Signal::Stopped(Error::config("no")))], true)),
    );
    for n in 0..20 {
        job(&hub, &format!("j{n}")).wait().await.unwrap();
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
    }
    assert!(opened.load(Ordering::SeqCst) <= 2, "{opened:?}");
}

#[tokio::test]
async fn who_listens_after_a_refusal_is_told() {
    let transport =
        ScriptedTransport::new().then(Step::from(answers::status_processing(1.0)).always());
    let (hub, clock, _) = hub(
        &transport,
        Box::new(|c, _| script(c, vec![(0, Signal::Stopped(Error::config("no")))], true)),
    );
    let mut first = Changes::new(&hub);
    let other = Arc::clone(&hub);
    let waits = tokio::spawn(async move {
        drop(
            job(&other, "w")
                .wait()
                .deadline(Duration::from_secs(5000))
                .await,
        );
    });
    while first.next().await.unwrap().is_ok() {}
    let begun = clock.now();
    let mut second = Changes::new(&hub);
    while second.next().await.unwrap().is_ok() {}
    waits.abort();
    assert!(clock.now() - begun < Duration::from_secs(60));
}

#[tokio::test]
async fn who_listens_no_more_costs_nothing_beside_a_wait() {
    let transport =
        ScriptedTransport::new().then(Step::from(answers::status_processing(1.0)).always());
    let (hub, clock, _) = hub(
        &transport,
        Box::new(|c, _| {
            script(
                c,
                vec![
                    (0, Signal::Connected { gap: false }),
                    (1, Signal::Heard(Update::new("other", JobState::Processing))),
                ],
                false,
            )
        }),
    );
    let mut changes = Changes::new(&hub);
    for _ in 0..2 {
        changes.next().await.unwrap().unwrap();
    }
    let mut updates = job(&hub, "w").updates();
    updates.next().await.unwrap().unwrap();
    drop(changes);
    clock.sleep(Duration::from_secs(200)).await;
    let of_other = transport
        .requests()
        .iter()
        .filter(|r| r.is_for("request-status/other"))
        .count();
    assert_eq!(of_other, 0);
}

#[tokio::test]
async fn a_channel_that_ends_is_missed() {
    let transport = ScriptedTransport::new()
        .then(answers::status_processing(1.0))
        .then(Step::from(answers::status_done("https://s.example/1.png")).always());
    let (hub, clock, _) = hub(
        &transport,
        Box::new(|c, _| script(c, vec![(0, Signal::Connected { gap: false })], true)),
    );
    let mut updates = job(&hub, "w").updates();
    updates.next().await.unwrap().unwrap();
    clock.sleep(Duration::from_secs(25)).await;
    assert_eq!(hub.board().teller(), super::pace::Teller::Nobody);
}

#[tokio::test]
async fn an_ended_listener_keeps_nothing_alive() {
    let transport = ScriptedTransport::new();
    let (hub, clock, opened) = hub(
        &transport,
        Box::new(|c, _| script(c, vec![(0, Signal::Stopped(Error::config("no")))], true)),
    );
    let mut changes = Changes::new(&hub);
    assert!(changes.next().await.unwrap().is_err());
    assert!(changes.next().await.is_none());
    clock.sleep(Duration::from_secs(3600)).await;
    assert_eq!(
        (hub.board().is_driven(), opened.load(Ordering::SeqCst)),
        (false, 1)
    );
    drop(changes);
}

#[tokio::test]
async fn an_open_job_keeps_no_preview_that_nobody_asked_for() {
    let transport = ScriptedTransport::new();
    let (hub, _, _) = hub(&transport, Box::new(|c, _| script(c, vec![], false)));
    let now = hub.now();
    let (_, watched) = hub.board().join(
        &JobTicket::accepted("a".into(), "txt2img", None, now.wall),
        <TextToImage as dryapi_types::Operation>::META,
        now,
    );
    let text = serde_json::json!({"request_id":"a","status":"processing","preview":"A".repeat(100_000),"progress":"1.0"}).to_string();
    let update = Update::from_json(text.as_bytes());
    if let Ok(update) = update {
        hub.board()
            .hear(&"a".into(), super::news::News::pushed(update), now);
    }
    let kept = format!("{:?}", watched.seen().status.preview.is_some());
    assert_eq!(kept, "false");
}
