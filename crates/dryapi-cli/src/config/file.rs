//! The file itself: read, changed, written, with what people wrote around it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use dryapi_client::ErrorKind;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::atomic;
use super::keys::{Key, Shape};
use crate::report::{End, Failure};

const DEFAULT: &str = "default";
const PROFILES: &str = "profiles";

/// The values of one section, by their keys.
pub(super) type Section = BTreeMap<String, String>;

/// The config file; one that does not exist is empty.
#[derive(Debug)]
pub(crate) struct Config {
    path: PathBuf,
    text: DocumentMut,
}

impl Config {
    pub(crate) fn open(path: &Path) -> Result<Self, End> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(wrong(path, &error.to_string())),
        };
        let text = text
            .parse::<DocumentMut>()
            // The first line says where; others quote the file, in which a key may stand.
            .map_err(|error| wrong(path, &place(&error, &text)))?;
        let config = Self {
            path: path.to_owned(),
            text,
        };
        config.check()?;
        Ok(config)
    }

    /// Whether everything stands in a section, and sections are what they must be.
    fn check(&self) -> Result<(), End> {
        for (name, item) in self.text.iter() {
            let why = match name {
                DEFAULT | PROFILES if item.is_table_like() => continue,
                DEFAULT | PROFILES => format!("{name} is no section"),
                name => format!("{name} stands in no section; put it under [{DEFAULT}]"),
            };
            return Err(wrong(&self.path, &why));
        }
        match self.profiles().iter().find(|name| !is_name(name)) {
            Some(name) => Err(wrong(
                &self.path,
                &format!("{name:?} is no name of a profile"),
            )),
            None => Ok(()),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the profiles, as they stand.
    pub(crate) fn profiles(&self) -> Vec<String> {
        let profiles = self.text.get(PROFILES).and_then(Item::as_table_like);
        profiles.map_or_else(Vec::new, |profiles| {
            profiles.iter().map(|(name, _)| name.to_owned()).collect()
        })
    }

    /// The values of a profile, or of `[default]`. `None` where there is no such section.
    pub(crate) fn section(&self, profile: Option<&str>) -> Result<Option<Section>, End> {
        let (name, item) = match profile {
            None => (DEFAULT.to_owned(), self.text.get(DEFAULT)),
            Some(profile) => {
                let profiles = self.text.get(PROFILES).and_then(Item::as_table_like);
                let found = profiles.and_then(|profiles| profiles.get(profile));
                (format!("{PROFILES}.{profile}"), found)
            }
        };
        let Some(item) = item else { return Ok(None) };
        let read = match item.as_table_like() {
            Some(table) => read(table),
            None => Err("is no section".to_owned()),
        };
        read.map(Some)
            .map_err(|why| wrong(&self.path, &format!("[{name}] {why}")))
    }

    /// Makes the section of a profile, if there is none.
    pub(crate) fn add(&mut self, profile: Option<&str>) -> Result<(), End> {
        self.table(profile).map(drop)
    }

    /// Sets a value that was read by its key.
    pub(crate) fn set(&mut self, profile: Option<&str>, key: &Key, text: &str) -> Result<(), End> {
        let value = match key.shape {
            Shape::Switch => Value::from(text == "true"),
            Shape::Count => text
                .parse::<i64>()
                .map_or_else(|_| text.into(), Value::from),
            _ => Value::from(text),
        };
        let path = self.path.clone();
        let mut table: &mut dyn TableLike = self.table(profile)?;
        let mut name = key.name.as_str();
        if let Some((outer, inner)) = name.split_once('.') {
            let nested = table.entry(outer).or_insert_with(|| {
                let mut nested = Table::new();
                nested.set_dotted(true);
                Item::Table(nested)
            });
            let no_table = || wrong(&path, &format!("{outer} is no table"));
            table = nested.as_table_like_mut().ok_or_else(no_table)?;
            name = inner;
        }
        match table.get_mut(name).and_then(Item::as_value_mut) {
            // What stands around it, a comment above all, stays.
            Some(old) => {
                let around = old.decor().clone();
                *old = value;
                *old.decor_mut() = around;
            }
            None => drop(table.insert(name, Item::Value(value))),
        }
        Ok(())
    }

    /// Takes a value out. Says whether there was one.
    pub(crate) fn unset(&mut self, profile: Option<&str>, key: &Key) -> Result<bool, End> {
        let mut table: &mut dyn TableLike = self.table(profile)?;
        let mut name = key.name.as_str();
        if let Some((outer, inner)) = name.split_once('.') {
            let Some(nested) = table.get_mut(outer).and_then(Item::as_table_like_mut) else {
                return Ok(false);
            };
            (table, name) = (nested, inner);
        }
        Ok(table.remove(name).is_some())
    }

    /// Writes it.
    pub(crate) fn save(&self) -> Result<(), End> {
        atomic::write(&self.path, &self.text.to_string()).map_err(|error| {
            let message = format!("the config file {}: {error}", self.path.display());
            Failure::new(ErrorKind::File, message).into()
        })
    }

    fn table(&mut self, profile: Option<&str>) -> Result<&mut dyn TableLike, End> {
        let path = self.path.clone();
        let no_section = || wrong(&path, "a section is no table");
        let root: &mut dyn TableLike = self.text.as_table_mut();
        let Some(profile) = profile else {
            let table = root.entry(DEFAULT).or_insert_with(|| Table::new().into());
            return table.as_table_like_mut().ok_or_else(no_section);
        };
        let profiles = root.entry(PROFILES).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            table.into()
        });
        let profiles = profiles.as_table_like_mut().ok_or_else(no_section)?;
        let table = profiles
            .entry(profile)
            .or_insert_with(|| Table::new().into());
        table.as_table_like_mut().ok_or_else(no_section)
    }
}

