//! What a batch would take, without sending anything that costs.

use std::collections::BTreeMap;
use std::time::Duration;

use dryapi_client::{Plan, Usd};
use serde_json::json;

use super::options::Options;
use super::packs;
use super::row::Row;
use crate::duration;
use crate::report::{End, Failure, json};
use crate::session::Session;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Says how many requests there are, what they cost, and how long the limits make them take.
pub(super) async fn dry_run(session: &Session, options: &Options, rows: &[Row]) -> Result<(), End> {
    let mut requests: BTreeMap<&str, u64> = BTreeMap::new();
    let mut price = Some(Usd::ZERO);
    let mut texts = Vec::new();
    for row in rows {
        if let Some(text) = row.text().filter(|_| options.collect.is_some()) {
            texts.push((row, text));
            continue;
        }
        *requests.entry(row.meta.name).or_default() += 1;
        let mut asked = session.client.estimate(&row.task);
        if let Some(units) = options.assume {
            asked = asked.assume(units);
        }
        let cost = session.free(asked.into_future()).await?.usd;
        price = price.and_then(|sum| sum.checked_add(cost));
    }
    for (model, packed) in packs::of_models(&texts) {
        for pack in packed {
            *requests.entry("txt2embedding").or_default() += 1;
            let request = dryapi_client::TextToEmbedding::new(pack, model);
            let cost = session.free(session.client.estimate(&request).into_future());
            let cost = cost.await?.usd;
            price = price.and_then(|sum| sum.checked_add(cost));
        }
    }
    let sent: u64 = requests.values().sum();
    let takes = plan(session)?.map(|plan| {
        // Tasks that share a limit wait for each other.
        let mut buckets: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        for (task, count) in &requests {
            let bucket = dryapi_types::meta(task).map_or(*task, |meta| meta.bucket.as_str());
            buckets.entry(bucket).or_insert((task, 0)).1 += count;
        }
        let takes = buckets
            .into_values()
            .map(|(task, count)| of_bucket(plan, task, count));
        takes.max().unwrap_or_default()
    });
    let price = price.map(|price| price.to_string());
    if session.screen.json() {
        return session.screen.result(&json::line(&json!({
            "rows": rows.len(),
            "requests": sent,
            "price": price,
            "currency": "USD",
            "status_calls": sent,
            "seconds": takes.map(|takes| takes.as_secs()),
        })));
    }
    let price = price.unwrap_or_default();
    let takes = match takes {
        Some(takes) if takes < MINUTE => "less than a minute by the plan's limits".to_owned(),
        Some(takes) => format!("at least {} by the plan's limits", duration::show(takes)),
        None => "the plan is not known; --plan says how long its limits make it".to_owned(),
    };
    let count = |count: u64, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    session.screen.result(&format!(
        "{}, {}, {price} USD\nat least {}\n{takes}",
        count(rows.len() as u64, "row"),
        count(sent, "request"),
        count(sent, "status call"),
    ))
}

fn plan(session: &Session) -> Result<Option<Plan>, End> {
    match session.given.plan.as_deref() {
        None => Ok(None),
        Some("basic") => Ok(Some(Plan::Basic)),
        Some("premium") => Ok(Some(Plan::Premium)),
        Some(_) => Err(Failure::invalid("the plan must be basic or premium").into()),
    }
}

/// How long the limits make so many requests take.
fn of_bucket(plan: Plan, task: &str, count: u64) -> Duration {
    let limit = dryapi_types::meta(task).and_then(|meta| plan.limit(meta));
    let Some((_, limit)) = limit else {
        return Duration::ZERO;
    };
    let day = limit.day.map(|day| u64::from(day).max(1));
    let (days, rest) = match day {
        Some(day) => (
            count.saturating_sub(1) / day,
            (count.saturating_sub(1)) % day + 1,
        ),
        None => (0, count),
    };
    let minutes = rest.saturating_sub(1) / u64::from(limit.minute).max(1);
    let days = u32::try_from(days).unwrap_or(u32::MAX);
    let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
    DAY.saturating_mul(days)
        .saturating_add(MINUTE.saturating_mul(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_make_it_take_so_long() {
        let basic = |count| of_bucket(Plan::Basic, "txt2img", count);
        assert_eq!(basic(3), Duration::ZERO);
        assert_eq!(basic(4), MINUTE);
        assert_eq!(basic(100), MINUTE * 33);
        assert_eq!(basic(101), DAY);
        assert_eq!(of_bucket(Plan::Premium, "txt2img", 301), MINUTE);
    }
}
