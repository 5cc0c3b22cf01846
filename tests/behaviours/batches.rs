//! Many jobs: bounded, resumable, and each row paid for once whatever happens.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dryapi_client::{
    AnyTask, ApiKey, Batch, BatchEvent, BatchItem, BatchOutcome, BatchResult, Charge, Client,
    ClientBuilder, ErrorKind, SpendLimit, TextToImage, Transport,
};
use dryapi_ledger::SqliteStore;
use dryapi_sandbox::{Config, FaultRule, Sandbox};
use dryapi_testkit::{Fault, HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::{Clock as _, SystemClock, TransportError, TransportErrorKind};
use dryapi_types::{Plan, Usd};
use futures_util::{StreamExt, stream};
use http::Method;

use crate::support::fast_clock::FastClock;

/// Slow enough for a machine that does much else.
const SPEED: u32 = 20;

async fn sandbox() -> Sandbox {
    sandbox_at(SPEED).await
}

async fn sandbox_at(speed: u32) -> Sandbox {
    let config = Config::default()
        .with_plan(Plan::Premium)
        .with_speed(f64::from(speed))
        .with_job_time(Duration::from_secs(2));
    Sandbox::start(config).await.unwrap()
}

async fn builder(sandbox: &Sandbox, folder: &Path) -> ClientBuilder {
    let store = SqliteStore::open(folder.join("ledger.sqlite3"))
        .await
        .unwrap();
    Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .clock(FastClock::new(SPEED))
        .ledger(Arc::new(store))
}

fn picture(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

fn cats(count: usize) -> Vec<BatchItem<TextToImage>> {
    (0..count)
        .map(|number| BatchItem::new(format!("cat-{number}"), picture(&format!("cat {number}"))))
        .collect()
}

type Outcomes = BTreeMap<String, BatchOutcome<TextToImage>>;

async fn run(batch: Batch<TextToImage>, items: Vec<BatchItem<TextToImage>>) -> Outcomes {
    let outcomes = batch.run(stream::iter(items));
    outcomes
        .map(|outcome| (outcome.id.clone(), outcome))
        .collect()
        .await
}

fn count(outcomes: &Outcomes, what: impl Fn(&BatchResult<TextToImage>) -> bool) -> usize {
    outcomes
        .values()
        .filter(|outcome| what(&outcome.result))
        .count()
}

fn is_done(result: &BatchResult<TextToImage>) -> bool {
    matches!(result, BatchResult::Done(_))
}

fn error(outcome: &BatchOutcome<TextToImage>) -> &dryapi_client::Error {
    match &outcome.result {
        BatchResult::Failed(error) | BatchResult::Unsent(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn run_again_it_pays_for_nothing_twice() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let items = cats(40).into_iter().map({
        let (at_once, most) = (Arc::clone(&at_once), Arc::clone(&most));
        move |item| {
            most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            item
        }
    });
    // Dropped half-way.
    let into = folder.path().to_owned();
    let batch = client.batch::<TextToImage>("cats").concurrency(5);
    let batch = batch.deliver(move |id, done| {
        let (into, at_once) = (into.clone(), Arc::clone(&at_once));
        async move {
            let saved = done.save(into.join(format!("{id}.png"))).await;
            at_once.fetch_sub(1, Ordering::SeqCst);
            saved.map(drop)
        }
    });
    let outcomes: Vec<_> = batch.run(stream::iter(items)).take(15).collect().await;
    assert!(outcomes.iter().all(|outcome| is_done(&outcome.result)));
    assert!(
        most.load(Ordering::SeqCst) <= 5,
        "rows are taken as there is room"
    );
    client.drain(Duration::from_secs(60)).await;
    drop(client);

    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let here = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&here);
    let batch = client.batch::<TextToImage>("cats").settled(move |entry| {
        let file = entry.file.as_ref().unwrap();
        seen.fetch_add(1, Ordering::SeqCst);
        Path::new(&file.path).exists()
    });
    let outcomes = run(batch, cats(40)).await;
    let before = count(&outcomes, |result| matches!(result, BatchResult::Before));
    assert_eq!(before, here.load(Ordering::SeqCst));
    assert!(before >= 15, "{before}");
    assert_eq!(before + count(&outcomes, is_done), 40);
    assert_eq!(sandbox.charges().len(), 40);
}

#[tokio::test]
async fn what_is_unknown_or_failed_is_sent_again_only_when_told_to() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    sandbox
        .arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"))
        .unwrap();
    let items = || {
        vec![
            BatchItem::new("lost", picture("lost")),
            BatchItem::new("bad", picture("[[fault:job_failed:WORKER_TIMEOUT]]")),
        ]
    };
    let batch = || client.batch::<TextToImage>("two").concurrency(1);
    for _ in 0..2 {
        let outcomes = run(batch(), items()).await;
        let lost = error(&outcomes["lost"]);
        assert_eq!(lost.kind(), ErrorKind::OutcomeUnknown, "{lost}");
        assert_eq!(lost.charge(), Charge::Maybe);
        let bad = error(&outcomes["bad"]);
        assert_eq!(bad.kind(), ErrorKind::JobFailed, "{bad}");
        assert_eq!(bad.code(), Some("WORKER_TIMEOUT"));
        assert_eq!(sandbox.charges().len(), 2);
    }
    let outcomes = run(batch().resubmit_unknown(true), items()).await;
    assert!(is_done(&outcomes["lost"].result));
    assert_eq!(sandbox.charges().len(), 3);
    let outcomes = run(batch().retry_failed(true), items()).await;
    assert_eq!(error(&outcomes["bad"]).kind(), ErrorKind::JobFailed);
    assert!(
        is_done(&outcomes["lost"].result),
        "the newest attempt counts"
    );
    assert_eq!(sandbox.charges().len(), 4);
    // The same id with other content is a mistake.
    let other = vec![BatchItem::new("lost", picture("found"))];
    let outcomes = run(batch(), other).await;
    let changed = error(&outcomes["lost"]);
    assert_eq!(changed.kind(), ErrorKind::InvalidInput);
    assert!(changed.message().contains("row lost"), "{changed}");
}

#[tokio::test]
async fn without_money_the_rest_stays_unsent() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default().with_balance("0.00102".parse::<Usd>().unwrap());
    let sandbox = Sandbox::start(config.with_speed(f64::from(SPEED)))
        .await
        .unwrap();
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let outcomes = run(client.batch("poor").concurrency(1), cats(8)).await;
    assert_eq!(count(&outcomes, is_done), 3);
    let unsent = count(&outcomes, |result| matches!(result, BatchResult::Unsent(_)));
    assert_eq!(unsent, 5);
    let refused = sandbox
        .requests()
        .into_iter()
        .filter(|seen| seen.status == Some(422));
    assert_eq!(refused.count(), 1, "the others were not tried");
}

#[tokio::test]
async fn a_batch_keeps_to_its_cap_in_all_its_runs() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    // A picture of this size costs 0.00034: room for six.
    let cap: Usd = "0.0021".parse().unwrap();
    for expected in [4, 2, 0] {
        let client = builder(&sandbox, folder.path()).await.build().unwrap();
        let limit = SpendLimit::none().per_batch(cap);
        let rows = cats(10).into_iter().skip(10 - expected.max(4)).collect();
        let batch = client.batch("capped").spend_limit(limit).concurrency(3);
        let fresh = match expected {
            4 => rows,
            _ => cats(5),
        };
        let before = sandbox.charges().len();
        let outcomes = run(batch, fresh).await;
        let sent = sandbox.charges().len() - before;
        assert_eq!(sent, expected, "{outcomes:?}");
    }
    let spent: Usd = sandbox.charges().iter().map(|charge| charge.amount).sum();
    assert!(spent <= cap, "{spent}");
}

