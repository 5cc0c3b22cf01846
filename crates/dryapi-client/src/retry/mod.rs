//! Whether, when and how often something is sent again. Verdict, delay, budget and cost class are
//! four objects, each tested alone; [`run`] is the one loop that asks them.

mod backoff;
mod budget;
mod fault;
mod policy;
mod run;
mod verdict;

pub(crate) use budget::Budget;
pub(crate) use fault::Fault;
pub use policy::RetryPolicy;
pub(crate) use run::{Attempts, Failed, Loop, run};
pub(crate) use verdict::{Verdict, charge, judge};
