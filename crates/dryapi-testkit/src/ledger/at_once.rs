//! Many at once: conflicts are told, and nothing is counted twice.

use std::sync::Arc;
use std::time::Duration;

use dryapi_ledger::{Began, Commit, Entered, Expected, Ledger, Store};
use dryapi_types::{Limit, Usd};

use super::sample::{all_of, cell, commit, ledger, scope, set, wish};
use crate::HandClock;

const MANY: usize = 12;

pub(super) async fn all(store: &Arc<dyn Store>) {
    no_change_is_lost(&**store).await;
    one_wins(store).await;
    no_cap_is_passed(store).await;
    no_limit_is_passed(store).await;
}

/// As many processes as there are ledgers: they share nothing but the store.
async fn ledgers(store: &Arc<dyn Store>, base_url: &str) -> Vec<Ledger> {
    let clock = HandClock::new();
    all_of((0..MANY).map(|_| ledger(store, &clock, base_url))).await
}

async fn no_change_is_lost(store: &dyn Store) {
    let scope = scope("counted");
    let count = async || loop {
        let (expected, count) = match cell(store, &scope, "count").await {
            Some(cell) => (
                Expected::Version(cell.version),
                cell.value.parse::<usize>().expect("a number was written"),
            ),
            None => (Expected::Absent, 0),
        };
        let change = set(expected, "count", &(count + 1).to_string());
        if commit(store, &scope, &[change]).await == Commit::Stored {
            return;
        }
    };
    all_of((0..MANY).map(|_| count())).await;
    let counted = cell(store, &scope, "count").await.map(|cell| cell.value);
    assert_eq!(counted, Some(MANY.to_string()), "a change was lost");
}

async fn one_wins(store: &Arc<dyn Store>) {
    let ledgers = ledgers(store, "one wins").await;
    let scopes = ledgers
        .iter()
        .filter(|one| one.scope() == ledgers[0].scope());
    assert_eq!(scopes.count(), MANY, "all draw the same salt");
    let (wish, mut fresh) = (wish("i"), 0);
    for began in all_of(ledgers.iter().map(|ledger| ledger.begin(&wish))).await {
        match began.expect("the store answers") {
            Began::Fresh(_) => fresh += 1,
            Began::Busy(_) => {}
            other => panic!("expected one turn and others that wait, not {other:?}"),
        }
    }
    assert_eq!(fresh, 1, "one may send");
}

async fn no_cap_is_passed(store: &Arc<dyn Store>) {
    let ledgers = ledgers(store, "caps").await;
    let (amount, cap) = (Usd::from_cents(30), Usd::from_cents(100));
    let wishes: Vec<_> = (0..MANY)
        .map(|n| wish(&format!("i{n}")).reserving("day", amount, cap))
        .collect();
    let pairs = ledgers.iter().zip(&wishes);
    let began = all_of(pairs.map(|(ledger, wish)| ledger.begin(wish))).await;
    let fresh = began
        .iter()
        .filter(|began| matches!(began, Ok(Began::Fresh(_))));
    assert_eq!(fresh.count(), 3, "three times 0.30 fit into 1.00");
    let used = ledgers[0].purse("day").await.expect("the store answers");
    assert_eq!(used, Usd::from_cents(90));
}

async fn no_limit_is_passed(store: &Arc<dyn Store>) {
    let ledgers = ledgers(store, "limits").await;
    let hold = Duration::from_secs(1);
    let basic = Some(Limit::new(3, Some(100)));
    let enter = async |ledger: &Ledger| ledger.limits().enter("txt2img", basic, hold).await;
    let entered = all_of(ledgers.iter().map(enter)).await;
    let places = entered
        .iter()
        .filter(|one| matches!(one, Ok(Entered::Place(_))));
    assert_eq!(places.count(), 3, "three in a minute");
}
