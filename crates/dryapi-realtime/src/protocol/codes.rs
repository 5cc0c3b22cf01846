//! What the Pusher protocol's codes mean, as errors and as close codes alike.

/// Everything the machine tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// 4009: the channel, or the connection, is not authorised.
    Unauthorized,
    /// 4000 to 4099: do not come back unchanged.
    Stop,
    /// 4100 to 4199: come back after a second or more.
    Later,
    /// 4200 to 4299: come back at once.
    AtOnce,
    /// Everything else.
    Other,
}

pub(super) const fn class(code: u16) -> Class {
    match code {
        4009 => Class::Unauthorized,
        4000..=4099 => Class::Stop,
        4100..=4199 => Class::Later,
        4200..=4299 => Class::AtOnce,
        _ => Class::Other,
    }
}

/// What a code means, for a server that does not say it.
pub(super) const fn meaning(code: u16) -> &'static str {
    match code {
        4000 => "only TLS is accepted",
        4001 => "the application key is unknown",
        4003 => "the application is disabled",
        4004 => "the application is over its connection quota",
        4005 => "the path was not found",
        4006 => "the version is not valid",
        4007 => "the protocol's version is not supported",
        4008 => "the protocol's version is missing",
        4009 => "the connection is not authorised",
        _ => "no reason was given",
    }
}
