//! Runs of a batch after the first, and what stops one, over a scripted service.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dryapi_client::{
    AnyTask, BatchItem, BatchOutcome, BatchResult, Clock, ErrorKind, SpendLimit, TextToImage,
    TextToSpeech,
};
use dryapi_ledger::{Began, Ledger, SqliteStore, Wish};
use dryapi_testkit::{HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::SystemClock;
use dryapi_types::Usd;
use futures_util::{Stream, StreamExt, stream};
use http::Method;

use super::service::{always, kept, plain, service};

type Outcome = BatchOutcome<TextToImage>;

/// A service that accepts every picture.
fn accepting() -> ScriptedTransport {
    let service = service();
    service.push_on(Method::POST, "txt2img", always(answers::accepted("r-1")));
    service
}

fn picture(id: &str) -> TextToImage {
    TextToImage::new(format!("cat {id}"), "Flux1schnell").with_size(256, 256)
}

fn cat(id: &str) -> BatchItem<TextToImage> {
    BatchItem::new(id, picture(id))
}

fn cats(ids: &[&str]) -> impl Stream<Item = BatchItem<TextToImage>> + Send + 'static {
    stream::iter(ids.iter().map(|id| cat(id)).collect::<Vec<_>>())
}

async fn all(outcomes: impl Stream<Item = Outcome>) -> Vec<Outcome> {
    let mut all: Vec<_> = outcomes.collect().await;
    all.sort_by_key(|outcome| outcome.index);
    all
}

/// `done`, `before`, or the kind of the error with `!`, or `-` where it was not sent.
fn ends(outcomes: &[Outcome]) -> Vec<String> {
    let ends = outcomes.iter().map(|outcome| match &outcome.result {
        BatchResult::Done(_) => "done".to_owned(),
        BatchResult::Before => "before".to_owned(),
        BatchResult::Failed(error) => format!("!{}", error.kind()),
        BatchResult::Unsent(error) => format!("-{}", error.kind()),
        other => panic!("{other:?}"),
    });
    ends.collect()
}

#[tokio::test]
async fn what_was_paid_for_is_given_out_though_nothing_more_may_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    let first = accepting();
    let client = kept(folder.path(), &first).await.build().unwrap();
    let outcomes = all(client.batch("cats").run(cats(&["a", "b"]))).await;
    assert_eq!(ends(&outcomes), ["done", "done"]);
    assert!(outcomes.iter().all(|outcome| !outcome.recorded));
    drop(client);
    for (refusal, why) in [
        (answers::insufficient_balance(), "-insufficient_balance"),
        (answers::unauthorized(), "-unauthorized"),
        (answers::rate_limited_daily(), "-rate_limited"),
    ] {
        let second = service();
        second.push_on(Method::POST, "txt2img", always(refusal));
        let client = kept(folder.path(), &second).await.build().unwrap();
        let batch = client.batch("cats").concurrency(1).wait_for_reset(false);
        let again = all(batch.run(cats(&["new", "a", "b", "other"]))).await;
        assert_eq!(ends(&again), [why, "done", "done", why]);
        assert_eq!(second.count("txt2img"), 1, "{why}");
        assert!(again[1].recorded && !again[0].recorded);
        assert_eq!(again[1].intent, outcomes[0].intent);
    }
}

#[tokio::test]
async fn a_limit_that_became_smaller_holds_back_nothing_that_was_paid_for() {
    let folder = tempfile::tempdir().unwrap();
    let transport = accepting();
    let client = kept(folder.path(), &transport).await.build().unwrap();
    let run = || client.batch("cats").run(stream::iter([dear("a")]));
    assert_eq!(ends(&all(run()).await), ["done"]);
    let none = SpendLimit::none().per_call(Usd::ZERO).per_batch(Usd::ZERO);
    let batch = client.batch("cats").spend_limit(none).concurrency(1);
    let outcomes = all(batch.run(stream::iter([dear("a"), dear("b")]))).await;
    assert_eq!(ends(&outcomes), ["done", "!spend_limit"]);
    assert_eq!(outcomes[0].estimate, Some(Usd::from_cents(7)));
    assert_eq!(transport.count("txt2img"), 1);
}

