//! Reading 2048 vectors of 1024 numbers out of a whole status answer, beside `serde_json` reading
//! the bare list.
//!
//! The candidates take turns within each round and change places from round to round, so that what
//! slows the machine down slows all of them down; the figure is the median of the rounds' ratios.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use dryapi_types::Embeddings;
use serde_json::json;

use crate::row::{Bound, Row};

const VECTORS: usize = 2048;
const DIMENSION: usize = 1024;
const ROUNDS: usize = 15;

pub(crate) fn measure() -> Vec<Row> {
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
    let beside =
        |of: fn(&[f64; 3]) -> (f64, f64)| -> Vec<(f64, f64)> { rounds.iter().map(of).collect() };
    let named = |what: &str| format!("{VECTORS} x {DIMENSION} embeddings, {what}");
    let row = |what: &str, rounds: &[(f64, f64)], bound| {
        Row::of(named(what), "ms", "serde_json, bare list", rounds, bound)
    };
    let of_answer = beside(|[bare, answer, _]| (*answer, *bare));
    let of_text = beside(|[bare, _, text]| (*text, *bare));
    vec![
        row("status answer", &of_answer, Bound::ratio_at_most(1.1)),
        row("list in a JSON text", &of_text, Bound::default()),
    ]
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
