//! Which paths a pattern means.

/// Whether a path is meant by a pattern. A pattern that begins with `/` is the whole path; any
/// other is its end, from a `/` on. A segment `*` stands for any one segment.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.trim_start_matches('/').rsplit('/');
    let whole = pattern.starts_with('/');
    let fits = pattern.trim_start_matches('/').rsplit('/').all(|wanted| {
        segments
            .next()
            .is_some_and(|segment| wanted == "*" || wanted == segment)
    });
    fits && (!whole || segments.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_is_a_whole_path_or_its_end() {
        const PATH: &str = "/api/v1/client/request-status/ab-1";
        for pattern in [
            PATH,
            "ab-1",
            "*",
            "request-status/ab-1",
            "request-status/*",
            "client/*/ab-1",
        ] {
            assert!(matches(pattern, PATH), "{pattern}");
        }
        let none = [
            "",
            "1",
            "/request-status/ab-1",
            "/ab-1",
            "request-status",
            "status/*",
            "/x/*/*/*/*",
        ];
        for pattern in none {
            assert!(!matches(pattern, PATH), "{pattern}");
        }
        assert!(!matches(
            "txt2img",
            "/api/v1/client/txt2img/price-calculation"
        ));
        assert!(!matches("a/b", "/b"));
    }
}
