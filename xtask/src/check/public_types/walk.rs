//! Finds every name from another crate in a public API, in rustdoc's JSON.
//!
//! The walk begins at the root module and follows re-exports, members, impls and the types that
//! signatures name. A path is any object with `path`, `id` and `args`, so a new kind of type in a
//! later format is still looked into. Private and hidden items are not in the JSON, so a type of
//! ours which a signature names and nobody can is told too (a trait may be sealed). Not asked about: impls the compiler or a blanket gives, and the signatures another's trait dictates.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// A name that is not plainly ours.
#[derive(Debug)]
pub(super) struct Mention {
    /// The full path of what is named, its crate first.
    pub(super) path: Vec<String>,
    /// The item of ours which names it.
    pub(super) item: String,
    /// Its file and line.
    pub(super) place: String,
    /// It is a type of ours that is not exported; otherwise it is from another crate.
    pub(super) unexported: bool,
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
        exported: BTreeSet::new(),
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    let root = id(json.get("root")?)?;
    walk.export(&root);
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
    exported: BTreeSet<String>,
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

    /// Notes what can be named from outside, beginning at a module.
    fn export(&mut self, item: &str) {
        if !self.exported.insert(item.to_owned()) {
            return;
        }
        let Some(inner) = self.index.get(item).and_then(|item| item.get("inner")) else {
            return;
        };
        let target = inner
            .get("use")
            .and_then(|re_export| id(re_export.get("id")?));
        let items = inner
            .get("module")
            .and_then(|module| module.get("items")?.as_array());
        for next in items.into_iter().flatten().filter_map(id).chain(target) {
            self.export(&next);
        }
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
                let trait_ = summary.get("kind").and_then(Value::as_str) == Some("trait");
                if !trait_ && !self.exported.contains(target) {
                    let (item, place) = (name.to_owned(), place(item));
                    self.found.push(Mention {
                        path,
                        item,
                        place,
                        unexported: true,
                    });
                    return;
                }
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
            unexported: false,
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
mod tests;
