//! Parsing, and what is said when it fails.

use std::ffi::OsString;

use clap::ArgMatches;
use clap::error::ErrorKind;

use super::booleans::{booleans, join_booleans};
use super::tree::tree;
use crate::report::Failure;

/// What became of the arguments.
pub(crate) enum Parsed {
    /// A command to run.
    Command(ArgMatches),
    /// `--help` or `--version`: a text for stdout, plain and coloured.
    Told(String, String),
    /// They cannot be read: a failure, and its text for people, plain and coloured.
    Wrong(Box<Failure>, String, String),
}

/// Reads the arguments.
pub(crate) fn parse(mut args: Vec<OsString>) -> Parsed {
    join_booleans(&mut args, &booleans());
    let error = match tree().try_get_matches_from(args) {
        Ok(matches) => return Parsed::Command(matches),
        Err(error) => error,
    };
    let text = error.render();
    let (plain, coloured) = (text.to_string(), text.ansi().to_string());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Parsed::Told(plain, coloured),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let failure = Failure::invalid("no command was given").help("See dryapi --help.");
            Parsed::Wrong(Box::new(failure), plain, coloured)
        }
        _ => {
            let said = plain.strip_prefix("error: ").unwrap_or(&plain);
            let (message, rest) = said.split_once("\n\n").unwrap_or((said, ""));
            let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let failure = Failure::invalid(one_line(message)).help(one_line(rest));
            Parsed::Wrong(Box::new(failure), plain, coloured)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        tree().debug_assert();
    }

    #[test]
    fn globals_stand_anywhere() {
        for line in [
            "dryapi --json balance",
            "dryapi balance --json",
            "dryapi models --json show x",
            "dryapi price txt2img x --json",
        ] {
            let Parsed::Command(matches) = parse(line.split(' ').map(OsString::from).collect())
            else {
                panic!("{line}")
            };
            assert!(matches.get_flag("json"), "{line}");
        }
    }
}
