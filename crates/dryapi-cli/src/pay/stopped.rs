//! What is said when a command is told to stop while a paid request may be on its way.

use dryapi_client::{Charge, Delivery};

use crate::report::{Failure, Kind};
use crate::session::Session;

/// Told to stop: what became of the paid request, as far as it is known now.
pub(super) fn stopped(session: &Session) -> Failure {
    let seen = session.recorder.seen();
    let mut failure = Failure::new(Kind::Interrupted, "interrupted; nothing was sent");
    let Some((intent, attempts)) = seen.sent else {
        return failure;
    };
    failure.intent = Some(intent.to_string());
    failure.attempts = attempts;
    if let Some(id) = seen.accepted {
        failure.message = going_on(session).to_owned();
        failure.request_id = Some(id.to_string());
        failure.delivery = Delivery::Answered;
        failure.charge = Charge::Yes;
    } else if session.client.in_flight() == 0
        && let Some(error) = seen.failed
    {
        failure.message = format!("interrupted; the request had failed: {}", error.message());
        failure.status = error.status();
        failure.delivery = error.delivery();
        failure.charge = error.charge();
    } else {
        failure.message = "interrupted before the answer came: the outcome is unknown; it may \
                           have been accepted and charged"
            .to_owned();
        failure.delivery = Delivery::Unknown;
        failure.charge = Charge::Maybe;
    }
    failure
}

/// Told to stop, and the answer that was paid for came after all.
pub(super) fn too_late(session: &Session) -> Failure {
    let mut failure = stopped(session);
    "interrupted; the answer came all the same and was printed".clone_into(&mut failure.message);
    failure.delivery = Delivery::Answered;
    failure.charge = Charge::Yes;
    failure
}

/// What is said when a job is left behind.
pub(crate) const fn going_on(session: &Session) -> &'static str {
    if session.is_sandbox() {
        "interrupted; the sandbox ends, and the job with it"
    } else {
        "interrupted; the job goes on and is billed; the service cannot cancel"
    }
}
