//! Small crates, given as rustdoc's JSON.

use super::mentions;
use serde_json::{Value, json};

fn path(id: u32) -> Value {
    json!({"resolved_path": {"path": "Whatever", "id": id, "args": null}})
}

fn item(name: &str, inner: Value) -> Value {
    let span = json!({"filename": "src/lib.rs", "begin": [7, 1], "end": [7, 2]});
    json!({"crate_id": 0, "name": name, "span": span, "inner": inner})
}

/// A crate whose root (0) holds items 1.. and whose foreign types are 100: reqwest's `Error`,
/// 101: std's `String`, 102: a trait of reqwest's.
fn found(items: &[(&str, Value)], entry: Option<&str>) -> Vec<(String, String)> {
    let mut json = json!({
        "root": 0,
        "index": {"0": item("a", json!({"module": {"is_crate": true, "items": [1]}}))},
        "paths": {
            "2": {"crate_id": 0, "path": ["a", "inner", "Two"]},
            "100": {"crate_id": 9, "path": ["renamed", "error", "Error"]},
            "101": {"crate_id": 8, "path": ["alloc", "string", "String"]},
            "102": {"crate_id": 9, "path": ["reqwest", "IntoUrl"]},
        },
        "external_crates": {"8": {"name": "alloc"}, "9": {"name": "reqwest"}},
    });
    for (id, value) in items {
        json["index"][id] = value.clone();
    }
    let found = mentions(&json, entry).expect("the shape of rustdoc's JSON");
    let named = found.into_iter().map(|m| (m.item, m.path.join("::")));
    named
        .filter(|(_, path)| !path.starts_with("alloc"))
        .collect()
}

fn reqwest_in(item: &str) -> Vec<(String, String)> {
    vec![(format!("a::{item}"), "reqwest::error::Error".to_owned())]
}

#[test]
fn a_signature_is_looked_into_however_deep() {
    let boxed = json!({"resolved_path": {"path": "Box", "id": 101, "args": {
        "angle_bracketed": {"args": [{"type": path(100)}]}}}});
    let function = json!({"function": {"sig": {"inputs": [["x", boxed]], "output": null}}});
    assert_eq!(
        found(&[("1", item("send", function))], None),
        reqwest_in("send")
    );
}

#[test]
fn names_that_are_allowed_are_named_too_and_judged_elsewhere() {
    let function = json!({"function": {"sig": {"inputs": [], "output": path(101)}}});
    assert!(found(&[("1", item("text", function))], None).is_empty());
}

#[test]
fn fields_variants_and_impls_belong_to_their_type() {
    let three = json!({"struct": {"kind": {"plain": {"fields": [2]}}, "impls": []}});
    let field = item("error", json!({"struct_field": path(100)}));
    assert_eq!(
        found(&[("1", item("S", three)), ("2", field.clone())], None),
        reqwest_in("S::error")
    );
    let choice = json!({"enum": {"variants": [2], "impls": []}});
    let variant = item("V", json!({"variant": {"kind": {"tuple": [null, 3]}}}));
    let items = [
        ("1", item("E", choice)),
        ("2", variant),
        ("3", item("0", field["inner"].clone())),
    ];
    assert_eq!(found(&items, None), reqwest_in("E::V::0"));
}

#[test]
fn a_re_export_is_followed_and_a_foreign_one_is_a_mention() {
    let ours = json!({"use": {"source": "inner::Two", "name": "Two", "id": 2, "is_glob": false}});
    let two = item("Two", json!({"type_alias": {"type": path(100)}}));
    assert_eq!(
        found(&[("1", item("", ours)), ("2", two)], None),
        reqwest_in("Two")
    );
    let theirs = json!({"use": {"source": "reqwest::Error", "name": "E", "id": 100}});
    assert_eq!(
        found(&[("1", item("", theirs))], None),
        vec![(
            "use reqwest::Error".to_owned(),
            "reqwest::error::Error".to_owned()
        )]
    );
    let unknown = json!({"use": {"source": "reqwest::get", "name": "get", "id": null}});
    assert_eq!(
        found(&[("1", item("", unknown))], None)[0].1,
        "reqwest::get"
    );
}

