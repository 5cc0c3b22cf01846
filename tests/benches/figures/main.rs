//! What is promised of speed, measured beside what it is compared with. Prints one line of JSON a
//! measurement; `cargo xtask bench` shows them to people.
//!
//! Whatever answers runs in a process of its own, so that the processor time of this one is ours.

#![expect(clippy::disallowed_methods, reason = "real time is what is measured")]

mod bare;
mod calls;
mod embeddings;
mod ledger;
mod peer;
mod profile;
mod row;
mod throughput;
mod transfers;
mod waits;

use serde_json::json;

use row::Row;

/// A measurement, by name.
type Measure = (&'static str, fn() -> Vec<Row>);

const MEASURES: &[Measure] = &[
    ("calls", calls::measure),
    ("throughput", throughput::measure),
    ("transfers", transfers::measure),
    ("embeddings", embeddings::measure),
    ("waits", waits::measure),
    ("ledger", ledger::measure),
];

fn main() {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["peer", millis] => peer::serve(millis),
        ["profile", who, pairs] => profile::run(who, pairs),
        ["transfer", rest @ ..] => transfers::child(rest),
        names => {
            for (name, measure) in MEASURES {
                if names.is_empty() || names.contains(name) {
                    println!("{}", json!({"name": name, "rows": measure()}));
                }
            }
        }
    }
}
