//! Where results go, checked before anything is paid.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Service, WHOLE, folder_with};

fn picture<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [WHOLE, more].concat()
}

#[test]
fn an_existing_file_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    std::fs::write(&path, "precious").unwrap();
    let service = Service::start();
    let ran = service.dryapi(&picture(&["-o", path.to_str().unwrap()]));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("exists; nothing was sent"), "{}", ran.err);
    let ran = service.dryapi(&picture(&["-o", path.to_str().unwrap(), "--json"]));
    assert!(
        ran.last()
            .starts_with(r#"{"error":{"kind":"invalid_input","#),
        "{}",
        ran.err
    );
    assert!(service.requests().is_empty());
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_sent() {
    let service = Service::start();
    let terminal = || Console::default().with_stdout_terminal(true);
    for (args, console) in [
        (
            picture(&["-o", "/no/such/folder/cat.png"]),
            Console::default(),
        ),
        (picture(&["-o", "/no/such/folder/"]), Console::default()),
        (picture(&["-o", "-"]), terminal()),
        (picture(&["-o", "-", "--json"]), Console::default()),
        (
            vec!["wait", "a", "b", "-o", "/tmp/one.png"],
            Console::default(),
        ),
    ] {
        let ran = service.on(&args, console);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
    }
    assert!(service.requests().is_empty());
}

#[test]
fn fetching_again_replaces_a_file_and_never_a_name_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start();
    let id = service.job();
    let path = folder.path().join("cat.png");
    std::fs::write(&path, "old").unwrap();
    let ran = service.dryapi(&["wait", &id, "-o", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out), (0, format!("{}\n", path.display())));
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89PNG"));
    let inside = format!("{}/", folder.path().display());
    let ran = service.dryapi(&["download", &id, &id, "-o", &inside]);
    let short = &id[..8];
    assert_eq!(
        ran.out,
        format!("{inside}txt2img-{short}.png\n{inside}txt2img-{short}-2.png\n")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_name_that_does_not_fit_the_content_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.gif");
    let service = Service::start();
    let ran = service.dryapi(&["download", &service.job(), "-o", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0);
    let said = format!(
        "{} is image/png: the service has no gif of it\n",
        path.display()
    );
    assert_eq!(ran.err, said);
}

#[test]
fn a_picture_goes_to_a_pipe() {
    let service = Service::start();
    let ran = service.dryapi(&["download", &service.job(), "-o", "-"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("PNG") && ran.out.len() > 1000);
}

#[test]
fn a_stdout_that_takes_nothing_does_not_lose_the_job() {
    let service = Service::start();
    let (_folder, path) = folder_with("cat.png");
    let submit = || [&["submit"], WHOLE].concat();
    for (place, command) in [
        ("", submit()),
        (" -o -", picture(&["-o", "-"])),
        (&format!(" -o {path}"), picture(&["-o", &path, "--force"])),
    ] {
        let ran = service.to_full_disk(&command);
        assert_eq!(ran.code, 14, "{}", ran.err);
        let id = service.jobs().pop().unwrap();
        let line =
            format!("  job {id} goes on and is billed. To fetch it:  dryapi wait {id}{place}");
        assert_eq!(ran.last(), line, "{command:?}");
    }
    let again = picture(&["-o", &path, "--force"]);
    for command in [submit(), again] {
        let ran = service.to_full_disk(&[&command[..], &["--json"]].concat());
        let error: Value = serde_json::from_str(ran.last()).unwrap();
        let id = service.jobs().pop().unwrap();
        assert_eq!(error["error"]["request_id"], id, "{}", ran.err);
        assert_eq!(error["error"]["charged"], "yes");
        assert_ne!(error["error"]["help"], "");
    }
}
