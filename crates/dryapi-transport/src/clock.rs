//! Time as something that is handed in, so that tests drive it by hand.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A future on the heap that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tells the time and waits. Deadlines run on [`now`](Clock::now), dates on
/// [`wall`](Clock::wall).
pub trait Clock: Debug + Send + Sync + 'static {
    /// Monotonic time.
    fn now(&self) -> Instant;

    /// The time of day.
    fn wall(&self) -> SystemTime;

    /// Waits until a moment of monotonic time. One that has passed is over at once.
    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()>;

    /// Waits for a duration. One too long to be a moment is never over.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match self.now().checked_add(duration) {
            Some(until) => self.sleep_until(until),
            None => Box::pin(std::future::pending()),
        }
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }

    fn wall(&self) -> SystemTime {
        (**self).wall()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        (**self).sleep_until(until)
    }
}
