//! Whoever receives deliveries: it verifies each, and answers as it is told.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use dryapi_webhook::{Event, Verifier};
use tokio::runtime::Runtime;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A delivery that does not come within this never comes.
const PATIENCE: Duration = Duration::from_secs(60);

type Answer = Box<dyn FnMut(&Event) -> u16 + Send>;

struct Desk {
    verifier: Verifier,
    answer: Mutex<Answer>,
    got: Sender<Result<Got, String>>,
}

/// A delivery, and what it was answered.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) event: Event,
    pub(super) status: u16,
    pub(super) agent: String,
}

impl Respond for Desk {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let headers = request.headers.iter();
        let pairs = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        let event = self.verifier.verify(pairs, &request.body);
        let Ok(event) = event else {
            let _ = self.got.send(Err(format!("{event:?}: {request:?}")));
            return ResponseTemplate::new(401);
        };
        let status = self.answer.lock().unwrap()(&event);
        let agent = request.headers.get("user-agent");
        let agent = agent.unwrap().to_str().unwrap().to_owned();
        let _ = self.got.send(Ok(Got {
            event,
            status,
            agent,
        }));
        ResponseTemplate::new(status)
    }
}

pub(super) struct Hook {
    server: MockServer,
    got: Mutex<Receiver<Result<Got, String>>>,
    _runtime: Runtime,
}

impl Hook {
    pub(super) fn answers(
        secret: &str,
        answer: impl FnMut(&Event) -> u16 + Send + 'static,
    ) -> Self {
        let runtime = Runtime::new().unwrap();
        let (sender, got) = channel();
        let desk = Desk {
            verifier: Verifier::new([secret]).unwrap(),
            answer: Mutex::new(Box::new(answer)),
            got: sender,
        };
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            let mock = Mock::given(method("POST")).respond_with(desk);
            mock.mount(&server).await;
            server
        });
        Self {
            server,
            got: Mutex::new(got),
            _runtime: runtime,
        }
    }

    /// Its address, with something private in it.
    pub(super) fn url(&self) -> String {
        format!("{}/hook?token=private", self.server.uri())
    }

    /// The next delivery; its signature is right.
    pub(super) fn next(&self) -> Got {
        let got = self.got.lock().unwrap().recv_timeout(PATIENCE);
        got.unwrap().unwrap()
    }

    /// The name and the job of the next delivery.
    pub(super) fn name(&self) -> (String, String) {
        let event = self.next().event;
        let id = event.request_id.as_ref().unwrap().to_string();
        (event.kind.name().to_owned(), id)
    }

    /// Whether nothing more came.
    pub(super) fn is_quiet(&self) -> bool {
        self.got.lock().unwrap().try_recv().is_err()
    }
}
