//! `dryapi login` with the system's keyring. Needs the feature `keyring`.

use std::process::{Command, Output};

use crate::support::Service;

/// A shell that has a home of its own, and `dryapi` in `$DRYAPI`.
fn shell(program: &[&str], script: &str, service: &Service) -> (Output, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let (name, args) = program.split_first().unwrap();
    let output = Command::new(name)
        .args(args)
        .arg(script)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("DRYAPI", env!("CARGO_BIN_EXE_dryapi"))
        .env("DRYAPI_BASE_URL", service.base_url())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .output()
        .unwrap();
    (output, home)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_a_keyring_the_file_has_the_key_and_that_is_said() {
    let service = Service::start();
    let script = r#"echo sk-sandbox-kept | "$DRYAPI" login --api-key-file - && "$DRYAPI" balance &&
        "$DRYAPI" logout; "$DRYAPI" balance"#;
    let (ran, home) = shell(&["sh", "-c"], script, &service);
    let (out, err) = (text(&ran.stdout), text(&ran.stderr));
    assert_eq!(ran.status.code(), Some(1), "{out}{err}");
    let file = home.path().join(".config/dryapi/credentials.json");
    let kept = format!("kept in {}\n5 USD\nlogged out", file.display());
    assert!(out.contains(&kept), "{out}");
    let mut said = err.lines();
    let mut says = |what: &str| {
        let line = said.next().unwrap();
        let is_so = line.starts_with("warning: the system's keyring cannot be used (");
        assert!(is_so && line.ends_with(what), "{err}");
    };
    says("; the key goes into a file");
    says("; a key in it is still there");
    says("; no key of it can be used");
    assert!(!(out + &err).contains("sk-sandbox-kept"));
}

#[test]
fn the_keyring_is_not_asked_where_it_is_turned_off() {
    let service = Service::start();
    let script = r#"export DRYAPI_KEYRING=off
        echo sk-sandbox-kept | "$DRYAPI" login --api-key-file - && "$DRYAPI" balance"#;
    let (ran, _home) = shell(&["sh", "-c"], script, &service);
    assert_eq!((ran.status.code(), text(&ran.stderr)), (Some(0), "".into()));
}

#[test]
#[ignore = "needs dbus-run-session and gnome-keyring-daemon"]
fn the_keyring_has_the_key_and_no_file_has_it() {
    let service = Service::start();
    let script = r#"printf pw | gnome-keyring-daemon --unlock --components=secrets > /dev/null
        echo sk-sandbox-old | DRYAPI_KEYRING=off "$DRYAPI" login --api-key-file -
        echo sk-sandbox-kept | "$DRYAPI" login --api-key-file -
        grep -r sk-sandbox "$HOME"
        "$DRYAPI" doctor | grep -o 'found in.*'
        "$DRYAPI" logout
        "$DRYAPI" logout"#;
    let (ran, _home) = shell(&["dbus-run-session", "--", "sh", "-c"], script, &service);
    let (out, url) = (text(&ran.stdout), service.base_url());
    let rest = out.split_once('\n').unwrap().1;
    let expected = format!(
        "logged in at {url}; the key is taken, 5 USD are left; kept in the system's keyring\n\
         found in dryapi login (the system's keyring)\n\
         logged out at {url}; the key is forgotten here, and stays good\n\
         no key was kept at {url}\n"
    );
    assert_eq!(rest, expected, "{}", text(&ran.stderr));
}
