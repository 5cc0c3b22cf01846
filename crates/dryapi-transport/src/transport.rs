//! The seam between what decides and what moves bytes.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use crate::error::TransportError;
use crate::message::{Request, Response};

/// Moves one request and brings back one response.
///
/// An implementation makes exactly one attempt: it follows no redirect, resends nothing, decodes
/// no content coding, and hands out a response of any status. It returns as soon as the response's
/// head is there; the body is a stream.
///
/// # Cancel safety
/// Dropping the future gives the request up; what the server does with what it already read is
/// unknown. Whoever sends something that costs money drives the future to its end.
#[async_trait]
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends the request once.
    ///
    /// # Errors
    /// [`TransportError`] when there was no response; it says what is known about delivery.
    async fn send(&self, request: Request) -> Result<Response, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        (**self).send(request).await
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        (**self).send(request).await
    }
}
