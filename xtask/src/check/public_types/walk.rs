//! Finds every name from another crate in a public API, in rustdoc's JSON.
//!
//! The walk begins at the root module and follows re-exports, members, impls and the types that
//! signatures name. A path is any object with `path`, `id` and `args`, so a new kind of type in a
//! later format is still looked into. Private and hidden items are not in the JSON. Not asked
//! about: impls the compiler or a blanket gives, and the signatures another's trait dictates.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// A name from another crate.
#[derive(Debug)]
pub(super) struct Mention {
    /// The full path of what is named, its crate first.
    pub(super) path: Vec<String>,
    /// The item of ours which names it.
    pub(super) item: String,
    /// Its file and line.
    pub(super) place: String,
}

/// Every mention in the public API, or in what is reached from the root item `entry`.
///
/// `None` if the JSON is not rustdoc's or has no such item.
pub(super) fn mentions(json: &Value, entry: Option<&str>) -> Option<Vec<Mention>> {
    let map = |key: &str| json.get(key)?.as_object();
    let (index, paths) = (map("index")?, map("paths")?);
    let mut walk = Walk {
        index,
        paths,
        crates: map("external_crates")?,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    let root = id(json.get("root")?)?;
    match entry {
        None => walk.visit(&root, ""),
        Some(name) => {
            let items = index
                .get(&root)?
                .get("inner")?
                .get("module")?
                .get("items")?
                .as_array()?;
            let named = items
                .iter()
                .filter_map(id)
                .find(|item| walk.name(item) == Some(name))?;
            let root = walk.name(&root).unwrap_or_default();
            walk.visit(&named, root);
        }
    }
    Some(walk.found)
}

struct Walk<'a> {
    index: &'a Map<String, Value>,
    paths: &'a Map<String, Value>,
    crates: &'a Map<String, Value>,
    seen: BTreeSet<String>,
    found: Vec<Mention>,
}

