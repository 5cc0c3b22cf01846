//! `cargo xtask release publish`: the rehearsal of a release, and the release itself.

use super::{api, prepare, published, size, stale};
use crate::check;
use crate::process;
use crate::workspace::Workspace;

/// The variable cargo reads the key to crates.io from.
const TOKEN: &str = "CARGO_REGISTRY_TOKEN";

/// What is checked before anything is packaged, and what that means.
pub(super) const CHECKS: &[(&str, &str)] = &[
    (
        "hygiene",
        "no private paths, documented crates, one MSRV in manifests and README",
    ),
    ("layers", "each crate depends only on what its layer may"),
    (
        "manifests",
        "each crate says what crates.io, docs.rs and its README show",
    ),
    (
        "licences",
        "every crate we build with is under a licence we accept",
    ),
    (
        "public-types",
        "public APIs name no crate that users did not choose",
    ),
    (
        "api",
        "the public API did not break since the last tag, or the version says so",
    ),
    (
        "packages",
        "each crate is packaged, and builds from its package alone",
    ),
];

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Everything but the upload.
    Rehearse {
        /// Changes that are not committed do not matter.
        allow_dirty: bool,
    },
    /// The upload of this version, which cannot be taken back.
    Publish(String),
    /// Neither was said.
    Unsaid,
}

impl Wish {
    /// Reads what stands behind `publish`; `None` is no such command.
    pub(super) fn read(flags: &[&str]) -> Option<Self> {
        match flags {
            [] => Some(Self::Unsaid),
            ["--dry-run"] => Some(Self::Rehearse { allow_dirty: false }),
            ["--dry-run", "--allow-dirty"] | ["--allow-dirty", "--dry-run"] => {
                Some(Self::Rehearse { allow_dirty: true })
            }
            ["--really", version] => Some(Self::Publish((*version).to_owned())),
            _ => None,
        }
    }
}

/// Does what is wished.
///
/// # Errors
///
/// When a check is red, a crate does not build from its package, or the wish is refused.
pub(super) fn run(wish: &Wish) -> Result<(), String> {
    let workspace = Workspace::load()?;
    let crates = published::load()?;
    let version = crates
        .first()
        .ok_or("no crate is published")?
        .version
        .to_string();
    if *wish != (Wish::Rehearse { allow_dirty: true }) {
        prepare::clean(&workspace.root)?;
    }
    if !matches!(wish, Wish::Rehearse { .. }) {
        let tagged = tagged(&workspace)?;
        let token = std::env::var(TOKEN).is_ok_and(|token| !token.is_empty());
        may_publish(wish, &version, token, &tagged).map_err(|why| {
            let names: Vec<&str> = crates.iter().map(|found| found.name.as_str()).collect();
            format!(
                "Nothing is published: {why}.\n\
                 It would run the checks of `cargo xtask release plan`, rehearse, and then upload\n\
                 version {version} of {}, which cannot be taken back.",
                names.join(", ")
            )
        })?;
    }

    let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    let green = check::all_pass(&names, &workspace);
    if !(check::passes(&api::CHECK, &workspace) && green) {
        return Err("nothing was packaged: repair what is told above".to_owned());
    }
    // A folder of its own: the crates that are built there are not those of the workspace.
    let target = workspace.target.join("rehearsal");
    let names: Vec<&str> = crates.iter().map(|found| found.name.as_str()).collect();
    stale::rebuild(&target, &names)?;
    if let Some(home) = stale::home() {
        let packages = crates
            .iter()
            .map(|found| format!("{}-{}", found.name, found.version));
        stale::forget(&home, &packages.collect::<Vec<_>>())?;
    }
    let shown = target.display().to_string();
    let mut rehearsal = arguments(true, *wish == Wish::Rehearse { allow_dirty: true });
    rehearsal.extend(["--target-dir", &shown]);
    cargo(&workspace, &rehearsal)?;
    size::tell(&target, &crates)?;
    if matches!(wish, Wish::Publish(_)) {
        let mut upload = arguments(false, false);
        upload.extend(["--target-dir", &shown]);
        cargo(&workspace, &upload)?;
        println!("\npublished: {version}. Next: git push origin v{version}");
    } else {
        println!(
            "\nrehearsed: each of {} crates builds from its package; nothing was uploaded",
            crates.len()
        );
    }
    Ok(())
}

/// Refuses an upload that nobody clearly asked for.
fn may_publish(wish: &Wish, version: &str, token: bool, tagged: &[String]) -> Result<(), String> {
    let Wish::Publish(asked) = wish else {
        return Err(format!(
            "say `--dry-run`, or `--really {version}` with {TOKEN} set"
        ));
    };
    if asked != version {
        return Err(format!("the version is {version}, not {asked}"));
    }
    if !token {
        return Err(format!("{TOKEN} is not set"));
    }
    let tag = format!("v{version}");
    if !tagged.contains(&tag) {
        return Err(format!("the current commit has no tag {tag}"));
    }
    Ok(())
}

/// The tags of the current commit.
fn tagged(workspace: &Workspace) -> Result<Vec<String>, String> {
    let args = ["tag", "--points-at", "HEAD"];
    let done = process::run(&mut process::git(&workspace.root, &args))?;
    Ok(done.stdout.lines().map(str::to_owned).collect())
}

fn arguments<'a>(rehearse: bool, allow_dirty: bool) -> Vec<&'a str> {
    let mut args = vec!["publish", "--workspace", "--locked"];
    if rehearse {
        args.push("--dry-run");
    }
    if allow_dirty {
        args.push("--allow-dirty");
    }
    args
}

/// Runs cargo with its words on the screen: it takes minutes.
fn cargo(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let shown = format!("cargo {}", args.join(" "));
    println!("\n+ {shown}");
    let status = process::cargo(&workspace.root, args)
        .status()
        .map_err(|error| format!("{shown} could not be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown} failed, as told above"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Wish, arguments, may_publish};

    #[test]
    fn a_rehearsal_never_uploads() {
        assert!(arguments(true, false).contains(&"--dry-run"));
        assert!(arguments(true, true).contains(&"--dry-run"));
        assert_eq!(
            Wish::read(&["--dry-run"]),
            Some(Wish::Rehearse { allow_dirty: false })
        );
        for flags in [
            &["--dryrun"][..],
            &["--allow-dirty"],
            &["--dry-run", "--really"],
            &["--really"],
        ] {
            assert_eq!(Wish::read(flags), None, "{flags:?}");
        }
    }

    #[test]
    fn an_upload_needs_its_version_a_key_and_a_tag() {
        let tags = ["v0.2.0".to_owned()];
        let wish = Wish::Publish("0.2.0".to_owned());
        assert_eq!(may_publish(&wish, "0.2.0", true, &tags), Ok(()));
        for (wish, version, token, tags, why) in [
            (&Wish::Unsaid, "0.2.0", true, &tags[..], "--really 0.2.0"),
            (&wish, "0.3.0", true, &tags, "not 0.2.0"),
            (&wish, "0.2.0", false, &tags, "CARGO_REGISTRY_TOKEN"),
            (&wish, "0.2.0", true, &[], "no tag v0.2.0"),
        ] {
            let refused = may_publish(wish, version, token, tags).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert!(!arguments(false, false).contains(&"--allow-dirty"));
    }
}
