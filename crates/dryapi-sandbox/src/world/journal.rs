//! What happened: charges made and requests received.

use std::collections::VecDeque;

use dryapi_types::Usd;
use serde::Serialize;
use serde_json::Value;

use crate::key::Key;

/// Money taken for one accepted job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Charge {
    /// The job it was taken for.
    pub request_id: String,
    /// The operation, for instance `txt2img`.
    pub task: String,
    /// The model's slug.
    pub model: String,
    /// US dollars.
    pub amount: Usd,
    /// The `Idempotency-Key` the request carried, if any.
    pub idempotency_key: Option<String>,
    /// When, in virtual time (RFC 3339).
    pub at: String,
    #[serde(skip)]
    pub(crate) key: Key,
}

/// A request as it arrived. The `Authorization` header and signatures are not kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Recorded {
    /// Counts up from 1.
    pub number: u64,
    /// When, in virtual time (RFC 3339).
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as sent; empty without one. Signatures are cut out.
    pub query: String,
    /// Names (lower case) and values, in order; without `Authorization`.
    pub headers: Vec<(String, String)>,
    /// Whether an `Authorization` header came along.
    pub authorization: bool,
    /// The body: the JSON itself; `{"parts": […]}` of a form; `{"bytes": n}` of anything else;
    /// null without one.
    pub body: Value,
    /// What was answered; none while it is being worked on, and where a fault answers nothing.
    pub status: Option<u16>,
    /// The fault it met, by name.
    pub fault: Option<String>,
    #[serde(skip)]
    pub(crate) key: Option<Key>,
}

/// The latest requests, a bounded number of them.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    kept: VecDeque<Recorded>,
    last: u64,
}

impl Requests {
    const MOST: usize = 2000;

    /// Numbers and keeps a request.
    pub(crate) fn push(&mut self, mut request: Recorded) -> u64 {
        self.last += 1;
        request.number = self.last;
        if self.kept.len() == Self::MOST {
            self.kept.pop_front();
        }
        self.kept.push_back(request);
        self.last
    }

    pub(crate) fn answered(&mut self, number: u64, status: Option<u16>, fault: Option<&str>) {
        if let Some(request) = self
            .kept
            .iter_mut()
            .rev()
            .find(|request| request.number == number)
        {
            request.status = status;
            request.fault = fault.map(str::to_owned);
        }
    }

    pub(crate) fn list(&self, key: Option<&Key>) -> Vec<Recorded> {
        let wanted = |request: &&Recorded| key.is_none() || request.key.as_ref() == key;
        self.kept.iter().filter(wanted).cloned().collect()
    }

    pub(crate) fn forget(&mut self, key: Option<&Key>) {
        self.kept
            .retain(|request| key.is_some() && request.key.as_ref() != key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_requests_make_room() {
        let request = |key: &str| Recorded {
            number: 0,
            at: String::new(),
            method: "GET".into(),
            path: "/".into(),
            query: String::new(),
            headers: Vec::new(),
            authorization: false,
            body: Value::Null,
            status: None,
            fault: None,
            key: Some(Key::new(key)),
        };
        let mut requests = Requests::default();
        for _ in 0..Requests::MOST + 5 {
            requests.push(request("a"));
        }
        let last = requests.push(request("b"));
        assert_eq!(requests.list(None).len(), Requests::MOST);
        requests.answered(last, Some(200), Some("hang"));
        assert_eq!(requests.list(Some(&Key::new("b")))[0].status, Some(200));
        requests.forget(Some(&Key::new("a")));
        assert_eq!(requests.list(None).len(), 1);
    }
}
