//! Whose key it is.

use dryapi_client::DEFAULT_BASE_URL;
use serde::{Deserialize, Serialize};

use crate::config::Chosen;

/// The account's profile, and where the service is: a key goes to no other address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whose {
    pub(crate) base_url: String,
    /// `None` where no profile was named.
    pub(crate) profile: Option<String>,
}

impl Whose {
    pub(crate) fn new(base_url: Option<&str>, chosen: &Chosen) -> Self {
        let base_url = base_url.unwrap_or(DEFAULT_BASE_URL);
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            profile: chosen.profile.clone(),
        }
    }

    /// As an option of a command.
    pub(crate) fn option(&self) -> String {
        let profile = self.profile.as_ref();
        profile.map_or_else(String::new, |name| format!(" --profile {name}"))
    }
}
