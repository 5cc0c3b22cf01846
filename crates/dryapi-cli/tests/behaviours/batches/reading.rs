//! What is refused before anything is sent.

use super::support::{GIVEN, Rows, told};
use crate::support::Service;

fn refused(name: &str, content: &str, more: &[&str]) -> String {
    let service = Service::start();
    let rows = Rows::new(name, content);
    let ran = rows.run(&service, &[GIVEN, more].concat());
    assert_eq!((ran.code, service.calls().len()), (2, 0), "{ran:?}");
    ran.err
}

#[test]
fn bad_rows_are_named_by_line_and_field() {
    let err = refused(
        "rows.jsonl",
        "{\"prompt\":\"a\"}\n{\"prompt\":\"b\",\"width\":\"wide\"}\n{\n{\"prompt\":1}\n",
        &[],
    );
    for said in ["3 rows", "line 2: width", "line 3", "line 4: prompt"] {
        assert!(err.contains(said), "{said}: {err}");
    }
}

#[test]
fn no_two_rows_have_one_file() {
    for (rows, more) in [
        (
            "{\"id\":\"a/b\",\"prompt\":\"x\"}\n{\"id\":\"a_b\",\"prompt\":\"y\"}\n",
            &[][..],
        ),
        (
            "{\"id\":\"1\",\"prompt\":\"x\"}\n{\"id\":\"2\",\"prompt\":\"x\"}\n",
            &["--name", "{prompt}"],
        ),
        // The one beside the first is the second.
        (
            "{\"id\":\"a\",\"prompt\":\"x\"}\n{\"id\":\"a.json\",\"prompt\":\"y\"}\n",
            &["--name", "{ext}.{id}"],
        ),
    ] {
        let err = refused("rows.jsonl", rows, more);
        assert!(err.contains("line 2"), "{err}");
    }
}

#[test]
fn a_name_that_no_disk_takes_is_refused_or_cut() {
    let service = Service::start();
    let long = "\u{732b}".repeat(300);
    let rows = Rows::new("rows.txt", &format!("{long}\n"));
    let ran = rows.run(&service, &[GIVEN, &["--name", "{prompt}"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let err = refused("rows.txt", "cat\n", &["--name", &"x".repeat(300)]);
    assert!(err.contains("too long"), "{err}");
}

#[test]
fn a_written_extension_stays_the_only_one() {
    let service = Service::start();
    let rows = Rows::new("rows.txt", "cat\n");
    let ran = rows.run(&service, &[GIVEN, &["--name", "{line}.png"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(rows.out().join("1.png").exists());
    assert_eq!(told(&ran).0.len(), 1);
}

#[test]
fn a_field_or_column_that_is_not_there_is_refused() {
    let csv = "caption\na cat\n";
    let err = refused("rows.csv", csv, &["--field", "promt=caption"]);
    assert!(err.contains("promt"), "{err}");
    let err = refused("rows.csv", csv, &["--field", "prompt=capton"]);
    assert!(err.contains("capton"), "{err}");
}

#[test]
fn columns_are_mapped() {
    let service = Service::start();
    let rows = Rows::new("rows.csv", "sku,caption,prompt,width\nx1,a cat,other,640\n");
    let more = ["--field", "prompt=caption", "--id", "sku"];
    let ran = rows.run(&service, &[GIVEN, &more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent = service.requests();
    let sent = sent
        .iter()
        .find(|sent| sent.path.ends_with("/txt2img"))
        .unwrap();
    assert_eq!(
        (&sent.body["prompt"], &sent.body["width"]),
        (&"a cat".into(), &640.into())
    );
    assert!(rows.out().join("x1.png").exists());
}
