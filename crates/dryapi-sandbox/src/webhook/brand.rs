//! Under whose name deliveries are sent.

/// Whose headers a delivery carries. The service's gateway still sends the old name's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookBrand {
    /// `X-dryAPI-…`
    #[default]
    Current,
    /// `X-DeAPI-…`
    Legacy,
    /// Both.
    Both,
}
