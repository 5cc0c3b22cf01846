//! Dropping a future stops the waiting, never a paid request.

use std::time::Duration;

use dryapi_client::Event;
use dryapi_testkit::{Gate, HandClock, ScriptedTransport, Step, answers};
use futures_util::FutureExt;

use crate::support::{ID, Seen, builder, cat};

/// Polls `submit` `polls` times, drops it, and lets everything else run to its end. Gives the
/// requests made and the ids the observer was told.
async fn dropped_after(polls: usize) -> (usize, Vec<String>) {
    let gate = Gate::new();
    let transport = ScriptedTransport::new()
        .then(answers::server_error())
        .then(Step::answer(answers::accepted(ID)).after(&gate));
    let seen = Seen::default();
    let clock = HandClock::new();
    let client = builder(&transport, &clock)
        .observer(seen.clone())
        .build()
        .unwrap();
    let request = cat();
    let mut submit = Box::pin(async { client.submit(&request).await });
    for _ in 0..polls {
        if (&mut submit).now_or_never().is_some() {
            break;
        }
        tokio::task::yield_now().await;
        // The back-off ends; the deadlines do not come.
        if clock.next_wake() == Some(Duration::from_secs(1)) {
            clock.advance(Duration::from_secs(1));
        }
    }
    drop(submit);
    gate.open();
    client.drain(Duration::from_secs(3600)).await;
    assert_eq!(client.in_flight(), 0);
    (transport.count("txt2img"), seen.accepted())
}

#[tokio::test]
async fn dropping_submit_at_any_await_point_never_loses_an_accepted_id() {
    let mut accepted = 0;
    for polls in 0..40 {
        let (posts, ids) = dropped_after(polls).await;
        // The second POST is accepted: whenever it was made, its id is known.
        let expected: Vec<String> = (posts == 2).then(|| ID.to_owned()).into_iter().collect();
        assert_eq!(ids, expected, "dropped after {polls} polls, {posts} posts");
        accepted += ids.len();
    }
    assert!(accepted > 0, "some of the drops came after the second POST");
    assert_eq!(
        dropped_after(0).await.0,
        0,
        "nothing is sent before the first poll"
    );
}

#[tokio::test]
async fn dropping_while_backing_off_sends_nothing_more() {
    let transport = ScriptedTransport::new().then(answers::server_error());
    let clock = HandClock::new();
    let client = builder(&transport, &clock).build().unwrap();
    let request = cat();
    {
        let submit = async { client.submit(&request).await };
        tokio::pin!(submit);
        tokio::select! {
            _ = &mut submit => unreachable!("the back-off never ends by itself"),
            () = clock.wait_for_sleepers(1) => {}
        }
    }
    clock.advance(Duration::from_secs(60));
    tokio::task::yield_now().await;
    assert_eq!(transport.count("txt2img"), 1);
}

#[tokio::test]
async fn the_observer_sees_a_paid_call_from_its_start() {
    let transport = ScriptedTransport::new().then(answers::accepted(ID));
    let seen = Seen::default();
    let client = builder(&transport, &HandClock::auto())
        .observer(seen.clone())
        .build()
        .unwrap();
    let _ = client.submit(&cat()).intent("order-4711").await.unwrap();
    let told: Vec<String> = seen
        .events()
        .iter()
        .map(|event| match event {
            Event::Sending {
                intent, attempt, ..
            } => format!("sending {intent} {attempt}"),
            Event::Accepted {
                intent, request_id, ..
            } => format!("accepted {intent} {request_id}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "sending order-4711 1".to_owned(),
            format!("accepted order-4711 {ID}")
        ]
    );
}
