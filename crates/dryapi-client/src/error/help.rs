//! What to do about each kind: the Errors page's solutions, in our words.

use super::ErrorKind;

pub(super) const fn of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthorized => {
            "Check the API key: it goes into DRYAPI_API_KEY and is sent as `Authorization: Bearer`. \
             Keys are made and revoked on the dashboard."
        }
        ErrorKind::Forbidden => "The key is known but may not do this; check its permissions.",
        ErrorKind::AccountSuspended => "Write to support@dryapi.dev.",
        ErrorKind::NotFound => {
            "Check the request id or the model's slug (`dryapi models` lists them). If nothing is \
             found at all, check the base URL."
        }
        ErrorKind::Validation => {
            "Correct the fields named; `dryapi models show SLUG` lists a model's limits."
        }
        ErrorKind::InsufficientBalance => {
            "Top up the balance on the dashboard, then send it again."
        }
        ErrorKind::RateLimited => {
            "Wait until the limit resets: a minute's limit after a minute, a day's at 00:00 UTC."
        }
        ErrorKind::Server => {
            "Wait a moment and try again. If it persists, look at status.dryapi.dev or ask support."
        }
        ErrorKind::UnexpectedStatus => {
            "This is not what the service answers; check the base URL, and any proxy on the way."
        }
        ErrorKind::Decode => "The answer could not be read; check the base URL, then report it.",
        ErrorKind::Network => "Check the connection, the base URL and any proxy, then try again.",
        ErrorKind::Timeout => "Try again, or allow more time.",
        ErrorKind::OutcomeUnknown => {
            "It may have been accepted and charged, so it is not sent again by itself. Compare the \
             balance before sending it again."
        }
        ErrorKind::JobFailed => "The service could not do this job; its code says why.",
        ErrorKind::WaitTimedOut => "The job goes on and is billed; wait for it again by its id.",
        ErrorKind::ResultExpired => "Read the job's status again for a fresh address.",
        ErrorKind::File => "Check the path, its permissions and the free space.",
        ErrorKind::SpendLimit => {
            "Raise the limit, or ask for less; a day's limit is fresh at 00:00 UTC."
        }
        ErrorKind::InvalidInput => "Correct what is named; nothing was sent.",
        ErrorKind::InvalidSignature => "Check the webhook secret; do not trust this delivery.",
        ErrorKind::Config => "Correct the setting named; nothing was sent.",
    }
}
