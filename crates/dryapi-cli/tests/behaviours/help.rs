//! What `--help` says.

use dryapi_types::TABLE;

use crate::support::dryapi;

/// The help of a task, without what all commands share.
fn help(args: &[&str]) -> String {
    let ran = dryapi(args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    let (own, shared) = ran.out.split_once("Global options:").unwrap();
    let end = shared.split_once("Waits ").map_or("", |(_, end)| end);
    let own: Vec<&str> = own.lines().map(str::trim_end).collect();
    format!("{}\n[…]\n{end}", own.join("\n"))
}

#[test]
fn of_a_speech() {
    insta::assert_snapshot!(help(&["tts", "--help"]));
}

#[test]
fn of_editing_a_picture() {
    insta::assert_snapshot!(help(&["img2img", "--help"]));
}

#[test]
fn of_a_transcript() {
    insta::assert_snapshot!(help(&["transcribe", "--help"]));
}

#[test]
fn of_following_the_account() {
    insta::assert_snapshot!(help(&["webhook", "listen", "--help"]));
}

#[test]
fn of_a_batch() {
    insta::assert_snapshot!(help(&["batch", "--help"]));
}

#[test]
fn in_short() {
    insta::assert_snapshot!(help(&["embed", "-h"]));
}

#[test]
fn every_field_of_every_task_is_explained() {
    let tasks = TABLE
        .iter()
        .filter(|meta| meta.task.is_some() && meta.name != "transcribe");
    for meta in tasks {
        let help = dryapi(&[meta.name, "--help"]).out;
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let help = words(&help);
        for field in meta.fields {
            let name = field.name.replace('_', "-").replace("loras", "lora");
            assert!(
                help.contains(&format!("--{name} ")) || help.contains(&format!("--{name}[")),
                "{name}"
            );
            assert!(help.contains(&words(field.summary)), "{}", field.summary);
        }
    }
    assert_eq!(
        dryapi(&["--help"]).out.matches("alias: ").count(),
        3,
        "short names are shown"
    );
}
