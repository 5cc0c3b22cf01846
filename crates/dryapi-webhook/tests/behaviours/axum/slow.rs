//! Handlers that take their time.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use axum::http::StatusCode;
use dryapi_webhook::{MemoryStore, ReplayGuard, SeenStore};
use tokio::sync::Notify;

use super::{delivery, event, receiver};

#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
fn paused_now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_more_than_8_s_is_503_goes_on_and_is_a_duplicate_later() {
    let go = Arc::new(Notify::new());
    let calls = Arc::new(AtomicU32::new(0));
    let (wait, counted) = (Arc::clone(&go), Arc::clone(&calls));
    let handler = receiver().handler(move |_| {
        let wait = Arc::clone(&wait);
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            wait.notified().await;
            Ok::<(), Infallible>(())
        }
    });
    let start = paused_now();
    let first = handler(delivery(&event("d1"))).await.status();
    assert_eq!(first, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((paused_now() - start).as_secs(), 8);
    let beside = handler(delivery(&event("d1"))).await.status();
    assert_eq!(beside, StatusCode::SERVICE_UNAVAILABLE, "somebody is at it");
    go.notify_one();
    let mut later = StatusCode::SERVICE_UNAVAILABLE;
    for _ in 0..100 {
        tokio::task::yield_now().await;
        later = handler(delivery(&event("d1"))).await.status();
        if later.is_success() {
            break;
        }
    }
    assert_eq!(later, StatusCode::NO_CONTENT);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_handler() {
    let signals = Arc::new((Notify::new(), Notify::new(), AtomicU32::new(0)));
    let inside = Arc::clone(&signals);
    let handler = receiver().handler(move |_| {
        let inside = Arc::clone(&inside);
        async move {
            inside.0.notify_one();
            inside.1.notified().await;
            inside.2.fetch_add(1, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        }
    });
    tokio::select! {
        _ = handler(delivery(&event("d1"))) => panic!("answered before it was handled"),
        () = signals.0.notified() => {}
    }
    signals.1.notify_one();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(signals.2.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_is_answered() {
    let handler = receiver().handler(|_| pending::<Result<(), Infallible>>());
    let status = handler(delivery(&event("d1"))).await.status();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_minutes_keeps_its_event_from_this_process_and_from_replicas() {
    let start = paused_now();
    let store: Arc<dyn SeenStore> = Arc::new(MemoryStore::default());
    let receiver = || {
        let clock = move || UNIX_EPOCH + (paused_now() - start);
        receiver().with_guard(ReplayGuard::new(Arc::clone(&store)).with_clock(clock))
    };
    let (go, calls) = (Arc::new(Notify::new()), Arc::new(AtomicU32::new(0)));
    let handle = {
        let (go, calls) = (Arc::clone(&go), Arc::clone(&calls));
        move |_| {
            let go = Arc::clone(&go);
            calls.fetch_add(1, Ordering::SeqCst);
            async move {
                go.notified().await;
                Ok::<(), Infallible>(())
            }
        }
    };
    let replica = receiver();
    let (here, there) = (receiver().handler(handle.clone()), replica.handler(handle));
    // The service's attempts: at once, and after 1, 2, 5 and 10 minutes. The first is slow.
    for minutes in [1, 2, 5, 10] {
        for handler in [&here, &there] {
            let status = handler(delivery(&event("d1"))).await.status();
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{minutes}");
        }
        pass(Duration::from_secs(60 * minutes)).await;
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    go.notify_one();
    pass(Duration::from_secs(1)).await;
    for handler in [&here, &there] {
        let status = handler(delivery(&event("d1"))).await.status();
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
