//! The request that authorises the channel, through the caller's transport.

use std::sync::Arc;

use dryapi_transport::{BoxFuture, Clock, Request, Transport, TransportErrorKind};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Uri};
use serde_json::json;

use crate::channel_name::ChannelName;
use crate::protocol::{AuthAnswer, fit};

/// How much of an answer is read, in bytes.
const LARGEST: usize = 64 * 1024;

/// Asks for a channel's signature.
pub(crate) struct Authorizer {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    url: Uri,
    headers: HeaderMap,
}

impl Authorizer {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        url: Uri,
        mut headers: HeaderMap,
    ) -> Self {
        let json = HeaderValue::from_static("application/json");
        headers.insert(ACCEPT, json.clone());
        headers.insert(CONTENT_TYPE, json);
        Self {
            transport,
            clock,
            url,
            headers,
        }
    }

    /// Asks once. How long it may take is the caller's matter.
    pub(crate) fn ask(
        &self,
        socket_id: &str,
        channel: &ChannelName,
    ) -> BoxFuture<'static, AuthAnswer> {
        let body = json!({"socket_id": socket_id, "channel_name": channel.as_str()});
        let mut request = Request::new(Method::POST, self.url.clone()).with_body(body.to_string());
        request.headers = self.headers.clone();
        let transport = Arc::clone(&self.transport);
        let clock = Arc::clone(&self.clock);
        let secrets = secrets(&self.headers);
        Box::pin(async move {
            let answer = exchange(&*transport, &*clock, request).await;
            answer.map_text(|text| fit(text, secrets.iter().map(String::as_str)))
        })
    }
}

async fn exchange(transport: &dyn Transport, clock: &dyn Clock, request: Request) -> AuthAnswer {
    let mut response = match transport.send(request).await {
        Ok(response) => response,
        Err(error) => {
            let message = error.message().to_owned();
            return match error.kind() {
                TransportErrorKind::InvalidRequest | TransportErrorKind::Config => {
                    AuthAnswer::Impossible(message)
                }
                _ => AuthAnswer::Later {
                    status: None,
                    message,
                    wait: std::time::Duration::ZERO,
                },
            };
        }
    };
    // What of a cut or endless body was read decides; half a signature is no JSON.
    let body = response.read(LARGEST).await.bytes;
    let headers: Vec<(&str, &str)> = response
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    AuthAnswer::read(response.status.as_u16(), &headers, &body, clock.wall())
}

/// What a server that echoes the request could show: every sensitive header, and the key in
/// `Bearer <key>`.
fn secrets(headers: &HeaderMap) -> Vec<String> {
    let mut secrets = Vec::new();
    for (name, value) in headers {
        let Some(text) = value
            .to_str()
            .ok()
            .filter(|_| value.is_sensitive() || name == AUTHORIZATION)
        else {
            continue;
        };
        secrets.push(text.to_owned());
        secrets.extend(text.split_once(' ').map(|(_, key)| key.trim().to_owned()));
    }
    secrets
}
