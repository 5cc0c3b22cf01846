//! Any bytes as an answer: the form of the corpus' `.http` files, read so that most bytes are one.

/// An answer.
#[derive(Debug)]
pub(super) struct Any {
    /// 100 to 999.
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Any {
    pub(super) fn read(data: &[u8]) -> Self {
        let mut lines = data;
        let first = line(&mut lines);
        let told = first.split(' ').find_map(|word| word.parse().ok());
        let mut headers = Vec::new();
        loop {
            let text = line(&mut lines);
            if text.is_empty() {
                break;
            }
            if let Some((name, value)) = text.split_once(':') {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self {
            status: told
                .filter(|status| (100..1000).contains(status))
                .unwrap_or(500),
            headers,
            body: lines.to_vec(),
        }
    }

    /// As the types' readers take them.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.headers.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// Takes a line, and its end away from it.
fn line(rest: &mut &[u8]) -> String {
    let end = rest.iter().position(|byte| *byte == b'\n');
    let (line, after) = match end {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (*rest, &[][..]),
    };
    *rest = after;
    let text = String::from_utf8_lossy(line);
    text.strip_suffix('\r').unwrap_or(&text).to_owned()
}
