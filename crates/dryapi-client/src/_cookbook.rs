//! Recipes, for reading: they need more crates than this one has, so `cargo test --workspace` runs
//! them elsewhere (`tests/src/lib.rs`).

#[doc = include_str!("../docs/cookbook/errors.md")]
pub mod errors {}
#[doc = include_str!("../docs/cookbook/files.md")]
pub mod files {}
#[doc = include_str!("../docs/cookbook/resume.md")]
pub mod resume {}
#[doc = include_str!("../docs/cookbook/webhooks.md")]
pub mod webhooks {}
#[doc = include_str!("../docs/cookbook/previews.md")]
pub mod previews {}
#[doc = include_str!("../docs/cookbook/batch.md")]
pub mod batch {}
#[doc = include_str!("../docs/cookbook/testing.md")]
pub mod testing {}
#[doc = include_str!("../docs/cookbook/languages.md")]
pub mod languages {}
#[doc = include_str!("../docs/cookbook/offline.md")]
pub mod offline {}
#[doc = include_str!("../docs/cookbook/transport.md")]
pub mod transport {}
#[doc = include_str!("../docs/cookbook/tower.md")]
pub mod tower {}
#[doc = include_str!("../docs/cookbook/blocking.md")]
pub mod blocking {}
#[doc = include_str!("../docs/cookbook/workers.md")]
pub mod workers {}
