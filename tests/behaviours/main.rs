//! Behaviours that need more than one crate, one module each.

mod abuse;
mod balance_guard;
mod batches;
mod command_errors;
mod documents;
mod error_bodies;
mod every_task;
mod exchanges;
mod fuzzed;
mod hang_up;
mod key;
mod ledger;
mod limits;
mod lost_answers;
mod pay_once;
mod picture;
mod prices;
mod prompts;
mod sent_again;
mod settled_by_webhook;
mod shared_limits;
mod storm;
mod support;
mod traces;
mod waiting;
