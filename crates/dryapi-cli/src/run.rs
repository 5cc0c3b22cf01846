//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use dryapi_client::{Clock, ErrorKind};
use dryapi_transport::SystemClock;
use tokio::runtime::{Builder, Runtime};

use crate::commands;
use crate::complete::{self, Known};
use crate::config::{Chosen, Settings};
use crate::console::{Console, Pace};
use crate::environment::Environment;
use crate::flags::{Given, Parsed, chosen, parse, tree, wants_json};
use crate::ledger::Need;
use crate::logs;
use crate::places;
use crate::report::{End, Failure, json, people};
use crate::screen::{How, Screen};
use crate::session::Session;
use crate::stdin::Stdin;
use crate::stop::Stop;

/// Runs one command and gives its exit code.
///
/// `args` are the program's name and its arguments, `env` looks up environment variables, `out`
/// takes results, `err` messages and errors, `console` says what they are. Starts a tokio runtime
/// of its own, so it must not be called from within one; listens to the process's signals while it
/// runs.
pub fn run<A, E, V, O, R>(args: A, env: E, out: O, err: R, console: Console) -> u8
where
    A: IntoIterator,
    A::Item: Into<OsString>,
    E: Fn(&str) -> Option<V>,
    V: Into<OsString>,
    O: Write + Send + 'static,
    R: Write + Send + 'static,
{
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let environment = Environment::new(env);
    let env = |name: &str| environment.get(name);
    let style = |name: &str| environment.style(name);
    let how = How {
        json: wants_json(&args),
        quiet: false,
        plain: style("NO_COLOR").is_some_and(|value| !value.is_empty()),
        stdout_is_terminal: console.stdout_is_terminal,
        stderr_is_terminal: console.stderr_is_terminal,
        width: console.width,
        #[cfg(feature = "previews")]
        height: console.height,
        #[cfg(feature = "previews")]
        protocol: crate::preview::Protocol::of(&style),
    };
    let screen = Screen::new(out, err, how);
    if let Some(shell) = style(complete::VARIABLE) {
        // A shell that asks while one types is never told of an error.
        let mut answer = Vec::new();
        let _ = complete::answer(&shell, args, tree(), &known(&env), &mut answer);
        let _ = screen.result_bytes(&answer);
        return 0;
    }
    let program = args.first().cloned();
    let matches = match parse(args) {
        Parsed::Command(matches) => matches,
        Parsed::Told(plain, coloured) => {
            let colours = screen.colours(how.stdout_is_terminal);
            let text = if colours { coloured } else { plain };
            return ended(&screen, screen.result(text.trim_end()), false);
        }
        Parsed::Wrong(failure, _, _) if screen.json() => {
            return ended(&screen, Err(End::Failed(failure)), false);
        }
        Parsed::Wrong(failure, plain, coloured) => {
            let colours = screen.colours(how.stderr_is_terminal);
            screen.message(if colours { &coloured } else { &plain });
            return failure.kind.exit_code();
        }
    };
    if let Some(result) = commands::machine(program.as_ref(), &matches, &screen) {
        return ended(&screen, result, false);
    }
    let makes_profiles = commands::makes_profiles(&matches);
    let settings = chosen(&matches, &env)
        .and_then(|chosen| environment.check().map(|()| chosen))
        .and_then(|chosen| Settings::read(chosen, makes_profiles));
    let settings = match settings {
        Ok(settings) => settings,
        Err(end) => return ended(&screen, misconfigured(&screen, &matches, end), false),
    };
    let given = Given::read(&matches, &env, settings);
    if let Err(end) = environment.check() {
        return ended(&screen, Err(end), false);
    }
    let screen = screen.shown(given.json, given.quiet);
    logs::start(style("RUST_LOG"), &screen);
    let stdin = Stdin::new(console.stdin, console.stdin_is_terminal).own(console.stdin_is_own);
    let sandbox = given.sandbox;
    let result = runtime().and_then(|runtime| {
        let result = runtime.block_on(command(given, &matches, &screen, stdin, console.pace));
        // A read of stdin that nobody waits for any more must not keep the process.
        runtime.shutdown_timeout(Duration::ZERO);
        result
    });
    ended(&screen, result, sandbox)
}

/// What this machine knows, for the profile that the environment names.
fn known(env: &dyn Fn(&str) -> Option<String>) -> Known {
    let env = |name: &str| env(name).filter(|value| !value.is_empty());
    let config = places::config(&env);
    let chosen = Chosen::new(config.clone(), env("DRYAPI_PROFILE"));
    let settings = chosen.and_then(|chosen| Settings::read(chosen, true));
    let configured = settings.unwrap_or_default();
    let configured = configured.get("ledger").map(PathBuf::from);
    let ledger = env("DRYAPI_LEDGER").map(PathBuf::from).or(configured);
    Known {
        ledger: ledger.or_else(|| places::ledger(&env)),
        config,
        cache: places::cache(&env),
    }
}

/// The config file cannot be used: that is a check of its own.
fn misconfigured(screen: &Screen, matches: &ArgMatches, end: End) -> Result<(), End> {
    if let End::Failed(failure) = &end
        && matches.subcommand_name() == Some("doctor")
    {
        commands::doctor_without(screen, "config", failure)?;
    }
    Err(end)
}

fn runtime() -> Result<Runtime, End> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.map_err(|error| Failure::new(ErrorKind::Config, format!("no runtime: {error}")).into())
}

async fn command(
    given: Given,
    matches: &ArgMatches,
    screen: &Screen,
    stdin: Stdin,
    pace: Pace,
) -> Result<(), End> {
    let stop = Stop::listen().map_err(|error| {
        Failure::new(
            ErrorKind::Config,
            format!("signals cannot be caught: {error}"),
        )
    })?;
    if let Some(("sandbox", matches)) = matches.subcommand() {
        return commands::sandbox(&given, matches, screen, &stop).await;
    }
    if let Some(("config", matches)) = matches.subcommand() {
        return commands::config(&given, matches, screen);
    }
    if let Some(("login", matches)) = matches.subcommand() {
        return commands::login(given, matches, screen, stop, stdin, pace).await;
    }
    if let Some(("logout", _)) = matches.subcommand() {
        return commands::logout(&given, screen, &stop).await;
    }
    if let Some(("webhook", matches)) = matches.subcommand()
        && matches.subcommand_name() != Some("listen")
    {
        return commands::webhook(&given, matches, screen, &stop, stdin).await;
    }
    let need = Need::of(&given, matches);
    let started = Session::start(given, screen.clone(), stop, stdin, pace, need).await;
    if let Err(End::Failed(failure)) = &started
        && matches.subcommand_name() == Some("doctor")
    {
        commands::doctor_without(screen, "key", failure)?;
    }
    let mut session = started?;
    let is_named = need == Need::Must && session.given.intent.is_some();
    let mut result = commands::run(&mut session, matches).await;
    session.end().await;
    if is_named && let Err(End::Failed(failure)) = &mut result {
        failure.once = true;
    }
    result
}

/// Says how it ended. After an error nothing more is printed.
fn ended(screen: &Screen, result: Result<(), End>, sandbox: bool) -> u8 {
    let mut failure = match result {
        Ok(()) | Err(End::ClosedPipe) => return 0,
        Err(End::Failed(failure)) => failure,
    };
    screen.clear();
    failure.sandbox = sandbox;
    failure.at = Some(SystemClock::default().wall());
    if screen.json() {
        screen.note(&json::failure(&failure));
    } else {
        screen.message(&people::failure(&failure));
    }
    failure.kind.exit_code()
}
