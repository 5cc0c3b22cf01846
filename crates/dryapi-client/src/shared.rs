//! What every part of one client shares.

use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{Clock, Transport};
use http::{HeaderMap, HeaderValue};

use crate::base_url::BaseUrl;
use crate::file::FileSettings;
use crate::guard::Guard;
use crate::in_flight::InFlight;
use crate::key::ApiKey;
use crate::limits::Limits;
use crate::observe::Observer;
use crate::price::cache::Prices;
use crate::random::Random;
use crate::record::Record;
use crate::retry::{Budget, RetryPolicy};
use crate::spend::SpendLimit;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) base_url: BaseUrl,
    pub(crate) key: ApiKey,
    pub(crate) authorization: HeaderValue,
    pub(crate) user_agent: HeaderValue,
    pub(crate) headers: HeaderMap,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) limits: Limits,
    pub(crate) record: Record,
    pub(crate) guard: Guard,
    pub(crate) prices: Prices,
    pub(crate) spend_limit: SpendLimit,
    #[cfg(feature = "webhook")]
    pub(crate) correlation: Option<crate::correlate::Correlation>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) files: FileSettings,
    pub(crate) in_flight: Arc<InFlight>,
}
