//! What one would write without us: reqwest and serde_json.

use serde::{Deserialize, Serialize};

/// A client and what each request carries.
#[derive(Clone)]
pub(crate) struct Bare {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
    /// Whether each call is told of in the log.
    pub(crate) logs: bool,
}

#[derive(Serialize)]
struct Picture<'a> {
    prompt: &'a str,
    model: &'a str,
    width: u32,
    height: u32,
    steps: u32,
    guidance: f64,
    seed: i64,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct Accepted {
    request_id: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as a program would read it")]
pub(crate) struct Status {
    status: String,
    progress: Option<f64>,
    preview: Option<String>,
    result_url: Option<String>,
    result: Option<serde_json::Value>,
}

impl Bare {
    pub(crate) fn new(base_url: &str) -> Self {
        // Reqwest asks for one although nothing here is encrypted; the second time it is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .http1_only()
                .build()
                .unwrap(),
            base_url: format!("{base_url}/api/v1/client"),
            logs: false,
        }
    }

    pub(crate) async fn submit(&self) -> String {
        let picture = Picture {
            prompt: "a cat in a nebula",
            model: "Flux1schnell",
            width: 512,
            height: 512,
            steps: 4,
            guidance: 0.0,
            seed: 7,
        };
        let request = self
            .http
            .post(format!("{}/txt2img", self.base_url))
            .header("content-type", "application/json")
            .body(serde_json::to_vec(&picture).unwrap());
        self.send::<Accepted>("txt2img", request).await.request_id
    }

    pub(crate) async fn status(&self, id: &str) -> Status {
        let url = format!("{}/request-status/{id}", self.base_url);
        self.send("request-status", self.http.get(url)).await
    }

    async fn send<T: for<'de> Deserialize<'de>>(
        &self,
        operation: &str,
        request: reqwest::RequestBuilder,
    ) -> T {
        let response = request
            .bearer_auth("sk-bench")
            .header("accept", "application/json")
            .send()
            .await
            .unwrap();
        let status = response.status();
        assert!(status.is_success());
        let body = response.bytes().await.unwrap();
        if self.logs {
            tracing::info!(operation, status = status.as_u16(), "call");
        }
        serde_json::from_slice::<Envelope<T>>(&body).unwrap().data
    }
}
