//! `dryapi completions`, and what a shell is told while one types.

use std::path::Path;

use dryapi_cli::Console;

use crate::support::{Ledger, Ran, Service, WHOLE, dryapi, with};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

/// What fish is told for these words; the last one is being typed.
fn told(words: &[&str], env: &[(&str, &str)]) -> Ran {
    let args = [&["--", "dryapi"], words].concat();
    let ran = with(
        &args,
        &[&[("_DRYAPI_COMPLETE", "fish")], env].concat(),
        Console::default(),
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    ran
}

/// The candidates, without what is said of them.
fn candidates(words: &[&str], env: &[(&str, &str)]) -> Vec<String> {
    let lines = told(words, env).out;
    lines
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_shell_has_a_script_that_asks_this_program() {
    for shell in SHELLS {
        let ran = dryapi(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for word in ["_DRYAPI_COMPLETE", "dryapi"] {
            assert!(ran.out.contains(word), "{shell}: {}", ran.out);
        }
    }
    assert_eq!(dryapi(&["completions", "tcsh"]).code, 2);
}

#[test]
fn commands_flags_and_values_are_completed() {
    assert_eq!(candidates(&["txt2i"], &[]), ["txt2img"]);
    assert_eq!(
        candidates(&["txt2img", "--neg"], &[]),
        ["--negative-prompt"]
    );
    assert_eq!(candidates(&["--plan", "p"], &[]), ["premium"]);
    assert_eq!(
        candidates(&["models", "--task", "img-u"], &[]),
        ["img-upscale"]
    );
    assert_eq!(
        candidates(&["batch", "x", "--set", "neg"], &[]),
        ["negative_prompt="]
    );
    assert_eq!(
        candidates(&["config", "set", "max-r"], &[]),
        ["max-retries"]
    );
    assert_eq!(candidates(&["config", "get", "model.tts"], &[]), [""; 0]);
    assert_eq!(
        candidates(&["txt2img", "a [[fault:html"], &[]),
        ["a [[fault:html_502]]"]
    );
}

#[test]
fn models_jobs_intents_and_profiles_come_from_this_machine_alone() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[profiles.work]\n[profiles.home]\n").unwrap();
    let (url, ledger) = (service.base_url(), service.ledger.path());
    let env = [
        ("DRYAPI_BASE_URL", url.as_str()),
        ("DRYAPI_API_KEY", "sk-sandbox-cli"),
        ("DRYAPI_LEDGER", ledger.as_str()),
        ("DRYAPI_CONFIG", config.to_str().unwrap()),
        ("XDG_CACHE_HOME", home),
    ];
    assert_eq!(candidates(&["txt2img", "--model", "Flux1s"], &env), [""; 0]);
    assert_eq!(with(&["models"], &env, Console::default()).code, 0);
    let line = [&["submit"], WHOLE, &["--intent", "order-1"]].concat();
    assert_eq!(with(&line, &env, Console::default()).code, 0);
    let before = service.calls().len();
    assert_eq!(
        candidates(&["txt2img", "--model", "Flux1s"], &env),
        ["Flux1schnell"]
    );
    assert_eq!(candidates(&["tts", "--model", "Flux1s"], &env), [""; 0]);
    assert_eq!(
        candidates(&["models", "show", "Flux1s"], &env),
        ["Flux1schnell"]
    );
    let jobs = service.jobs();
    assert_eq!(candidates(&["wait", ""], &env)[..1], jobs);
    let shown = told(&["wait", ""], &env).out;
    assert!(
        shown.contains("\ttxt2img Flux1schnell accepted\n"),
        "{shown}"
    );
    assert_eq!(candidates(&["resume", "ord"], &env), ["order-1"]);
    assert_eq!(
        candidates(&["balance", "--intent", "ord"], &env),
        ["order-1"]
    );
    assert_eq!(candidates(&["balance", "--profile", "wo"], &env), ["work"]);
    assert_eq!(service.calls().len(), before, "nothing is sent");
}

#[test]
fn a_sandbox_leaves_nothing_to_complete() {
    let folder = tempfile::tempdir().unwrap();
    let env = [("XDG_CACHE_HOME", folder.path().to_str().unwrap())];
    assert_eq!(
        with(&["--sandbox", "models"], &env, Console::default()).code,
        0
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_broken_completes_to_nothing_and_is_left_as_it_is() {
    let (folder, ledger) = (tempfile::tempdir().unwrap(), Ledger::new());
    let broken = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "no such thing").unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (config, file) = (broken("config.toml"), broken("ledger.sqlite3"));
    broken("dryapi/models.json");
    let cache = folder.path().to_str().unwrap();
    let missing = ledger.path();
    for ledger in [&file, &missing] {
        let env = [
            ("DRYAPI_CONFIG", config.as_str()),
            ("DRYAPI_LEDGER", ledger.as_str()),
            ("XDG_CACHE_HOME", cache),
        ];
        for words in [
            &["wait", "x"][..],
            &["resume", "x"],
            &["balance", "--profile", "x"],
            &["txt2img", "--model", "x"],
        ] {
            assert_eq!(told(words, &env).out, "", "{words:?}");
        }
    }
    assert!(!Path::new(&missing).exists());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no such thing");
    // Nor is a shell nobody knows.
    let env = [("_DRYAPI_COMPLETE", "tcsh")];
    let ran = with(&["--", "dryapi", ""], &env, Console::default());
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

/// A real bash asks the real program.
#[cfg(unix)]
#[test]
fn bash_asks_the_program() {
    use std::process::Command;
    let program = env!("CARGO_BIN_EXE_dryapi");
    let line = format!(
        "source <({program} completions bash); COMP_WORDS=(dryapi txt2i); COMP_CWORD=1; \
         COMP_TYPE=9; _clap_complete_dryapi dryapi txt2i dryapi; echo \"${{COMPREPLY[@]}}\""
    );
    let ran = Command::new("bash")
        .args(["-c", &line])
        .env("DRYAPI_CONFIG", "/nowhere/config.toml")
        .output();
    // Where there is no bash, there is nothing to complete in.
    let Ok(ran) = ran else { return };
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    assert_eq!(out.trim(), "txt2img", "{err}");
}
