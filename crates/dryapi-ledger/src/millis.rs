//! Moments, stored as milliseconds since 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serializer};

/// The last moment that every system's clock can hold: the end of the year 9999.
const LAST: u64 = 253_402_300_799_999;

pub(crate) fn of(moment: SystemTime) -> u64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).map_or(LAST, |millis| millis.min(LAST))
}

pub(crate) fn moment(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis.min(LAST))
}

/// So much later, in milliseconds.
pub(crate) fn later(millis: u64, by: Duration) -> u64 {
    let by = u64::try_from(by.as_millis()).unwrap_or(LAST);
    millis.saturating_add(by).min(LAST)
}

pub(crate) fn serialize<S: Serializer>(moment: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(of(*moment))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SystemTime, D::Error> {
    u64::deserialize(from).map(moment)
}
