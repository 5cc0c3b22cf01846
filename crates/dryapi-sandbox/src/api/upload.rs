//! An uploaded file, streamed to nowhere: what is needed of it is kept, whatever its size.

use axum::extract::multipart::Field;
use bytes::{Bytes, BytesMut};

/// Kept of a file's beginning and of its end, in bytes: what there is to measure stands there.
const KEPT: usize = 64 << 10;

/// Pictures are kept whole, since they are really worked on, up to this many bytes.
const LARGEST_PICTURE: usize = 10 << 20;

/// What is no file is kept whole, up to this many bytes.
pub(super) const LONGEST_TEXT: usize = 1 << 20;

/// What is known of an uploaded file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upload {
    /// The whole of a picture, else the beginning.
    pub(crate) first: Bytes,
    /// The end of what is longer than the beginning.
    pub(crate) last: Bytes,
    /// Bytes in all.
    pub(crate) length: u64,
}

impl Upload {
    /// Reads a part to its end.
    pub(super) async fn receive(mut field: Field<'_>) -> Option<Self> {
        let usual = if field.file_name().is_some() {
            KEPT
        } else {
            LONGEST_TEXT
        };
        let (mut first, mut last) = (BytesMut::new(), BytesMut::new());
        let mut length: u64 = 0;
        while let Some(piece) = field.chunk().await.ok()? {
            length = length.saturating_add(piece.len() as u64);
            let begun = if first.is_empty() {
                &piece[..]
            } else {
                &first[..]
            };
            let picture = imagesize::image_type(begun).is_ok();
            let room = if picture { LARGEST_PICTURE } else { usual };
            let (kept, rest) = piece.split_at(piece.len().min(room.saturating_sub(first.len())));
            first.extend_from_slice(kept);
            last.extend_from_slice(rest);
            // Cut now and then, so that it is not moved for every piece.
            if last.len() > 4 * KEPT {
                last = last.split_off(last.len() - KEPT);
            }
        }
        let end = last.len().saturating_sub(KEPT);
        Some(Self {
            first: first.freeze(),
            last: last.split_off(end).freeze(),
            length,
        })
    }

    /// Something that is equal for equal files.
    pub(crate) fn seed(&self) -> u64 {
        let bytes = self.first.iter().chain(&self.last).copied();
        crate::random::hash_bytes(bytes) ^ self.length
    }
}
