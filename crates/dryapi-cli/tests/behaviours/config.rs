//! The config file: profiles, and `dryapi config`.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Ran, Service, WHOLE, dryapi, with};

/// A config file of a test's own.
struct File(tempfile::TempDir);

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> String {
        let path = self.0.path().join("config.toml");
        path.to_str().unwrap().to_owned()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    /// Runs it with this file, and what else stands in the environment.
    fn dryapi(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let path = self.path();
        let own = [("DRYAPI_CONFIG", path.as_str())];
        with(args, &[&own, env].concat(), Console::default())
    }
}

fn error(ran: &Ran) -> Value {
    let mut last: Value = serde_json::from_str(ran.last()).unwrap();
    last["error"].take()
}

#[test]
fn flag_then_environment_then_profile_then_default() {
    let good = Service::start();
    let file = File::new(&format!(
        "[default]\nbase-url = \"http://127.0.0.1:1\"\nmax-retries = 0\n\n[profiles.work]\n\
         base-url = \"{}\"\napi-key = \"sk-sandbox-work\"\nno-ledger = true\n",
        good.base_url()
    ));
    let key = ("DRYAPI_API_KEY", "sk-sandbox-a");
    // The default's address: nobody is there.
    assert_eq!(file.dryapi(&["balance"], &[key]).code, 9);
    let work = ["balance", "--profile", "work"];
    assert_eq!(file.dryapi(&work, &[]).code, 0);
    let by_environment = file.dryapi(&["balance"], &[("DRYAPI_PROFILE", "work")]);
    assert_eq!(by_environment.code, 0, "{by_environment:?}");
    // What is nearer wins: the environment over the profile, a flag over both.
    let nobody = ("DRYAPI_BASE_URL", "http://127.0.0.1:1");
    assert_eq!(file.dryapi(&work, &[nobody]).code, 9);
    let url = good.base_url();
    let flag = [&work[..], &["--base-url", &url]].concat();
    assert_eq!(file.dryapi(&flag, &[nobody]).code, 0);
    let default = ["balance", "--profile", "default"];
    assert_eq!(
        file.dryapi(&default, &[("DRYAPI_PROFILE", "work"), key])
            .code,
        9
    );
}

#[test]
fn a_key_of_the_default_is_no_profiles() {
    let service = Service::start();
    let file = File::new(&format!(
        "[default]\nbase-url = \"{}\"\napi-key = \"sk-sandbox-mine\"\n[profiles.work]\n",
        service.base_url()
    ));
    assert_eq!(file.dryapi(&["balance"], &[]).code, 0);
    let ran = file.dryapi(&["balance", "--profile", "work", "--json"], &[]);
    assert_eq!((ran.code, service.requests().len()), (1, 1), "{ran:?}");
    let message = error(&ran)["message"].to_string();
    assert!(
        message.contains("no API key for the profile work"),
        "{message}"
    );
}

#[cfg(unix)]
#[test]
fn a_file_with_a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let service = Service::start();
    let file = File::new(&format!(
        "[default]\nbase-url = \"{}\"\napi-key = \"sk-sandbox-mine\"\n",
        service.base_url()
    ));
    std::fs::set_permissions(file.path(), PermissionsExt::from_mode(0o644)).unwrap();
    let ran = file.dryapi(&["balance"], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.err.starts_with("warning: others could read "),
        "{ran:?}"
    );
    let rights = std::fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(rights & 0o777, 0o600);
    assert_eq!(file.dryapi(&["balance"], &[]).err, "");
}

#[test]
fn limits_of_a_profile_hold() {
    let service = Service::start();
    let file = File::new("[profiles.careful]\nmax-cost = \"0.0001\"\n");
    let (url, ledger) = (service.base_url(), service.ledger.path());
    let env = [
        ("DRYAPI_BASE_URL", url.as_str()),
        ("DRYAPI_API_KEY", "sk-sandbox-cli"),
        ("DRYAPI_LEDGER", ledger.as_str()),
    ];
    let line = [&["submit"], WHOLE, &["--profile", "careful"]].concat();
    assert_eq!(file.dryapi(&line, &env).code, 13);
    assert_eq!(service.charges(), 0);
}

#[test]
fn a_profile_that_is_not_there_is_an_error_before_anything_is_sent() {
    let file = File::new("[profiles.home]\n[profiles.work]\n");
    for args in [
        &["balance"][..],
        &["--sandbox", "balance"],
        &["config", "list"],
    ] {
        let ran = file.dryapi(&[args, &["--profile", "wrok", "--json"]].concat(), &[]);
        assert_eq!(ran.code, 1, "{ran:?}");
        let error = error(&ran);
        assert_eq!(error["kind"], "config");
        let path = file.path();
        assert_eq!(
            error["message"],
            format!("there is no profile wrok in {path}")
        );
        assert_eq!(error["help"], "There are: home, work.");
    }
    let ran = file.dryapi(&["doctor", "--profile", "wrok", "--json"], &[]);
    assert!(
        ran.out.starts_with("{\"check\":\"config\",\"ok\":false,"),
        "{ran:?}"
    );
    assert_eq!(dryapi(&["balance", "--profile", "a b"]).code, 2);
    // Without a place for a file there is no profile, either.
    assert_eq!(dryapi(&["balance", "--profile", "work"]).code, 1);
}

