//! Manual pages, made from the commands themselves.

use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, line_break, roman};

use crate::report::exits;

const MANUAL: &str = "dryapi Manual";

/// What one tries first: the line, and what it does.
const EXAMPLES: [(&str, &str); 7] = [
    (
        "dryapi --sandbox txt2img \"a cat in a nebula\" -o cat.png",
        "Make a picture without a key and without money.",
    ),
    ("dryapi login", "Keep an API key on this machine."),
    (
        "dryapi price txt2img \"a cat\" --model Flux1schnell",
        "Ask what a picture would cost.",
    ),
    (
        "dryapi txt2img \"a cat\" -o cat.png --intent cat-1 --max-cost 0.01",
        "Pay for it at most once, and at most a cent; the same line again gives the same picture.",
    ),
    (
        "dryapi resume",
        "Fetch what was paid for and is not here yet, and settle what is unknown. Never pays.",
    ),
    (
        "dryapi batch prompts.csv --out cats --max-cost 2",
        "Run many jobs from a file; run again, it goes on where it stopped.",
    ),
    (
        "dryapi completions bash > ~/.local/share/bash-completion/completions/dryapi",
        "Complete commands, models and jobs in bash.",
    ),
];

/// What the environment says where no option does.
const ENVIRONMENT: [(&str, &str); 14] = [
    ("DRYAPI_API_KEY", "The API key."),
    ("DRYAPI_BASE_URL", "Where the service is."),
    ("DRYAPI_PROFILE", "A set of options from the config file."),
    ("DRYAPI_CONFIG", "Another config file."),
    ("DRYAPI_SANDBOX", "1 uses a sandbox inside the command."),
    ("DRYAPI_PLAN", "The account's plan."),
    ("DRYAPI_CLIENT_ID", "The number on the dashboard."),
    ("DRYAPI_REALTIME_URL", "Where updates are pushed from."),
    ("DRYAPI_AUTH_URL", "Where the push channel is authorised."),
    ("DRYAPI_LEDGER", "The record of paid work."),
    (
        "DRYAPI_ALLOW_HTTP",
        "1 allows plain http to another machine.",
    ),
    ("DRYAPI_WEBHOOK_SECRET", "The webhook's secret."),
    ("NO_COLOR", "Anything turns colours off."),
    (
        "RUST_LOG",
        "A filter: logs of what is sent go to stderr, without the key.",
    ),
];

/// The page of the command as a whole.
pub(crate) fn page(mut command: Command, out: &mut dyn Write) -> io::Result<()> {
    command.build();
    one(command, out)
}

/// Every page, in a folder. Gives the files' names.
pub(crate) fn pages(mut command: Command, folder: &Path) -> io::Result<Vec<String>> {
    std::fs::create_dir_all(folder)?;
    command.build();
    let mut names = Vec::new();
    all(&command, folder, &mut names)?;
    names.sort_unstable();
    Ok(names)
}

fn all(command: &Command, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        all(inner, folder, names)?;
    }
    let name = format!("{}.1", name(command));
    let mut page = Vec::new();
    one(command.clone(), &mut page)?;
    std::fs::write(folder.join(&name), page)?;
    names.push(name);
    Ok(())
}

fn name(command: &Command) -> String {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    name.to_owned()
}

fn one(command: Command, out: &mut dyn Write) -> io::Result<()> {
    let whole = command.get_name() == "dryapi";
    let has_after = command
        .get_after_long_help()
        .or(command.get_after_help())
        .is_some();
    let has_commands = command.get_subcommands().any(|inner| !inner.is_hide_set());
    let has_version = command.get_version().is_some();
    let man = Man::new(command).manual(MANUAL);
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if has_commands {
        man.render_subcommands_section(out)?;
    }
    if has_after && !whole {
        man.render_extra_section(out)?;
    }
    if whole {
        examples().to_writer(out)?;
        exit_status().to_writer(out)?;
        list("ENVIRONMENT", &ENVIRONMENT).to_writer(out)?;
    } else {
        let mut also = Roff::new();
        also.control("SH", ["SEE ALSO"]);
        also.text(vec![bold("dryapi"), roman("(1) tells the exit codes.")]);
        also.to_writer(out)?;
    }
    if has_version && whole {
        man.render_version_section(out)?;
    }
    Ok(())
}

fn examples() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for (line, about) in EXAMPLES {
        roff.control("TP", []);
        roff.text(vec![bold(line)]);
        roff.text(vec![roman(about)]);
    }
    roff
}

fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    roff.text(vec![roman(
        "With --json the kind is told as error.kind on the last line of stderr.",
    )]);
    for (code, kinds) in exits() {
        roff.control("TP", []);
        roff.text(vec![bold(code.to_string())]);
        let mut text: Vec<Inline> = Vec::new();
        for (kind, cause) in kinds {
            if !text.is_empty() {
                text.push(line_break());
            }
            if !kind.is_empty() {
                text.push(bold(kind));
                text.push(roman(": "));
            }
            text.push(roman(cause));
        }
        roff.text(text);
    }
    roff
}

fn list(title: &str, items: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (name, about) in items {
        roff.control("TP", []);
        roff.text(vec![bold(*name)]);
        roff.text(vec![roman(*about)]);
    }
    roff
}
