//! The client for programs without async.

use std::cell::RefCell;
use std::future::IntoFuture;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use dryapi_client::{Clock, ErrorKind, TextToImage, blocking};
use dryapi_testkit::{Answer, Gate, HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::BoxFuture;
use futures_util::future::{Either, pending, select};

use crate::support::{ID, Seen, builder, cat};

const URL: &str = "https://storage.example/results/1/output.png?sig=secret";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

/// Short waits pass at once, and deadlines never come, whatever the threads do: an automatic
/// `HandClock` knows of one thread only.
#[derive(Debug)]
struct Hasty(HandClock);

impl Clock for Hasty {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn wall(&self) -> SystemTime {
        self.0.wall()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        let wait = until.saturating_duration_since(self.now());
        if wait >= Duration::from_secs(30) {
            return Box::pin(pending());
        }
        let clock = self.0.clone();
        Box::pin(async move {
            // Others of the same thread have their turn first.
            tokio::task::yield_now().await;
            clock.advance(until.saturating_duration_since(clock.now()));
        })
    }
}

fn client(transport: &ScriptedTransport) -> dryapi_client::Client {
    let builder = builder(transport, &HandClock::new());
    builder.clock(Hasty(HandClock::new())).build().unwrap()
}

fn blocking(transport: &ScriptedTransport) -> blocking::Client {
    blocking::Client::new(client(transport)).unwrap()
}

/// A client with a paid request on its way, which nobody waits for and is answered once the gate
/// opens.
struct OnItsWay {
    client: blocking::Client,
    clock: HandClock,
    gate: Gate,
    seen: Seen,
}

impl OnItsWay {
    fn new() -> Self {
        let (gate, seen, clock) = (Gate::new(), Seen::default(), HandClock::new());
        let accepted = Step::answer(answers::accepted(ID)).after(&gate);
        let transport = ScriptedTransport::new().then(accepted);
        let client = builder(&transport, &clock).observer(seen.clone());
        let client = blocking::Client::new(client.build().unwrap()).unwrap();
        let request = cat();
        let given_up = client.send(|c| async {
            let submit = c.submit(&request).into_future();
            let sent = Box::pin(transport.wait_for_requests(1));
            match select(submit, sent).await {
                Either::Left((answer, _)) => answer.map(|_| false),
                Either::Right(_) => Ok(true),
            }
        });
        assert!(given_up.unwrap());
        assert_eq!(client.client().in_flight(), 1);
        Self {
            client,
            clock,
            gate,
            seen,
        }
    }

    /// Does something once the client's drop waits.
    fn once_dropping(&self, then: impl FnOnce() + Send + 'static) {
        let (clock, before) = (self.clock.clone(), self.clock.sleepers());
        thread::spawn(move || {
            runtime().block_on(clock.wait_for_sleepers(before + 1));
            then();
        });
    }
}

#[test]
fn a_job_is_submitted_waited_for_and_saved() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::status_pending())
        .then(answers::status_done(URL))
        .then(Answer::bytes(200, "image/png", "a picture"));
    let client = blocking(&transport);
    let request = cat();
    let job = client.send(|c| c.submit(&request).intent("order-4711"));
    let job = job.unwrap();
    assert_eq!(job.intent().unwrap().as_str(), "order-4711");
    let done = client.wait(&job).unwrap();
    let content = client.send(|_| done.bytes(64)).unwrap();
    assert_eq!(content, "a picture");
    assert_eq!(client.drain(Duration::from_secs(1)).unwrap(), 0);
    transport.assert_done();
}

