//! The module tree of a crate, and the file each module lies in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::scan::{Import, Named, Scanned, scan};
use crate::check::sources;

/// A crate's modules, the root first.
#[derive(Debug, Default)]
pub(super) struct CrateMap {
    /// Its files.
    pub(super) files: Vec<PathBuf>,
    /// Its modules; children come after their parent.
    pub(super) modules: Vec<Module>,
    /// Where each `macro_rules!` is defined.
    pub(super) macros: BTreeMap<String, usize>,
}

/// One module. Numbers are indices into the map.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) parent: Option<usize>,
    pub(super) file: usize,
    pub(super) children: BTreeMap<String, usize>,
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    pub(super) paths: Vec<Named>,
}

/// Reads a file; `None` where there is none.
type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

impl CrateMap {
    /// Reads a crate from its root file.
    ///
    /// # Errors
    ///
    /// When a file is missing or is no Rust.
    pub(super) fn load(root: &Path, read: Read<'_>) -> Result<Self, String> {
        let mut map = Self::default();
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        map.add_file(root, &folder, None, read)?;
        Ok(map)
    }

    /// Adds the module of a file, whose children's files lie in `folder`.
    fn add_file(
        &mut self,
        file: &Path,
        folder: &Path,
        parent: Option<usize>,
        read: Read<'_>,
    ) -> Result<usize, String> {
        let source = read(file).ok_or_else(|| format!("{} cannot be read", file.display()))?;
        let tokens =
            sources::tokens(&source).map_err(|error| format!("{}: {error}", file.display()))?;
        self.files.push(file.to_owned());
        self.add(scan(&tokens), self.files.len() - 1, folder, parent, read)
    }

    fn add(
        &mut self,
        scanned: Scanned,
        file: usize,
        folder: &Path,
        parent: Option<usize>,
        read: Read<'_>,
    ) -> Result<usize, String> {
        let own = self.modules.len();
        let Scanned {
            items,
            macros,
            declared,
            inline,
            imports,
            paths,
        } = scanned;
        let children = BTreeMap::new();
        self.modules.push(Module {
            parent,
            file,
            children,
            items,
            imports,
            paths,
        });
        self.macros
            .extend(macros.into_iter().map(|name| (name, own)));
        let mut children = BTreeMap::new();
        for (name, body) in inline {
            let child = self.add(body, file, &folder.join(&name), Some(own), read)?;
            children.insert(name, child);
        }
        for name in declared {
            let inner = folder.join(&name);
            let flat = folder.join(format!("{name}.rs"));
            let nested = inner.join("mod.rs");
            let found = if read(&flat).is_some() { flat } else { nested };
            let child = self.add_file(&found, &inner, Some(own), read)?;
            children.insert(name, child);
        }
        if let Some(module) = self.modules.get_mut(own) {
            module.children = children;
        }
        Ok(own)
    }
}
