//! The service refuses, or fails.

use wiremock::MockServer;

use super::serve::{Calls, always, serve};
use crate::answer::Answer;
use crate::answers;
use crate::corpus::Case;

/// 401 to everything, as on the Errors page.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn unauthorized(server: &MockServer) -> Calls {
    always(server, answers::unauthorized()).await
}

/// 403 to everything: the account is suspended.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn suspended(server: &MockServer) -> Calls {
    always(server, answers::suspended()).await
}

/// 404 to everything, as on the Errors page.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn not_found(server: &MockServer) -> Calls {
    always(server, answers::not_found()).await
}

/// 422 to everything, about `width` and `model`, as on the Errors page.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn validation(server: &MockServer) -> Calls {
    let fields = [
        ("width", "The width must be between 64 and 2048."),
        ("model", "The selected model does not exist."),
    ];
    always(server, answers::validation(&fields)).await
}

/// 422 to everything: the balance does not cover it.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn insufficient_balance(server: &MockServer) -> Calls {
    always(server, answers::insufficient_balance()).await
}

/// 429 to the first requests, which are told to come back in 60 s, and then an answer to all
/// others. The server does not know whether anybody waited:
/// [`HandClock::slept`](crate::HandClock::slept) does.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn rate_limited_minute(
    server: &MockServer,
    times: usize,
    then: impl Into<Answer>,
) -> Calls {
    first(server, times, answers::rate_limited_minute(), then.into()).await
}

/// 429 to everything: the day's requests are used up. Come back in 12 h.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn rate_limited_daily(server: &MockServer) -> Calls {
    always(server, answers::rate_limited_daily()).await
}

/// 502 to everything, as a proxy's page: whether the service took the request nobody knows.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn html_502(server: &MockServer) -> Calls {
    always(server, answers::html_502()).await
}

/// 500 to the first requests, as on the Errors page, and then an answer to all others.
///
/// # Cancel safety
/// Dropping the future leaves open whether the scenario is mounted.
pub async fn server_error_then(
    server: &MockServer,
    times: usize,
    then: impl Into<Answer>,
) -> Calls {
    first(server, times, answers::server_error(), then.into()).await
}

async fn first(server: &MockServer, times: usize, answer: Answer, then: Answer) -> Calls {
    let answer = move |before| if before < times { &answer } else { &then }.clone();
    serve(server, move |_, (before, _)| answer(before)).await
}

impl Case {
    /// Answers everything on a server with this case, after all mocks of your own. Of
    /// [`odd`](crate::corpus::odd) ones only what an ordinary server can send arrives.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the scenario is mounted.
    pub async fn mount(&self, server: &MockServer) -> Calls {
        always(server, self.answer()).await
    }
}
