//! A clock that stands still until it is told to go on.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use dryapi_transport::{BoxFuture, Clock, SystemClock};
use tokio::sync::watch;

#[derive(Clone, Debug)]
pub(crate) struct HandClock {
    start: Instant,
    state: Arc<Mutex<State>>,
    /// The moments of timers that are being waited for, as they are set.
    armed: watch::Sender<Vec<Duration>>,
}

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    asleep: Duration,
    sleepers: Vec<Waker>,
}

impl HandClock {
    pub(crate) fn new() -> Self {
        let start = SystemClock::new().now();
        Self {
            start,
            state: Arc::default(),
            armed: watch::Sender::default(),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let sleepers = {
            let mut state = self.state.lock().unwrap();
            state.passed += by;
            std::mem::take(&mut state.sleepers)
        };
        sleepers.into_iter().for_each(Waker::wake);
    }

    /// The machine sleeps: only wall time goes on.
    pub(crate) fn sleep_machine(&self, by: Duration) {
        self.state.lock().unwrap().asleep += by;
    }

    /// Waits until somebody waits for a moment, counted from the clock's start.
    pub(crate) async fn armed(&self, moment: Duration) {
        let mut armed = self.armed.subscribe();
        armed
            .wait_for(|armed| armed.contains(&moment))
            .await
            .unwrap();
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        self.start + self.state.lock().unwrap().passed
    }

    fn wall(&self) -> SystemTime {
        let state = self.state.lock().unwrap();
        SystemTime::UNIX_EPOCH + state.passed + state.asleep
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let mut told = false;
        Box::pin(poll_fn(move |cx| {
            let moment = until.saturating_duration_since(clock.start);
            {
                let mut state = clock.state.lock().unwrap();
                if state.passed >= moment {
                    return Poll::Ready(());
                }
                state.sleepers.push(cx.waker().clone());
            }
            if !std::mem::replace(&mut told, true) {
                clock.armed.send_modify(|armed| armed.push(moment));
            }
            Poll::Pending
        }))
    }
}
