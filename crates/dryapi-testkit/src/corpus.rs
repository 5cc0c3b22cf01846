//! Every error body the service, its gateway or a proxy in front of them was seen to send, byte for
//! byte, each with what must be made of it.
//!
//! A case is a pair of files in `corpus/errors`, embedded when this crate is built: `NAME.http`, the
//! raw response, and `NAME.toml`:
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
//! Any client can be held against it:
//!
//! ```
//! use dryapi_testkit::corpus;
//! use dryapi_types::ApiError;
//!
//! for case in corpus::errors() {
//!     let error = ApiError::decode(case.status(), case.headers(), case.body());
//!     assert_eq!(error.message, case.expect.message, "{}", case.name);
//! }
//! ```

mod case;
mod raw;

use std::sync::LazyLock;

pub use case::{Case, Class, Expect, ExpectField};

static ERRORS: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let files: &[(&'static str, &'static [u8], &str)] =
        &include!(concat!(env!("OUT_DIR"), "/errors.rs"));
    files
        .iter()
        .map(|(name, http, sheet)| read(name, http, sheet))
        .collect()
});

/// Every case, by name.
#[must_use]
pub fn errors() -> &'static [Case] {
    &ERRORS
}

/// The case of a name.
#[must_use]
pub fn error(name: &str) -> Option<&'static Case> {
    errors().iter().find(|case| case.name == name)
}

#[expect(
    clippy::expect_used,
    reason = "the files are embedded, and a test reads all of them"
)]
fn read(name: &'static str, http: &'static [u8], sheet: &str) -> Case {
    Case::read(name, http, sheet).expect("a case of the corpus")
}
