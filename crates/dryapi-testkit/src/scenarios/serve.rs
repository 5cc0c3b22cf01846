//! Answering every request to a mock server, and counting them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::answer::Answer;
use crate::path;

/// After every mock that was mounted without a priority.
const LAST: u8 = u8::MAX;

/// The requests that a scenario answered. Clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    seen: Arc<Mutex<Vec<(Method, String)>>>,
}

impl Calls {
    /// How many requests were POSTs: the number of times something may have been paid.
    #[must_use]
    pub fn posts(&self) -> usize {
        self.seen()
            .iter()
            .filter(|(method, _)| method == Method::POST)
            .count()
    }

    /// How many requests were for a path, or one that ends so: `txt2img`, `request-status/*`.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.seen()
            .iter()
            .filter(|(_, seen)| path::matches(path, seen))
            .count()
    }

    /// Notes a request; returns how many there were before it, in all and to its path.
    fn note(&self, request: &Request) -> (usize, usize) {
        let mut seen = self.seen();
        let path = request.url.path();
        let before = (
            seen.len(),
            seen.iter().filter(|(_, seen)| seen == path).count(),
        );
        seen.push((request.method.clone(), path.to_owned()));
        before
    }

    fn seen(&self) -> MutexGuard<'_, Vec<(Method, String)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Answer> for ResponseTemplate {
    fn from(answer: Answer) -> Self {
        let mut template = Self::new(answer.status).set_body_bytes(answer.body);
        for (name, value) in &answer.headers {
            template = template.append_header(name, value);
        }
        template
    }
}

/// The same answer to everything.
pub(super) async fn always(server: &MockServer, answer: Answer) -> Calls {
    serve(server, move |_, _| answer.clone()).await
}

/// An answer that depends on the request, and on how many there were before it, in all and to its
/// path.
pub(super) async fn serve(
    server: &MockServer,
    answer: impl Fn(&Request, (usize, usize)) -> Answer + Send + Sync + 'static,
) -> Calls {
    mount(server, move |request, before| {
        answer(request, before).into()
    })
    .await
}

/// No answer to anything, for so long that nobody waits for it.
pub(super) async fn silence(server: &MockServer) -> Calls {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    mount(server, |_, _| ResponseTemplate::new(200).set_delay(LONG)).await
}

async fn mount(
    server: &MockServer,
    respond: impl Fn(&Request, (usize, usize)) -> ResponseTemplate + Send + Sync + 'static,
) -> Calls {
    let calls = Calls::default();
    let seen = calls.clone();
    Mock::given(any())
        .respond_with(move |request: &Request| respond(request, seen.note(request)))
        .with_priority(LAST)
        .mount(server)
        .await;
    calls
}
