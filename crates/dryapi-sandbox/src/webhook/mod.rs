//! What is known of webhooks before any is sent: where to, and under whose name.

mod brand;
mod url;

pub use self::brand::WebhookBrand;
pub(crate) use self::url::WebhookUrl;
