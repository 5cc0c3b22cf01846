//! Where the ledger is, when there is one, and what is not in it.

use std::path::Path;

use dryapi_cli::Console;

use crate::support::{Service, folder_with, picture_of, with};

/// Runs it with a home of its own, and no word about the ledger.
fn at_home(service: &Service, home: &Path, args: &[&str]) -> u8 {
    let (url, home) = (service.base_url(), home.to_str().unwrap());
    let env = [
        ("DRYAPI_BASE_URL", url.as_str()),
        ("DRYAPI_API_KEY", "sk-sandbox-cli"),
        ("XDG_STATE_HOME", home),
    ];
    let ran = with(args, &env, Console::default());
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    ran.code
}

#[cfg(unix)]
#[test]
fn it_is_its_owners_alone_and_holds_no_secret() {
    use std::os::unix::fs::PermissionsExt;

    let service = Service::start();
    let (folder, path) = folder_with("cat.png");
    let home = folder.path().join("state");
    let line = picture_of("a purple elephant", &["-o", &path]);
    assert_eq!(at_home(&service, &home, &line), 0);
    let mut bytes = Vec::new();
    let kept = home.join("dryapi");
    for path in [home.clone(), kept.clone()] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", path.display());
    }
    for file in std::fs::read_dir(&kept).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("txt2img"), "it is the ledger");
    for secret in ["sk-sandbox-cli", "purple elephant", "signature="] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn what_pays_nothing_leaves_nothing() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    for line in [
        &["balance"][..],
        &["models"],
        &["models", "show", "Flux1schnell"],
    ] {
        assert_eq!(at_home(&service, folder.path(), line), 0);
    }
    // A sandbox inside the command never has a ledger, whatever is said.
    let (inside, ledger) = folder_with("ledger.sqlite3");
    let to = format!("{}/", inside.path().display());
    let line = [
        "--sandbox",
        "--ledger",
        &ledger,
        "txt2img",
        "a cat",
        "-o",
        &to,
    ];
    assert_eq!(at_home(&service, folder.path(), &line), 0);
    let line = ["submit", "txt2img", "a cat", "--no-ledger"];
    assert_eq!(at_home(&service, folder.path(), &line), 0);
    assert!(!Path::new(&ledger).exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_account_has_its_own() {
    let service = Service::start();
    service.job();
    let (url, ledger) = (service.base_url(), service.ledger.path());
    let of = |key: &str| {
        let env = [
            ("DRYAPI_BASE_URL", url.as_str()),
            ("DRYAPI_API_KEY", key),
            ("DRYAPI_LEDGER", ledger.as_str()),
        ];
        with(&["jobs", "--json"], &env, Console::default())
            .out
            .lines()
            .count()
    };
    assert_eq!((of("sk-sandbox-cli"), of("sk-sandbox-other")), (1, 0));
}