#[test]
fn an_error_of_the_service_is_the_async_clients() {
    let transport = ScriptedTransport::new().then(answers::unauthorized());
    let client = blocking(&transport);
    let error = client.submit(&cat()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[test]
fn inside_a_runtime_everything_is_an_error_and_nothing_is_sent() {
    let transport = ScriptedTransport::new();
    let blocking = blocking(&transport);
    runtime().block_on(async {
        let job = blocking.client().job::<TextToImage>(ID);
        let errors = [
            blocking.submit(&cat()).map(drop),
            blocking.run(&cat()).map(drop),
            blocking.wait(&job).map(drop),
            blocking.send(|c| c.balance()).map(drop),
            blocking.drain(Duration::ZERO).map(drop),
            blocking::Client::new(client(&transport)).map(drop),
        ];
        for error in errors {
            let error = error.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains("dryapi_client::Client"), "{error}");
        }
        drop(blocking);
    });
    assert_eq!(transport.requests().len(), 0);
}

#[test]
fn a_paid_request_goes_on_while_nobody_blocks() {
    let on_its_way = OnItsWay::new();
    on_its_way.gate.open();
    // Not the blocking client's drain: no thread but the worker drives the request.
    let client = on_its_way.client.client().clone();
    assert_eq!(runtime().block_on(client.drain(Duration::from_secs(1))), 0);
    assert_eq!(on_its_way.seen.accepted(), [ID]);
}

#[test]
fn dropping_waits_for_paid_requests() {
    let on_its_way = OnItsWay::new();
    let gate = on_its_way.gate.clone();
    on_its_way.once_dropping(move || gate.open());
    drop(on_its_way.client);
    assert_eq!(on_its_way.seen.accepted(), [ID]);
}

#[test]
fn dropping_waits_no_longer_than_its_limit() {
    let mut on_its_way = OnItsWay::new();
    let limit = Duration::from_millis(1);
    on_its_way.client = on_its_way.client.drop_limit(limit);
    let clock = on_its_way.clock.clone();
    on_its_way.once_dropping(move || clock.advance(limit));
    drop(on_its_way.client);
    assert!(on_its_way.seen.accepted().is_empty());
}

#[test]
fn dropping_inside_a_runtime_abandons_no_paid_request() {
    let on_its_way = OnItsWay::new();
    let client = on_its_way.client.client().clone();
    runtime().block_on(async {
        drop(on_its_way.client);
        assert_eq!(client.in_flight(), 1);
        on_its_way.gate.open();
        assert_eq!(client.drain(Duration::from_secs(1)).await, 0);
    });
    assert_eq!(on_its_way.seen.accepted(), [ID]);
}

#[test]
fn a_job_outlives_the_client_that_gave_it() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::status_done(URL))
        .then(answers::status_done(URL));
    let client = client(&transport);
    let first = blocking::Client::new(client.clone()).unwrap();
    let job = first.submit(&cat()).unwrap();
    first.wait(&job).unwrap();
    drop(first);
    let second = blocking::Client::new(client).unwrap();
    second.wait(&job).unwrap();
    assert_eq!(second.client().in_flight(), 0);
}

#[test]
fn dropping_with_its_thread_abandons_no_paid_request() {
    thread_local! {
        static KEPT: RefCell<Option<blocking::Client>> = const { RefCell::new(None) };
    }
    let (came, coming) = mpsc::channel();
    let thread = thread::spawn(move || {
        // Known to the thread before tokio's own, so dropped after those.
        KEPT.set(None);
        let OnItsWay {
            client, gate, seen, ..
        } = OnItsWay::new();
        came.send((client.client().clone(), gate, seen)).unwrap();
        KEPT.set(Some(client));
    });
    thread.join().unwrap();
    let (client, gate, seen) = coming.recv().unwrap();
    assert_eq!(client.in_flight(), 1);
    gate.open();
    assert_eq!(runtime().block_on(client.drain(Duration::from_secs(1))), 0);
    assert_eq!(seen.accepted(), [ID]);
}

#[test]
fn threads_that_a_runtime_lends_are_inside() {
    let transport = ScriptedTransport::new();
    let client = Arc::new(blocking(&transport));
    let lent = Arc::clone(&client);
    let asked = runtime().block_on(async {
        let asked = tokio::task::spawn_blocking(move || lent.send(|c| c.balance()));
        asked.await.unwrap()
    });
    assert_eq!(asked.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(transport.requests().len(), 0);
}
