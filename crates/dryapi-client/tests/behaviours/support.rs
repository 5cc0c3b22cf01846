//! What the tests share.

use std::sync::{Arc, Mutex};

use dryapi_client::{ApiKey, Client, ClientBuilder, Event, Observer, Random, TextToImage};
use dryapi_testkit::{HandClock, ScriptedTransport};

pub(crate) const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";
pub(crate) const KEY: &str = "sk-sandbox-test-4711";

/// Always the middle: jitter changes nothing.
#[derive(Debug)]
pub(crate) struct Middle;

impl Random for Middle {
    fn next_u64(&self) -> u64 {
        1 << 63
    }
}

pub(crate) fn builder(transport: &ScriptedTransport, clock: &HandClock) -> ClientBuilder {
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .transport(transport.clone())
        .clock(clock.clone())
        .random(Middle)
}

/// A client whose waits are over at once.
pub(crate) fn client(transport: &ScriptedTransport) -> (Client, HandClock) {
    let clock = HandClock::auto();
    (builder(transport, &clock).build().unwrap(), clock)
}

pub(crate) fn cat() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4)
        .with_guidance(0.0)
}

/// Remembers what it was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<Event>>>);

impl Seen {
    pub(crate) fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn accepted(&self) -> Vec<String> {
        let ids = self.events().into_iter().filter_map(|event| match event {
            Event::Accepted { request_id, .. } => Some(request_id.to_string()),
            _ => None,
        });
        ids.collect()
    }
}

impl Observer for Seen {
    fn on_event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}
