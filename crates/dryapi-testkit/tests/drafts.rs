//! What `cargo xtask corpus add` writes of an answer is what the corpus says of it.

#[path = "../examples/expect.rs"]
#[expect(dead_code, reason = "its `main` is not what is tested")]
mod expect;

use dryapi_testkit::Answer;
use dryapi_testkit::corpus::{self, Case, Class, Expect};

fn drafted(case: &Case) -> Option<(&'static str, Expect)> {
    let answer = Answer::from_http(case.http)?;
    let (folder, text) = expect::draft(&answer);
    let text = text.replace(corpus::KEY, "[api key]");
    // As it stands in the file, below its heading.
    let mut read: toml::Table = toml::from_str(&format!("[expect]\n{text}")).ok()?;
    Some((folder, read.remove("expect")?.try_into().ok()?))
}

#[test]
fn a_draft_says_what_the_corpus_says() {
    // Only the library that reads HTTP loses it.
    const LOST: &str = "many_headers";
    let paid = |case: &&Case| case.class == Class::Paid && case.name != LOST;
    let mut count = 0;
    for case in corpus::all().filter(paid) {
        let (_, mut draft) = drafted(case).unwrap();
        // The draft has words where the corpus leaves them open.
        if case.expect.message.is_empty() {
            draft.message.clear();
        }
        assert_eq!(draft, case.expect, "{}", case.name);
        count += 1;
    }
    assert!(count > 80);
}

#[test]
fn a_draft_knows_its_folder() {
    let folder = |name| {
        let case = corpus::all().find(|case| case.name == name).unwrap();
        drafted(case).unwrap().0
    };
    for name in ["validation", "html_502", "ok_html", "ok_success_false"] {
        assert_eq!(folder(name), "errors", "{name}");
    }
    for name in ["ok_deep_id", "ok_cut_in_id", "cut_422", "redirect_with_key"] {
        assert_eq!(folder(name), "odd", "{name}");
    }
}
