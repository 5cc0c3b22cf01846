//! The rules against the scripted transport, and against transports that break one each.

use std::sync::{Arc, Mutex};

use dryapi_transport::{
    Request, Response, Transport, TransportError, TransportErrorKind as Kind, async_trait,
};

use super::checks;
use super::stage::{Act, Arrived, OtherEnd, Scene, Stage};
use crate::{Answer, ScriptedTransport, Step};

struct Nobody;
impl OtherEnd for Nobody {}

/// A stage without sockets: acts become steps.
struct Script<F>(F);

impl<T: Transport, F: Fn(ScriptedTransport) -> T> Stage for Script<F> {
    type Transport = T;

    fn set(&self, act: Act) -> Scene<T> {
        let error = |kind| Step::error(TransportError::new(kind, "lost"));
        let step = match act {
            Act::Refuse => error(Kind::Connect),
            Act::Drop => error(Kind::Interrupted),
            Act::Send(bytes) => answer(&bytes),
            Act::SendAndHang(_) | Act::SendInTwo(..) => unreachable!("not without sockets"),
        };
        let script = ScriptedTransport::new().then(step.always());
        let sent = script.clone();
        Scene {
            transport: (self.0)(script),
            base: "http://api.example".to_owned(),
            seen: Arc::new(move || sent.requests().iter().map(arrived).collect()),
            other_end: Box::new(Nobody),
        }
    }
}

fn answer(bytes: &[u8]) -> Step {
    let answer = Answer::from_http(bytes).unwrap();
    let told: usize = answer.headers["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    match answer.body.len() {
        came if came < told => Step::cut(answer, came),
        _ => Step::answer(answer),
    }
}

fn arrived(sent: &crate::SentRequest) -> Arrived {
    Arrived {
        method: sent.method.clone(),
        target: sent.uri.path_and_query().unwrap().to_string(),
        headers: sent.headers.clone(),
        body: sent.body.to_vec(),
    }
}

#[tokio::test]
async fn the_scripted_transport_keeps_the_rules() {
    let broken = checks::anywhere(&Script(|script| script)).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A transport that does one thing wrong.
#[derive(Debug)]
struct Wrong {
    inner: ScriptedTransport,
    what: What,
    log: Mutex<Vec<String>>,
}

#[derive(Clone, Copy, Debug)]
enum What {
    LosesTheQuery,
    SendsTwice,
    CallsStatusesErrors,
    CallsEverythingNotSent,
    CallsNothingNotSent,
    TellsSecrets,
    SwallowsCuts,
    DropsHeaders,
}

#[async_trait]
impl Transport for Wrong {
    async fn send(&self, mut request: Request) -> Result<Response, TransportError> {
        let uri = request.uri.to_string();
        self.log.lock().unwrap().push(uri.clone());
        if let What::LosesTheQuery = self.what {
            request.uri = uri.split('?').next().unwrap().parse().unwrap();
        }
        if let (What::SendsTwice, Some(again)) = (self.what, request.try_clone()) {
            drop(self.inner.send(again).await);
        }
        let mut response = match (self.inner.send(request).await, self.what) {
            (Err(error), What::CallsEverythingNotSent) => return Err(error.not_sent()),
            (Err(_), What::CallsNothingNotSent) => {
                return Err(TransportError::new(Kind::Other, "lost"));
            }
            (Err(error), What::TellsSecrets) => {
                let told = TransportError::new(error.kind(), uri);
                return Err(if error.provably_not_sent() {
                    told.not_sent()
                } else {
                    told
                });
            }
            (Ok(response), What::CallsStatusesErrors) if !response.status.is_success() => {
                return Err(TransportError::new(
                    Kind::Other,
                    response.status.to_string(),
                ));
            }
            (other, _) => other?,
        };
        match self.what {
            What::SwallowsCuts => {
                let read = response.read(usize::MAX).await;
                Ok(response.with_body(read.bytes))
            }
            What::DropsHeaders => Ok(response.with_headers(http::HeaderMap::new())),
            _ => Ok(response),
        }
    }
}

#[tokio::test]
async fn whoever_breaks_a_rule_is_told_which() {
    let cases = [
        (What::LosesTheQuery, "path and query arrive as given"),
        (What::SendsTwice, "one request is sent, not 2"),
        (
            What::CallsStatusesErrors,
            "an answer of status 400 is a response",
        ),
        (
            What::CallsEverythingNotSent,
            "the request was sent, so the error is not",
        ),
        (
            What::CallsNothingNotSent,
            "nothing was sent, so the error is",
        ),
        (What::TellsSecrets, "the error shows a secret"),
        (What::SwallowsCuts, "ends with an error"),
        (What::DropsHeaders, "a header that stands twice comes twice"),
    ];
    for (what, expected) in cases {
        let stage = Script(|inner| Wrong {
            inner,
            what,
            log: Mutex::default(),
        });
        let broken = checks::anywhere(&stage).await;
        let told = broken.iter().any(|rule| rule.contains(expected));
        assert!(told, "{what:?}: {broken:?}");
    }
}
