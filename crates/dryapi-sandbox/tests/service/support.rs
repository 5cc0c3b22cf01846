//! A sandbox and a bare client.

use dryapi_sandbox::{Config, Sandbox};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response};
use serde_json::{Value, json};

pub(crate) struct Service {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Client,
    pub(crate) key: String,
}

pub(crate) fn still() -> Config {
    Config::default().with_speed(0.0)
}

pub(crate) async fn service(config: Config) -> Service {
    let sandbox = Sandbox::start(config).await.unwrap();
    let key = sandbox.api_key().to_owned();
    Service {
        sandbox,
        http: http_client(),
        key,
    }
}

pub(crate) fn cat() -> Value {
    json!({"prompt": "a cat in a nebula", "model": "Flux1schnell", "width": 512, "height": 512,
           "guidance": 0, "steps": 4, "seed": 7, "loras": []})
}

/// What was answered: status and JSON body.
pub(crate) async fn read(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap())
}

impl Service {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/api/v1/client/{path}", self.sandbox.base_url())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(
            self.http
                .get(self.url(path))
                .bearer_auth(&self.key)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .http
            .post(self.url(path))
            .bearer_auth(&self.key)
            .json(body);
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn upload(&self, path: &str, model: &str, file: Vec<u8>) -> (u16, Value) {
        let part = Part::bytes(file)
            .file_name("in.png")
            .mime_str("image/png")
            .unwrap();
        let form = Form::new()
            .part("image", part)
            .text("model", model.to_owned());
        let request = self
            .http
            .post(self.url(path))
            .bearer_auth(&self.key)
            .multipart(form);
        read(request.send().await.unwrap()).await
    }

    /// Submits and gives the request id.
    pub(crate) async fn submit(&self, body: &Value) -> String {
        let (status, answer) = self.post("txt2img", body).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["request_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn status(&self, id: &str) -> Value {
        let (status, answer) = self.get(&format!("request-status/{id}")).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].clone()
    }

    /// The address of a job's result, once the clock is past its end.
    pub(crate) async fn result_url(&self, id: &str) -> String {
        self.sandbox.advance(std::time::Duration::from_secs(5));
        self.status(id).await["result_url"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn bytes(&self, url: &str) -> Vec<u8> {
        let response = self.http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap().to_vec()
    }

    pub(crate) async fn admin(&self, call: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/{call}", self.sandbox.admin_url());
        read(self.http.post(url).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn balance(&self) -> String {
        self.get("balance").await.1["balance"].to_string()
    }
}

/// A client for plain http. Its TLS is given all the same: another crate of the workspace switches
/// it on for every test, without a provider.
pub(crate) fn http_client() -> Client {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = Client::builder().no_proxy().tls_backend_preconfigured(tls);
    client.build().unwrap()
}
