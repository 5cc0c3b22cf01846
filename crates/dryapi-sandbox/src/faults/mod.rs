//! Faults at work: those that wait for their request ([`Armed`]), those a prompt brings along
//! ([`prompt`]), what one does to a call ([`Effect`]) and to its answer ([`aftermath`]).

pub(crate) mod aftermath;
mod armed;
mod effect;
pub(crate) mod prompt;

pub(crate) use self::armed::{Armed, Drawn};
pub(crate) use self::effect::{Effect, Instead};
