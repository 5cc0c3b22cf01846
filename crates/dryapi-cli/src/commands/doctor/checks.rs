//! What is checked, each for itself.

use std::time::Duration;

use dryapi_client::{Change, Clock, Plan, Usd};
use dryapi_ledger::{BucketLeft, Entry, Filter, Ledger, Spend, State};
use dryapi_types::TABLE;

use super::check::Check;
use crate::balances::before;
use crate::ledger::Book;
use crate::report::{End, moment};
use crate::session::Session;

/// How long the push channel may take to connect.
const CONNECTING: Duration = Duration::from_secs(15);

/// Which config file counts, and which profile of it.
pub(super) fn config(session: &Session) -> Check {
    let chosen = session.given.settings.chosen();
    let profile = chosen.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(", profile {name}"));
    let detail = match &chosen.path {
        Some(path) if path.exists() => format!("{}{profile}", path.display()),
        Some(path) => format!("none; it would be {}", path.display()),
        None => "none, and there is no place for one".to_owned(),
    };
    Check::new("config", true, detail)
}

/// The key is taken, and what is left on its account. Free, and not limited.
pub(super) async fn key(session: &Session) -> Result<Check, End> {
    let found = session.key.as_ref();
    let found = found.map_or_else(String::new, |source| format!("; it was found in {source}"));
    match session.free(session.client.balance()).await {
        Ok(balance) => {
            let left = balance.balance;
            let detail = format!("is taken; {left} USD are left{found}");
            Ok(Check::new("key", true, detail))
        }
        Err(End::Failed(failure)) => {
            let kind = failure.kind.as_str();
            let why = format!("{kind}: {}{found}", failure.message);
            Ok(Check::new("key", false, why))
        }
        Err(end) => Err(end),
    }
}

/// Whether paid work is written down.
pub(super) async fn ledger(session: &Session) -> (Check, Option<Ledger>) {
    let (ok, detail) = match session.book() {
        Book::Off(why) => (true, format!("none is kept: {why}")),
        Book::Broken(failure) => (false, failure.message.clone()),
        Book::Open { path, .. } => match session.ledger().await {
            Ok(ledger) => {
                let check = Check::new("ledger", true, path.display().to_string());
                return (check, ledger);
            }
            Err(End::Failed(failure)) => (false, failure.message),
            Err(End::ClosedPipe) => (true, String::new()),
        },
    };
    (Check::new("ledger", ok, detail), None)
}

/// What is known of the account's limits.
pub(super) async fn limits(ledger: Option<&Ledger>) -> Vec<BucketLeft> {
    match ledger {
        Some(ledger) => ledger.limits().all().await.unwrap_or_default(),
        None => Vec::new(),
    }
}

/// The plan, given or as the limits tell.
pub(super) fn plan(session: &Session, left: &[BucketLeft]) -> Check {
    let detail = match (&session.given.plan, left.iter().find_map(told_by)) {
        (Some(plan), _) => format!("{plan}, as it was given"),
        (None, Some(plan)) => format!("{plan}, by the limits the service told"),
        (None, None) => "not known yet: the first paid request tells, or --plan".to_owned(),
    };
    Check::new("plan", true, detail)
}

/// The plan that allows just that.
fn told_by(left: &BucketLeft) -> Option<Plan> {
    let allows = |plan: Plan| {
        TABLE.iter().any(|meta| {
            plan.limit(meta).is_some_and(|(bucket, limit)| {
                let minute = left.minute.map(|minute| minute.limit);
                let day = left.day.map(|day| day.limit);
                bucket.as_str() == left.bucket
                    && minute == Some(u64::from(limit.minute))
                    && day == limit.day.map(u64::from)
            })
        })
    };
    [Plan::Basic, Plan::Premium]
        .into_iter()
        .find(|plan| allows(*plan))
}

