//! What may be known of an unknown: its person decides.

use dryapi_ledger::{Entry, EvidenceKind, Ledger};

use super::unclaimed::{fetch, unclaimed};
use crate::balances::before;
use crate::commands::jobs::list;
use crate::names;
use crate::report::{End, terminal};
use crate::session::{Session, unrecorded};

/// Shows what is known of each, after a look at what nobody claims.
pub(super) async fn show(session: &Session, ledger: &Ledger, unknown: &[Entry]) -> Result<(), End> {
    for id in unclaimed(session, ledger, unknown).await? {
        let said = match fetch(session, unknown, &id).await {
            Ok(path) => format!("nobody claims job {id}; its result is {}", path.display()),
            Err(End::Failed(failure)) if !failure.is_final() => {
                format!("nobody claims job {id}: {}", failure.message)
            }
            Err(end) => return Err(end),
        };
        for entry in unknown {
            let noted = ledger.note(&entry.intent, EvidenceKind::Push, &said).await;
            noted.map_err(unrecorded)?;
        }
    }
    let mut seen = Vec::new();
    for entry in unknown {
        let entry = ledger.entry(&entry.intent).await;
        seen.extend(entry.map_err(|error| unrecorded(error.into()))?);
    }
    if session.screen.json() {
        return list(session, &seen);
    }
    let balance = match seen.iter().any(|entry| before(entry).is_some()) {
        true => session.free(session.client.balance()).await.ok(),
        false => None,
    };
    let now = balance.map(|balance| balance.balance.to_string());
    for entry in &seen {
        in_words(session, entry, now.as_deref());
    }
    Ok(())
}

fn in_words(session: &Session, entry: &Entry, balance: Option<&str>) {
    let say = |line: String| session.screen.note(&terminal::line(&line));
    let intent = names::quoted(entry.intent.as_str());
    let at = jiff::Timestamp::try_from(entry.created);
    let at = at.map_or_else(
        |_| String::new(),
        |at| format!(" of {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    );
    let task = &entry.operation;
    say(format!(
        "{intent}: {task}{at}, unknown: it may have been charged"
    ));
    for note in &entry.evidence {
        if note.kind != EvidenceKind::Drawn {
            say(format!("  {}", note.text));
        }
    }
    if let (Some(_), Some(now)) = (before(entry), balance) {
        say(format!(
            "  now: {now} USD, with all that was paid for since"
        ));
    }
    say(format!(
        "  It is a job you know:  dryapi resume {intent} --is ID"
    ));
    say(format!(
        "  It was not charged:    dryapi resume {intent} --not-charged"
    ));
}
