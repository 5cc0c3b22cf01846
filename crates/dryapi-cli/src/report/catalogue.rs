//! The error catalogue, `docs/errors.md`, written from the one table of kinds and exit codes.
//!
//! A test writes it, as snapshots are written: the table is in our own crates, which `cargo xtask
//! codegen` must not need, since it writes parts of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use dryapi_client::ErrorKind;

use super::exit::Kind;

const TOP: &str = "\
# Error catalogue

Every failure has one of these kinds: `Error::kind()` in Rust, `error.kind` in the command's JSON, and
an exit code.

| kind | exit code | what happened | may it have cost money? | what to do |
|---|---|---|---|---|
";

const BOTTOM: &str = "
Exit code 0 is success; 2 is also that of a flag that does not exist or lacks its value.

The column about money says the most that a paid request which ends so can have cost. What *this* one
may have cost is said by `Error::charge()`, in JSON `charged`: `no`, `maybe` or `yes`. It is more than
the table's where an error names a job that goes on (a 401 while waiting for it), or followed an attempt
whose outcome is unknown. It is less where the request never left the machine, and for calls that
are free. \"May I send it again?\" is `charge() == Charge::No`.

Generated from `ErrorKind` (`crates/dryapi-client/src/error/kind.rs`) and the exit codes
(`crates/dryapi-cli/src/report/exit.rs`): `UPDATE=1 cargo test -p dryapi-cli --lib catalogue`.
";

fn page() -> String {
    let mut page = TOP.to_owned();
    let mut row = |kind: Kind, cause: &str, charge: &str, help: &str| {
        let (name, code) = (kind.as_str(), kind.exit_code());
        let _ = writeln!(page, "| `{name}` | {code} | {cause} | {charge} | {help} |");
    };
    for kind in ErrorKind::ALL {
        let charge = kind.charge().as_str();
        row(kind.into(), kind.cause(), charge, kind.help());
    }
    row(
        Kind::Interrupted,
        "Ctrl-C, SIGTERM or SIGHUP.",
        "yes",
        "The job goes on and is billed; the command said how to fetch it.",
    );
    page + BOTTOM
}

#[test]
fn the_page_is_what_the_table_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, page()).unwrap();
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == page(),
        "docs/errors.md is old: UPDATE=1 cargo test -p dryapi-cli --lib catalogue"
    );
}

#[test]
fn what_is_said_fits_a_row() {
    for kind in ErrorKind::ALL {
        for text in [kind.cause(), kind.help()] {
            assert!(!text.contains(['|', '\n']), "{text}");
            assert!(text.ends_with('.') && !text.starts_with(' '), "{text}");
        }
    }
}

#[test]
fn the_readme_says_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let readme = fs::read_to_string(root.unwrap().join("README.md")).unwrap();
    let mut said = 0;
    for row in readme.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        for name in cells[1].split(", ") {
            let named = |kind: &ErrorKind| format!("`{}`", kind.as_str()) == name;
            let Some(kind) = ErrorKind::ALL.into_iter().find(named) else {
                continue;
            };
            assert_eq!(cells[2], Kind::from(kind).exit_code().to_string(), "{row}");
            assert_eq!(cells[3], kind.charge().as_str(), "{row}");
            said += 1;
        }
    }
    assert!(said >= 17, "{said}");
}