fn dear(id: &str) -> BatchItem<TextToImage> {
    cat(id).with_estimate(Usd::from_cents(7))
}

#[tokio::test]
async fn a_cap_of_a_batch_holds_or_nothing_is_sent() {
    let transport = accepting();
    let limit = SpendLimit::none().per_batch(Usd::from_cents(10));
    let client = plain(&transport).build().unwrap();
    let batch = client.batch("cats").spend_limit(limit);
    let outcomes = all(batch.run(stream::iter([dear("a")]))).await;
    assert_eq!(ends(&outcomes), ["-config"], "without a ledger");
    assert_eq!(transport.count("txt2img"), 0);
    // The client's own counts like the batch's.
    let folder = tempfile::tempdir().unwrap();
    let builder = kept(folder.path(), &transport).await.spend_limit(limit);
    let client = builder.build().unwrap();
    let rows = stream::iter([dear("a"), dear("b"), dear("c")]);
    let outcomes = all(client.batch("cats").concurrency(1).run(rows)).await;
    assert_eq!(ends(&outcomes), ["done", "-spend_limit", "-spend_limit"]);
}

#[tokio::test]
async fn what_a_process_had_sent_when_it_ended_is_unknown_and_sent_again_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let (here, other) = (folder.path().join("here"), folder.path().join("other"));
    std::fs::create_dir(&here).unwrap();
    std::fs::create_dir(&other).unwrap();
    let client = kept(&other, &accepting()).await.build().unwrap();
    let known = all(client.batch("cats").run(cats(&["a"]))).await;
    let ledger = client.ledger().await.unwrap().unwrap();
    let intent = known[0].intent.clone().unwrap();
    let body = ledger.entry(&intent).await.unwrap().unwrap().body;

    // Its process said that it sends, and was not heard of any more.
    let clock = HandClock::auto();
    let store = SqliteStore::open(here.join("ledger.sqlite3")).await;
    let base = dryapi_client::DEFAULT_BASE_URL;
    let ledger = Ledger::open(
        Arc::new(store.unwrap()),
        Arc::new(clock.clone()),
        base,
        "sk-1",
    );
    let wish = Wish::new(intent, "txt2img", body);
    let ledger = ledger.await.unwrap();
    let Began::Fresh(turn) = ledger.begin(&wish).await.unwrap() else {
        panic!("it is new");
    };
    turn.sent(Duration::from_secs(1)).await.unwrap();
    clock.advance(Duration::from_secs(3600));
    drop((turn, ledger));

    let transport = accepting();
    let late = || async { kept(&here, &transport).await.clock(clock.clone()) };
    let client = late().await.build().unwrap();
    let outcomes = all(client.batch("cats").run(cats(&["a"]))).await;
    assert_eq!(ends(&outcomes), ["!outcome_unknown"]);
    assert_eq!(transport.count("txt2img"), 0);
    let batch = client.batch("cats").resubmit_unknown(true);
    assert_eq!(ends(&all(batch.run(cats(&["a"]))).await), ["done"]);
    assert_eq!(transport.count("txt2img"), 1);
}

