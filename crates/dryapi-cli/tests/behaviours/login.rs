//! `dryapi login`, `logout`, and where the key is found.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Fixed, Ran, Service, dryapi, stdin, with};

/// A home of a test's own.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join("dryapi").join(name)
    }

    fn dryapi(&self, service: &str, args: &[&str], env: &[(&str, &str)], console: Console) -> Ran {
        let home = self.0.path().to_str().unwrap();
        let own = [("XDG_CONFIG_HOME", home), ("DRYAPI_BASE_URL", service)];
        with(args, &[&own, env].concat(), console)
    }

    fn quick(&self, service: &str, args: &[&str]) -> Ran {
        self.dryapi(service, args, &[], Console::default())
    }
}

const FROM_STDIN: &[&str] = &["login", "--api-key-file", "-"];

#[test]
fn the_key_is_tried_kept_used_and_forgotten() {
    let (service, home) = (Service::start(), Home::new());
    let url = service.base_url();
    let ran = home.dryapi(&url, FROM_STDIN, &[], stdin(b"sk-sandbox-kept\n"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let file = home.file("credentials.json");
    let said = format!(
        "logged in at {url}; the key is taken, 5 USD are left; kept in {}\n",
        file.display()
    );
    assert_eq!(ran.out, said);
    assert_eq!(service.calls(), ["GET balance"]);
    assert_eq!(home.quick(&url, &["balance"]).code, 0);
    let ran = home.quick(&url, &["doctor"]);
    let found = format!("; it was found in dryapi login ({})\n", file.display());
    assert!(ran.out.contains(&found), "{}", ran.out);
    for ran in [&ran, &home.quick(&url, &["logout"])] {
        assert!(!format!("{ran:?}").contains("sk-sandbox-kept"), "{ran:?}");
    }
    assert_eq!(home.quick(&url, &["balance"]).code, 1);
    let ran = home.quick(&url, &["logout"]);
    assert_eq!(ran.out, format!("no key was kept at {url}\n"));
    assert!(
        !std::fs::read_to_string(&file)
            .unwrap()
            .contains("sk-sandbox")
    );
}

#[test]
fn json_says_what_was_kept_and_never_the_key() {
    let (service, home) = (Service::start(), Home::new());
    let url = service.base_url();
    let args = [FROM_STDIN, &["--json", "--profile", "work"]].concat();
    let ran = home.dryapi(&url, &args, &[], stdin(b"sk-sandbox-kept"));
    let file = home.file("credentials.json");
    let file = file.display();
    assert_eq!(
        ran.out,
        format!(
            "{{\"base_url\":\"{url}\",\"profile\":\"work\",\"logged_in\":true,\"balance\":\"5\",\
             \"file\":\"{file}\"}}\n"
        )
    );
    // The profile is made, and is the only one that has the key.
    assert_eq!(home.quick(&url, &["balance", "--profile", "work"]).code, 0);
    assert_eq!(home.quick(&url, &["balance"]).code, 1);
    let ran = home.quick(&url, &["logout", "--profile", "work", "--json"]);
    assert!(ran.out.contains("\"logged_in\":false"), "{ran:?}");
}

#[test]
fn a_key_that_is_not_taken_is_not_kept() {
    let body = r#"{"data":null,"message":"Unauthorized user.","errors":[],"statusCode":401}"#;
    let (service, home) = (Fixed::start(401, body), Home::new());
    let url = service.url();
    let ran = home.dryapi(url, FROM_STDIN, &[], stdin(b"sk-wrong"));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(!home.file("credentials.json").exists());
    // Unless that is wanted.
    let unchecked = [FROM_STDIN, &["--no-check"]].concat();
    let ran = home.dryapi(url, &unchecked, &[], stdin(b"sk-wrong"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("; the key was not tried; "), "{ran:?}");
    assert!(!format!("{ran:?}").contains("sk-wrong"), "{ran:?}");
    let ran = home.dryapi(url, &unchecked, &[], stdin(b"two words"));
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn a_key_goes_to_no_other_address() {
    let (one, other, home) = (Service::start(), Service::start(), Home::new());
    let ran = home.dryapi(&one.base_url(), FROM_STDIN, &[], stdin(b"sk-sandbox-1"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(home.quick(&other.base_url(), &["balance"]).code, 1);
    assert!(other.requests().is_empty());
    let slash = format!("{}/", one.base_url());
    assert_eq!(home.quick(&slash, &["balance"]).code, 0);
}

#[test]
fn whoever_sits_at_the_terminal_is_asked() {
    let (service, home) = (Service::start(), Home::new());
    let console = stdin(b"sk-sandbox-typed\n").with_stdin_terminal(true);
    let ran = home.dryapi(&service.base_url(), &["login"], &[], console);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.starts_with("The API key for "), "{ran:?}");
    // Nobody is there.
    let ran = home.quick(&service.base_url(), &["login"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("dryapi login --api-key-file -"), "{ran:?}");
}

#[test]
fn the_environment_goes_before_the_login_and_is_said() {
    let (service, home) = (Service::start(), Home::new());
    let (url, env) = (service.base_url(), [("DRYAPI_API_KEY", "wrong")]);
    let ran = home.dryapi(&url, FROM_STDIN, &env, stdin(b"sk-sandbox-1"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.err.contains("warning: DRYAPI_API_KEY is set"),
        "{ran:?}"
    );
    let ran = home.dryapi(&url, &["balance"], &env, Console::default());
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn a_sandbox_needs_and_reads_no_key() {
    let home = Home::new();
    let file = home.file("credentials.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "not a file of keys").unwrap();
    let url = "http://127.0.0.1:1";
    let ran = home.quick(url, &["balance", "--sandbox"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = home.quick(url, &["balance", "--json"]);
    let error: Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!((ran.code, &error["error"]["kind"]), (1, &"config".into()));
    assert!(!ran.err.contains("not a file of keys"), "{ran:?}");
    assert_eq!(dryapi(&["login", "--sandbox"]).code, 2);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let (service, home) = (Service::start(), Home::new());
    let (url, file) = (service.base_url(), home.file("credentials.json"));
    let rights = || std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        home.dryapi(&url, FROM_STDIN, &[], stdin(b"sk-sandbox-1"))
            .code,
        0
    );
    assert_eq!(rights(), 0o600);
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    let ran = home.quick(&url, &["balance"]);
    assert_eq!((ran.code, rights()), (0, 0o600), "{ran:?}");
    assert!(ran.err.contains("warning: others could read "), "{ran:?}");
    assert_eq!(home.quick(&url, &["balance"]).err, "");
}
