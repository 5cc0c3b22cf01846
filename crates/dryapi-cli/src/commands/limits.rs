//! `dryapi limits`: what is left of the account's limits, as its processes know them together.
//! Nothing is sent.

use std::collections::BTreeMap;
use std::time::SystemTime;

use dryapi_client::{Clock, Plan};
use dryapi_ledger::{BucketLeft, LearnedFrom, Left};
use dryapi_types::TABLE;
use serde::Serialize;

use crate::report::{End, Failure, json, terminal};
use crate::session::{Session, unrecorded};

/// What is known of one bucket.
#[derive(Debug, Serialize)]
struct Line {
    bucket: String,
    minute: Option<Counted>,
    day: Option<Counted>,
    learned_from: &'static str,
}

/// A limit, and what is left of it.
#[derive(Debug, Serialize)]
struct Counted {
    limit: u64,
    left: u64,
    resets: Option<String>,
}

pub(super) async fn limits(session: &Session) -> Result<(), End> {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    if let Some(plan) = plan(session)? {
        lines.extend(planned(plan, session.clock.wall()));
    }
    if let Some(ledger) = session.ledger().await? {
        let known = ledger.limits().all().await;
        let known = known.map_err(|error| unrecorded(error.into()))?;
        lines.extend(
            known
                .into_iter()
                .map(|left| (left.bucket.clone(), line(left))),
        );
    }
    if lines.is_empty() {
        session.screen.note(
            "nothing is known of the limits yet: the first answer of a call that counts tells them, \
             and --plan basic or --plan premium says what a plan allows",
        );
        return Ok(());
    }
    if session.screen.json() {
        let mut lines = lines.values();
        return lines.try_for_each(|line| session.screen.result(&json::line(line)));
    }
    let width = lines.keys().map(String::len).max().unwrap_or_default();
    for (bucket, line) in &lines {
        let minute = shown(line.minute.as_ref(), "a minute");
        let day = shown(line.day.as_ref(), "a day");
        let bucket = terminal::line(bucket);
        session
            .screen
            .result(&format!("{bucket:<width$}  {minute:<22}  {day}"))?;
    }
    Ok(())
}

fn plan(session: &Session) -> Result<Option<Plan>, End> {
    match session.given.plan.as_deref() {
        None => Ok(None),
        Some("basic") => Ok(Some(Plan::Basic)),
        Some("premium") => Ok(Some(Plan::Premium)),
        Some(_) => Err(Failure::invalid("the plan must be basic or premium").into()),
    }
}

/// What a plan allows, as nothing of it is known to be used.
fn planned(plan: Plan, now: SystemTime) -> impl Iterator<Item = (String, Line)> {
    TABLE.iter().filter_map(move |meta| {
        let (bucket, limit) = plan.limit(meta)?;
        let all = |limit: u32| Counted {
            limit: limit.into(),
            left: limit.into(),
            resets: json::moment(now),
        };
        let bucket = bucket.as_str().to_owned();
        let line = Line {
            bucket: bucket.clone(),
            minute: Some(all(limit.minute)),
            day: limit.day.map(all),
            learned_from: "plan",
        };
        Some((bucket, line))
    })
}

fn line(left: BucketLeft) -> Line {
    let counted = |left: Left| Counted {
        limit: left.limit,
        left: left.left,
        resets: json::moment(left.resets),
    };
    Line {
        bucket: left.bucket,
        minute: left.minute.map(counted),
        day: left.day.map(counted),
        learned_from: match left.learned_from {
            LearnedFrom::Header => "header",
            LearnedFrom::Refusal => "429",
            _ => "plan",
        },
    }
}

fn shown(counted: Option<&Counted>, of: &str) -> String {
    match counted {
        Some(Counted { limit, left, .. }) => format!("{left} of {limit} {of}"),
        None => format!("no limit {of}"),
    }
}
