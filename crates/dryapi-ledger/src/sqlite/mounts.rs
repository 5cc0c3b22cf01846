//! Is it a network file system? Their locks cannot be relied on, and SQLite's files break on them.

use std::path::{Path, PathBuf};

use crate::error::{StoreError, StoreErrorKind};

const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "coda",
    "ncpfs",
    "ceph",
    "lustre",
    "gfs2",
    "ocfs2",
    "glusterfs",
    "beegfs",
    "gpfs",
    "davfs",
];

/// FUSE file systems are named after their programs.
const NETWORK_FUSE: &[&str] = &[
    "sshfs",
    "s3fs",
    "rclone",
    "gcsfuse",
    "glusterfs",
    "ceph",
    "davfs",
    "curlftpfs",
    "smbnetfs",
    "goofys",
    "juicefs",
    "blobfuse",
    "blobfuse2",
    "mount-s3",
    "moosefs",
    "lizardfs",
];

/// Refuses a path on a network file system. Where the system does not say (it does on Linux), no
/// path is refused.
pub(super) fn refuse_network(path: &Path) -> Result<(), StoreError> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else {
        return Ok(());
    };
    match file_system(&mounts, path).filter(|name| is_network(name)) {
        Some(name) => Err(refused(path, name)),
        None => Ok(()),
    }
}

fn refused(path: &Path, file_system: &str) -> StoreError {
    let text = format!(
        "the ledger {} lies on a network file system ({file_system}), whose locks cannot be relied \
         on; choose a file on a local disk",
        path.display()
    );
    StoreError::new(StoreErrorKind::NetworkFileSystem, text)
}

fn is_network(file_system: &str) -> bool {
    let fuse = file_system.strip_prefix("fuse.");
    NETWORK.contains(&file_system) || fuse.is_some_and(|program| NETWORK_FUSE.contains(&program))
}

/// The type of the file system a path is on: of the deepest mount above it, the last one where
/// several lie over each other. Format: proc_pid_mountinfo(5).
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mounts = mounts.lines().filter_map(|line| {
        let (mount, system) = line.split_once(" - ")?;
        let point = unescaped(mount.split(' ').nth(4)?);
        let depth = point.components().count();
        let above = path.starts_with(&point);
        above.then_some((depth, system.split(' ').next()?))
    });
    mounts
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, system)| system)
}

/// Spaces, tabs, line ends and backslashes are written as three octal digits.
fn unescaped(text: &str) -> PathBuf {
    let text = text
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
    PathBuf::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:40 / /home rw shared:5 - nfs4 server:/home rw
31 30 0:41 / /home/ann/My\\040Disk rw - xfs /dev/sdb rw
32 22 0:42 / /mnt/s rw - fuse.sshfs host: rw
33 22 0:43 / /mnt/c rw - fuse.gocryptfs /enc rw
34 22 0:44 / /mnt/w rw - ext4 /dev/sdc rw
35 34 0:45 / /mnt/w rw - 9p C: rw
";

    #[test]
    fn the_deepest_and_last_mount_counts() {
        for (path, system, network) in [
            ("/var/x/ledger.sqlite3", "ext4", false),
            ("/homes/x", "ext4", false),
            ("/home/ann/x", "nfs4", true),
            ("/home/ann/My Disk/x", "xfs", false),
            ("/mnt/s/x", "fuse.sshfs", true),
            ("/mnt/c/x", "fuse.gocryptfs", false),
            ("/mnt/w/x", "9p", true),
        ] {
            let found = file_system(MOUNTS, Path::new(path));
            assert_eq!(found, Some(system), "{path}");
            assert_eq!(is_network(system), network, "{path}");
        }
    }

    #[test]
    fn the_refusal_says_what_to_do() {
        let error = refused(Path::new("/home/x"), "nfs4");
        assert_eq!(error.kind(), StoreErrorKind::NetworkFileSystem);
        assert!(error.to_string().ends_with("choose a file on a local disk"));
    }
}
