//! The account and its jobs: balance, models, status.

use std::borrow::Cow;

use super::table;
use crate::account::Balance;
use crate::error::{ApiError, InvalidRequest};
use crate::headers::Headers;
use crate::id::RequestId;
use crate::job::JobStatus;
use crate::meta::Meta;
use crate::model::ModelPage;
use crate::operation::{Operation, Payload};

/// Reads the account's balance (`balance`).
#[doc(alias = "balance")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GetBalance {}

impl GetBalance {
    /// The balance of the key's account.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

impl Operation for GetBalance {
    type Response = Balance;

    const META: &'static Meta = &table::BALANCE;

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Ok(Payload::None)
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Balance, ApiError> {
        Balance::decode(status, headers, body)
    }
}

/// Reads one page of the catalogue (`models`).
#[doc(alias = "models")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListModels {
    /// The page, from 1.
    pub page: u64,
    /// How many models a page should hold, at most 50. The service was seen to ignore it.
    pub per_page: u64,
    /// Only models that do this task, by the service's spelling. The service may ignore it.
    pub task: Option<String>,
}

impl Default for ListModels {
    fn default() -> Self {
        Self {
            page: 1,
            per_page: 50,
            task: None,
        }
    }
}

impl ListModels {
    /// The first page of all models.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page, from 1.
    #[must_use]
    pub const fn with_page(mut self, page: u64) -> Self {
        self.page = page;
        self
    }

    /// How many models a page should hold, at most 50.
    #[must_use]
    pub const fn with_per_page(mut self, per_page: u64) -> Self {
        self.per_page = per_page;
        self
    }

    /// Only models that do this task.
    #[must_use]
    pub fn with_task(mut self, task: impl Into<String>) -> Self {
        self.task = Some(task.into());
        self
    }
}

impl Operation for ListModels {
    type Response = ModelPage;

    const META: &'static Meta = &table::MODELS;

    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![
            ("per_page", self.per_page.to_string()),
            ("limit", self.per_page.to_string()),
            ("page", self.page.to_string()),
        ];
        query.extend(
            self.task
                .clone()
                .map(|task| ("filter[inference_types]", task)),
        );
        query
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Ok(Payload::None)
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<ModelPage, ApiError> {
        ModelPage::decode(status, headers, body)
    }
}

/// Reads a job's status (`request-status`).
#[doc(alias = "request-status")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GetJobStatus {
    /// The job.
    pub request_id: RequestId,
}

impl GetJobStatus {
    /// The status of a job.
    pub fn new(request_id: impl Into<RequestId>) -> Self {
        Self {
            request_id: request_id.into(),
        }
    }
}

impl Operation for GetJobStatus {
    type Response = JobStatus;

    const META: &'static Meta = &table::REQUEST_STATUS;

    fn path(&self) -> Cow<'static, str> {
        Cow::Owned(
            Self::META
                .path
                .replace("{request_id}", &self.request_id.path_segment()),
        )
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Ok(Payload::None)
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<JobStatus, ApiError> {
        JobStatus::decode(status, headers, body)
    }
}