#[test]
fn a_file_that_is_wrong_stops_every_command() {
    for (text, why) in [
        (
            "[default]\nmax-cots = \"1\"",
            "[default] max-cots is no key that is known",
        ),
        ("[default]\nmax-cost = \"-1\"", "max-cost must be an amount"),
        (
            "[default]\nledger = \"here\"",
            "ledger must be an absolute path",
        ),
        ("[default]\nclient-id = 7\nplan", "line 3: "),
        ("[default]\nmodel.nope = \"x\"", "model.nope is no key"),
    ] {
        let ran = File::new(text).dryapi(&["--sandbox", "balance", "--json"], &[]);
        assert_eq!(ran.code, 1, "{text}");
        let message = error(&ran)["message"].to_string();
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn values_are_set_read_and_taken_out() {
    let file = File::new("# mine\n[default]\nplan = \"basic\" # for now\n");
    let ok = |args: &[&str]| {
        let ran = file.dryapi(args, &[]);
        assert_eq!(ran.code, 0, "{args:?} {ran:?}");
        ran.out
    };
    ok(&["config", "set", "plan", "premium"]);
    ok(&["config", "set", "model.txt2img", "Flux1schnell"]);
    ok(&["config", "set", "client-id", "4711", "--profile", "work"]);
    ok(&["config", "set", "no-ledger", "true", "--profile", "work"]);
    ok(&["config", "set", "max-retries", "0"]);
    insta::assert_snapshot!(file.text());
    assert_eq!(ok(&["config", "get", "plan"]), "premium\n");
    assert_eq!(
        ok(&["config", "get", "plan", "--profile", "work"]),
        "premium\n"
    );
    assert_eq!(file.dryapi(&["config", "get", "client-id"], &[]).code, 1);
    ok(&["config", "unset", "max-retries"]);
    assert_eq!(file.dryapi(&["config", "get", "max-retries"], &[]).code, 1);
    for wrong in [
        &["config", "set", "plan", "gold"][..],
        &["config", "set", "max-cots", "1"],
        &["config", "get", "intent"],
        &["config", "set", "api-key", "sk-1"],
    ] {
        let before = file.text();
        assert_eq!(file.dryapi(wrong, &[]).code, 2, "{wrong:?}");
        assert_eq!(file.text(), before);
    }
}

#[test]
fn unknown_keys_are_refused_with_those_there_are() {
    let file = File::new("");
    insta::assert_snapshot!(file.dryapi(&["config", "set", "modle", "x"], &[]).err);
}

#[test]
fn the_list_never_holds_the_key() {
    let file = File::new(
        "[default]\nplan = \"basic\"\n[profiles.work]\napi-key = \"sk-1\"\nclient-id = 7\n",
    );
    let work = ["config", "list", "--profile", "work"];
    let ran = file.dryapi(&work, &[]);
    assert_eq!(ran.out, "api-key=(hidden)\nclient-id=7\nplan=basic\n");
    let ran = file.dryapi(&[&work[..], &["--json"]].concat(), &[]);
    assert_eq!(
        ran.out,
        "{\"key\":\"api-key\",\"value\":null,\"profile\":\"work\"}\n\
         {\"key\":\"client-id\",\"value\":\"7\",\"profile\":\"work\"}\n\
         {\"key\":\"plan\",\"value\":\"basic\",\"profile\":null}\n"
    );
    let ran = file.dryapi(&["config", "get", "api-key", "--profile", "work"], &[]);
    assert_eq!(ran.out, "(hidden)\n");
    assert_eq!(file.dryapi(&["config", "list"], &[]).out, "plan=basic\n");
}

#[test]
fn the_model_that_is_left_out_is_the_configs() {
    let service = Service::start();
    let file = File::new("[default]\nmodel.txt2img = \"Flux1schnell\"\n");
    let (url, ledger) = (service.base_url(), service.ledger.path());
    let env = [
        ("DRYAPI_BASE_URL", url.as_str()),
        ("DRYAPI_API_KEY", "sk-sandbox-cli"),
        ("DRYAPI_LEDGER", ledger.as_str()),
    ];
    let given: Vec<&str> = [&["submit"], WHOLE].concat();
    let given: Vec<&str> = given
        .iter()
        .filter(|arg| !["--model", "Flux1schnell"].contains(arg))
        .copied()
        .collect();
    let ran = file.dryapi(&given, &env);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.err, "model Flux1schnell, from the config file\n");
    assert_eq!(
        service.calls(),
        ["POST txt2img"],
        "the catalogue is not asked"
    );
    let other = [&given[..], &["--model", "None-such"]].concat();
    assert!(
        !file
            .dryapi(&other, &env)
            .err
            .contains("from the config file")
    );
}