#[tokio::test]
async fn another_program_that_spends_is_noticed_by_the_balance() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let other = builder(&sandbox, &folder.path().join("other"))
        .await
        .build()
        .unwrap();
    let limit = SpendLimit::none().per_batch("0.02".parse().unwrap());
    let batch = client.batch::<TextToImage>("watched").spend_limit(limit);
    let mut outcomes = batch.concurrency(1).run(stream::iter(cats(50)));
    let first = outcomes.next().await.unwrap();
    assert!(is_done(&first.result));
    let large = picture("large").with_size(1024, 1024);
    for _ in 0..4 {
        drop(other.submit(&large).await.unwrap());
    }
    let rest: Vec<_> = outcomes.collect().await;
    let done = rest
        .iter()
        .filter(|outcome| is_done(&outcome.result))
        .count();
    assert_eq!(done, 19, "the balance is read after twenty");
    let told = error(rest.last().unwrap());
    assert_eq!(told.kind(), ErrorKind::SpendLimit);
    assert!(told.message().contains("another program"), "{told}");
}

fn scripted(transport: impl Transport) -> Client {
    Client::builder()
        .api_key(ApiKey::new("sk-1").unwrap())
        .transport(transport)
        .clock(HandClock::auto())
        .build()
        .unwrap()
}

fn offline() -> Step {
    let kind = TransportErrorKind::Connect;
    Step::error(TransportError::new(kind, "no route to host"))
}

