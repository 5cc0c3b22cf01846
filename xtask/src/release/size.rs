//! How large the packed crates are.

use std::path::Path;

use super::published::Crate;

/// A package larger than this carries something that its users do not build, in bytes.
/// (crates.io takes ten times as much.)
const MOST: u64 = 1024 * 1024;

/// Prints each package's size.
///
/// # Errors
///
/// When one is not there, or too large.
pub(super) fn tell(target: &Path, crates: &[Crate]) -> Result<(), String> {
    println!("\npacked:");
    let mut wrong = Vec::new();
    for found in crates {
        let file = format!("{}-{}.crate", found.name, found.version);
        // where a rehearsal and where `cargo package` leave it
        let places = ["package/tmp-crate", "package"].map(|place| target.join(place).join(&file));
        let sizes = places.iter().filter_map(|place| place.metadata().ok());
        match sizes.map(|data| data.len()).next() {
            Some(size) => {
                println!("  {:<17} {:>6.1} KiB", found.name, size as f64 / 1024.0);
                if size > MOST {
                    wrong.push(format!("{file} is larger than {} KiB", MOST / 1024));
                }
            }
            None => wrong.push(format!("{file} was not packed")),
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n`cargo package --list -p CRATE` shows what is in one; `include` in its Cargo.toml says it",
        wrong.join("\n")
    ))
}
