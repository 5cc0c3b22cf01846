//! Behaviours that need more than one crate: see `behaviours/`.

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The cookbook's chapters, compiled and run.
#[cfg(doctest)]
mod cookbook {
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/batch.md")]
    struct Batch;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/blocking.md")]
    struct Blocking;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/errors.md")]
    struct Errors;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/files.md")]
    struct Files;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/languages.md")]
    struct Languages;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/offline.md")]
    struct Offline;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/previews.md")]
    struct Previews;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/resume.md")]
    struct Resume;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/testing.md")]
    struct Testing;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/tower.md")]
    struct Tower;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/transport.md")]
    struct Transport;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/webhooks.md")]
    struct Webhooks;
    #[doc = include_str!("../../crates/dryapi-client/docs/cookbook/workers.md")]
    struct Workers;
}
