//! Faults that a mock server can show.

use wiremock::MockServer;

use super::serve::{Calls, always, silence};
use super::{jobs, refusals};
use crate::answers;
use crate::faults::Fault;

/// The id of the job that a fault is about.
const REQUEST_ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";

impl Fault {
    /// Lets this go wrong on a server, after all mocks of your own.
    ///
    /// | fault | what is answered |
    /// |---|---|
    /// | `html_502`, `error_500`, `book_then_500` | that, to everything |
    /// | `rate_limit_minute`, `rate_limit_daily` | 429 to everything |
    /// | `hang` | nothing, for a day |
    /// | `job_failed`, `stuck_job`, `expired_url` | as the [scenario](crate::scenarios) of that kind does |
    ///
    /// What was booked before it went wrong is [`Calls::posts`]: after `html_502`, `book_then_500`
    /// and `hang` every POST may have been.
    ///
    /// `None` for what no mock server can do: break connections and bodies (`accept_then_drop`,
    /// `drop_before_read`, `reset_after_accept`, `half_answer`, `slow_body`), and speak through the
    /// push channel and webhooks (`push_*`, `webhook_*`). Those need the `dryapi-sandbox` crate; a
    /// [`Step`](crate::Step) shows the first kind without a socket.
    ///
    /// ```
    /// use dryapi_testkit::Fault;
    /// use wiremock::MockServer;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let server = MockServer::start().await;
    /// assert!(Fault::Html502.mount(&server).await.is_some());
    /// assert!(Fault::WebhookLost.mount(&server).await.is_none());
    /// # });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the scenario is mounted.
    pub async fn mount(self, server: &MockServer) -> Option<Calls> {
        Some(match self {
            Self::Hang => silence(server).await,
            Self::Html502 => refusals::html_502(server).await,
            Self::Error500 | Self::BookThen500 => always(server, answers::server_error()).await,
            Self::RateLimitMinute => always(server, answers::rate_limited_minute()).await,
            Self::RateLimitDaily => refusals::rate_limited_daily(server).await,
            Self::JobFailed => {
                let (code, message) = ("PROCESSING_ERROR", "The job could not be processed.");
                jobs::job_failed(server, REQUEST_ID, code, message).await
            }
            Self::StuckJob => jobs::stuck_job(server, REQUEST_ID).await,
            Self::ExpiredUrl => {
                // The smallest PNG there is: one pixel.
                let png = include_bytes!("pixel.png");
                jobs::expired_result(server, REQUEST_ID, png.as_slice()).await
            }
            _ => return None,
        })
    }
}
