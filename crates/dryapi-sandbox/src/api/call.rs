//! Who calls what: the key and the operation of a request, before its body is looked at.

use dryapi_types::{Meta, TABLE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::refusal::Refusal;
use crate::key::Key;
use crate::world::World;

/// An admitted call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) key: Key,
    pub(super) meta: &'static Meta,
    /// What stands for `{request_id}` in the path; empty without one.
    pub(super) id: String,
}

impl Call {
    pub(super) fn admit(
        world: &World,
        method: &Method,
        path: &str,
        key: Option<&Key>,
    ) -> Result<Self, Refusal> {
        let (meta, id) = find(path, method)?;
        let key = key.filter(|key| world.accepts(key)).cloned();
        let key = key.ok_or_else(Refusal::unauthorized)?;
        Ok(Self { key, meta, id })
    }
}

/// The operation of a path and the id in it. A path that is there but not for this method is 405.
fn find(path: &str, method: &Method) -> Result<(&'static Meta, String), Refusal> {
    let matches = |meta: &&'static Meta| match meta.path.split_once('{') {
        Some((before, _)) => path
            .strip_prefix(before)
            .is_some_and(|id| !id.is_empty() && !id.contains('/')),
        None => meta.path == path,
    };
    let found: Vec<&'static Meta> = TABLE.iter().copied().filter(|meta| matches(meta)).collect();
    let Some(first) = found.first() else {
        let message = format!("The route api/v1/client/{path} could not be found.");
        return Err(Refusal::new(StatusCode::NOT_FOUND, &message));
    };
    let Some(meta) = found
        .iter()
        .find(|meta| meta.method.as_str() == method.as_str())
    else {
        let message = format!(
            "The {method} method is not supported for route api/v1/client/{path}. Supported methods: {}.",
            first.method.as_str(),
        );
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, &message));
    };
    let id = meta
        .path
        .split_once('{')
        .and_then(|(before, _)| path.strip_prefix(before));
    Ok((meta, id.unwrap_or_default().to_owned()))
}

/// The key of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Key> {
    let value = headers
        .get(header::AUTHORIZATION)
        .map(HeaderValue::to_str)?
        .ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(key.trim())
        .filter(|key| !key.is_empty())
        .map(Key::new)
}
