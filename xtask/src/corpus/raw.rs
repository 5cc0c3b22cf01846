//! A response as tools print it, made into one as the corpus keeps it.

/// A response's parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Raw {
    /// Status and reason.
    status: String,
    /// Header lines.
    headers: Vec<String>,
    body: Vec<u8>,
    /// The names of the headers that were left out.
    pub(super) dropped: Vec<String>,
}

/// Those of one connection or one visitor: they mean nothing in a file, or too much.
const DROPPED: [&str; 6] = [
    "connection",
    "keep-alive",
    "transfer-encoding",
    "set-cookie",
    "authorization",
    "cf-ray",
];

impl Raw {
    /// Reads what `curl -i` or a bare socket gives: any HTTP version, lines that end in LF or CR
    /// LF, informational responses before the one that counts.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (head, body) = split(bytes)?;
        let mut lines = head.lines();
        let (version, status) = lines.next()?.split_once(' ')?;
        version.strip_prefix("HTTP/")?;
        let code: u16 = status.get(..3)?.parse().ok()?;
        match code {
            100..=199 => return Self::read(body),
            200..=999 => {}
            _ => return None,
        }
        let (mut headers, mut dropped, mut told) = (Vec::new(), Vec::new(), None);
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let plain = name.to_ascii_lowercase();
            if plain == "content-length" {
                told = value.trim().parse().ok();
            } else if DROPPED.contains(&&*plain) {
                dropped.push(name.to_owned());
            } else {
                headers.push(format!("{name}: {}", value.trim()));
            }
        }
        // More than came: it was cut, which is what there is to see of it.
        let length = told.filter(|told: &usize| *told > body.len());
        headers.push(format!("Content-Length: {}", length.unwrap_or(body.len())));
        Some(Self {
            status: status.trim_end().to_owned(),
            headers,
            body: body.to_vec(),
            dropped,
        })
    }

    /// The bytes of a HTTP/1.1 response.
    pub(super) fn write(&self) -> Vec<u8> {
        let headers = self.headers.join("\r\n");
        let head = format!("HTTP/1.1 {}\r\n{headers}\r\n\r\n", self.status);
        [head.as_bytes(), &self.body].concat()
    }
}

/// The head's text and the body after the empty line.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    let (at, length) = ends
        .iter()
        .filter_map(|end| {
            let at = bytes.windows(end.len()).position(|piece| piece == *end)?;
            Some((at, end.len()))
        })
        .min()?;
    let head = std::str::from_utf8(bytes.get(..at)?).ok()?;
    Some((head, bytes.get(at + length..)?))
}

#[cfg(test)]
mod tests {
    use super::Raw;

    fn rewritten(text: &str) -> Option<String> {
        Raw::read(text.as_bytes()).map(|raw| String::from_utf8(raw.write()).unwrap())
    }

    #[test]
    fn what_curl_prints_becomes_http_1_1() {
        let printed = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 422 \r\ncontent-type: application/json\r\n\
                       Set-Cookie: me=1\r\ntransfer-encoding: chunked\r\n\r\n{\n\n}";
        let kept =
            "HTTP/1.1 422\r\ncontent-type: application/json\r\nContent-Length: 4\r\n\r\n{\n\n}";
        assert_eq!(rewritten(printed).as_deref(), Some(kept));
        let raw = Raw::read(printed.as_bytes()).unwrap();
        assert_eq!(raw.dropped, ["Set-Cookie", "transfer-encoding"]);
    }

    #[test]
    fn lines_may_end_in_lf_only() {
        let kept = "HTTP/1.1 404 Not Found\r\nX: a:b\r\nContent-Length: 4\r\n\r\nno\r\n";
        assert_eq!(
            rewritten("HTTP/1.0 404 Not Found\nX:a:b\ncontent-length: 2\n\nno\r\n").as_deref(),
            Some(kept)
        );
    }

    #[test]
    fn a_cut_answer_stays_cut() {
        let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"da";
        assert_eq!(rewritten(cut).as_deref(), Some(cut));
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "HTTP/1.1 2OO X\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno\r\n\r\n",
        ] {
            assert_eq!(rewritten(text), None, "{text:?}");
        }
    }
}
