//! `multipart/form-data`, encoded once, to a byte stream of known length.
//!
//! A [`Transport`](crate::Transport) only ever sees bytes: the form is an ordinary [`Body`], which
//! can be replayed when all its parts can.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::body::{Body, BodyStream};

/// The line between parts; 1 to 70 characters that need no quoting. Handed in, so that tests see
/// the same bytes every time and callers draw one that does not occur in their parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary(String);

impl Boundary {
    /// A boundary; `None` unless it is 1 to 70 of letters, digits, `-` and `_`.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        ((1..=70).contains(&text.len()) && text.bytes().all(plain)).then_some(Self(text))
    }

    /// The value of the request's `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.0)
    }
}

/// A form being built.
#[derive(Debug)]
pub struct Multipart {
    boundary: Boundary,
    pieces: Vec<Body>,
}

impl Multipart {
    /// An empty form.
    #[must_use]
    pub const fn new(boundary: Boundary) -> Self {
        Self {
            boundary,
            pieces: Vec::new(),
        }
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: &str, text: impl Into<String>) -> Self {
        let head = format!(
            "--{}\r\n{}\r\n\r\n",
            self.boundary.0,
            disposition(name, None)
        );
        self.pieces.push(head.into());
        self.pieces.push(Body::from(text.into()));
        self.pieces.push("\r\n".into());
        self
    }

    /// Adds a file with its name and MIME type. Every file part carries a `Content-Type`; its name
    /// is reduced to characters that no server trips over.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, body: Body) -> Self {
        let head = format!(
            "--{}\r\n{}\r\nContent-Type: {}\r\n\r\n",
            self.boundary.0,
            disposition(name, Some(file_name)),
            content_type.replace(['\r', '\n'], ""),
        );
        self.pieces.push(head.into());
        self.pieces.push(body);
        self.pieces.push("\r\n".into());
        self
    }

    /// The value of the request's `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> String {
        self.boundary.content_type()
    }

    /// The form as a body, of known length when every part's is known.
    #[must_use]
    pub fn into_body(mut self) -> Body {
        self.pieces
            .push(format!("--{}--\r\n", self.boundary.0).into());
        let len = self.pieces.iter().map(Body::len).sum();
        if self.pieces.iter().all(Body::is_replayable) {
            // A body holding a one-shot stream is not `Sync`; these hold none, but only a lock
            // says so to the compiler.
            let pieces = Arc::new(Mutex::new(self.pieces));
            Body::factory(len, move || {
                let pieces = pieces.lock().unwrap_or_else(PoisonError::into_inner);
                Box::pin(Chain::of(pieces.iter().filter_map(Body::try_clone)))
            })
        } else {
            Body::once(len, Chain::of(self.pieces))
        }
    }
}

/// `Content-Disposition` of a part, as the HTML standard encodes names.
fn disposition(name: &str, file_name: Option<&str>) -> String {
    let name = name
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    let mut line = format!("Content-Disposition: form-data; name=\"{name}\"");
    if let Some(file_name) = file_name {
        line.push_str(&format!("; filename=\"{}\"", safe_file_name(file_name)));
    }
    line
}

/// Keeps letters, digits and `-_. `; some servers stop at `;`, `=` or quotes in a name.
fn safe_file_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|char| {
            if char.is_alphanumeric() || "-_. ".contains(char) {
                char
            } else {
                '_'
            }
        })
        .take(120)
        .collect();
    if safe.trim_matches(['.', ' ']).is_empty() {
        "file".to_owned()
    } else {
        safe
    }
}

/// Bodies one after the other.
struct Chain {
    rest: VecDeque<Body>,
    current: Option<BodyStream>,
}

impl Chain {
    fn of(bodies: impl IntoIterator<Item = Body>) -> Self {
        Self {
            rest: bodies.into_iter().collect(),
            current: None,
        }
    }
}

impl Stream for Chain {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(current) = &mut self.current {
                match Pin::new(current).poll_next(cx) {
                    Poll::Ready(None) => self.current = None,
                    other => return other,
                }
            }
            match self.rest.pop_front() {
                Some(body) => self.current = Some(body.into_stream()),
                None => return Poll::Ready(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(body: Body) -> Vec<u8> {
        let mut stream = body.into_stream();
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(piece)) = Pin::new(&mut stream).poll_next(&mut cx) {
            all.extend_from_slice(&piece.unwrap());
        }
        all
    }

    fn form() -> Multipart {
        Multipart::new(Boundary::new("xYz").unwrap())
            .text("model", "RealESRGAN_x4")
            .file("image", "a;b=\"c\".png", "image/png", Body::from("PNG"))
    }

    #[test]
    fn the_bytes_and_their_length() {
        let expected = "--xYz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nRealESRGAN_x4\r\n\
            --xYz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a_b__c_.png\"\r\n\
            Content-Type: image/png\r\n\r\nPNG\r\n--xYz--\r\n";
        let body = form().into_body();
        assert_eq!(body.len(), u64::try_from(expected.len()).ok());
        let again = body.try_clone().unwrap();
        assert_eq!(String::from_utf8(collect(body)).unwrap(), expected);
        assert_eq!(String::from_utf8(collect(again)).unwrap(), expected);
    }

    #[test]
    fn one_part_that_cannot_be_replayed_decides() {
        let once = Body::once(None, Chain::of([Body::from("x")]));
        let body = form()
            .file("more", "m.bin", "application/octet-stream", once)
            .into_body();
        assert!(!body.is_replayable());
        assert_eq!(body.len(), None);
    }

    #[test]
    fn a_boundary_needs_no_quoting() {
        for bad in ["", "a b", "a\r\n", &"x".repeat(71)] {
            assert!(Boundary::new(bad).is_none(), "{bad:?}");
        }
        assert_eq!(safe_file_name("../../x"), ".._.._x");
        assert_eq!(safe_file_name(".."), "file");
    }
}
