//! `dryapi spend`: what was paid for, as estimated.

use std::collections::BTreeMap;

use clap::ArgMatches;
use dryapi_client::{Clock, Usd};
use dryapi_ledger::{Entry, Filter, Spend};
use serde::Serialize;

use crate::balances::before;
use crate::flags::Since;
use crate::report::{End, json, moment, terminal};
use crate::session::{Session, unrecorded};

/// Sums of estimates. Names and order of the keys are a contract.
#[derive(Debug, Serialize)]
struct Sums {
    since: Option<String>,
    #[serde(flatten)]
    all: Sum,
    tasks: Vec<OfTask>,
    /// What is left on the account, where it was noted before.
    balance: Option<String>,
    /// By how much it fell since it was first noted.
    balance_fell: Option<String>,
    currency: &'static str,
}

#[derive(Debug, Serialize)]
struct OfTask {
    task: String,
    #[serde(flatten)]
    sum: Sum,
}

#[derive(Debug, Serialize)]
struct Sum {
    charged: String,
    maybe: String,
    prepared: String,
    count: u64,
    unpriced: u64,
}

impl From<Spend> for Sum {
    fn from(spend: Spend) -> Self {
        Self {
            charged: spend.charged.to_string(),
            maybe: spend.maybe.to_string(),
            prepared: spend.prepared.to_string(),
            count: spend.count,
            unpriced: spend.unpriced,
        }
    }
}

pub(super) async fn spend(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let Some(ledger) = session.ledger().await? else {
        return Ok(());
    };
    let since = matches.get_one::<Since>("since").copied();
    let since = since.map(|since| since.moment(session.clock.wall()));
    let filter = since.map_or_else(Filter::default, |at| Filter::default().created_since(at));
    let entries = ledger.entries(&filter).await;
    let entries = entries.map_err(|error| unrecorded(error.into()))?;
    let all = Spend::of(&entries);
    let mut tasks: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in &entries {
        tasks.entry(&entry.operation).or_default().push(entry);
    }
    let tasks: Vec<(&str, Spend)> = tasks
        .into_iter()
        .map(|(task, entries)| (task, Spend::of(entries)))
        .filter(|(_, spend)| spend.count > 0)
        .collect();
    let (balance, fell) = fallen(session, &entries).await;
    if !session.screen.json() {
        return in_words(session, all, &tasks, fell);
    }
    let tasks = tasks.into_iter().map(|(task, spend)| OfTask {
        task: task.to_owned(),
        sum: spend.into(),
    });
    session.screen.result(&json::line(&Sums {
        since: since.and_then(moment),
        all: all.into(),
        tasks: tasks.collect(),
        balance: balance.map(|balance| balance.to_string()),
        balance_fell: fell.map(|fell| fell.to_string()),
        currency: "USD",
    }))
}

/// The balance now, and how much more it was when it was first noted. It is asked only where it can
/// be compared.
async fn fallen(session: &Session, entries: &[Entry]) -> (Option<Usd>, Option<Usd>) {
    let Some(first) = entries.iter().find_map(before) else {
        return (None, None);
    };
    match session.free(session.client.balance()).await {
        Ok(now) => (Some(now.balance), Some(first - now.balance)),
        Err(_) => (None, None),
    }
}

fn in_words(
    session: &Session,
    all: Spend,
    tasks: &[(&str, Spend)],
    fell: Option<Usd>,
) -> Result<(), End> {
    let screen = &session.screen;
    if all.count == 0 {
        screen.note("nothing was paid for");
        return Ok(());
    }
    let width = tasks.iter().map(|(task, _)| task.len()).max().unwrap_or(0);
    let total = tasks.len() > 1;
    let width = width.max(if total { "total".len() } else { 0 });
    let rows = tasks.iter().copied().chain(total.then_some(("total", all)));
    for (task, spend) in rows {
        let mut line = format!("{:<width$}  {} USD", terminal::line(task), spend.charged);
        if spend.maybe != Usd::ZERO {
            line += &format!(", and {} USD that may have been charged", spend.maybe);
        }
        if spend.prepared != Usd::ZERO {
            line += &format!(", {} USD not sent yet", spend.prepared);
        }
        if spend.unpriced > 0 {
            line += &format!("; {} of {} without a price", spend.unpriced, spend.count);
        }
        screen.result(&line)?;
    }
    if let Some(fell) = fell {
        screen.progress(&format!(
            "the balance fell by {fell} USD since it was first noted"
        ));
    }
    Ok(())
}
