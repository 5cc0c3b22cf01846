//! A webhook's receiver: keeps what arrives, answers as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use dryapi_webhook::{Event, Verifier};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::support::{Service, cat};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    Status(u16),
    Redirect,
    Hang,
}

#[derive(Clone)]
struct Script {
    replies: Arc<Mutex<VecDeque<Reply>>>,
    usual: Reply,
    arrived: UnboundedSender<Arrival>,
}

#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Receiver {
    address: String,
    arrivals: UnboundedReceiver<Arrival>,
}

impl Receiver {
    /// Answers these in order, then `usual` for ever.
    pub(crate) async fn start(replies: &[Reply], usual: Reply) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (arrived, arrivals) = unbounded_channel();
        let script = Script {
            replies: Arc::new(Mutex::new(replies.iter().copied().collect())),
            usual,
            arrived,
        };
        let service = Router::new().fallback(answer).with_state(script);
        tokio::spawn(async { axum::serve(listener, service).await });
        Self { address, arrivals }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub(crate) async fn next(&mut self) -> Arrival {
        self.arrivals.recv().await.unwrap()
    }

    /// The names of the events of the next arrivals.
    pub(crate) async fn events(&mut self, count: usize) -> Vec<String> {
        let mut events = Vec::new();
        for _ in 0..count {
            let arrival = self.next().await;
            events.push(arrival.json()["event"].as_str().unwrap().to_owned());
        }
        events
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.arrivals.is_empty()
    }
}

impl Arrival {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The event, if the signature holds and the timestamp is of now by this machine's clock.
    pub(crate) fn verified(&self, secret: &str) -> Event {
        let pairs = self.headers.iter();
        let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_bytes()));
        let verifier = Verifier::new([secret]).unwrap();
        verifier.verify(pairs, &self.body).unwrap()
    }
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let reply = script.replies.lock().unwrap().pop_front();
    let arrival = Arrival {
        uri: parts.uri,
        headers: parts.headers,
        body: body.to_vec(),
    };
    script.arrived.send(arrival).unwrap();
    match reply.unwrap_or(script.usual) {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Redirect => Redirect::temporary("/elsewhere").into_response(),
        Reply::Hang => std::future::pending().await,
    }
}

pub(crate) fn cat_to(url: &str) -> Value {
    let mut cat = cat();
    cat["webhook_url"] = json!(url);
    cat
}

impl Service {
    /// The attempts as the admin interface shows them, once there are so many.
    pub(crate) async fn attempts(&self, count: usize) -> Vec<Value> {
        while self.sandbox.deliveries().len() < count {
            tokio::task::yield_now().await;
        }
        let url = format!("{}/deliveries", self.sandbox.admin_url());
        let answer = self.http.get(url).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let attempts = answer["deliveries"].as_array().unwrap().clone();
        assert_eq!(attempts.len(), count, "{attempts:#?}");
        attempts
    }
}

/// One member of each.
pub(crate) fn column(attempts: &[Value], name: &str) -> Value {
    attempts
        .iter()
        .map(|attempt| attempt[name].clone())
        .collect()
}
