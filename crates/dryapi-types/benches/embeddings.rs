//! Reading 2048 vectors of 1024 numbers out of a whole status answer, beside `serde_json` reading
//! the bare list. Prints one line of JSON; `cargo xtask bench` shows it to people.
//!
//! The candidates take turns within each round and change places from round to round, so that what
//! slows the machine down slows all of them down; the figure is the median of the rounds' ratios.

#![expect(
    clippy::print_stdout,
    reason = "a program of its own: this is its answer"
)]
#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot read its input has no figure"
)]
#![expect(clippy::disallowed_methods, reason = "real time is what is measured")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use dryapi_types::Embeddings;
use serde_json::json;

const VECTORS: usize = 2048;
const DIMENSION: usize = 1024;
const ROUNDS: usize = 15;

fn main() {
    let bare = list();
    let envelope = answer(&bare);
    let text = answer(&json!(bare).to_string());
    let read: [&dyn Fn() -> usize; 3] = [
        &|| {
            let read = serde_json::from_slice::<Vec<Vec<f32>>>(black_box(bare.as_bytes()));
            black_box(read.expect("the list is one")).len()
        },
        &|| embeddings(&envelope),
        &|| embeddings(&text),
    ];
    let mut rounds = Vec::new();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let mut times = [Duration::ZERO; 3];
        for turn in 0..3 {
            let candidate = (round + turn) % 3;
            let begun = Instant::now();
            let count = read.get(candidate).map(|read| read());
            let time = begun.elapsed();
            assert_eq!(count, Some(VECTORS));
            if let Some(slot) = times.get_mut(candidate) {
                *slot = time;
            }
        }
        if round > 0 {
            rounds.push(times.map(|time| time.as_secs_f64() * 1e3));
        }
    }
    let column = |of: fn(&[f64; 3]) -> f64| median(rounds.iter().map(of).collect());
    let report = json!({
        "what": format!("{VECTORS} x {DIMENSION} embeddings, {ROUNDS} rounds"),
        "bytes": bare.len(),
        "baseline": {"name": "serde_json, bare list", "ms": column(|[bare, _, _]| *bare)},
        "candidates": [
            {
                "name": "status answer", "limit": 1.1,
                "ms": column(|[_, answer, _]| *answer),
                "ratio": column(|[bare, answer, _]| answer / bare),
            },
            {
                "name": "status answer, list in a JSON text", "limit": null,
                "ms": column(|[_, _, text]| *text),
                "ratio": column(|[bare, _, text]| text / bare),
            },
        ],
    });
    println!("{report}");
}

fn embeddings(body: &str) -> usize {
    let read = Embeddings::read(200, &[], black_box(body.as_bytes()));
    let (_, read) = read.expect("the answer is a status");
    black_box(read.expect("the result is a list of vectors")).count()
}

fn answer(result: &str) -> String {
    let head = r#"{"data":{"status":"done","preview":null,"result_url":null,"progress":100"#;
    format!(r#"{head},"result":{result}}}}}"#)
}

/// Numbers from -1 to 1, written as short as an `f32` allows.
fn list() -> String {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut list = String::from("[");
    for vector in 0..VECTORS {
        list.push_str(if vector == 0 { "[" } else { ",[" });
        for number in 0..DIMENSION {
            // Knuth's MMIX generator.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let unit = (state >> 40) as f32 / (1_u32 << 23) as f32 - 1.0;
            let comma = if number == 0 { "" } else { "," };
            let _ = write!(list, "{comma}{unit}");
        }
        list.push(']');
    }
    list.push(']');
    list
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
