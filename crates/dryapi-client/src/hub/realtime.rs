//! The push channel of `dryapi-realtime`, as the hub listens to it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use dryapi_realtime::{Channel, Endpoint, ErrorKind as PushErrorKind, Signal as PushSignal};
use futures_core::Stream;
use http::Uri;

use super::push::{OpensPush, PushStream, Signal};
use crate::base_url::BaseUrl;
use crate::error::{Error, ErrorKind};
use crate::random::fraction;
use crate::shared::Shared;

/// What errors about the push channel are about.
const OPERATION: &str = "broadcasting/auth";

/// What the builder was told of the push channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct PushSettings {
    pub(crate) client_id: Option<String>,
    pub(crate) realtime_url: Option<String>,
    pub(crate) auth_url: Option<String>,
}

/// Where the channel is, and whose it is.
#[derive(Debug)]
struct Realtime {
    client_id: String,
    endpoint: Endpoint,
    auth_url: Uri,
    allow_plain: bool,
    roots: Vec<Vec<u8>>,
}

impl PushSettings {
    /// Whoever opens the channel; none without a client id, and none where it is not known which
    /// push server belongs to the base URL.
    ///
    /// # Errors
    /// Kind `Config`, naming the setting.
    pub(crate) fn opens(
        &self,
        base_url: &BaseUrl,
        allow_plain: bool,
        roots: &[Vec<u8>],
    ) -> Result<Option<Box<dyn OpensPush>>, Error> {
        let Some(client_id) = self.client_id.clone() else {
            return Ok(None);
        };
        let endpoint = match &self.realtime_url {
            Some(url) => Some(Endpoint::parse(url).map_err(|error| {
                Error::config(format!("the realtime URL: {error}")).caused_by(error)
            })?),
            None => Endpoint::for_base_url(base_url.as_str()),
        };
        let Some(endpoint) = endpoint else {
            return Ok(None);
        };
        let auth_url = match &self.auth_url {
            Some(url) => url.clone(),
            None => format!("{}/broadcasting/auth", base_url.as_str()),
        };
        let auth_url = auth_url.parse().map_err(|_| {
            Error::config("the auth URL is not an address; write https://…/broadcasting/auth")
        })?;
        Ok(Some(Box::new(Realtime {
            client_id,
            endpoint,
            auth_url,
            allow_plain,
            roots: roots.to_vec(),
        })))
    }
}

impl OpensPush for Realtime {
    fn open(&self, shared: &Shared) -> Result<PushStream, Error> {
        let random = Arc::clone(&shared.random);
        let mut builder = Channel::builder(self.endpoint.clone(), self.client_id.as_str())
            .auth_url(self.auth_url.clone())
            .authorization(shared.authorization.clone())
            .header(http::header::USER_AGENT, shared.user_agent.clone())
            .transport(Arc::clone(&shared.transport))
            .clock(Arc::clone(&shared.clock))
            .random(Arc::new(move || fraction(&*random)))
            .allow_plain(self.allow_plain);
        for pem in &self.roots {
            builder = builder.root_certificate_pem(pem.clone());
        }
        let channel = builder.open().map_err(error)?;
        Ok(Box::pin(Signals(channel)))
    }
}

/// A channel's signals as the hub's.
struct Signals(Channel);

impl Stream for Signals {
    type Item = Signal;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        loop {
            let Some(signal) = std::task::ready!(Pin::new(&mut self.0).poll_next(cx)) else {
                return Poll::Ready(None);
            };
            return Poll::Ready(Some(match signal {
                PushSignal::Subscribed { gap } => Signal::Connected { gap },
                PushSignal::Update(update) => Signal::Heard(update),
                PushSignal::Lost { why, again_in } => Signal::Lost {
                    why: why.to_string(),
                    again_in,
                },
                PushSignal::Stopped(why) => Signal::Stopped(error(why)),
                // What is told in a later version is nothing to the hub.
                _ => continue,
            }));
        }
    }
}

fn error(why: dryapi_realtime::Error) -> Error {
    let status = match &why {
        dryapi_realtime::Error::Unauthorized { status, .. } => Some(*status),
        _ => None,
    };
    let kind = match (why.kind(), status) {
        (PushErrorKind::Config, _) => ErrorKind::Config,
        (_, Some(401)) => ErrorKind::Unauthorized,
        (_, Some(404)) => ErrorKind::NotFound,
        _ => ErrorKind::Forbidden,
    };
    Error::new(kind, OPERATION, why.to_string())
        .with(|inner| inner.status = status)
        .caused_by(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(base_url: &str, settings: &PushSettings) -> Result<bool, Error> {
        let base_url = BaseUrl::parse(base_url, true).unwrap();
        let opens = settings.opens(&base_url, false, &[])?;
        Ok(opens.is_some())
    }

    #[test]
    fn the_services_push_server_is_never_asked_about_anothers_jobs() {
        let own = "https://api.dryapi.dev";
        let mut settings = PushSettings::default();
        assert!(!opens(own, &settings).unwrap(), "no client id");
        settings.client_id = Some("42".to_owned());
        assert!(opens(own, &settings).unwrap());
        for other in ["http://127.0.0.1:4010", "https://proxy.example/dryapi"] {
            assert!(!opens(other, &settings).unwrap(), "{other}");
        }
        settings.realtime_url = Some("ws://127.0.0.1:4010/app/k".to_owned());
        assert!(opens("http://127.0.0.1:4010", &settings).unwrap());
    }

    #[test]
    fn the_channel_is_authorised_beside_the_api() {
        let settings = PushSettings {
            client_id: Some("42".to_owned()),
            realtime_url: Some("wss://push.example/app/k".to_owned()),
            auth_url: None,
        };
        let base_url = BaseUrl::parse("https://h.example/proxy/api/v1/client/", false).unwrap();
        let opens = settings.opens(&base_url, false, &[]).unwrap().unwrap();
        let shown = format!("{opens:?}");
        assert!(
            shown.contains("https://h.example/proxy/broadcasting/auth"),
            "{shown}"
        );
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let settings = PushSettings {
            client_id: Some("42".to_owned()),
            realtime_url: Some("https://push.example/app/k".to_owned()),
            auth_url: None,
        };
        let error = opens("https://api.dryapi.dev", &settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains("realtime URL"), "{error}");
    }
}
