//! From the paths a module names to the modules which define what they mean.

use std::collections::BTreeMap;

use super::graph::{Arrow, Arrows};
use super::map::{CrateMap, Module};

/// Re-exports of re-exports are followed this deep.
const DEPTH: u8 = 16;

/// What a path leads to.
#[derive(Clone, Copy)]
enum Found {
    /// A module itself.
    Module(usize),
    /// Something defined in this module.
    Item(usize),
}

/// The arrows between a crate's files.
pub(super) fn arrows(map: &CrateMap) -> Arrows {
    let mut arrows: Arrows = BTreeMap::new();
    for (own, module) in map.modules.iter().enumerate() {
        let imports = module.imports.iter().filter_map(|import| {
            let definition = match (
                map.resolve(own, &import.target.segments, DEPTH)?,
                &import.alias,
            ) {
                (Found::Item(definition), _) | (Found::Module(definition), None) => definition,
                // the name of a module: only what is named through it counts
                (Found::Module(_), Some(_)) => return None,
            };
            let re_export = import.public && map.is_below(definition, own);
            (!re_export).then_some((&import.target, definition))
        });
        let paths = module.paths.iter().filter_map(|path| {
            let (Found::Item(definition) | Found::Module(definition)) =
                map.resolve(own, &path.segments, DEPTH)?;
            Some((path, definition))
        });
        for (path, definition) in imports.chain(paths) {
            let Some(target) = map.modules.get(definition) else {
                continue;
            };
            if target.file != module.file {
                let arrow = Arrow {
                    line: path.line,
                    path: path.segments.join("::"),
                };
                arrows
                    .entry(module.file)
                    .or_default()
                    .entry(target.file)
                    .or_insert(arrow);
            }
        }
    }
    arrows
}

impl CrateMap {
    /// What a path in module `from` means; `None` if it is not ours.
    fn resolve(&self, from: usize, segments: &[String], depth: u8) -> Option<Found> {
        let depth = depth.checked_sub(1)?;
        let module = self.modules.get(from)?;
        let (first, rest) = segments.split_first()?;
        match first.as_str() {
            "crate" => self.walk(0, rest, depth),
            "self" => self.walk(from, rest, depth),
            "super" => {
                let parent = module.parent?;
                match rest.first() {
                    Some(next) if next == "super" => self.resolve(parent, rest, depth),
                    _ => self.walk(parent, rest, depth),
                }
            }
            // a function here may bear the name of a child
            name if rest.is_empty() && module.items.contains(name) => Some(Found::Item(from)),
            name if module.children.contains_key(name) => self.walk(from, segments, depth),
            name if module.items.contains(name) => Some(Found::Item(from)),
            name => self.imported(from, name, rest, depth),
        }
    }

    /// Follows the rest of a path from a module.
    fn walk(&self, at: usize, rest: &[String], depth: u8) -> Option<Found> {
        let Some((name, rest)) = rest.split_first() else {
            return Some(Found::Module(at));
        };
        if let Some(&child) = self.modules.get(at)?.children.get(name) {
            return self.walk(child, rest, depth);
        }
        let found = self.named(at, name, rest, depth);
        if found.is_some() || self.may_be_foreign(at, name, depth) {
            return found;
        }
        match self.macros.get(name) {
            Some(&definition) if at == 0 => Some(Found::Item(definition)),
            _ => Some(Found::Item(at)), // what a macro defines
        }
    }

    /// Whether a name no file of ours defines comes from a crate that this module re-exports.
    fn may_be_foreign(&self, at: usize, name: &str, depth: u8) -> bool {
        let imports = self.modules.get(at).map(|module| module.imports.as_slice());
        imports
            .unwrap_or_default()
            .iter()
            .any(|import| match &import.alias {
                Some(alias) => alias == name,
                None => self.resolve(at, &import.target.segments, depth).is_none(),
            })
    }

    /// Something a module defines or imports under this name.
    fn named(&self, at: usize, name: &str, rest: &[String], depth: u8) -> Option<Found> {
        if self.modules.get(at)?.items.contains(name) {
            return Some(Found::Item(at));
        }
        self.imported(at, name, rest, depth)
    }

    /// Something a module imports under this name, by itself or with `*`.
    fn imported(&self, at: usize, name: &str, rest: &[String], depth: u8) -> Option<Found> {
        let depth = depth.checked_sub(1)?;
        let imports = &self.modules.get(at)?.imports;
        let by_name = imports
            .iter()
            .filter(|import| import.alias.as_deref() == Some(name));
        for import in by_name {
            let whole: Vec<String> = import.target.segments.iter().chain(rest).cloned().collect();
            if let Some(found) = self.resolve(at, &whole, depth) {
                return Some(found);
            }
        }
        imports
            .iter()
            .filter(|import| import.alias.is_none())
            .find_map(|import| {
                let Found::Module(source) = self.resolve(at, &import.target.segments, depth)?
                else {
                    return None;
                };
                if source == at {
                    return None;
                }
                match self.modules.get(source)?.children.get(name) {
                    Some(&child) => self.walk(child, rest, depth),
                    None => self.named(source, name, rest, depth),
                }
            })
    }

    /// Whether `module` is `ancestor` or lies below it.
    fn is_below(&self, module: usize, ancestor: usize) -> bool {
        let parent = |&module: &usize| self.modules.get(module).and_then(|m: &Module| m.parent);
        std::iter::successors(Some(module), parent).any(|module| module == ancestor)
    }
}
