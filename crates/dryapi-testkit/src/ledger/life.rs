//! A whole life of a wish, seen by another process at every step.

use std::sync::Arc;
use std::time::Duration;

use dryapi_ledger::{
    Began, BodyHash, EvidenceKind, LedgerError, SavedFile, State, Store, Why, Wish,
};
use dryapi_types::Usd;

use super::sample::{fresh, intent, ledger, wish};
use crate::HandClock;

const SECOND: Duration = Duration::from_secs(1);

pub(super) async fn all(store: &Arc<dyn Store>) {
    a_job_is_recorded(store).await;
    an_unknown_stays_unknown(store).await;
    a_refusal_frees_its_money(store).await;
    money_follows_what_is_known(store).await;
    a_turn_is_taken_over(store).await;
}

async fn a_job_is_recorded(store: &Arc<dyn Store>) {
    let clock = HandClock::new();
    let first = ledger(store, &clock, "life").await;
    let second = ledger(store, &clock, "life").await;
    let (name, wish) = (intent("i"), wish("i"));
    let turn = fresh(&first, &wish).await;
    turn.sent(SECOND).await.expect("it is ours to send");
    let busy = second.begin(&wish).await.expect("the store answers");
    assert!(matches!(busy, Began::Busy(_)), "{busy:?}");
    turn.accepted("r-1").await.expect("it was sent");
    let file = SavedFile::new("cat.png", 3, [1; 32]);
    second.done(&name).await.expect("it was accepted");
    second
        .downloaded(&name, file.clone())
        .await
        .expect("it is done");
    let other = Wish::new(name.clone(), "txt2img", BodyHash::of("a dog"));
    let other = second.begin(&other).await.expect("the store answers");
    assert!(matches!(other, Began::DifferentBody(_)), "{other:?}");
    match first.begin(&wish).await.expect("the store answers") {
        Began::Recorded(entry) => {
            assert_eq!(entry.state, State::Downloaded);
            assert_eq!(entry.request_id.as_ref().map(|id| id.as_str()), Some("r-1"));
            assert_eq!(entry.file, Some(file));
        }
        other => panic!("expected the recorded job, not {other:?}"),
    }
    let twice = second.accepted(&name, "r-2").await;
    assert!(
        matches!(twice, Err(LedgerError::SecondJob { .. })),
        "{twice:?}"
    );
    let entry = first.entry(&name).await.expect("the store answers");
    let entry = entry.expect("it is recorded");
    assert_eq!(entry.request_id.as_ref().map(|id| id.as_str()), Some("r-1"));
    let second =
        |note: &dryapi_ledger::Evidence| note.kind == EvidenceKind::SecondJob && note.text == "r-2";
    assert!(entry.evidence.iter().any(second), "no id is lost");
}

async fn an_unknown_stays_unknown(store: &Arc<dyn Store>) {
    let clock = HandClock::new();
    let first = ledger(store, &clock, "unknown").await;
    let (name, wish) = (intent("i"), wish("i"));
    let turn = fresh(&first, &wish).await;
    turn.sent(SECOND).await.expect("it is ours to send");
    drop((turn, first));
    clock.advance(Duration::from_secs(60));
    let second = ledger(store, &clock, "unknown").await;
    for _ in 0..2 {
        let began = second.begin(&wish).await.expect("the store answers");
        assert!(matches!(began, Began::Unknown(_)), "{began:?}");
    }
    let entry = second.accepted(&name, "r-1").await.expect("it is proof");
    assert_eq!(entry.state, State::Accepted);
}

async fn a_refusal_frees_its_money(store: &Arc<dyn Store>) {
    let clock = HandClock::new();
    let ledger = ledger(store, &clock, "refused").await;
    let cent = Usd::from_cents(1);
    let wish = wish("i")
        .reserving("batch", cent, cent)
        .reserving("day", cent, cent);
    for tries in 1..=3 {
        let turn = fresh(&ledger, &wish).await;
        assert_eq!(turn.entry().tries, tries);
        turn.sent(SECOND).await.expect("it is ours to send");
        assert_eq!(ledger.purse("day").await.expect("the store answers"), cent);
        turn.refused(Why::new("insufficient_balance"))
            .await
            .expect("it was sent");
        assert_eq!(
            ledger.purse("day").await.expect("the store answers"),
            Usd::ZERO
        );
    }
}

async fn money_follows_what_is_known(store: &Arc<dyn Store>) {
    let clock = HandClock::new();
    let ledger = ledger(store, &clock, "priced").await;
    let cents = Usd::from_cents;
    let (name, day) = (intent("i"), cents(10));
    let turn = fresh(&ledger, &wish("i").reserving("day", cents(4), day)).await;
    let used = async || ledger.purse("day").await.expect("the store answers");
    for cost in [7, 2, 2] {
        let priced = ledger.priced(&name, cents(cost)).await;
        assert_eq!(priced.expect("it is recorded").estimate, Some(cents(cost)));
        assert_eq!(used().await, cents(cost), "the purse follows");
    }
    turn.refused(Why::new("validation"))
        .await
        .expect("it is ours");
    assert_eq!(used().await, Usd::ZERO);
    let proof = ledger.accepted(&name, "r-1").await;
    assert_eq!(proof.expect("an id is proof").state, State::Accepted);
    assert_eq!(used().await, cents(2), "it was charged all the same");
}

async fn a_turn_is_taken_over(store: &Arc<dyn Store>) {
    let clock = HandClock::new();
    let slow = ledger(store, &clock, "taken over").await;
    let quick = ledger(store, &clock, "taken over").await;
    let cent = Usd::from_cents(1);
    let wish = wish("i").reserving("day", cent, cent);
    let late = fresh(&slow, &wish).await;
    clock.advance(Duration::from_secs(61));
    let turn = fresh(&quick, &wish).await;
    let refused = late.sent(SECOND).await;
    assert!(
        matches!(refused, Err(LedgerError::NotYourTurn(_))),
        "{refused:?}"
    );
    turn.sent(SECOND).await.expect("it is ours to send");
    let used = quick.purse("day").await.expect("the store answers");
    assert_eq!(used, cent, "one wish, set aside once");
}
