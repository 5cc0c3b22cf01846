//! From settings to a client's parts.

use std::sync::Arc;

use dryapi_transport::{Clock, Transport};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::ClientBuilder;
use crate::base_url::{BaseUrl, DEFAULT_BASE_URL};
use crate::error::Error;
use crate::guard::Guard;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::observe::Nobody;
use crate::price::cache::Prices;
use crate::random::OsRandom;
use crate::retry::Budget;
use crate::shared::Shared;

const PRODUCT: &str = concat!("dryapi-rust/", env!("CARGO_PKG_VERSION"));

impl ClientBuilder {
    /// Everything checked and put together.
    pub(crate) fn hub(self) -> Result<Hub, Error> {
        let key = self.key.ok_or_else(|| {
            Error::config("no API key; set DRYAPI_API_KEY or give one to the builder")
        })?;
        let base_url = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let clock = clock(self.clock)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => http_transport(&clock, self.proxy, &self.roots)?,
        };
        let authorization = key.authorization()?;
        let base_url = BaseUrl::parse(base_url, self.allow_http)?;
        #[cfg(feature = "realtime")]
        let push = self.push.opens(&base_url, self.allow_http, &self.roots)?;
        #[cfg(not(feature = "realtime"))]
        let push = None;
        let observer = self.observer.unwrap_or_else(|| Arc::new(Nobody));
        #[cfg(feature = "ledger")]
        let account = crate::record::Account {
            base_url: base_url.as_str().to_owned(),
            key: key.clone(),
            clock: Arc::clone(&clock),
            observer: Arc::clone(&observer),
        };
        #[cfg(feature = "ledger")]
        let record = crate::record::Record::new(self.ledger, self.ledger_optional, account);
        let shared = Shared {
            base_url,
            key,
            authorization,
            user_agent: user_agent(self.user_agent_suffix.as_deref())?,
            headers: headers(&self.headers)?,
            transport,
            clock,
            random: self.random.unwrap_or_else(|| Arc::new(OsRandom::default())),
            observer,
            retry: self.retry,
            budget: Budget::default(),
            limits: Limits::new(self.limits),
            #[cfg(feature = "ledger")]
            record,
            #[cfg(not(feature = "ledger"))]
            record: crate::record::Record,
            guard: Guard::new(!self.unguarded),
            #[cfg(feature = "webhook")]
            correlation: self.correlation,
            prices: Prices::default(),
            spend_limit: self.spend_limit,
            attempt_timeout: self.attempt_timeout,
            files: self.files,
            in_flight: Arc::default(),
        };
        Ok(Hub::new(shared, self.schedule, self.rely_on_webhooks, push))
    }
}

fn user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let text = suffix.map_or_else(
        || PRODUCT.to_owned(),
        |suffix| format!("{PRODUCT} {suffix}"),
    );
    HeaderValue::try_from(text)
        .map_err(|_| Error::config("the user-agent suffix holds characters no header can carry"))
}

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, Error> {
    const OURS: [HeaderName; 6] = [
        AUTHORIZATION,
        ACCEPT,
        CONTENT_TYPE,
        CONTENT_LENGTH,
        HOST,
        USER_AGENT,
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let wrong = |why| Error::config(format!("the default header {name:?} {why}"));
        let parsed = HeaderName::try_from(name).map_err(|_| wrong("has no valid name"))?;
        if OURS.contains(&parsed) || parsed.as_str() == "idempotency-key" {
            return Err(wrong("is set by the client itself"));
        }
        let value = HeaderValue::try_from(value).map_err(|_| wrong("has no valid value"))?;
        headers.append(parsed, value);
    }
    Ok(headers)
}

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn clock(given: Option<Arc<dyn Clock>>) -> Result<Arc<dyn Clock>, Error> {
    Ok(given.unwrap_or_else(|| Arc::new(dryapi_transport::SystemClock::default())))
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
fn clock(given: Option<Arc<dyn Clock>>) -> Result<Arc<dyn Clock>, Error> {
    given.ok_or_else(|| Error::config("without the `reqwest` feature a clock must be given"))
}

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn http_transport(
    clock: &Arc<dyn Clock>,
    proxy: Option<http::Uri>,
    roots: &[Vec<u8>],
) -> Result<Arc<dyn Transport>, Error> {
    let mut builder = dryapi_transport::HttpTransport::builder().clock(Arc::clone(clock));
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy);
    }
    for pem in roots {
        builder = builder.add_root_certificate_pem(pem.clone());
    }
    let transport = builder.build();
    let transport = transport.map_err(|error| Error::config(error.to_string()).caused_by(error))?;
    Ok(Arc::new(transport))
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
fn http_transport(
    _clock: &Arc<dyn Clock>,
    _proxy: Option<http::Uri>,
    _roots: &[Vec<u8>],
) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::config(
        "without the `reqwest` feature a transport must be given",
    ))
}
