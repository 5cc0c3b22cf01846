//! What a client is made of: where the service is, and a sandbox in its place.

use std::time::Duration;

use dryapi_client::{ClientBuilder, ErrorKind, Plan, Random};
use dryapi_sandbox::{Config, Sandbox};

use crate::flags::Given;
use crate::report::{End, Failure};
use crate::screen::Screen;

/// How long a job takes in the sandbox of a command.
const SANDBOX_JOB: Duration = Duration::from_secs(2);

/// Where the service is, and its push channel.
pub(crate) fn configured(mut builder: ClientBuilder, given: &Given) -> Result<ClientBuilder, End> {
    builder = match given.plan.as_deref() {
        None => builder,
        Some("basic") => builder.plan(Plan::Basic),
        Some("premium") => builder.plan(Plan::Premium),
        Some(_) => {
            let failure = Failure::invalid("DRYAPI_PLAN must be basic or premium");
            return Err(failure.into());
        }
    };
    builder = builder.allow_http(given.allow_http);
    if let Some(url) = &given.base_url {
        builder = builder.base_url(url);
    }
    if let Some(id) = &given.client_id {
        builder = builder.client_id(id);
    }
    if let Some(url) = &given.realtime_url {
        builder = builder.realtime_url(url);
    }
    if let Some(url) = &given.auth_url {
        builder = builder.auth_url(url);
    }
    Ok(builder)
}

/// A sandbox that ends with the command.
pub(crate) async fn sandbox(screen: &Screen) -> Result<Sandbox, End> {
    let seed = dryapi_client::OsRandom::default().next_u64();
    let config = Config::default().with_job_time(SANDBOX_JOB).with_seed(seed);
    let sandbox = Sandbox::start(config).await.map_err(|error| {
        Failure::new(
            ErrorKind::Config,
            format!("the sandbox cannot start: {error}"),
        )
    })?;
    screen.note("sandbox: nothing is real, nothing is billed");
    Ok(sandbox)
}
