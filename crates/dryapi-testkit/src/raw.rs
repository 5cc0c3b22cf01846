//! A raw HTTP/1.1 response.

/// A response's parts, borrowed from its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Raw<'a> {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a [u8],
}

impl<'a> Raw<'a> {
    /// Status line, headers, empty line, body; lines end in CR LF. `None` for anything else.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        const END: &[u8] = b"\r\n\r\n";
        let end = bytes.windows(END.len()).position(|window| window == END)?;
        let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.1 ")?;
        let header = |line: &'a str| {
            let (name, value) = line.split_once(':')?;
            let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
            plain.then_some((name, value.trim()))
        };
        Some(Self {
            status: status
                .get(..3)?
                .parse()
                .ok()
                .filter(|status| (100..1000).contains(status))?,
            headers: lines.map(header).collect::<Option<_>>()?,
            body: bytes.get(end + END.len()..)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Raw;

    #[test]
    fn the_parts_of_a_response() {
        let raw = Raw::parse(
            b"HTTP/1.1 429 Too Many\r\nRetry-After:  60\r\nX-A: b:c\r\n\r\nbody\r\n\r\n",
        );
        let headers = vec![("Retry-After", "60"), ("X-A", "b:c")];
        assert_eq!(
            raw,
            Some(Raw {
                status: 429,
                headers,
                body: b"body\r\n\r\n"
            })
        );
        let bare = Raw::parse(b"HTTP/1.1 204\r\n\r\n");
        assert_eq!(
            bare,
            Some(Raw {
                status: 204,
                headers: vec![],
                body: b""
            })
        );
    }

    #[test]
    fn anything_else_is_none() {
        let bad: [&[u8]; 8] = [
            b"",
            b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 200 OK\n\nbody",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 +20\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: \xff\r\n\r\n",
        ];
        for bytes in bad {
            assert_eq!(Raw::parse(bytes), None, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn no_beginning_of_a_case_is_too_odd() {
        for case in crate::corpus::errors() {
            for end in 0..=case.http.len() {
                let _ = Raw::parse(&case.http[..end]);
            }
        }
    }
}
