//! The running server and its handle.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{map_request, map_response_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use http::{HeaderValue, header};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::Config;
use crate::connection::{Gate, Line, fresh};
use crate::deliveries::DeliveryAttempt;
use crate::push::{self, APP_KEY, MAIN};
use crate::rules::{FaultRule, InvalidFault};
use crate::world::{Charge, JobView, Key, Recorded};
use crate::{admin, api, clock, deliveries, storage, timeline};

/// A running sandbox. Dropping it stops the server.
#[must_use = "dropping the handle stops the server"]
pub struct Sandbox {
    app: Arc<App>,
    stop: Option<watch::Sender<()>>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a server on the current tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be bound, or the configuration names a fault or a
    /// webhook's address that is none.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O, as every tokio socket does.
    ///
    /// # Cancel safety
    /// Dropping the future starts nothing.
    pub async fn start(config: Config) -> io::Result<Self> {
        let invalid = |wrong| io::Error::new(io::ErrorKind::InvalidInput, wrong);
        config.webhook().map_err(invalid)?;
        if config.webhook_secret.is_empty() {
            return Err(invalid("a webhook's secret cannot be empty".to_owned()));
        }
        let gate = Gate::bind(&config.host, config.port).await?;
        let address = gate.address()?;
        let (stop, running) = watch::channel(());
        let app = App::new(config, address, running)
            .map_err(|invalid| io::Error::new(io::ErrorKind::InvalidInput, invalid))?;
        let app = Arc::new(app);
        let service = router(&app).into_make_service_with_connect_info::<Line>();
        tokio::spawn(deliveries::run(Arc::clone(&app), app.world.subscribe()));
        tokio::spawn(timeline::run(Arc::clone(&app)));
        let handle = Arc::clone(&app);
        // A dropped handle stops as well as a called one.
        let serving = axum::serve(gate, service)
            .with_graceful_shutdown(async move { handle.stopped().await });
        let server = tokio::spawn(async {
            // axum's server has no error of its own: its listener waits errors out.
            let _ = serving.await;
        });
        Ok(Self {
            app,
            stop: Some(stop),
            server,
        })
    }

    /// Where clients point, for instance `http://127.0.0.1:41234`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.app.base_url()
    }

    /// The admin interface, `{base_url}/_admin`.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("{}/_admin", self.base_url())
    }

    /// Where the push channel is: a Pusher-compatible WebSocket, its app key at the end.
    #[must_use]
    pub fn realtime_url(&self) -> String {
        format!("ws://{}/app/{APP_KEY}", self.app.authority())
    }

    /// Where subscriptions to the push channel are authorised.
    #[must_use]
    pub fn auth_url(&self) -> String {
        format!("{}/broadcasting/auth", self.base_url())
    }

    /// A key that is accepted: the configured one, else `sk-sandbox`.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.app.world.main_key()
    }

    /// The number of the account of [`api_key`](Self::api_key): its channel is
    /// `private-client.42`.
    #[must_use]
    pub const fn client_id(&self) -> &'static str {
        MAIN
    }

    /// What deliveries of webhooks are signed with.
    #[must_use]
    pub fn webhook_secret(&self) -> &str {
        &self.app.world.config.webhook_secret
    }

    /// The number of the account of any key, the same in every sandbox.
    #[must_use]
    pub fn client_id_of(&self, key: &str) -> String {
        self.app.client_id_of(&Key::new(key))
    }

    /// Cuts every socket of the push channel without a close frame, and says how many there were.
    pub fn cut_push(&self) -> usize {
        self.app.push.cut()
    }

    /// Moves the virtual clock forward.
    pub fn advance(&self, by: Duration) {
        self.app.world.advance(by);
    }

    /// Arms a fault, after those that are armed already.
    ///
    /// # Errors
    /// When it cannot happen: a name that does not exist, or an operation it has nothing to do with.
    pub fn arm(&self, rule: FaultRule) -> Result<(), InvalidFault> {
        self.app.faults.arm(rule)
    }

    /// Disarms every fault.
    pub fn disarm(&self) {
        self.app.faults.disarm(None);
    }

    /// What was billed, in order, over all accounts.
    #[must_use]
    pub fn charges(&self) -> Vec<Charge> {
        self.app.world.charges(None)
    }

    /// What was billed to the account of `key`, in order.
    #[must_use]
    pub fn charges_of(&self, key: &str) -> Vec<Charge> {
        self.app.world.charges(Some(&Key::new(key)))
    }

    /// What arrived, in order: the latest 2000 requests to the API and the result storage.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.app.world.requests(None)
    }

    /// The jobs of all accounts and where they stand, in order of acceptance.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobView> {
        self.app.world.jobs(None)
    }

    /// The attempts to deliver webhooks, over all accounts, in the order they ended: the latest 2000.
    #[must_use]
    pub fn deliveries(&self) -> Vec<DeliveryAttempt> {
        self.app.deliveries.list(None)
    }

    /// Switches the webhooks of every account on or off. Ten deliveries in a row that were given up
    /// switch those of their account off.
    pub fn switch_webhooks(&self, on: bool) {
        self.app.deliveries.switch(None, on);
    }

    /// Stops accepting connections and waits for answers under way, a second at most.
    ///
    /// # Cancel safety
    /// Dropping the future stops the server without waiting.
    pub async fn stop(mut self) {
        self.stop = None;
        let server = std::mem::replace(&mut self.server, tokio::spawn(async {}));
        clock::grace(server).await;
    }

    /// Serves for as long as the future is polled: until the task that awaits it ends.
    ///
    /// # Cancel safety
    /// Dropping the future stops the server.
    pub async fn serve_until_stopped(mut self) {
        // Ends only when the runtime shuts down.
        let _ = (&mut self.server).await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/api/v1/client/{*path}", any(api::handle))
        .route("/results/{id}/{file}", get(storage::fetch))
        .route("/app/{key}", get(push::connect))
        .route("/broadcasting/auth", post(api::authorise))
        .merge(admin::router(Arc::clone(app)))
        .fallback(api::no_such_route)
        .layer(DefaultBodyLimit::max(1 << 20))
        .layer(map_request(fresh))
        .layer(map_response_with_state(Arc::clone(app), date))
        .with_state(Arc::clone(app))
}

/// The virtual date: clients correct their clocks by it.
async fn date(State(app): State<Arc<App>>, mut response: Response) -> Response {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&app.world.now());
    if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
