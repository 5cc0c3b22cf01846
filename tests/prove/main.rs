//! The proof: many rounds of random faults and deaths, and nothing is paid twice, nothing paid is
//! lost, and what cannot be known is reported as unknown. Run by `cargo xtask prove`.
//!
//! Each round starts a sandbox, whose clock runs a hundred times as fast, and a client process of
//! its own with as fast a clock, which is killed at random moments and started again. What came of
//! it is judged by the sandbox's own books.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    reason = "a program that proves something stops where it cannot go on, and runs in real time"
)]

mod books;
mod client;
mod clock;
mod dice;
mod judge;
mod plan;
mod round;
mod summary;
mod wanted;

use std::path::Path;
use std::process::ExitCode;

use futures_util::StreamExt;
use futures_util::stream::iter;

use crate::summary::Summary;

/// Rounds at a time.
const AT_ONCE: usize = 4;

const USAGE: &str = "usage: prove [--rounds N] [--seed S] [--at-once N]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let [mode, file] = args.as_slice()
        && mode == "client"
    {
        let text = std::fs::read(Path::new(file)).unwrap();
        let plan = serde_json::from_slice(&text).unwrap();
        let again = runtime.block_on(client::run(&plan));
        return ExitCode::from(if again { 3 } else { 0 });
    }
    let (mut rounds, mut seed, mut at_once) = (20_u64, 1_u64, AT_ONCE as u64);
    let mut rest = args.iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().and_then(|value| value.parse().ok());
        match (flag.as_str(), value) {
            ("--rounds", Some(value)) => rounds = value,
            ("--seed", Some(value)) => seed = value,
            ("--at-once", Some(value)) => at_once = value,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    let kept = runtime.block_on(prove(rounds, seed, at_once as usize));
    ExitCode::from(u8::from(!kept))
}

/// Runs the rounds, and those with a 500 after booking once more without the guard.
async fn prove(rounds: u64, first: u64, at_once: usize) -> bool {
    let mut summary = Summary::default();
    let seeds = first..first + rounds;
    let running = iter(seeds).map(async |seed| (seed, round::run(seed, true).await));
    let mut running = Box::pin(running.buffer_unordered(at_once));
    while let Some((seed, outcome)) = running.next().await {
        summary.add(seed, outcome);
    }
    drop(running);
    let again = iter(summary.booked_then_500().to_vec())
        .map(async |seed| (seed, round::run(seed, false).await));
    let mut again = Box::pin(again.buffer_unordered(at_once));
    while let Some((seed, outcome)) = again.next().await {
        summary.add_unguarded(seed, outcome);
    }
    drop(again);
    println!("{summary}");
    summary.is_kept()
}
