//! The catalogue as a stream that turns its own pages.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use dryapi_transport::BoxFuture;
use dryapi_types::{ListModels, Model, ModelPage};
use futures_core::Stream;

use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::shared::Shared;

/// More pages than any catalogue has: a server that always links a next page is not followed
/// for ever.
const MOST_PAGES: u32 = 100;

/// The models of the catalogue, one by one. Pages are read as they are needed; a model that stands
/// on two pages comes once, and a page without a new model is the last.
#[must_use = "nothing is sent until the stream is read"]
pub struct Models {
    shared: Arc<Shared>,
    next: ListModels,
    more: bool,
    page: Option<BoxFuture<'static, Result<ModelPage, Error>>>,
    ready: VecDeque<Model>,
    seen: BTreeSet<String>,
}

impl Models {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            next: ListModels::new(),
            more: true,
            page: None,
            ready: VecDeque::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Only models that do this task, by any spelling of it. The service is asked to filter, and
    /// what it gives is filtered here.
    pub fn task(mut self, task: impl Into<String>) -> Self {
        self.next.task = Some(task.into());
        self
    }

    /// All of them.
    ///
    /// # Errors
    /// Any kind of a free call.
    ///
    /// # Cancel safety
    /// Dropping the future gives the call up; nothing changes.
    pub async fn all(mut self) -> Result<Vec<Model>, Error> {
        let mut models = Vec::new();
        while let Some(model) = self.next().await {
            models.push(model?);
        }
        Ok(models)
    }

    /// The one with this slug; case matters.
    ///
    /// # Errors
    /// Kind `NotFound` when there is none, naming close ones; else any kind of a free call.
    ///
    /// # Cancel safety
    /// Dropping the future gives the call up; nothing changes.
    pub async fn find(mut self, slug: &str) -> Result<Model, Error> {
        let mut close = Vec::new();
        while let Some(model) = self.next().await {
            let model = model?;
            if model.slug == slug {
                return Ok(model);
            }
            if model.slug.eq_ignore_ascii_case(slug) {
                close.push(model.slug);
            }
        }
        let hint = close
            .first()
            .map(|slug| format!("; did you mean {slug}?"))
            .unwrap_or_default();
        let message = format!("the catalogue lists no model {slug:?}{hint}");
        Err(Error::new(ErrorKind::NotFound, "models", message))
    }

    async fn next(&mut self) -> Option<Result<Model, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn request(&self) -> BoxFuture<'static, Result<ModelPage, Error>> {
        let (shared, request) = (Arc::clone(&self.shared), self.next.clone());
        Box::pin(async move { exchange(&shared, &request, &Options::default()).await })
    }

    fn take(&mut self, page: ModelPage) {
        let asked = self.next.page;
        let has_next = page.has_next(asked.into());
        let mut new = false;
        for model in page.models {
            if self.seen.insert(model.slug.clone()) {
                new = true;
                if self
                    .next
                    .task
                    .as_deref()
                    .is_none_or(|task| model.does(task))
                {
                    self.ready.push_back(model);
                }
            }
        }
        self.more = has_next && new && asked < MOST_PAGES;
        self.next.page = asked.saturating_add(1);
    }
}

impl Stream for Models {
    type Item = Result<Model, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(model) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(model)));
            }
            if !this.more {
                return Poll::Ready(None);
            }
            if this.page.is_none() {
                this.page = Some(this.request());
            }
            let Some(page) = &mut this.page else {
                return Poll::Ready(None);
            };
            let page = ready!(page.as_mut().poll(cx));
            this.page = None;
            match page {
                Ok(page) => this.take(page),
                Err(error) => {
                    this.more = false;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
