//! Files of any size take little memory: a process of its own sends and fetches them, and the
//! system says how much it ever held.

#![cfg(all(target_os = "linux", feature = "reqwest"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may fail like tests"
)]

mod child;
mod peer;

use std::process::Command;

use peer::Peer;

const MIB: u64 = 1024 * 1024;

/// Runs one of the child's works against a peer in this process. Gives by how many bytes its peak
/// rose over what it held after a small exchange, and how many came and went.
fn measure(work: &str) -> (u64, u64) {
    let peer = Peer::start();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::works", "--nocapture"])
        .env(child::WORK, work)
        .env(child::PEER, &peer.base_url)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let said = text
        .lines()
        .find_map(|line| line.split_once(child::SAID).map(|(_, number)| number));
    let Some(said) = said else {
        panic!("{text}{}", String::from_utf8_lossy(&output.stderr));
    };
    let risen: u64 = said.trim().parse().unwrap();
    println!("{work}: the peak rose by {} KiB", risen / 1024);
    (risen, peer.bytes())
}

#[track_caller]
fn assert_little(work: &str, least: u64) {
    let (risen, moved) = measure(work);
    assert!(risen < 8 * MIB, "{work}: by {} KiB", risen / 1024);
    assert!(moved > least, "{work}: only {moved} bytes came and went");
}

#[test]
fn an_upload_of_80_mb() {
    assert_little("upload", 80_000_000);
}

#[test]
fn an_upload_of_80_mb_from_an_address() {
    assert_little("address", 80_000_000);
}

#[test]
fn an_upload_of_80_mb_that_can_be_read_once() {
    assert_little("reader", 80_000_000);
}

#[test]
fn a_download_of_1_gb() {
    assert_little("download", 1_000_000_000);
}

#[test]
fn what_is_held_in_memory_is_seen() {
    let (risen, _) = measure("held");
    assert!(risen > 70 * MIB, "only {} KiB", risen / 1024);
}