#[tokio::test]
async fn a_batch_that_stops_does_not_wait_for_tomorrow() {
    let transport = service();
    let (limited, poor) = (
        answers::rate_limited_daily(),
        answers::insufficient_balance(),
    );
    transport.push_on(Method::POST, "txt2img", Step::from(limited));
    transport.push_on(Method::POST, "txt2audio", Step::from(poor));
    // Nobody moves it: who waits for midnight waits for ever.
    let clock = HandClock::new();
    let client = plain(&transport).clock(clock.clone()).build().unwrap();
    let late = BatchItem::new("late", AnyTask::from(picture("late")));
    let speech = TextToSpeech::new("a cat", "Kokoro")
        .with_lang("en-us")
        .with_voice("af_sky")
        .with_format("mp3")
        .with_sample_rate(24_000);
    let poor = BatchItem::new("poor", AnyTask::from(speech));
    let (told, mut tomorrow) = tokio::sync::mpsc::unbounded_channel();
    let batch = client.batch("cats").concurrency(2).on_event(move |event| {
        if matches!(event, dryapi_client::BatchEvent::DailyLimit { .. }) {
            told.send(()).unwrap();
        }
    });
    // The second comes only once the first waits.
    let rows = stream::once(async move { late }).chain(stream::once(async move {
        tomorrow.recv().await;
        poor
    }));
    let run = batch.run(rows).collect::<Vec<_>>();
    let outcomes = tokio::select! {
        outcomes = run => outcomes,
        () = SystemClock::new().sleep(Duration::from_secs(20)) => panic!("it waits for tomorrow"),
    };
    for outcome in &outcomes {
        let BatchResult::Unsent(error) = &outcome.result else {
            panic!("{outcome:?}");
        };
        assert_eq!(error.kind(), ErrorKind::InsufficientBalance);
    }
    assert_eq!(outcomes.len(), 2);
}

#[tokio::test]
async fn rows_are_pulled_as_outcomes_are_taken() {
    let transport = accepting();
    let client = plain(&transport).build().unwrap();
    let pulled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&pulled);
    let endless = stream::iter(0..).map(move |number: u64| {
        count.fetch_add(1, Ordering::SeqCst);
        cat(&number.to_string())
    });
    let mut outcomes = client.batch("endless").concurrency(4).run(endless);
    for taken in 1..=100 {
        assert!(outcomes.next().await.is_some());
        let pulled = pulled.load(Ordering::SeqCst);
        assert!(pulled <= taken + 4, "{pulled} rows for {taken} outcomes");
    }
    let pulled = pulled.load(Ordering::SeqCst);
    drop(outcomes);
    client.drain(Duration::from_secs(60)).await;
    assert!(transport.count("txt2img") <= pulled);
}

#[tokio::test]
async fn while_offline_one_row_is_tried_every_half_minute() {
    let transport = service();
    let kind = dryapi_transport::TransportErrorKind::Connect;
    let offline = dryapi_transport::TransportError::new(kind, "no route to host");
    transport.push_on(Method::POST, "txt2img", Step::error(offline).times(40));
    transport.push_on(Method::POST, "txt2img", always(answers::accepted("r-1")));
    let clock = HandClock::auto();
    let began = clock.wall();
    let retry = dryapi_client::RetryPolicy::never();
    let client = plain(&transport).clock(clock.clone()).retry(retry);
    let (told, since) = std::sync::mpsc::channel();
    let client = client.build().unwrap();
    let batch = client.batch("cats").concurrency(8).on_event(move |event| {
        if let dryapi_client::BatchEvent::Paused { since, .. } = event {
            told.send(since).unwrap();
        }
    });
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let outcomes = all(batch.run(cats(&ids))).await;
    assert_eq!(ends(&outcomes), ["done"; 8]);
    assert_eq!(transport.count("txt2img"), 48);
    assert_eq!(
        since.recv().unwrap(),
        began,
        "since the first that could not be sent"
    );
    assert!(since.recv().is_err(), "one pause");
    // All eight, two of them twice, then one in each half minute.
    let passed = clock.wall().duration_since(began).unwrap();
    assert!(passed >= Duration::from_secs(30 * 30), "{passed:?}");
}

#[tokio::test]
async fn whoever_panics_in_a_row_hears_of_it() {
    let client = plain(&accepting()).build().unwrap();
    let batch = client.batch("cats").deliver(|id, _| async move {
        assert_ne!(id, "b", "the caller's own mistake");
        Ok(())
    });
    let run = tokio::spawn(all(batch.run(cats(&["a", "b", "c"]))));
    assert!(run.await.unwrap_err().is_panic());
}