/// The values of a table; those of tables in it by both names.
fn read(table: &dyn TableLike) -> Result<Section, String> {
    let mut section = Section::new();
    for (name, item) in table.iter() {
        match item.as_table_like() {
            Some(inner) => {
                for (task, item) in inner.iter() {
                    insert(&mut section, format!("{name}.{task}"), item)?;
                }
            }
            None => insert(&mut section, name.to_owned(), item)?,
        }
    }
    Ok(section)
}

fn insert(section: &mut Section, name: String, item: &Item) -> Result<(), String> {
    let Some(key) = Key::find(&name) else {
        return Err(format!(
            "{name} is no key that is known; `dryapi config --help` names them"
        ));
    };
    let text = match item.as_value() {
        Some(Value::String(text)) => text.value().clone(),
        Some(Value::Integer(number)) => number.display_repr().into_owned(),
        Some(Value::Float(number)) => number.display_repr().into_owned(),
        Some(Value::Boolean(switch)) => switch.value().to_string(),
        _ => return Err(format!("{name} is no single value")),
    };
    let value = key.read(&text).map_err(|why| format!("{name} {why}"))?;
    section.insert(name, value);
    Ok(())
}

/// Whether a profile may be called so.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name != DEFAULT && name.chars().all(plain)
}

fn place(error: &toml_edit::TomlError, text: &str) -> String {
    let at = error.span().and_then(|span| text.get(..span.start));
    let line = at.map_or_else(String::new, |before| {
        format!("line {}: ", before.matches('\n').count() + 1)
    });
    format!("{line}{}", error.message().replace('\n', "; "))
}

fn wrong(path: &Path, why: &str) -> End {
    let message = format!("the config file {}: {why}", path.display());
    Failure::new(ErrorKind::Config, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Config, End> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        Config::open(&path)
    }

    #[test]
    fn what_people_wrote_around_a_value_stays() {
        let text = "# mine\n[default]\nplan = \"basic\" # for now\n\n[profiles.work]\n# its id\n\
                    client-id = 7\n";
        let mut config = config(text).unwrap();
        let set = |config: &mut Config, profile, key: &str, value| {
            config
                .set(profile, &Key::find(key).unwrap(), value)
                .unwrap();
        };
        set(&mut config, None, "plan", "premium");
        set(&mut config, Some("work"), "max-retries", "0");
        set(&mut config, Some("new"), "sandbox", "true");
        set(&mut config, None, "model.txt2img", "Flux1schnell");
        let key = Key::find("client-id").unwrap();
        assert!(config.unset(Some("work"), &key).unwrap());
        assert!(!config.unset(Some("work"), &key).unwrap());
        let after = "# mine\n[default]\nplan = \"premium\" # for now\nmodel.txt2img = \"Flux1schnell\"\n\n\
                     [profiles.work]\nmax-retries = 0\n\n[profiles.new]\nsandbox = true\n";
        assert_eq!(config.text.to_string(), after);
    }

    #[test]
    fn a_file_that_is_wrong_says_where_and_nothing_of_what_stands_there() {
        for (text, why) in [
            ("[default]\napi-key = sk-1", "line 2: "),
            ("plan = \"basic\"", "plan stands in no section"),
            ("default = 1", "default is no section"),
            ("[profiles.\"a b\"]", "\"a b\" is no name"),
        ] {
            let End::Failed(failure) = config(text).unwrap_err() else {
                panic!("{text}")
            };
            assert!(failure.message.contains(why), "{}", failure.message);
            assert!(!failure.message.contains("sk-1"), "{}", failure.message);
        }
        let config = config("[default]\nplan = 'gold'\n[profiles.a]\nmax-cots = 1").unwrap();
        assert!(config.section(None).is_err());
        assert!(config.section(Some("a")).is_err());
        assert!(config.section(Some("b")).unwrap().is_none());
    }
}
