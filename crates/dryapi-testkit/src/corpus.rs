//! Every error body the service, its gateway or a proxy in front of them was seen to send, byte for
//! byte, and many that only the network's malice would send, each with what must be made of it.
//!
//! [`errors`] are whole answers that are always an error, which any HTTP server can give. [`odd`]
//! are those that are more than that: cut off on their way, more than HTTP libraries read,
//! redirects, answers with a `Date` of their own, and refusals that hold the id of a paid job, which
//! must not be lost.
//!
//! A case is a pair of files in `corpus/errors` or `corpus/odd`, embedded when this crate is built:
//! `NAME.http`, the raw response, and `NAME.toml`:
//!
//! ```toml
//! source = "Errors page, 422 Unprocessable Entity"
//! class = "paid"
//!
//! [expect]
//! kind = "validation"
//! message = "Validation failed"
//! delivery = "answered"
//! charge = "no"
//! exit = 5
//!
//! [[expect.fields]]
//! field = "width"
//! messages = ["The width must be between 64 and 2048."]
//! ```
//!
//! Large answers are made from small files: see `corpus/errors/many_fields.*`. Cases that echo the
//! API key echo [`KEY`], a placeholder: send it, and look for it in everything that comes out.
//!
//! Any client can be held against the corpus:
//!
//! ```
//! use dryapi_testkit::corpus;
//! use dryapi_types::ApiError;
//!
//! for case in corpus::errors() {
//!     // An error is read to 64 KiB.
//!     let body = case.body().get(..64 * 1024).unwrap_or(case.body());
//!     let error = ApiError::decode(case.status(), case.headers(), body);
//!     let message = error.message.replace(corpus::KEY, "[api key]");
//!     assert_eq!(message, case.expect.message, "{}", case.name);
//! }
//! ```

mod case;
mod expect;
mod generate;

use std::sync::LazyLock;

pub use case::{Case, Class};
pub use expect::{Expect, ExpectField};

/// The API key that some cases echo: a placeholder that no service knows.
pub const KEY: &str = "sk-sandbox-corpus-key-4711";

type Files = (&'static str, &'static [u8], &'static str);

static ERRORS: LazyLock<Vec<Case>> =
    LazyLock::new(|| read(&include!(concat!(env!("OUT_DIR"), "/errors.rs"))));

static ODD: LazyLock<Vec<Case>> =
    LazyLock::new(|| read(&include!(concat!(env!("OUT_DIR"), "/odd.rs"))));

/// Every whole answer that is an error, by name.
#[must_use]
pub fn errors() -> &'static [Case] {
    &ERRORS
}

/// Every answer that is more than a plain error, by name: cut off, redirects, refusals that hold
/// the id of a paid job. Only a bare socket can send all of them as they are ([`Case::http`]).
#[must_use]
pub fn odd() -> &'static [Case] {
    &ODD
}

/// [`errors`] and [`odd`]. No two have the same name.
pub fn all() -> impl Iterator<Item = &'static Case> {
    errors().iter().chain(odd())
}

/// The case of a name, of those in [`errors`].
#[must_use]
pub fn error(name: &str) -> Option<&'static Case> {
    errors().iter().find(|case| case.name == name)
}

#[expect(
    clippy::expect_used,
    reason = "the files are embedded, and a test reads all of them"
)]
fn read(files: &[Files]) -> Vec<Case> {
    let cases: Result<_, String> = files
        .iter()
        .map(|(name, http, sheet)| Case::read(name, http, sheet))
        .collect();
    cases.expect("the cases of the corpus")
}
