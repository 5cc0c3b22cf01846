//! The hash of a file's content.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

/// A file is read in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// A file's length in bytes and the SHA-256 of its content.
pub(super) async fn of(path: &Path) -> io::Result<(u64, [u8; 32])> {
    let mut file = tokio::fs::File::open(path).await?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        let read = file.read(&mut piece).await?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            return Ok((size, hash.finalize().into()));
        };
        hash.update(read);
        size += read.len() as u64;
    }
}
