//! Channels for tests.

use std::fmt::Display;
use std::sync::Arc;

use dryapi_realtime::{Channel, ChannelBuilder, Endpoint, Signal};
use dryapi_testkit::{Answer, HandClock, ScriptedTransport, SentRequest, Step};
use http::{HeaderValue, Uri};
use serde_json::json;

pub(crate) const AUTH_URL: &str = "http://127.0.0.1:1/broadcasting/auth";

/// A channel's parts: time stands still, jitter is nothing, every connection is authorised.
pub(crate) struct Rig {
    pub(crate) clock: HandClock,
    pub(crate) transport: ScriptedTransport,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(ScriptedTransport::new().then(Step::reply(grant).always()))
    }

    pub(crate) fn with(transport: ScriptedTransport) -> Self {
        Self {
            clock: HandClock::new(),
            transport,
        }
    }

    pub(crate) fn builder(&self, endpoint: &str) -> ChannelBuilder {
        Channel::builder(Endpoint::parse(endpoint).unwrap(), "42")
            .auth_url(Uri::from_static(AUTH_URL))
            .authorization(HeaderValue::from_static("Bearer sk-5ecret"))
            .transport(Arc::new(self.transport.clone()))
            .clock(Arc::new(self.clock.clone()))
            .random(Arc::new(|| 0.0))
    }

    pub(crate) fn channel(&self, address: impl Display) -> Channel {
        let endpoint = format!("ws://{address}/app/app-key");
        self.builder(&endpoint).open().unwrap()
    }
}

/// A signature that says which connection it is for.
pub(crate) fn grant(request: &SentRequest) -> Answer {
    let asked = request.json().unwrap();
    let socket_id = asked["socket_id"].as_str().unwrap();
    Answer::json(200, &json!({"auth": format!("key:for-{socket_id}")}))
}

/// The next signal in short.
pub(crate) async fn next(channel: &mut Channel) -> String {
    match channel.next().await {
        Some(Signal::Subscribed { gap }) => format!("subscribed, gap {gap}"),
        Some(Signal::Update(update)) => update.to_string(),
        Some(Signal::Lost { why, again_in }) => format!("lost for {} s: {why}", again_in.as_secs()),
        Some(Signal::Stopped(error)) => format!("stopped: {error}"),
        None => "the end".to_owned(),
        Some(other) => panic!("{other:?}"),
    }
}
