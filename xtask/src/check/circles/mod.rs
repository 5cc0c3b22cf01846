//! No circles between the files of a crate.
//!
//! A file points at another when its code, tests aside, names an item that is *defined* there:
//! paths are followed through imports, renames and re-exports to the definition. So a parent
//! module that only declares or re-exports its children points at nothing, a child may import its
//! sibling through the parent, and importing a module is no arrow until something in it is named.
//! Paths are read from tokens, not types: methods and trait impls found by inference are no arrows.
//! Modules moved by `#[path]` are not followed.

mod graph;
mod map;
mod resolve;
mod scan;
mod tokens;

use std::path::Path;

use self::map::CrateMap;
use super::report::{Failure, Report};
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut failures = Vec::new();
    let roots = workspace.packages.iter().flat_map(|package| &package.roots);
    for root in roots {
        let read = |file: &Path| std::fs::read_to_string(file).ok();
        match CrateMap::load(root, &read) {
            Ok(map) => failures.extend(judge(&map, &|file| workspace.shown(file))),
            Err(error) => failures.push(Failure::new(
                error.replace(&format!("{}/", workspace.root.display()), ""),
                workspace.shown(root),
                "repair it; `cargo check` shows more, and `#[path]` is not followed",
            )),
        }
    }
    Ok(Report::of(failures))
}

fn judge(map: &CrateMap, shown: &dyn Fn(&Path) -> String) -> Vec<Failure> {
    let arrows = resolve::arrows(map);
    let tell = |circle: Vec<usize>| {
        let next = circle.iter().cycle().skip(1);
        let steps: Vec<String> = circle
            .iter()
            .zip(next)
            .filter_map(|(from, to)| {
                let arrow = arrows.get(from)?.get(to)?;
                let (from, to) = (shown(map.files.get(*from)?), shown(map.files.get(*to)?));
                Some(format!(
                    "{from}:{} names `{}` of {to}",
                    arrow.line, arrow.path
                ))
            })
            .collect();
        let place = circle.first().and_then(|file| map.files.get(*file));
        Failure::new(
            format!(
                "the files import each other in a circle:\n{}",
                steps.join("\n")
            ),
            place.map(|file| shown(file)).unwrap_or_default(),
            "move what both need into a file below them, or pass it in as an argument",
        )
    };
    graph::circles(&arrows).into_iter().map(tell).collect()
}

#[cfg(test)]
mod tests;
