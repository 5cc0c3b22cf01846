//! Getting something from an address that came over the network, without trusting it.
//!
//! The key is never sent. https only (http to this machine while the service itself is there), no
//! private address (unless the service itself is at one), also after each of five redirects.

use std::sync::Arc;

use dryapi_transport::{Reach, Request, Response};
use dryapi_types::ResultUrl;
use http::header::{ACCEPT, LOCATION, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};

use crate::base_url::is_loopback;
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;

const REDIRECTS: usize = 5;

/// Opens an address and follows its redirects.
pub(super) async fn open(
    shared: &Arc<Shared>,
    address: &str,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let mut uri = parse(address)?;
    for _ in 0..=REDIRECTS {
        let mut request = Request::new(Method::GET, uri.clone());
        request.headers = headers.clone();
        request
            .headers
            .insert(ACCEPT, HeaderValue::from_static("*/*"));
        request
            .headers
            .insert(USER_AGENT, shared.user_agent.clone());
        request.reach = reach(shared, &uri)?;
        let response = shared.transport.send(request).await.map_err(|error| {
            Error::new(ErrorKind::Network, "download", error.message()).caused_by(error)
        })?;
        let location = response
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        match location {
            Some(location) if response.status.is_redirection() => {
                uri = resolve(&uri, location).ok_or_else(|| bad("a redirect leads nowhere"))?;
            }
            _ => return Ok(response),
        }
    }
    Err(bad("more than 5 redirects"))
}

/// Whether and how far an address may be reached.
fn reach(shared: &Shared, uri: &Uri) -> Result<Reach, Error> {
    let local = is_loopback(uri.host().unwrap_or_default());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if local && shared.base_url.is_loopback() => {}
        _ => {
            let without_query = ResultUrl::new(uri.to_string());
            let message = format!("{} is not https", without_query.without_query());
            return Err(bad(&message));
        }
    }
    Ok(if shared.base_url.is_private() {
        Reach::Any
    } else {
        Reach::Public
    })
}

fn parse(address: &str) -> Result<Uri, Error> {
    let uri: Uri = address.parse().map_err(|_| bad("the address is not one"))?;
    match uri.authority() {
        Some(authority) if !authority.as_str().contains('@') => Ok(uri),
        Some(_) => Err(bad("the address holds a user name")),
        None => Err(bad("the address has no host")),
    }
}

/// A redirect's target: absolute, without its scheme, or a path on the same host.
fn resolve(from: &Uri, location: &str) -> Option<Uri> {
    if location.contains("://") {
        return parse(location).ok();
    }
    let mut parts = from.clone().into_parts();
    if let Some(rest) = location.strip_prefix("//") {
        return parse(&format!("{}://{rest}", from.scheme_str()?)).ok();
    }
    let path = if location.starts_with('/') {
        location.to_owned()
    } else {
        let folder = from
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{folder}/{location}")
    };
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

fn bad(why: &str) -> Error {
    Error::new(ErrorKind::UnexpectedStatus, "download", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_of_every_form() {
        let from: Uri = "https://a.example/x/y?z=1".parse().unwrap();
        for (location, target) in [
            ("https://b.example/q", "https://b.example/q"),
            ("//b.example/q", "https://b.example/q"),
            ("/q?r=2", "https://a.example/q?r=2"),
            ("q", "https://a.example/x/q"),
        ] {
            assert_eq!(resolve(&from, location).unwrap().to_string(), target);
        }
        assert!(resolve(&from, "https://user@b.example/").is_none());
    }
}
