//! Lists the corpus, so that a new pair of files needs no code.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    for folder in ["errors", "odd"] {
        println!("cargo::rerun-if-changed=corpus/{folder}");
        let list = list(folder)?;
        fs::write(
            Path::new(&variable("OUT_DIR")?).join(format!("{folder}.rs")),
            list,
        )?;
    }
    Ok(())
}

/// An array of name, answer and expectation, as Rust code.
fn list(folder: &str) -> Result<String> {
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(manifest_dir()?.join("corpus").join(folder))? {
        let path = entry?.path();
        let part =
            |part: Option<&std::ffi::OsStr>| part.and_then(|it| it.to_str()).map(str::to_owned);
        if let (Some(name), Some(kind)) = (part(path.file_stem()), part(path.extension())) {
            cases.entry(name).or_default().push(kind);
        }
    }
    let mut list = String::from("[\n");
    for (name, mut kinds) in cases {
        kinds.sort();
        if kinds != ["http", "toml"] {
            let message =
                format!("corpus/{folder}: {name} needs a .http and a .toml, found {kinds:?}");
            return Err(Error::other(message));
        }
        let path = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/corpus/{folder}/{name}");
        list += &format!(
            "(\"{name}\", include_bytes!({path}.http\")).as_slice(), include_str!({path}.toml\"))),\n"
        );
    }
    list.push(']');
    Ok(list)
}

fn manifest_dir() -> Result<PathBuf> {
    variable("CARGO_MANIFEST_DIR").map(PathBuf::from)
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(Error::other)
}
