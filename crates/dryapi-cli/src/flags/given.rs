//! What was given by flags, by the environment behind them, and by the config file.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use dryapi_client::Usd;

use super::global::{PROFILE, amount};
use crate::config::{Chosen, Settings};
use crate::duration;
use crate::places;
use crate::report::End;

/// What was given globally: flag, then environment, then profile.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) api_key: Option<String>,
    /// Whether the key came as a flag.
    pub(crate) api_key_flag: bool,
    pub(crate) api_key_file: Option<PathBuf>,
    /// Whether the environment has a key, used or not.
    pub(crate) api_key_in_env: bool,
    pub(crate) base_url: Option<String>,
    pub(crate) sandbox: bool,
    /// What the config file says, also of what is no option.
    pub(crate) settings: Settings,
    /// As it was given; the environment's is not checked yet.
    pub(crate) plan: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) realtime_url: Option<String>,
    pub(crate) auth_url: Option<String>,
    pub(crate) intent: Option<String>,
    /// Where paid work is written down: as given, else the usual place, where there is one.
    pub(crate) ledger: Option<PathBuf>,
    pub(crate) no_ledger: bool,
    /// The folder for what may go away, where there is one.
    pub(crate) cache: Option<PathBuf>,
    pub(crate) max_cost: Option<Usd>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) allow_http: bool,
    pub(crate) timeout: Option<Duration>,
    /// Only from the environment; the flag belongs to the webhook commands.
    pub(crate) webhook_secret: Option<String>,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Given {
    /// Reads the flags, then the environment, then the config file's settings.
    pub(crate) fn read(
        matches: &ArgMatches,
        env: &dyn Fn(&str) -> Option<String>,
        settings: Settings,
    ) -> Self {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let said = |name: &str| settings.get(name).map(str::to_owned);
        // The environment may turn off what the profile turns on, too.
        let on = |name: &str, variable: &str| match env(variable) {
            _ if matches.get_flag(name) => true,
            Some(value) => value == "1" || value == "true",
            None => settings.switch(name).unwrap_or_default(),
        };
        let only = |name: &str| matches.get_flag(name) || settings.switch(name).unwrap_or_default();
        let time = |name: &str| {
            let given = matches.get_one(name).copied();
            given.or_else(|| duration::parse(settings.get(name)?).ok())
        };
        let key = text("api-key");
        let file = matches.get_one::<PathBuf>("api-key-file").cloned();
        let base_url = text("base-url").or_else(|| env("DRYAPI_BASE_URL"));
        // Addresses that belong to another service's would be told this one's key.
        let beside = |name: &str| match base_url {
            Some(_) => None,
            None => settings.beside_base_url(name).map(str::to_owned),
        };
        let ledger = matches.get_one::<PathBuf>("ledger").cloned();
        let ledger = ledger.or_else(|| env("DRYAPI_LEDGER").map(PathBuf::from));
        let no_ledger = match ledger {
            Some(_) => matches.get_flag("no-ledger"),
            None => only("no-ledger"),
        };
        Self {
            api_key_flag: key.is_some(),
            // A key file given as a flag is nearer than the environment.
            api_key: key.or_else(|| env("DRYAPI_API_KEY").filter(|_| file.is_none())),
            api_key_file: file,
            api_key_in_env: env("DRYAPI_API_KEY").is_some(),
            sandbox: on("sandbox", "DRYAPI_SANDBOX"),
            plan: text("plan")
                .or_else(|| env("DRYAPI_PLAN"))
                .or_else(|| said("plan")),
            client_id: text("client-id")
                .or_else(|| env("DRYAPI_CLIENT_ID"))
                .or_else(|| said("client-id")),
            realtime_url: text("realtime-url")
                .or_else(|| env("DRYAPI_REALTIME_URL"))
                .or_else(|| beside("realtime-url")),
            auth_url: text("auth-url")
                .or_else(|| env("DRYAPI_AUTH_URL"))
                .or_else(|| beside("auth-url")),
            intent: text("intent"),
            ledger: ledger
                .or_else(|| said("ledger").map(PathBuf::from))
                .or_else(|| places::ledger(&env)),
            no_ledger,
            cache: places::cache(&env),
            max_cost: matches
                .get_one("max-cost")
                .copied()
                .or_else(|| amount(settings.get("max-cost")?).ok()),
            max_retries: matches
                .get_one("max-retries")
                .copied()
                .or_else(|| settings.get("max-retries")?.parse().ok()),
            attempt_timeout: time("attempt-timeout"),
            allow_http: on("allow-http", "DRYAPI_ALLOW_HTTP"),
            timeout: time("timeout"),
            webhook_secret: env("DRYAPI_WEBHOOK_SECRET"),
            json: only("json"),
            quiet: only("quiet"),
            base_url: base_url.or_else(|| said("base-url")),
            settings,
        }
    }
}

/// The config file, and the profile of it that was chosen.
pub(crate) fn chosen(
    matches: &ArgMatches,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Chosen, End> {
    let env = |name: &str| env(name).filter(|value| !value.is_empty());
    let profile = matches.get_one::<String>(PROFILE).cloned();
    #[cfg_attr(
        not(feature = "keyring"),
        expect(unused_mut, reason = "no keyring to choose")
    )]
    let mut chosen = Chosen::new(
        places::config(&env),
        profile.or_else(|| env("DRYAPI_PROFILE")),
    )?;
    #[cfg(feature = "keyring")]
    {
        // A process without a home is nobody's who has a keyring.
        let home = env("HOME").or_else(|| env("USERPROFILE"));
        chosen.keyring = home.is_some() && env("DRYAPI_KEYRING").as_deref() != Some("off");
    }
    Ok(chosen)
}

/// Whether `--json` was asked for, also where the rest cannot be parsed.
pub(crate) fn wants_json(args: &[OsString]) -> bool {
    args.iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--json")
}