/// What is left of the limits.
pub(super) fn left(left: &[BucketLeft]) -> Check {
    let used_up = left.iter().filter_map(|bucket| {
        let spent = [bucket.day, bucket.minute]
            .into_iter()
            .flatten()
            .find(|left| left.left == 0)?;
        let resets = moment(spent.resets).unwrap_or_default();
        Some(format!("{} is used up until {resets}", bucket.bucket))
    });
    let used_up: Vec<String> = used_up.collect();
    let detail = match (left.len(), used_up.is_empty()) {
        (0, _) => "nothing is known of them yet".to_owned(),
        (many, true) => format!("{many} known, none of them used up"),
        (_, false) => used_up.join("; "),
    };
    Check::new("limits", used_up.is_empty(), detail)
}

pub(super) async fn entries(ledger: Option<&Ledger>) -> Vec<Entry> {
    match ledger {
        Some(ledger) => ledger.entries(&Filter::default()).await.unwrap_or_default(),
        None => Vec::new(),
    }
}

/// Jobs that are not over, and those nobody knows the end of.
pub(super) fn jobs(entries: &[Entry]) -> [Check; 2] {
    let count = |states: &[State]| {
        let found = entries.iter().filter(|entry| states.contains(&entry.state));
        found.count()
    };
    let open = count(&State::OPEN);
    let (unknown, resume) = (count(&[State::Unknown]), "dryapi resume");
    let open = match open {
        0 => "none is open".to_owned(),
        open => format!("{open} open; to fetch them: {resume}"),
    };
    let detail = match unknown {
        0 => "nothing is unknown".to_owned(),
        unknown => format!("{unknown} may have been charged; to look for them: {resume}"),
    };
    [
        Check::new("jobs", true, open),
        Check::new("unknown", unknown == 0, detail),
    ]
}

/// What was estimated against what the balance fell by, where both are known.
pub(super) async fn spend(session: &Session, entries: &[Entry], reachable: bool) -> Check {
    let all = Spend::of(entries);
    let mut detail = format!("{} USD as estimated", all.charged);
    if all.maybe != Usd::ZERO {
        detail += &format!(", {} USD more may have been charged", all.maybe);
    }
    if all.unpriced > 0 {
        detail += &format!(", {} without an estimate", all.unpriced);
    }
    let first = entries.iter().position(|entry| before(entry).is_some());
    if let Some(since) = first.and_then(|at| entries.get(at..)).filter(|_| reachable)
        && let Some(was) = since.first().and_then(before)
        && let Ok(now) = session.free(session.client.balance()).await
    {
        let (since, fell) = (Spend::of(since), was - now.balance);
        detail += &format!("; the balance fell by {fell} USD since it was first noted");
        // Where a price is not known nothing can be said of it.
        if since.unpriced == 0 && fell > since.charged + since.maybe {
            detail += ", more than this ledger knows of: something else pays from the account";
        }
    }
    Check::new("spend", true, detail)
}

/// Whether the push channel connects, where it is configured.
pub(super) async fn push(session: &Session, reachable: bool) -> Check {
    if session.given.client_id.is_none() {
        let detail = "off: no client id was given (--client-id), so jobs are looked at instead";
        return Check::new("push", true, detail);
    }
    if !reachable {
        return Check::new("push", false, "not tried: the key is not taken");
    }
    let mut changes = session.client.changes();
    let connecting = async {
        loop {
            match changes.next().await {
                Some(Ok(Change::Connected { .. })) => return Ok(()),
                Some(Ok(Change::Interrupted { why, .. })) => return Err(why.to_string()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.message().to_owned()),
                None => return Err("the channel ended".to_owned()),
            }
        }
    };
    let connected = tokio::select! {
        connected = connecting => connected,
        () = session.clock.sleep(CONNECTING) => Err("no answer".to_owned()),
    };
    match connected {
        Ok(()) => Check::new("push", true, "connects"),
        Err(why) => Check::new("push", false, why),
    }
}
