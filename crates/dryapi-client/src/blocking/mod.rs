//! The client for programs without async: each method returns when its answer is there.
//!
//! Two shapes were weighed. The first has a builder of its own for every verb, `blocking.submit(&r)
//! .intent("x").send()`: it reads as the async client does, but every option of [`Call`] and
//! [`Wait`] is written twice and documented twice, and one that is forgotten is missing. The second,
//! used here, has one method, [`Client::send`]: it lends the async client to a closure and blocks on
//! what that gives back. Whatever the async client can do, options included, this one can; nothing
//! of it is repeated. The verbs that are mostly used without options are methods, too, of one line
//! each.
//!
//! ```no_run
//! use dryapi_client::{TextToImage, blocking};
//!
//! # fn main() -> Result<(), dryapi_client::Error> {
//! let client = blocking::Client::from_env()?;
//! let request = TextToImage::new("a cat in a nebula", "Flux1schnell").with_size(512, 512);
//! let price = client.send(|c| c.price(&request))?;
//! println!("about {} USD", price.price);
//! let job = client.send(|c| c.submit(&request).intent("order-4711"))?;
//! let image = client.wait(&job)?;
//! client.send(|_| image.save("cat.png"))?;
//! # Ok(())
//! # }
//! ```
//!
//! Jobs and results are the async client's: [`Client::send`] runs what they offer, as
//! `job.wait().deadline(limit)` or `image.bytes(max)`.
//!
//! [`Call`]: crate::Call
//! [`Wait`]: crate::Wait

mod client;
mod runtime;

pub use client::Client;
