//! Shapes in a row of tokens: an item's end, a test's attribute.

use proc_macro2::{Delimiter, Group, TokenTree};

/// The number of tokens an item takes up, its other attributes included.
pub(super) fn item_length(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| is(token, '#')) {
        at += 2;
    }
    let start = at;
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    };
    if word(at) == "pub" {
        at += if tokens.get(at + 1).and_then(parenthesised).is_some() {
            2
        } else {
            1
        };
    }
    let statement = match word(at).as_str() {
        "use" | "static" | "type" | "let" => true,
        "const" => !["fn", "unsafe", "async", "extern"].contains(&word(at + 1).as_str()),
        "extern" => word(at + 1) == "crate",
        _ => false,
    };
    let items = [
        "fn", "mod", "struct", "enum", "trait", "impl", "union", "unsafe", "async",
    ];
    let others = ["const", "extern", "macro_rules"];
    let item = items.iter().chain(&others).any(|item| word(at) == *item);
    let ends = |token: &TokenTree| {
        let body =
            matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        is(token, ';') || (!statement && (body || (!item && is(token, ','))))
    };
    let tail = tokens.get(start..).unwrap_or_default();
    start + tail.iter().position(ends).map_or(tail.len(), |end| end + 1)
}

/// Whether an attribute keeps an item for tests: `test`, `tokio::test`, `cfg(test)` and the like.
pub(super) fn is_for_tests(attribute: &Group) -> bool {
    let tokens = inside(attribute);
    let path = tokens
        .iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)));
    path.last().is_some_and(is_test) || is_cfg_test(attribute)
}

/// Whether an attribute's inside is `cfg(test)` or `cfg(all(test, …))`.
pub(super) fn is_cfg_test(attribute: &Group) -> bool {
    let tokens = inside(attribute);
    let [TokenTree::Ident(name), TokenTree::Group(condition)] = tokens.as_slice() else {
        return false;
    };
    name == "cfg"
        && match inside(condition).as_slice() {
            [only] => is_test(only),
            [TokenTree::Ident(all), TokenTree::Group(list)] => {
                all == "all" && inside(list).iter().any(is_test)
            }
            _ => false,
        }
}

fn is_test(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == "test")
}

/// The tokens between a group's brackets.
pub(super) fn inside(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// Whether a token is this punctuation.
pub(super) fn is(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// The group, if a token is one in parentheses.
pub(super) fn parenthesised(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    }
}

/// A name without the `r#` that makes a keyword one.
pub(super) fn plain(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}