impl<'a> Walk<'a> {
    /// The name under which an item, or a re-export, is seen.
    fn name(&self, item: &str) -> Option<&'a str> {
        let item = self.index.get(item)?;
        let exported = item
            .get("inner")
            .and_then(|inner| inner.get("use")?.get("name"));
        exported.or_else(|| item.get("name"))?.as_str()
    }

    /// Looks into one of our items; `owner` is the path it is seen under.
    fn visit(&mut self, item: &str, owner: &str) {
        let Some(value) = self.index.get(item) else {
            return;
        };
        if !is_ours(value) || !self.seen.insert(item.to_owned()) {
            return;
        }
        let inner = value
            .get("inner")
            .and_then(Value::as_object)
            .and_then(|i| i.iter().next());
        let Some((kind, inner)) = inner else { return };
        let name = match (kind.as_str(), self.name(item)) {
            ("impl" | "use", _) | (_, None) => owner.to_owned(),
            (_, Some(name)) if owner.is_empty() => name.to_owned(),
            (_, Some(name)) => format!("{owner}::{name}"),
        };
        match kind.as_str() {
            "use" => self.re_export(inner, value, &name),
            "impl" => self.implementation(inner, value, &name),
            _ => {
                self.look(inner, value, &name);
                self.members(inner, &name);
            }
        }
    }

    /// The items an item consists of.
    fn members(&mut self, inner: &Value, name: &str) {
        for (key, value) in inner.as_object().into_iter().flatten() {
            match key.as_str() {
                "items" | "fields" | "variants" | "tuple" | "impls" => {
                    for item in value.as_array().into_iter().flatten().filter_map(id) {
                        self.visit(&item, name);
                    }
                }
                "implementations" => self.for_foreign_types(value, name),
                "kind" | "struct" | "plain" => self.members(value, name),
                _ => {}
            }
        }
    }

    /// `impl Ours for Theirs`; those for types of ours are found with the types.
    fn for_foreign_types(&mut self, implementations: &Value, name: &str) {
        for item in implementations
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(id)
        {
            let target = |item: &Value| {
                id(item
                    .get("inner")?
                    .get("impl")?
                    .get("for")?
                    .get("resolved_path")?
                    .get("id")?)
            };
            let ours = self
                .index
                .get(&item)
                .and_then(target)
                .is_some_and(|target| {
                    let known = self.index.get(&target).or_else(|| self.paths.get(&target));
                    known.is_none_or(is_ours)
                });
            if !ours {
                self.visit(&item, name);
            }
        }
    }

    fn re_export(&mut self, inner: &Value, item: &Value, owner: &str) {
        let source = inner
            .get("source")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match inner.get("id").and_then(id) {
            Some(target) if self.index.get(&target).is_some_and(is_ours) => {
                self.visit(&target, owner);
            }
            target => {
                let shown = format!("use {source}");
                self.mention(target.as_deref(), source, item, &shown);
            }
        }
    }

    fn implementation(&mut self, inner: &Value, item: &Value, owner: &str) {
        let synthetic = inner.get("is_synthetic").and_then(Value::as_bool) == Some(true);
        let blanket = inner
            .get("blanket_impl")
            .is_some_and(|blanket| !blanket.is_null());
        if synthetic || blanket {
            return;
        }
        self.look(inner, item, owner);
        let inherent = inner.get("trait").is_none_or(Value::is_null);
        for member in inner
            .get("items")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let Some(member) = id(member) else { continue };
            let dictated = self
                .index
                .get(&member)
                .and_then(|member| member.get("inner"));
            let dictated = dictated.is_some_and(|inner| inner.get("function").is_some());
            if inherent || !dictated {
                self.visit(&member, owner);
            }
        }
    }

    /// Reports every path in a piece of JSON.
    fn look(&mut self, piece: &Value, item: &Value, name: &str) {
        match piece {
            Value::Array(parts) => parts.iter().for_each(|part| self.look(part, item, name)),
            Value::Object(parts) => {
                if let (Some(Value::String(path)), Some(target), true) = (
                    parts.get("path"),
                    parts.get("id"),
                    parts.contains_key("args"),
                ) {
                    self.mention(id(target).as_deref(), path, item, name);
                }
                parts.values().for_each(|part| self.look(part, item, name));
            }
            _ => {}
        }
    }

    /// Reports one path, or follows it if it is ours.
    fn mention(&mut self, target: Option<&str>, written: &str, item: &Value, name: &str) {
        let summary = target.and_then(|target| self.paths.get(target));
        let path: Vec<String> = match (summary, target) {
            (Some(summary), Some(target)) if is_ours(summary) => {
                let path = words(summary.get("path"));
                let owner = path.split_last().map(|(_, above)| above.join("::"));
                return self.visit(target, &owner.unwrap_or_default());
            }
            (Some(summary), _) => {
                // the crate's own name, not what it is called here
                let number = summary.get("crate_id").and_then(id).unwrap_or_default();
                let krate = self.crates.get(&number).and_then(|krate| krate.get("name"));
                let mut path = words(summary.get("path"));
                if let (Some(first), Some(krate)) =
                    (path.first_mut(), krate.and_then(Value::as_str))
                {
                    krate.clone_into(first);
                }
                path
            }
            // no summary: private, or a macro; the way it is written begins with its crate or not
            (None, _) => {
                let path: Vec<String> = written.split("::").map(str::to_owned).collect();
                let is_crate = |name: &str| {
                    let named =
                        |krate: &Value| krate.get("name").and_then(Value::as_str) == Some(name);
                    self.crates.values().any(named)
                };
                if !path.first().is_some_and(|first| is_crate(first)) {
                    return;
                }
                path
            }
        };
        self.found.push(Mention {
            path,
            item: name.to_owned(),
            place: place(item),
        });
    }
}

/// Whether an entry of `index` or `paths` is this crate's own.
fn is_ours(entry: &Value) -> bool {
    entry.get("crate_id").and_then(Value::as_u64) == Some(0)
}

/// An id as `index` and `paths` write it.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn words(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn place(item: &Value) -> String {
    let told = || {
        let span = item.get("span")?;
        let line = span.get("begin")?.get(0)?.as_u64()?;
        Some(format!("{}:{line}", span.get("filename")?.as_str()?))
    };
    told().unwrap_or_else(|| "in a macro".to_owned())
}

#[cfg(test)]
mod tests {
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
        let ours =
            json!({"use": {"source": "inner::Two", "name": "Two", "id": 2, "is_glob": false}});
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
    fn a_type_only_reached_through_a_signature_is_visited() {
        let function = json!({"function": {"sig": {"inputs": [], "output": path(2)}}});
        let two = json!({"struct": {"kind": "unit", "impls": [3]}});
        let method = json!({"function": {"sig": {"inputs": [["x", path(100)]], "output": null}}});
        let items = [
            ("1", item("make", function)),
            ("2", item("Two", two)),
            ("3", item("", implementation(Value::Null, json!([4])))),
            ("4", item("method", method)),
        ];
        assert_eq!(found(&items, None), reqwest_in("inner::Two::method"));
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
}
