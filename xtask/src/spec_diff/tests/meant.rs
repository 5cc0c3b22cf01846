//! Differences that are meant.

use super::super::accepted::Accepted;
use super::super::report::{Report, report};
use super::described;

/// An entry of the file of what is meant.
fn accepted(operation: &str, field: &str, difference: &str, more: &str) -> Accepted {
    let entry = format!(
        "[[accepted]]\noperations = [\"{operation}\"]\nfield = \"{field}\"\ndifference = \"{difference}\"\nreason = \"so\"\n{more}"
    );
    Accepted::parse(&entry).unwrap()
}

#[test]
fn what_is_accepted_with_a_reason_is_well() {
    let side = |request| described(request, "type: object");
    let theirs = side("type: object\nrequired: [a]\nproperties: {a: {type: string}}");
    let ours = side("type: object\nproperties: {a: {type: string}}");
    for (operation, field, more) in [
        ("txt2song", "a", ""),
        ("*", "a", "theirs = \"yes\""),
        ("txt2song", "*", ""),
    ] {
        let accepted = accepted(operation, field, "required", more);
        let Report { lines, ok } = report(&theirs, &ours, &accepted);
        assert!(ok, "{lines:?}");
        assert_eq!(
            lines,
            [
                "POST txt2song  a  required: theirs yes, ours no  (accepted)",
                "1 of 1 operations are described; 1 differences, 1 accepted, 0 not",
            ]
        );
    }
}

#[test]
fn what_is_accepted_elsewhere_is_not_meant_here() {
    let side = |request| described(request, "type: object");
    let theirs = side("type: object\nrequired: [a]\nproperties: {a: {type: string}}");
    let ours = side("type: object\nproperties: {a: {type: string}}");
    for (operation, field, difference) in [
        ("txt2img", "a", "required"),
        ("*", "b", "required"),
        ("*", "a", "type"),
    ] {
        let accepted = accepted(operation, field, difference, "");
        let Report { lines, ok } = report(&theirs, &ours, &accepted);
        assert!(!ok);
        assert_eq!(lines[0], "POST txt2song  a  required: theirs yes, ours no");
    }
}

#[test]
fn what_is_accepted_and_no_difference_any_more_is_stale() {
    let side = |request| described(request, "type: object");
    let same = side("type: object\nproperties: {a: {type: string}}");
    for (operation, field, what, more) in [
        ("txt2song", "a", "required", ""),
        ("*", "*", "type", ""),
        ("txt2img", "a", "required", ""),
    ] {
        let Report { lines, ok } = report(&same, &same, &accepted(operation, field, what, more));
        assert!(!ok);
        assert!(lines[0].contains("no difference any more"), "{lines:?}");
    }
    // They say something else than when it was accepted: it is looked at again.
    let bounded = side("type: object\nproperties: {a: {type: string, maxLength: 5}}");
    let was_none = accepted("txt2song", "a", "maxLength", "theirs = \"none\"");
    let Report { lines, ok } = report(&bounded, &same, &was_none);
    assert!(!ok);
    assert_eq!(lines[0], "POST txt2song  a  maxLength: theirs 5, ours none");
    assert!(lines[1].contains("no difference any more"), "{lines:?}");
}

#[test]
fn nothing_is_accepted_without_a_reason() {
    let entry = "[[accepted]]\noperations = [\"a\"]\nfield = \"f\"\ndifference = \"type\"\n";
    assert!(Accepted::parse(entry).is_err());
    let blank = Accepted::parse(&format!("{entry}reason = \" \"")).unwrap_err();
    assert_eq!(blank, "f  type gives no reason");
    let unknown = format!("{entry}reason = \"r\"\nwhy = \"w\"");
    assert!(Accepted::parse(&unknown).is_err());
    let nobody = format!("{entry}reason = \"r\"").replace("[\"a\"]", "[]");
    assert!(Accepted::parse(&nobody).is_err());
}
