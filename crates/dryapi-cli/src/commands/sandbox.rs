//! `dryapi sandbox`: an emulator of the service until it is told to stop.

use clap::ArgMatches;
use dryapi_client::{ErrorKind, Usd};
use dryapi_sandbox::{Config, FaultRule, Plan, Sandbox};

use crate::flags::Given;
use crate::report::{End, Failure, json};
use crate::screen::Screen;
use crate::stop::Stop;

/// Runs until Ctrl-C, SIGTERM or SIGHUP, which are its proper end: exit code 0.
pub(crate) async fn sandbox(
    given: &Given,
    matches: &ArgMatches,
    screen: &Screen,
    stop: &Stop,
) -> Result<(), End> {
    let config = config(given, matches)?;
    let (host, port) = (config.host.clone(), config.port);
    let sandbox = Sandbox::start(config).await.map_err(|error| {
        let message = format!("the sandbox cannot listen on {host} port {port}: {error}");
        Failure::new(ErrorKind::Config, message).help("Give another --port; 0 picks a free one.")
    })?;
    announce(&sandbox, given, matches, screen)?;
    stop.asked(1).await;
    sandbox.stop().await;
    Ok(())
}

fn announce(
    sandbox: &Sandbox,
    given: &Given,
    matches: &ArgMatches,
    screen: &Screen,
) -> Result<(), End> {
    let own_key = given.api_key_flag;
    if screen.json() {
        return screen.result(&json::line(&json::Sandbox {
            base_url: sandbox.base_url(),
            admin_url: sandbox.admin_url(),
            realtime_url: sandbox.realtime_url(),
            auth_url: sandbox.auth_url(),
            api_key: sandbox.api_key().to_owned(),
            client_id: sandbox.client_id(),
            webhook_secret: sandbox.webhook_secret().to_owned(),
        }));
    }
    screen.result(&sandbox.base_url())?;
    screen.note(&format!("admin    {}", sandbox.admin_url()));
    // A key that was given is never printed back.
    let key = if own_key {
        "the one given with --api-key"
    } else {
        sandbox.api_key()
    };
    screen.note(&format!("api key  {key}"));
    if !own_key {
        let url = sandbox.base_url();
        screen.note(&format!(
            "try      DRYAPI_BASE_URL={url} DRYAPI_API_KEY={key} dryapi txt2img \"a cat\""
        ));
    }
    if matches.get_one::<String>("webhook-secret").is_none() {
        screen.note(&format!(
            "webhooks signed with {}",
            sandbox.webhook_secret()
        ));
    }
    screen.note("Ctrl-C ends it, and everything in it");
    Ok(())
}

fn config(given: &Given, matches: &ArgMatches) -> Result<Config, End> {
    let mut config = Config::default();
    if let Some(host) = matches.get_one::<String>("host") {
        config = config.with_host(host);
    }
    if let Some(port) = matches.get_one::<u16>("port") {
        config = config.with_port(*port);
    }
    if let Some(plan) = matches.get_one::<String>("plan") {
        config = config.with_plan(match plan.as_str() {
            "basic" => Plan::Basic,
            _ => Plan::Premium,
        });
    }
    if let Some(file) = matches.get_one::<String>("faults") {
        config = config.with_faults(faults(file)?);
    }
    if let Some(balance) = matches.get_one::<Usd>("balance") {
        config = config.with_balance(*balance);
    }
    if let Some(secret) = matches.get_one::<String>("webhook-secret") {
        if secret.is_empty() {
            return Err(Failure::invalid("--webhook-secret must not be empty").into());
        }
        config = config.with_webhook_secret(secret);
    }
    if let Some(speed) = matches.get_one::<f64>("speed") {
        if !(speed.is_finite() && *speed >= 0.0) {
            return Err(Failure::invalid("--speed must be 0 or more").into());
        }
        config = config.with_speed(*speed);
    }
    if let Some(seed) = matches.get_one::<u64>("seed") {
        config = config.with_seed(*seed);
    }
    // The environment's key belongs to the service; a sandbox has its own.
    if given.api_key_flag {
        config = config.with_api_key(given.api_key.clone());
    }
    Ok(config)
}

fn faults(file: &str) -> Result<Vec<FaultRule>, End> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(ErrorKind::File, format!("{file}: {error}")))?;
    let rules = FaultRule::parse_list(&text);
    Ok(rules.map_err(|error| Failure::invalid(format!("{file}: {error}")))?)
}
