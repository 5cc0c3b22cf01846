//! Texts of others, made fit to be kept.

/// How much of a text of the server's is kept, in characters.
const KEPT: usize = 200;

/// The start of a text, without the secrets in it.
pub(crate) fn fit<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = text.trim().to_owned();
    for secret in secrets {
        if !secret.is_empty() {
            text = text.replace(secret, "[redacted]");
        }
    }
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => {
            text.truncate(end);
            text.push('…');
            text
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_gone_before_the_text_is_cut() {
        let long = format!("{}hunter2", "é".repeat(196));
        let fitted = fit(&long, ["hunter2", ""]);
        assert!(!fitted.contains("hun"), "{fitted}");
        assert_eq!(fitted.chars().count(), KEPT + 1);
        assert_eq!(fit(" short ", []), "short");
    }
}
