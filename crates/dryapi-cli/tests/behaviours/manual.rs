//! `dryapi man`.

use std::process::Command;

use crate::support::dryapi;

#[test]
fn the_page_shows_examples_and_every_exit_code() {
    let ran = dryapi(&["man"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains(".TH dryapi 1"), "{}", ran.out);
    let from = |title: &str| ran.out.find(&format!(".SH {title}")).unwrap();
    let (examples, status) = (from("EXAMPLES"), from("\"EXIT STATUS\""));
    insta::assert_snapshot!(ran.out[examples..status]);
    insta::assert_snapshot!(ran.out[status..from("ENVIRONMENT")]);
}

#[test]
fn every_command_has_a_page_that_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("man1");
    let ran = dryapi(&["man", "--dir", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let pages: Vec<&str> = ran.out.lines().collect();
    for name in [
        "dryapi",
        "dryapi-txt2img",
        "dryapi-webhook-listen",
        "dryapi-config-set",
    ] {
        let page = path.join(format!("{name}.1"));
        assert!(pages.contains(&page.to_str().unwrap()), "{name}: {pages:?}");
    }
    for page in pages {
        // Where the reader of pages is not installed it cannot be asked.
        let read = Command::new("groff")
            .args(["-man", "-Tutf8", "-ww", "-z", page])
            .output();
        if let Ok(read) = read {
            assert_eq!(String::from_utf8_lossy(&read.stderr), "", "{page}");
        }
    }
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(dryapi(&["man", "--dir", file.to_str().unwrap()]).code, 14);
}
