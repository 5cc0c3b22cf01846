//! Names of files: made of what the service says without trusting it.

use std::path::{Path, PathBuf};

/// `{task}-{first 8 of the id}.{extension}` in a folder, with `-2`, `-3` and so on where it
/// exists. Whatever the parts hold, the file stays in the folder.
pub(crate) fn free(folder: &Path, task: Option<&str>, id: &str, extension: &str) -> PathBuf {
    let task = task.map_or_else(|| "job".to_owned(), clean);
    let stem = format!("{task}-{}", short(id));
    let extension = match clean(extension) {
        empty if empty.is_empty() => String::new(),
        extension => format!(".{extension}"),
    };
    let named = |suffix: &str| folder.join(format!("{stem}{suffix}{extension}"));
    first_free(named(""), |number| named(&format!("-{number}")))
}

/// This name, with `-2`, `-3` and so on before its extension where it exists.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension();
    let extension = extension.map_or_else(String::new, |text| format!(".{}", text.display()));
    first_free(path.to_owned(), |number| {
        path.with_file_name(format!("{stem}-{number}{extension}"))
    })
}

/// `orphan-{id}.{extension}` in a folder, as [`free`] names it: a job that nobody claims.
pub(crate) fn orphan(folder: &Path, id: &str, extension: &str) -> PathBuf {
    let id: String = clean(id).chars().take(64).collect();
    beside(&folder.join(format!("orphan-{id}.{}", clean(extension))))
}

fn first_free(mut path: PathBuf, named: impl Fn(u32) -> PathBuf) -> PathBuf {
    let mut number = 2_u32;
    while path.symlink_metadata().is_ok() && number < u32::MAX {
        path = named(number);
        number += 1;
    }
    path
}

/// The beginning of an id, fit for names and bars.
pub(crate) fn short(id: &str) -> String {
    clean(&id.chars().take(8).collect::<String>())
}

/// The extension of the file behind an address, where it has one.
pub(crate) fn extension_of(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, file) = path.rsplit_once('/')?;
    let (stem, extension) = file.rsplit_once('.')?;
    let sound = !stem.is_empty()
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    sound.then(|| extension.to_ascii_lowercase())
}

/// A word as one argument of a POSIX shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |found: char| found.is_alphanumeric() || "-_./,:=@%+".contains(found);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn clean(part: &str) -> String {
    let sound = |found: char| match found {
        found if found.is_ascii_alphanumeric() || found == '-' => found,
        _ => '_',
    };
    part.chars().map(sound).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let name = |id: &str, extension: &str| {
            let path = free(folder.path(), Some("txt2img"), id, extension);
            assert_eq!(path.parent(), Some(folder.path()));
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(name("c08a339c-73e5", "png"), "txt2img-c08a339c.png");
        assert_eq!(name("../../etc/passwd", "/x"), "txt2img-______et._x");
        std::fs::write(folder.path().join("txt2img-c08a339c.png"), "").unwrap();
        assert_eq!(name("c08a339c-73e5", "png"), "txt2img-c08a339c-2.png");
        std::fs::write(folder.path().join("txt2img-c08a339c-2.png"), "").unwrap();
        assert_eq!(name("c08a339c-73e5", "png"), "txt2img-c08a339c-3.png");
    }

    #[test]
    fn another_name_beside_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cat.tar.gz");
        assert_eq!(beside(&path), path);
        std::fs::write(&path, "").unwrap();
        assert_eq!(beside(&path), folder.path().join("cat.tar-2.gz"));
        let orphan = orphan(folder.path(), "../c08a339c-73e5", "png");
        assert_eq!(orphan, folder.path().join("orphan-___c08a339c-73e5.png"));
    }

    #[test]
    fn extensions_come_from_addresses() {
        assert_eq!(
            extension_of("https://s/a/image.PNG?sig=x.y").as_deref(),
            Some("png")
        );
        assert_eq!(extension_of("https://s/a.b/image"), None);
        assert_eq!(extension_of("https://s/a/.png"), None);
        assert_eq!(extension_of("https://s/a/x.p%2fg"), None);
    }

    #[test]
    fn words_for_a_shell() {
        assert_eq!(quoted("cats/cat-1.png"), "cats/cat-1.png");
        assert_eq!(quoted("my cat's.png"), r"'my cat'\''s.png'");
    }
}
