//! `dryapi doctor`: what is wrong, and what it cost. Pays nothing.

mod check;
mod checks;
mod report;

use clap::ArgMatches;
use dryapi_client::ErrorKind;

use self::check::Check;
use crate::report::{End, Failure, json, terminal};
use crate::screen::Screen;
use crate::session::Session;

pub(super) async fn doctor(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let screen = &session.screen;
    let mut checks = Vec::new();
    told(screen, &mut checks, checks::config(session))?;
    let key = checks::key(session).await?;
    let reachable = key.ok;
    told(screen, &mut checks, key)?;
    let (opened, ledger) = checks::ledger(session).await;
    let left = checks::limits(ledger.as_ref()).await;
    told(screen, &mut checks, checks::plan(session, &left))?;
    told(screen, &mut checks, checks::left(&left))?;
    told(screen, &mut checks, opened)?;
    let entries = checks::entries(ledger.as_ref()).await;
    for check in checks::jobs(&entries) {
        told(screen, &mut checks, check)?;
    }
    told(
        screen,
        &mut checks,
        checks::spend(session, &entries, reachable).await,
    )?;
    told(screen, &mut checks, checks::push(session, reachable).await)?;
    if matches.get_flag("report") && !screen.json() {
        screen.result("")?;
        screen.result(&report::text(session, &checks, &entries))?;
    }
    match checks.iter().filter(|check| !check.ok).count() {
        0 => Ok(()),
        wrong => Err(failed(wrong).into()),
    }
}

/// There is not even a client: says why.
pub(crate) fn without(screen: &Screen, what: &'static str, failure: &Failure) -> Result<(), End> {
    let check = Check::new(what, false, &failure.message);
    told(screen, &mut Vec::new(), check)
}

fn failed(wrong: usize) -> Failure {
    let message = match wrong {
        1 => "one check failed".to_owned(),
        wrong => format!("{wrong} checks failed"),
    };
    Failure::new(ErrorKind::Config, message)
}

fn told(screen: &Screen, checks: &mut Vec<Check>, check: Check) -> Result<(), End> {
    if screen.json() {
        screen.result(&json::line(&check))?;
    } else {
        let mark = if check.ok { "ok" } else { "NOT OK" };
        let detail = terminal::line(&check.detail);
        let line = format!("{mark:<6}  {:<8}  {detail}", check.check);
        let colour = if check.ok { 32 } else { 31 };
        let colours = screen.colours(screen.stdout_is_terminal());
        screen.result(&match colours {
            true => line.replacen(mark, &format!("\x1b[{colour}m{mark}\x1b[0m"), 1),
            false => line,
        })?;
    }
    checks.push(check);
    Ok(())
}
