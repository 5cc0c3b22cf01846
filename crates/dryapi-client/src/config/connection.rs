//! Where the service is, and what every request carries.

use super::ClientBuilder;

impl ClientBuilder {
    /// Where the service is; default [`DEFAULT_BASE_URL`](crate::DEFAULT_BASE_URL). May carry a path prefix. The key goes
    /// to this origin only.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows a plain http base URL on another machine. The key is then readable on the way.
    #[must_use]
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// A proxy for everything. By default `HTTPS_PROXY` is used, for https only.
    #[must_use]
    pub fn proxy(mut self, proxy: http::Uri) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// One more certificate authority to trust, as PEM.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// What is added to `User-Agent: dryapi-rust/VERSION`, for instance `myapp/1.2`.
    #[must_use]
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// A header of every API call. Those the client sets itself cannot be given.
    #[must_use]
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