fn service() -> ScriptedTransport {
    let done = answers::status_done("https://storage.dryapi.dev/cat.png");
    ScriptedTransport::new()
        .on(
            Method::GET,
            "balance",
            Step::from(answers::balance("5")).always(),
        )
        .on(Method::GET, "request-status/*", Step::from(done).always())
}

fn events() -> (
    Arc<Mutex<Vec<BatchEvent>>>,
    impl Fn(BatchEvent) + Send + Sync,
) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    (told, move |event| listener.lock().unwrap().push(event))
}

#[tokio::test]
async fn offline_is_not_failure() {
    let transport = service();
    for _ in 0..60 {
        transport.push_on(Method::POST, "txt2img", offline());
    }
    let accepted = Step::from(answers::accepted("r-1")).always();
    transport.push_on(Method::POST, "txt2img", accepted);
    let client = scripted(transport.clone());
    let (told, listener) = events();
    let batch = client.batch("offline").on_event(listener).concurrency(4);
    let outcomes = run(batch, cats(8)).await;
    assert_eq!(count(&outcomes, is_done), 8);
    assert_eq!(transport.count("txt2img"), 68);
    let told = told.lock().unwrap();
    let [BatchEvent::Paused { error, .. }, BatchEvent::Resumed] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(error.charge(), Charge::No);
}

#[tokio::test]
async fn a_days_limit_is_waited_for_or_ends_the_batch() {
    for waits in [true, false] {
        let transport = service();
        let limited = Step::from(answers::rate_limited_daily());
        let accepted = Step::from(answers::accepted("r-1"));
        transport.push_on(Method::POST, "txt2img", accepted.times(2));
        transport.push_on(Method::POST, "txt2img", limited);
        let accepted = Step::from(answers::accepted("r-2")).always();
        transport.push_on(Method::POST, "txt2img", accepted);
        let client = scripted(transport.clone());
        let (told, listener) = events();
        let batch = client.batch("days").on_event(listener).concurrency(1);
        let outcomes = run(batch.wait_for_reset(waits), cats(6)).await;
        let told = told.lock().unwrap();
        if waits {
            assert_eq!(count(&outcomes, is_done), 6);
            assert!(
                matches!(told[..], [BatchEvent::DailyLimit { .. }]),
                "{told:?}"
            );
        } else {
            assert_eq!(count(&outcomes, is_done), 2);
            assert_eq!(error(&outcomes["cat-5"]).kind(), ErrorKind::RateLimited);
            assert!(matches!(told[..], [BatchEvent::Stopped { .. }]), "{told:?}");
        }
    }
}

#[tokio::test]
async fn tasks_of_all_kinds_go_together() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let speech = dryapi_client::TextToSpeech::new("a cat", "Kokoro")
        .with_lang("en-us")
        .with_voice("af_sky")
        .with_format("mp3")
        .with_sample_rate(24_000);
    let items: Vec<BatchItem<AnyTask>> = vec![
        BatchItem::new("picture", picture("a cat").into()),
        BatchItem::new("speech", speech.into()),
    ];
    let mut outcomes = client.batch("mixed").priced(true).run(stream::iter(items));
    let mut seen = 0;
    while let Some(outcome) = outcomes.next().await {
        assert!(
            matches!(outcome.result, BatchResult::Done(_)),
            "{outcome:?}"
        );
        assert!(outcome.estimate.is_some());
        seen += 1;
    }
    assert_eq!(seen, 2);
    let named = sandbox.charges().into_iter().all(|charge| {
        let key = charge.idempotency_key.unwrap();
        key.starts_with("batch-")
    });
    assert!(named);
}

#[tokio::test]
async fn texts_are_packed_halved_and_paid_for_once() {
    let (sandbox, folder) = (sandbox_at(10).await, tempfile::tempdir().unwrap());
    let texts: Vec<String> = (0..5000).map(|number| format!("text {number}")).collect();
    for _ in 0..2 {
        let builder = builder(&sandbox, folder.path()).await;
        let client = builder.clock(FastClock::new(10)).build().unwrap();
        let packs = client
            .embed_all("texts", "Bge_M3_FP16")
            .run(stream::iter(texts.clone()));
        let mut lines = packs
            .flat_map(|pack| {
                let vectors = pack.result.unwrap();
                assert_eq!(vectors.len(), pack.count);
                stream::iter((pack.first..).zip(vectors).map(|(index, _)| index))
            })
            .collect::<Vec<_>>()
            .await;
        lines.sort_unstable();
        assert_eq!(lines, (0..5000).collect::<Vec<_>>());
        assert_eq!(sandbox.charges().len(), 3);
    }
}