fn implementation(trait_: Value, items: Value) -> Value {
    json!({"impl": {
        "trait": trait_, "for": path(2), "items": items, "generics": {},
        "is_synthetic": false, "blanket_impl": null,
    }})
}

#[test]
fn an_impl_counts_unless_it_is_synthetic_or_a_blanket() {
    let two = json!({"struct": {"kind": "unit", "impls": [3]}});
    let root = json!({"use": {"source": "Two", "name": "Two", "id": 2}});
    let foreign = json!({"path": "IntoUrl", "id": 102, "args": null});
    let crate_of = |inner: Value| {
        let items = [
            ("1", item("", root.clone())),
            ("2", item("Two", two.clone())),
            ("3", item("", inner)),
        ];
        found(&items, None)
    };
    let written = implementation(foreign.clone(), json!([]));
    assert_eq!(
        crate_of(written.clone()),
        [("a::Two".to_owned(), "reqwest::IntoUrl".to_owned())]
    );
    let mut synthetic = written.clone();
    synthetic["impl"]["is_synthetic"] = json!(true);
    assert!(crate_of(synthetic).is_empty());
    let mut blanket = written;
    blanket["impl"]["blanket_impl"] = json!({"generic": "T"});
    assert!(crate_of(blanket).is_empty());
}

#[test]
fn an_associated_type_counts_and_a_dictated_signature_does_not() {
    let std_trait = json!({"path": "Deref", "id": 101, "args": null});
    let function = json!({"function": {"sig": {"inputs": [["x", path(100)]], "output": null}}});
    let crate_of = |member: Value| {
        found(
            &[
                (
                    "1",
                    item(
                        "",
                        json!({"use": {"source": "Two", "name": "Two", "id": 2}}),
                    ),
                ),
                (
                    "2",
                    item("Two", json!({"struct": {"kind": "unit", "impls": [3]}})),
                ),
                ("3", item("", implementation(std_trait.clone(), json!([4])))),
                ("4", item("member", member)),
            ],
            None,
        )
    };
    assert_eq!(
        crate_of(json!({"assoc_type": {"type": path(100)}})),
        reqwest_in("Two::member")
    );
    assert!(crate_of(function).is_empty());
}

#[test]
fn a_type_that_only_a_signature_names_is_told_and_a_sealed_trait_is_not() {
    let function = json!({"function": {"sig": {"inputs": [], "output": path(2)}}});
    let two = item("Two", json!({"struct": {"kind": "unit", "impls": []}}));
    let found = |kind: &str| {
        let json = json!({
            "root": 0, "external_crates": {},
            "index": {
                "0": item("a", json!({"module": {"items": [1]}})),
                "1": item("make", function.clone()), "2": two.clone(),
            },
            "paths": {"2": {"crate_id": 0, "path": ["a", "inner", "Two"], "kind": kind}},
        });
        mentions(&json, None).unwrap()
    };
    assert!(found("trait").is_empty());
    let told = found("struct");
    assert!(
        told[0].unexported && told[0].path == ["a", "inner", "Two"],
        "{told:?}"
    );
}

#[test]
fn of_a_command_line_only_run_counts() {
    let other = json!({"type_alias": {"type": path(100)}});
    assert_eq!(
        found(&[("1", item("run", other.clone()))], Some("run")),
        reqwest_in("run")
    );
    let json = json!({
        "root": 0, "paths": {}, "external_crates": {},
        "index": {"0": item("a", json!({"module": {"items": [1]}})), "1": item("other", other)},
    });
    assert!(mentions(&json, Some("run")).is_none());
    assert_eq!(mentions(&json, None).map(|found| found.len()), Some(0));
}
