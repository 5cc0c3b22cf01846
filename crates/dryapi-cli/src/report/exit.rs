//! The one table of kinds and exit codes.

use std::collections::BTreeMap;

use dryapi_client::ErrorKind;

/// What kind of failure ends a command: the client's kinds, and being told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Of(ErrorKind),
    /// Ctrl-C, SIGTERM or SIGHUP.
    Interrupted,
}

impl Kind {
    /// `error.kind` in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Of(kind) => kind.as_str(),
            Self::Interrupted => "interrupted",
        }
    }

    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Of(kind) => exit_code(kind),
            Self::Interrupted => 130,
        }
    }
}

impl From<ErrorKind> for Kind {
    fn from(kind: ErrorKind) -> Self {
        Self::Of(kind)
    }
}

/// The exit code of a kind of failure; 0 is success.
const fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidInput => 2,
        ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::AccountSuspended => 3,
        ErrorKind::NotFound => 4,
        ErrorKind::Validation => 5,
        ErrorKind::InsufficientBalance => 6,
        ErrorKind::RateLimited => 7,
        ErrorKind::Server => 8,
        ErrorKind::Network | ErrorKind::Timeout => 9,
        ErrorKind::JobFailed => 10,
        ErrorKind::WaitTimedOut => 11,
        ErrorKind::OutcomeUnknown => 12,
        ErrorKind::SpendLimit => 13,
        ErrorKind::File => 14,
        ErrorKind::InvalidSignature => 15,
        // `UnexpectedStatus`, `Decode`, `Config`, `ResultExpired`, and kinds to come.
        _ => 1,
    }
}

/// The kinds of every exit code, each with its cause; success has no kind.
pub(crate) fn exits() -> BTreeMap<u8, Vec<(&'static str, &'static str)>> {
    let mut exits = BTreeMap::from([(0, vec![("", "Done.")])]);
    for kind in ErrorKind::ALL {
        let all = exits.entry(exit_code(kind)).or_default();
        all.push((kind.as_str(), kind.cause()));
    }
    let stopped = Kind::Interrupted;
    let cause = "Ctrl-C, SIGTERM or SIGHUP.";
    exits.insert(stopped.exit_code(), vec![(stopped.as_str(), cause)]);
    exits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_code() {
        let table: Vec<String> = ErrorKind::ALL
            .into_iter()
            .map(Kind::from)
            .chain([Kind::Interrupted])
            .map(|kind| format!("{} {}", kind.as_str(), kind.exit_code()))
            .collect();
        assert_eq!(
            table,
            [
                "unauthorized 3",
                "forbidden 3",
                "account_suspended 3",
                "not_found 4",
                "validation 5",
                "insufficient_balance 6",
                "rate_limited 7",
                "server 8",
                "unexpected_status 1",
                "decode 1",
                "network 9",
                "timeout 9",
                "outcome_unknown 12",
                "job_failed 10",
                "wait_timed_out 11",
                "result_expired 1",
                "file 14",
                "spend_limit 13",
                "invalid_input 2",
                "invalid_signature 15",
                "config 1",
                "interrupted 130",
            ]
        );
    }
}