#[tokio::test]
async fn a_pack_that_is_refused_as_too_large_is_halved() {
    let embed = Step::reply(|sent| {
        let count = sent.json().unwrap()["input"].as_array().map_or(1, Vec::len);
        if count > 300 {
            return answers::validation(&[("input", "The input is too long.")]);
        }
        answers::accepted(&format!("r-{count}"))
    });
    let status = Step::reply(|sent| {
        let count: usize = sent.path().rsplit("r-").next().unwrap().parse().unwrap();
        let vectors = vec![vec![0.5_f32; 4]; count];
        answers::status_done_inline(&serde_json::json!(vectors))
    });
    let transport = ScriptedTransport::new()
        .on(
            Method::GET,
            "balance",
            Step::from(answers::balance("5")).always(),
        )
        .on(Method::POST, "txt2embedding", embed.always())
        .on(Method::GET, "request-status/*", status.always());
    let client = scripted(transport.clone());
    let texts = stream::iter((0..1000).map(|number| number.to_string()));
    let packs: Vec<_> = client.embed_all("halved", "m").run(texts).collect().await;
    let mut places: Vec<_> = packs
        .into_iter()
        .map(|pack| (pack.first, pack.result.unwrap().len()))
        .collect();
    places.sort_unstable();
    assert_eq!(places, [(0, 250), (250, 250), (500, 250), (750, 250)]);
    assert_eq!(transport.count("txt2embedding"), 7);
}

/// A client that listens to the push channel.
async fn listener(sandbox: &Sandbox, folder: &Path) -> Client {
    let builder = builder(sandbox, folder).await;
    let builder = builder.client_id(sandbox.client_id());
    builder
        .realtime_url(sandbox.realtime_url())
        .build()
        .unwrap()
}

#[tokio::test]
async fn what_a_killed_process_heard_the_next_one_takes() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let client = listener(&sandbox, folder.path()).await;
    let ledger = client.ledger().await.unwrap().unwrap();
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost).unwrap();
    let batch = client.batch("killed").concurrency(1).match_orphans(true);
    let mut outcomes = batch.run(stream::iter(cats(3)));
    let heard = async {
        while ledger.unclaimed().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = outcomes.next() => panic!("{outcome:?}"),
        () = heard => drop(outcomes),
    }
    // Nobody will hear of a job again that is over.
    sandbox.advance(Duration::from_secs(60));
    let client = listener(&sandbox, folder.path()).await;
    let batch = client.batch("killed").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(3)).await;
    assert_eq!(count(&outcomes, is_done), 3, "{outcomes:?}");
    assert_eq!(sandbox.charges().len(), 3);
}

#[tokio::test]
async fn what_was_heard_of_long_after_is_somebody_elses() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let at = |ago: u64| HandClock::at(SystemClock::new().wall() - Duration::from_secs(ago));
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost).unwrap();
    // Nobody listens.
    let first = builder(&sandbox, folder.path()).await.clock(at(600));
    let outcomes = run(first.build().unwrap().batch("late"), cats(1)).await;
    assert_eq!(error(&outcomes["cat-0"]).kind(), ErrorKind::OutcomeUnknown);
    sandbox.advance(Duration::from_secs(60));
    let between = builder(&sandbox, folder.path()).await.clock(at(60));
    let between = between.build().unwrap();
    let ledger = between.ledger().await.unwrap().unwrap();
    ledger.hear(&"a-stranger".into()).await.unwrap();
    let client = listener(&sandbox, folder.path()).await;
    let batch = client.batch("late").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(1)).await;
    assert_eq!(error(&outcomes["cat-0"]).kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn one_row_at_a_time_takes_the_job_that_nobody_claims() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let client = listener(&sandbox, folder.path()).await;
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost.with_times(2).with_after(1)).unwrap();
    let batch = client.batch("alone").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(5)).await;
    assert_eq!(count(&outcomes, is_done), 5, "{outcomes:?}");
    let ids: std::collections::BTreeSet<_> = outcomes
        .values()
        .map(|outcome| outcome.request_id.clone().unwrap())
        .collect();
    assert_eq!(ids.len(), 5);
    // Each has the job that was billed for it.
    for charge in sandbox.charges() {
        let of = outcomes.values().find(|outcome| {
            outcome.intent.as_ref().map(|intent| intent.as_str())
                == charge.idempotency_key.as_deref()
        });
        assert_eq!(
            of.unwrap().request_id.as_ref().unwrap().as_str(),
            charge.request_id
        );
    }
}
