//! Ready-made [`wiremock`] scenarios: the service's usual answers over a real socket.
//!
//! | the service | scenario |
//! |---|---|
//! | refuses everything | [`unauthorized`], [`suspended`], [`not_found`], [`validation`], [`insufficient_balance`] |
//! | says to come back later | [`rate_limited_minute`], [`rate_limited_daily`] |
//! | fails | [`html_502`], [`server_error_then`] |
//! | draws a picture | [`job_life`], [`job_failed`], [`stuck_job`], [`expired_result`] |
//! | answers as in the corpus | [`Case::mount`](crate::corpus::Case::mount) |
//! | does something that has a name | [`Fault::mount`](crate::Fault::mount) |
//!
//! Each answers every request to the server, whatever its prefix, after all mocks of your own, and
//! returns the [`Calls`] it answered.
//!
//! ```
//! use dryapi_testkit::scenarios;
//! use wiremock::MockServer;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let server = MockServer::start().await;
//! let calls = scenarios::job_life(&server, "c08a339c", &b"\x89PNG"[..]).await;
//! // … point the code at `server.uri()`, let it draw a picture, and then:
//! # let _ = rustls::crypto::ring::default_provider().install_default();
//! # let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
//! # http.post(format!("{}/api/v1/client/txt2img", server.uri())).send().await?;
//! assert_eq!(calls.posts(), 1, "paid once");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fault;
mod jobs;
mod refusals;
mod serve;

pub use jobs::{expired_result, job_failed, job_life, stuck_job};
pub use refusals::{
    html_502, insufficient_balance, not_found, rate_limited_daily, rate_limited_minute,
    server_error_then, suspended, unauthorized, validation,
};
pub use serve::Calls;

#[cfg(test)]
mod tests;
