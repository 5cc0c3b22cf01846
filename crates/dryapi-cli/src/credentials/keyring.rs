//! The system's keyring: the Keychain, the Credential Manager, or the Secret Service.

use keyring::v1::{Entry, Error};

use super::whose::Whose;

const SERVICE: &str = "dryapi";

pub(super) async fn key(whose: &Whose) -> Result<Option<String>, String> {
    on_a_thread(whose, |entry| match entry.get_password() {
        Ok(key) => Ok(Some(key)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

pub(super) async fn keep(whose: &Whose, key: String) -> Result<(), String> {
    on_a_thread(whose, move |entry| entry.set_password(&key)).await
}

/// Says whether there was one.
pub(super) async fn forget(whose: &Whose) -> Result<bool, String> {
    on_a_thread(whose, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })
    .await
}

/// A keyring may ask its owner first, and blocks meanwhile.
async fn on_a_thread<T: Send + 'static>(
    whose: &Whose,
    work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, String> {
    // No profile has this name: it is the section without one.
    let profile = whose.profile.as_deref().unwrap_or("default");
    let name = format!("{profile} at {}", whose.base_url);
    let worked = tokio::task::spawn_blocking(move || {
        let entry = Entry::new(SERVICE, &name)?;
        work(&entry)
    });
    match worked.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
