//! An answer's headers, without an HTTP crate.

/// An answer's headers as name and value; names compare without case. Values that are not visible
/// ASCII are left out by whoever fills it.
pub type Headers<'a> = [(&'a str, &'a str)];

/// The value of a header by its name, whatever its case.
pub(crate) fn header<'a>(headers: &Headers<'a>, name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
