//! The one place that asks the system for the time.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// Tells the time of day: the system's, or one a test drives by hand.
#[derive(Clone)]
pub(crate) struct Now(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Now {
    pub(crate) fn by(clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    pub(crate) fn get(&self) -> SystemTime {
        (self.0)()
    }
}

impl Default for Now {
    fn default() -> Self {
        Self::by(system)
    }
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the default of what a caller may inject"
)]
pub(crate) fn system() -> SystemTime {
    SystemTime::now()
}
