//! What a fault can happen to.

use dryapi_types::{Meta, TABLE};

use super::invalid::InvalidFault;

/// A kind of request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Operation(&'static Meta),
    /// A result's file.
    Results,
    /// The push channel's authorisation.
    Auth,
    /// The push channel's next event.
    Push,
}

/// The requests a rule is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    /// Every operation of the API; of a fault of the push channel: the channel.
    Any,
    Only(Target),
}

pub(crate) const ANY: &str = "*";
const RESULTS: &str = "results";
const AUTH: &str = "broadcasting/auth";
const PUSH: &str = "push";

impl Target {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Operation(meta) => meta.name,
            Self::Results => RESULTS,
            Self::Auth => AUTH,
            Self::Push => PUSH,
        }
    }

    /// Every target there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let operations = TABLE.iter().copied().map(Self::Operation);
        operations.chain([Self::Results, Self::Auth, Self::Push])
    }
}

impl On {
    pub(crate) fn read(name: &str) -> Result<Self, InvalidFault> {
        if name == ANY {
            return Ok(Self::Any);
        }
        let target = Target::all().find(|target| target.name() == name);
        target.map(Self::Only).ok_or_else(|| {
            let names: Vec<&str> = Target::all().map(Target::name).collect();
            InvalidFault::new(format!(
                "no operation is called {name:?}; there are {ANY}, {}",
                names.join(", ")
            ))
        })
    }
}
