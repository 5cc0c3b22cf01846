//! What the ledger is told of results that are in no file: they are not handed out again unasked.

use dryapi_client::JobTicket;
use dryapi_ledger::{Entry, EvidenceKind, Filter, Ledger};
use dryapi_types::Intent;

use crate::report::terminal;
use crate::session::Session;

/// Why a result is not fetched unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    Printed,
    /// It is a line of a batch's one file.
    Collected,
    Expired,
    /// The service does not know its job any more.
    Forgotten,
}

impl Noted {
    const ALL: [Self; 4] = [
        Self::Printed,
        Self::Collected,
        Self::Expired,
        Self::Forgotten,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::Printed => "written to standard output",
            Self::Collected => "collected in a batch's file",
            Self::Expired => "its result has expired",
            Self::Forgotten => "the service does not know its job any more",
        }
    }

    /// What was noted of an entry.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let others = entry.evidence.iter();
        let mut texts = others.filter(|note| note.kind == EvidenceKind::Other);
        texts.find_map(|note| {
            Self::ALL
                .into_iter()
                .find(|noted| noted.text() == note.text)
        })
    }

    /// Notes it of a job, where one is recorded. The result is there all the same where that fails.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is noted.
    pub(crate) async fn note(self, session: &Session, ticket: &JobTicket) {
        let Ok(Some(ledger)) = session.client.ledger().await else {
            return;
        };
        let Some(intent) = intent(&ledger, ticket).await else {
            return;
        };
        let noted = ledger.note(&intent, EvidenceKind::Other, self.text()).await;
        if let Err(error) = noted {
            let text = error.to_string();
            session
                .screen
                .note(&format!("warning: {}", terminal::line(&text)));
        }
    }
}

/// The name under which a job is recorded.
async fn intent(ledger: &Ledger, ticket: &JobTicket) -> Option<Intent> {
    let of_job = Filter::default().with_request_id(ticket.request_id().clone());
    let found = ledger.entries(&of_job).await.ok()?;
    Some(found.into_iter().next()?.intent)
}
