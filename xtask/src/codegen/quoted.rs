//! Texts as Rust literals.

/// A text as a Rust literal.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Texts as a slice of literals.
pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("&[{}]", texts.join(", "))
}

/// A number as an `f64` literal.
pub(super) fn float(number: f64) -> String {
    format!("{number:?}")
}
