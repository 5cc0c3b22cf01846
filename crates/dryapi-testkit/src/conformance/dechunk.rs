//! Chunked bodies.

/// The bytes of a chunked body; `None` while its end is missing, and where it is none.
pub(super) fn dechunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = rest.get(end + 2..)?;
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after.strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::dechunk;

    #[test]
    fn chunks_are_joined_and_half_of_them_are_none() {
        let whole = b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
        assert_eq!(dechunk(whole).unwrap(), b"abc0123456789");
        for end in 0..whole.len() {
            assert_eq!(dechunk(&whole[..end]), None, "{end}");
        }
        assert_eq!(dechunk(b"x\r\n"), None);
    }
}
