//! Commands about this machine: the key that is kept, the config file, the shell and the manual.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};

use super::arg::switch;
use crate::complete::SHELLS;
use crate::config::Key;

/// Where `login` keeps the key.
#[cfg(feature = "keyring")]
const KEPT: &str = "the system's keyring, or, where that does not answer or DRYAPI_KEYRING is off, \
                    in a file beside the config file that only you can read";
#[cfg(not(feature = "keyring"))]
const KEPT: &str = "a file beside the config file that only you can read";

/// `login`.
pub(super) fn login() -> Command {
    Command::new("login")
        .about("Keep an API key on this machine")
        .after_help(format!(
            "The key is asked for and not shown, or read from --api-key-file (- is stdin). It is \
             tried with a call that costs nothing, then kept for the profile and the base URL, in \
             {KEPT}. A key that is given as an option or in DRYAPI_API_KEY goes before it."
        ))
        .arg(switch("no-check", "Keep the key without trying it"))
}

/// `logout`.
pub(super) fn logout() -> Command {
    Command::new("logout")
        .about("Forget the API key that login kept")
        .after_help("It stays good: to end it, delete it on the dashboard.")
}

/// `config`.
pub(super) fn config() -> Command {
    let key = || {
        Arg::new("key")
            .value_name("KEY")
            .required(true)
            .help("A global option without its dashes, or model.TASK")
    };
    let keys: Vec<String> = Key::all()
        .filter(|key| !key.starts_with("model."))
        .collect();
    Command::new("config")
        .about("Read and write the config file")
        .after_help(format!(
            "Options come from the command line, then the environment, then the --profile, then \
             [default] in the file, which is config.toml in the folder dryapi for programs' \
             settings, or as DRYAPI_CONFIG names it. A profile takes no key and no client id from \
             [default].\n\nKeys: {}, and model.TASK, the model that is taken for a task where none \
             is given; a batch names its own.",
            keys.join(", ")
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(Command::new("get").about("Print a value").arg(key()))
        .subcommand(
            Command::new("set")
                .about("Write a value, of the --profile where one is given")
                .arg(key())
                .arg(
                    Arg::new("value")
                        .value_name("VALUE")
                        .required(true)
                        .allow_hyphen_values(true)
                        .help("The value; true or false for a switch"),
                ),
        )
        .subcommand(
            Command::new("unset")
                .about("Take a value out, of the --profile where one is given")
                .arg(key()),
        )
        .subcommand(Command::new("list").about("Print every value that holds, and the profiles"))
}

/// `completions`.
pub(super) fn completions() -> Command {
    Command::new("completions")
        .about("Print a script that completes commands, models and jobs in a shell")
        .after_help(
            "bash:        dryapi completions bash > ~/.local/share/bash-completion/completions/dryapi\n\
             zsh:         dryapi completions zsh > a file _dryapi in a folder of $fpath\n\
             fish:        dryapi completions fish > ~/.config/fish/completions/dryapi.fish\n\
             elvish:      eval (dryapi completions elvish | slurp)\n\
             powershell:  dryapi completions powershell | Out-String | Invoke-Expression\n\n\
             Models are those that `dryapi models` named last, jobs those of the ledger: nothing is \
             sent while you type.",
        )
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(SHELLS)
                .help("The shell"),
        )
}

/// `man`.
pub(super) fn man() -> Command {
    Command::new("man")
        .about("Print the manual page, or write those of every command")
        .after_help("To read it: dryapi man | man -l -")
        .arg(
            Arg::new("dir")
                .long("dir")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help("Write a page for every command into this folder, and print their paths"),
        )
}
