//! stub
use crate::endpoint::Endpoint;
use crate::error::Error;
use dryapi_transport::Clock;
use std::sync::Arc;
pub(crate) struct Connector {}
impl Connector {
    pub(crate) fn new(
        _endpoint: Endpoint,
        _roots: &[Vec<u8>],
        _clock: &Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        Ok(Self {})
    }
}
