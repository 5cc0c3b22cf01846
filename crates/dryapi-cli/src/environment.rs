//! The environment, whose values are text.

use std::cell::RefCell;
use std::ffi::OsString;

use crate::report::{End, Failure};

/// Looks variables up, and knows of one that could not be read: who set it meant something, and
/// paid work must not go to another ledger or account in silence.
pub(crate) struct Environment<E> {
    look_up: E,
    unreadable: RefCell<Option<String>>,
}

impl<E, V> Environment<E>
where
    E: Fn(&str) -> Option<V>,
    V: Into<OsString>,
{
    pub(crate) const fn new(look_up: E) -> Self {
        Self {
            look_up,
            unreadable: RefCell::new(None),
        }
    }

    /// A variable of no consequence: what cannot be read is not set.
    pub(crate) fn style(&self, name: &str) -> Option<String> {
        (self.look_up)(name)?.into().into_string().ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let value = (self.look_up)(name)?.into().into_string();
        value
            .inspect_err(|_| *self.unreadable.borrow_mut() = Some(name.to_owned()))
            .ok()
    }

    /// # Errors
    /// Something that was looked up is no text.
    pub(crate) fn check(&self) -> Result<(), End> {
        match &*self.unreadable.borrow() {
            Some(name) => {
                let message = format!("the variable {name} is not UTF-8; nothing was sent");
                Err(Failure::invalid(message)
                    .help("Set it to text, or unset it.")
                    .into())
            }
            None => Ok(()),
        }
    }
}
