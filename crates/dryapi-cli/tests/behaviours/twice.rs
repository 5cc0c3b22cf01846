//! Who asks for the same again, while nobody knows what became of it, is told.

use std::io::Cursor;

use dryapi_cli::Console;

use crate::support::{Ran, Service, WHOLE, picture_of};

const LOST: &str = "a dog [[fault:accept_then_drop]]";

/// Somebody at a terminal who answers this.
fn answers(text: &str) -> Console {
    Console::default()
        .with_stdin(Cursor::new(text.to_owned()))
        .with_stdin_terminal(true)
        .with_stderr_terminal(true)
}

fn lost(service: &Service, console: Console) -> Ran {
    lost_with(service, console, &[])
}

fn lost_with(service: &Service, console: Console, more: &[&str]) -> Ran {
    // The seed is drawn each time, and makes no other request of it.
    let line = &WHOLE[..WHOLE.len() - 2];
    let mut line = [&["submit"], line, more].concat();
    line[2] = LOST;
    service.on(&line, console)
}

#[test]
fn on_a_terminal_one_is_asked() {
    let service = Service::start();
    let ran = lost(&service, answers(""));
    assert_eq!(ran.code, 12, "{}", ran.err);
    assert!(!ran.err.contains("identical"), "{}", ran.err);
    for no in ["", "\n", "n\n", "nonsense\n"] {
        let ran = lost(&service, answers(no));
        assert_eq!((ran.code, service.charges()), (130, 1), "{}", ran.err);
        assert!(
            ran.err
                .contains("may have been paid for; pay again? [y/N] "),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("error: nothing was sent\n"), "{}", ran.err);
        assert!(ran.last().contains("dryapi resume "), "{}", ran.err);
    }
    let ran = lost(&service, answers("y\n"));
    assert_eq!((ran.code, service.charges()), (12, 2), "{}", ran.err);
}

#[test]
fn one_who_does_not_answer_is_told_on_a_line_of_its_own() {
    let service = Service::start();
    lost(&service, answers(""));
    let (silent, _kept_open) = std::io::pipe().unwrap();
    let console = answers("").with_stdin(silent);
    let ran = lost_with(&service, console, &["--timeout", "200ms"]);
    assert_eq!((ran.code, service.charges()), (9, 1), "{}", ran.err);
    assert!(ran.err.contains("[y/N] \nerror: "), "{}", ran.err);
}

#[test]
fn a_script_is_warned_and_goes_on() {
    let service = Service::start();
    lost(&service, Console::default());
    let ran = lost(&service, Console::default());
    assert_eq!((ran.code, service.charges()), (12, 2), "{}", ran.err);
    let warning = ran.err.lines().find(|line| line.starts_with("warning: "));
    let warning = warning.unwrap_or_else(|| panic!("{}", ran.err));
    assert!(warning.contains("an identical request of "), "{warning}");
    assert!(warning.contains("dryapi resume "), "{warning}");
}

#[test]
fn another_request_is_another_request() {
    let service = Service::start();
    lost(&service, Console::default());
    let other = picture_of("a cat", &[]);
    let ran = service.on(&[&["submit"], &other[..]].concat(), answers(""));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    // Nor is the same again, where it is known what became of it.
    let again = service.on(&[&["submit"], &other[..]].concat(), answers(""));
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    // What was settled is no reason to ask.
    let jobs = service.dryapi(&["jobs", "--unknown", "--json"]).out;
    let job: serde_json::Value = serde_json::from_str(&jobs).unwrap();
    let name = job["intent"].as_str().unwrap();
    assert_eq!(service.dryapi(&["resume", name, "--not-charged"]).code, 0);
    let ran = lost(&service, answers(""));
    assert!(!ran.err.contains("identical"), "{}", ran.err);
}
