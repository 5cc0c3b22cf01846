//! The `dryapi` command.

use std::io::{stderr, stdout};
use std::process::ExitCode;

use dryapi_cli::{Console, run};

fn main() -> ExitCode {
    let env = |name: &str| std::env::var_os(name);
    let console = Console::system();
    ExitCode::from(run(std::env::args_os(), env, stdout(), stderr(), console))
}
