//! What is done with an operation.

/// Send it and give its answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Plain {}
/// Ask what it would cost.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Price {}
/// Say what it will cost, by as few price calls as possible.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Estimate {}
/// Start the job.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Submit {}
/// Start the job and wait for it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Run {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Plain {}
    impl Sealed for super::Price {}
    impl Sealed for super::Estimate {}
    impl Sealed for super::Submit {}
    impl Sealed for super::Run {}
}

/// A verb that may pay: it takes a limit and a webhook.
pub trait Starts: sealed::Sealed {}
impl Starts for Submit {}
impl Starts for Run {}

/// Any verb.
pub trait Verb: sealed::Sealed {}
impl Verb for Plain {}
impl Verb for Price {}
impl Verb for Estimate {}
impl Verb for Submit {}
impl Verb for Run {}
