//! The command line itself: help, mistakes, the key.

use std::io::{self, Write, sink};

use dryapi_cli::{Console, run};
use serde_json::Value;

use crate::support::{Buffer, Service, dryapi, stdin, with};

#[test]
fn help_and_version_are_results() {
    for args in [
        &["--help"][..],
        &["txt2img", "--help"],
        &["submit", "txt2img", "-h"],
        &["--version"],
    ] {
        let ran = dryapi(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        assert!(
            ran.out.ends_with('\n') && !ran.out.contains('\x1b'),
            "{args:?}"
        );
    }
    let help = dryapi(&["txt2img", "--help"]).out;
    for word in [
        "--negative-prompt",
        "--lora <NAME=WEIGHT>",
        "Waits 5 min",
        "--no-check",
        "--timeout",
    ] {
        assert!(help.contains(word), "{word}");
    }
}

#[test]
fn mistakes_are_exit_code_2_also_in_json() {
    for args in [
        &["nope"][..],
        &["txt2img", "a", "--nope"],
        &["txt2img", "a", "--prompt", "b"],
        &["status"],
        &["txt2img", "a", "--width", "x"],
        &["balance", "--timeout", "soon"],
        &["submit"],
        &["txt2img"],
    ] {
        let plain = with(args, &[("DRYAPI_API_KEY", "k")], Console::default());
        assert_eq!((plain.code, plain.out.as_str()), (2, ""), "{args:?}");
        assert!(!plain.err.is_empty());
        let json = with(
            &[args, &["--json"]].concat(),
            &[("DRYAPI_API_KEY", "k")],
            Console::default(),
        );
        assert_eq!((json.code, json.out.as_str()), (2, ""), "{args:?}");
        let error: Value = serde_json::from_str(json.last()).unwrap();
        assert_eq!(error["error"]["kind"], "invalid_input", "{args:?}");
        assert_eq!(error["error"].as_object().unwrap().len(), 16);
    }
}

#[test]
fn the_key_comes_from_flag_file_stdin_or_environment() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "sk-sandbox-file\n").unwrap();
    let file = file.to_str().unwrap();
    // The environment's key is good in all of these; what is nearer wins.
    for (args, console, code) in [
        (vec!["balance"], Console::default(), 0),
        (vec!["balance", "--api-key", "wrong"], Console::default(), 3),
        (
            vec!["balance", "--api-key-file", file],
            Console::default(),
            0,
        ),
        (vec!["balance", "--api-key-file", "-"], stdin(b"wrong\n"), 3),
        (
            vec!["balance", "--api-key-file", "/no/such/file"],
            Console::default(),
            1,
        ),
    ] {
        let ran = service.on(&args, console);
        assert_eq!(ran.code, code, "{args:?} {}", ran.err);
        assert!(
            !ran.err.contains("wrong"),
            "never printed back: {}",
            ran.err
        );
    }
    assert_eq!(dryapi(&["balance"]).code, 1);
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let env = [
        ("DRYAPI_API_KEY", "k"),
        ("DRYAPI_BASE_URL", "http://example.com"),
    ];
    let ran = with(&["balance", "--json"], &env, Console::default());
    assert_eq!(ran.code, 1);
    assert!(ran.last().contains(r#""kind":"config""#), "{}", ran.last());
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let err = crate::support::Buffer::default();
    let code = run(
        ["dryapi", "--help"],
        |_| None::<String>,
        Closed,
        err.clone(),
        Console::default(),
    );
    assert_eq!((code, err.text().as_str()), (0, ""));
}

#[test]
fn a_plan_is_one_of_two_wherever_it_is_given() {
    let env = [("DRYAPI_API_KEY", "sk-1"), ("DRYAPI_PLAN", "gold")];
    let ran = with(&["balance"], &env, Console::default());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("DRYAPI_PLAN must be basic or premium"),
        "{}",
        ran.err
    );
    assert_eq!(dryapi(&["balance", "--plan", "gold"]).code, 2);
    let service = Service::start();
    for plan in ["basic", "premium"] {
        assert_eq!(service.dryapi(&["balance", "--plan", plan]).code, 0);
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_refused_before_anything_is_sent() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let service = Service::start();
    for name in ["DRYAPI_LEDGER", "DRYAPI_CONFIG", "DRYAPI_API_KEY", "HOME"] {
        let url = service.base_url();
        let lookup = move |wanted: &str| match wanted {
            wanted if wanted == name => Some(OsString::from_vec(b"/caf\xe9".to_vec())),
            "DRYAPI_BASE_URL" => Some(url.clone().into()),
            "NO_COLOR" => Some(OsString::from_vec(vec![0xff])),
            _ => None,
        };
        let err = Buffer::default();
        let args = ["dryapi", "balance", "--json"];
        let code = run(args, lookup, sink(), err.clone(), Console::default());
        let said = format!("the variable {name} is not UTF-8; nothing was sent");
        assert_eq!(code, 2, "{name}: {}", err.text());
        assert!(err.text().contains(&said), "{}", err.text());
    }
    assert!(service.requests().is_empty());
}
