//! A service with a push channel, and somebody else's program that sends it jobs.

use std::time::Duration;

use dryapi_client::{ApiKey, Client, TextToImage};
use dryapi_sandbox::{Config, Sandbox};
use tokio::runtime::Runtime;

use super::process::Process;

const SECOND: Duration = Duration::from_secs(1);
const KEY: &str = "sk-sandbox-following";

pub(super) struct Account {
    pub(super) sandbox: Sandbox,
    client: Client,
    runtime: Runtime,
}

impl Account {
    pub(super) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let config = Config::default().with_speed(0.0).with_job_time(SECOND * 10);
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        let client = Client::builder()
            .api_key(ApiKey::new(KEY).unwrap())
            .base_url(sandbox.base_url());
        Self {
            client: client.build().unwrap(),
            sandbox,
            runtime,
        }
    }

    /// A job that waits for a worker.
    pub(super) fn submit(&self, prompt: &str) -> String {
        let request = TextToImage::new(prompt, "Flux1schnell")
            .with_size(256, 256)
            .with_steps(4)
            .with_guidance(0.0);
        let job = self
            .runtime
            .block_on(async { self.client.submit(&request).await });
        job.unwrap().id().to_string()
    }

    /// Workers take what waits.
    pub(super) fn begin(&self) {
        self.sandbox.advance(SECOND * 3);
    }

    /// They get further.
    pub(super) fn go_on(&self) {
        self.sandbox.advance(SECOND * 2);
    }

    /// They are done.
    pub(super) fn finish(&self) {
        self.sandbox.advance(SECOND * 60);
    }

    /// Everything a command needs to follow this account.
    pub(super) fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DRYAPI_API_KEY", KEY.to_owned()),
            ("DRYAPI_BASE_URL", self.sandbox.base_url()),
            ("DRYAPI_CLIENT_ID", self.sandbox.client_id_of(KEY)),
            ("DRYAPI_REALTIME_URL", self.sandbox.realtime_url()),
        ]
    }

    /// A command that follows it, and is connected.
    pub(super) fn followed_by(&self, args: &[&str]) -> Process {
        let mut process = Process::start(args, &self.env());
        process.says("connected");
        process
    }
}
