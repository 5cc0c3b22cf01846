//! One delivery on its way, as the service sends it.

use std::net::IpAddr;
use std::time::Duration;

use dryapi_client::{Charge, Clock, Delivery, ErrorKind};
use dryapi_transport::{
    HttpTransport, Request, Response, SystemClock, Timeouts, Transport, TransportError,
    TransportErrorKind,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::duration;
use crate::flags::Given;
use crate::report::{End, Failure};

/// The service hangs up after this long.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of a refusal is read.
const LONGEST: usize = 4 * 1024;

/// Where deliveries go.
#[derive(Clone, Debug)]
pub(super) struct Receiver {
    to: Uri,
    transport: HttpTransport,
}

impl Receiver {
    /// At the address that `flag` gave: https, or http that stays on this machine.
    pub(super) fn new(given: &Given, flag: &str, to: &str) -> Result<Self, End> {
        let to = address(given.allow_http, flag, to)?;
        let transport = HttpTransport::new().map_err(|error| lost(&error))?;
        Ok(Self { to, transport })
    }

    /// Sends it once and gives the receiver's 2xx. The service waits 10 s; so does this, or less.
    pub(super) async fn send(
        &self,
        limit: Option<Duration>,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<StatusCode, Failure> {
        let clock = SystemClock::default();
        let limit = limit.unwrap_or(PATIENCE).min(PATIENCE);
        let request = request(self.to.clone(), headers, body)
            .ok_or_else(|| Failure::invalid("this id cannot stand in a header"))?;
        let exchange = async {
            let mut response = self
                .transport
                .send(request)
                .await
                .map_err(|error| lost(&error))?;
            let status = response.status;
            match status.is_success() {
                true => Ok(status),
                false => Err(refused(status, &said(&mut response).await)),
            }
        };
        tokio::select! {
            biased;
            result = exchange => result,
            () = clock.sleep(limit) => {
                let message = format!("no answer within {}", duration::show(limit));
                let help = "The service gives up after 10 s and delivers again: answer first, or \
                            work faster.";
                let mut failure = Failure::new(ErrorKind::Timeout, message).help(help);
                failure.delivery = Delivery::Unknown;
                Err(failure)
            }
        }
    }
}

fn address(allow_http: bool, flag: &str, to: &str) -> Result<Uri, End> {
    let wrong = |what: &str| Failure::invalid(format!("{flag} {what}"));
    let uri: Uri = to.parse().map_err(|_| wrong("is no address"))?;
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        _ if host.is_empty() => Err(wrong("is no whole address").into()),
        Some("https") => Ok(uri),
        Some("http") if is_loopback(host) || allow_http => Ok(uri),
        Some("http") => {
            let message = "plain http to another machine";
            let help = "The service delivers to https only. For a test, --allow-http sends it.";
            Err(Failure::new(ErrorKind::Config, message).help(help).into())
        }
        _ => Err(wrong("must begin with https://, or http:// on this machine").into()),
    }
}

fn is_loopback(host: &str) -> bool {
    let ip = host.trim_start_matches('[').trim_end_matches(']');
    let ip = ip.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

/// None where a header cannot carry its value.
fn request(to: Uri, headers: Vec<(String, String)>, body: Vec<u8>) -> Option<Request> {
    let mut request = Request::new(Method::POST, to).with_body(body);
    for (name, value) in headers {
        let name = HeaderName::try_from(name);
        let value = HeaderValue::try_from(value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return None;
        };
        request = request.with_header(name, value);
    }
    let mut timeouts = Timeouts::default();
    timeouts.connect = PATIENCE;
    timeouts.first_byte = PATIENCE;
    timeouts.idle = PATIENCE;
    request.timeouts = timeouts;
    Some(request)
}

/// The first line of an answer.
async fn said(response: &mut Response) -> String {
    let read = response.read(LONGEST).await;
    let text = String::from_utf8_lossy(&read.bytes).into_owned();
    text.lines().next().unwrap_or_default().trim().to_owned()
}

fn refused(status: StatusCode, said: &str) -> Failure {
    let mut message = format!("the receiver answered {status}");
    if !said.is_empty() {
        message = format!("{message}: {said}");
    }
    let help = match status.as_u16() {
        300..=399 => "The service follows no redirects: give the final address.",
        401 | 403 => "Does the receiver know this secret?",
        _ => "The service takes anything but 2xx for a failure and delivers again.",
    };
    let mut failure = Failure::new(ErrorKind::UnexpectedStatus, message).help(help);
    failure.status = Some(status.as_u16());
    failure.delivery = Delivery::Answered;
    failure.attempts = 1;
    failure
}

/// There was no answer.
fn lost(error: &TransportError) -> Failure {
    let kind = match error.kind() {
        TransportErrorKind::InvalidRequest => ErrorKind::InvalidInput,
        TransportErrorKind::Config => ErrorKind::Config,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        _ => ErrorKind::Network,
    };
    let mut failure = Failure::new(kind, error.message());
    failure.charge = Charge::No;
    if !error.provably_not_sent() {
        failure.delivery = Delivery::Unknown;
        failure.attempts = 1;
    }
    failure
}
