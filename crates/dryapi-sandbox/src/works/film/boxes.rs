//! The boxes MP4 files are made of (ISO/IEC 14496-12): a length, four letters, what is inside.

/// Appends a box; `inside` writes what it holds.
pub(super) fn put(file: &mut Vec<u8>, name: &[u8; 4], inside: impl FnOnce(&mut Vec<u8>)) {
    let start = file.len();
    file.extend([0; 4]);
    file.extend(name);
    inside(file);
    let length = (file.len() - start) as u32;
    for (place, byte) in file.iter_mut().skip(start).zip(length.to_be_bytes()) {
        *place = byte;
    }
}

/// Appends a box that begins with a version of 0 and flags.
pub(super) fn put_full(
    file: &mut Vec<u8>,
    name: &[u8; 4],
    flags: u32,
    inside: impl FnOnce(&mut Vec<u8>),
) {
    put(file, name, |file| {
        words(file, [flags]);
        inside(file);
    });
}

/// Appends numbers of 32 bits.
pub(super) fn words(file: &mut Vec<u8>, numbers: impl IntoIterator<Item = u32>) {
    file.extend(numbers.into_iter().flat_map(u32::to_be_bytes));
}

/// Appends numbers of 16 bits.
pub(super) fn halves(file: &mut Vec<u8>, numbers: impl IntoIterator<Item = u16>) {
    file.extend(numbers.into_iter().flat_map(u16::to_be_bytes));
}

/// The matrix that leaves a picture as it is.
pub(super) const UPRIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_knows_its_length() {
        let mut file = vec![9];
        put(&mut file, b"moov", |file| {
            put_full(file, b"free", 7, |file| halves(file, [1]));
        });
        let wanted = b"\x09\0\0\0\x16moov\0\0\0\x0Efree\0\0\0\x07\0\x01";
        assert_eq!(file, wanted);
    }
}
