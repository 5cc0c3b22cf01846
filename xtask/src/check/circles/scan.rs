//! Reads one module: what it defines, declares, imports and names. Code for tests is passed over.

use std::collections::BTreeSet;

use proc_macro2::{Group, TokenTree};

use super::tokens::{inside, is, is_cfg_test, is_for_tests, item_length, parenthesised, plain};
use crate::check::sources;

/// What stands in one module.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Items defined here.
    pub(super) items: BTreeSet<String>,
    /// `macro_rules!` defined here; among the items too.
    pub(super) macros: Vec<String>,
    /// `mod name;`
    pub(super) declared: Vec<String>,
    /// `mod name { … }`
    pub(super) inline: Vec<(String, Scanned)>,
    /// `use …;`, one for each name.
    pub(super) imports: Vec<Import>,
    /// Every other path.
    pub(super) paths: Vec<Named>,
}

/// One name that a `use` brings.
#[derive(Debug)]
pub(super) struct Import {
    /// The name in this module; `None` for `*`.
    pub(super) alias: Option<String>,
    /// Whether others may import it from here.
    pub(super) public: bool,
    /// The path it stands for.
    pub(super) target: Named,
}

/// A path and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

/// Keywords that are followed by the name they define.
const DEFINING: &[&str] = &[
    "struct", "enum", "union", "trait", "type", "fn", "const", "static",
];

/// Reads the tokens of a module.
pub(super) fn scan(tokens: &[TokenTree]) -> Scanned {
    let mut found = Scanned::default();
    let whole_file_is_a_test = tokens.windows(3).any(|three| match three {
        [a, b, TokenTree::Group(attribute)] => is(a, '#') && is(b, '!') && is_cfg_test(attribute),
        _ => false,
    });
    if !whole_file_is_a_test {
        found.read(tokens, true);
    }
    found
}

impl Scanned {
    fn read(&mut self, tokens: &[TokenTree], items: bool) {
        let mut at = 0;
        let mut public = false;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at..).unwrap_or_default();
            match token {
                TokenTree::Group(group) => {
                    self.read(&inside(group), false);
                    at += 1;
                }
                TokenTree::Ident(ident) => {
                    let word = ident.to_string();
                    if word == "pub" {
                        let scope = rest.get(1).and_then(parenthesised).is_some();
                        at += if scope { 2 } else { 1 };
                        public = true;
                        continue;
                    }
                    at += self.keyword(&word, rest, items, public).unwrap_or_else(|| {
                        let before = tokens.get(..at).unwrap_or_default();
                        self.path(before, rest)
                    });
                }
                _ if is(token, '#') => at += self.attribute(rest),
                _ => at += 1,
            }
            public = false;
        }
    }

    /// Reads what a keyword begins; gives the number of tokens read, or `None` if it is none.
    fn keyword(
        &mut self,
        word: &str,
        rest: &[TokenTree],
        items: bool,
        public: bool,
    ) -> Option<usize> {
        let name = |at: usize| match rest.get(at) {
            Some(TokenTree::Ident(ident)) => Some(plain(&ident.to_string())),
            _ => None,
        };
        match word {
            // not the `use<'a>` of a return type
            "use" if !rest.get(1).is_some_and(|next| is(next, '<')) => {
                let end = rest.iter().position(|token| is(token, ';'))?;
                imports(rest.get(1..end)?, &[], public, &mut self.imports);
                Some(end + 1)
            }
            "mod" => {
                let name = name(1)?;
                match rest.get(2) {
                    Some(TokenTree::Group(body)) => self.inline.push((name, scan(&inside(body)))),
                    _ => self.declared.push(name),
                }
                Some(3)
            }
            "macro_rules" => {
                let name = name(2)?;
                self.items.insert(name.clone());
                self.macros.push(name);
                Some(3)
            }
            _ if DEFINING.contains(&word) => {
                let name = name(1)?;
                if items && name != "fn" && name != "mut" {
                    self.items.insert(name.clone());
                }
                // `const fn name`, `static mut NAME`: the name is still to come
                Some(if DEFINING.contains(&name.as_str()) {
                    1
                } else {
                    2
                })
            }
            _ => None,
        }
    }

    /// Reads the path that begins here, if one begins; gives the number of tokens read.
    fn path(&mut self, before: &[TokenTree], rest: &[TokenTree]) -> usize {
        let mut segments = Vec::new();
        let mut read = 0;
        let mut line = 0;
        while let Some(TokenTree::Ident(ident)) = rest.get(read) {
            if segments.is_empty() {
                line = ident.span().start().line;
            }
            segments.push(plain(&ident.to_string()));
            read += 1;
            let colons = rest
                .get(read..read + 2)
                .is_some_and(|two| two.iter().all(|t| is(t, ':')));
            if !colons || !matches!(rest.get(read + 2), Some(TokenTree::Ident(_))) {
                break;
            }
            read += 2;
        }
        if begins_path(before) && (segments.len() > 1 || may_be_item(&segments, rest.get(read))) {
            self.paths.push(Named { segments, line });
        }
        read.max(1)
    }

    /// Passes over an attribute, and what it hides from all but tests.
    fn attribute(&mut self, rest: &[TokenTree]) -> usize {
        match rest {
            [_, TokenTree::Group(attribute), ..] if is_for_tests(attribute) => {
                2 + item_length(rest.get(2..).unwrap_or_default())
            }
            [_, TokenTree::Group(attribute), ..] => {
                self.quoted_paths(attribute);
                2
            }
            _ => 1,
        }
    }

    /// `#[serde(with = "crate::lenient")]` names a path in a string.
    fn quoted_paths(&mut self, attribute: &Group) {
        let tokens = inside(attribute);
        if matches!(tokens.first(), Some(TokenTree::Ident(name)) if name == "doc") {
            return;
        }
        for token in &tokens {
            match token {
                TokenTree::Group(group) => self.quoted_paths(group),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let path = text.trim_matches('"');
                    if ["crate::", "super::", "self::"]
                        .iter()
                        .any(|own| path.starts_with(own))
                    {
                        // read as code, but at the line of the attribute
                        let mut quoted = Scanned::default();
                        quoted.read(&sources::tokens(path).unwrap_or_default(), false);
                        let line = literal.span().start().line;
                        self.paths
                            .extend(quoted.paths.into_iter().map(|p| Named { line, ..p }));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Reads the tree of a `use`.
fn imports(tokens: &[TokenTree], prefix: &[String], public: bool, into: &mut Vec<Import>) {
    for branch in tokens.split(|token| is(token, ',')) {
        let mut segments = prefix.to_vec();
        let mut alias = None;
        let mut line = 0;
        let mut at = 0;
        if prefix.is_empty() && branch.first().is_some_and(|token| is(token, ':')) {
            continue; // `::name` is somebody else's crate
        }
        while let Some(token) = branch.get(at) {
            match token {
                TokenTree::Ident(ident) if ident == "as" => {
                    alias = branch.get(at + 1).map(|token| plain(&token.to_string()));
                    at += 1;
                }
                TokenTree::Ident(ident) => {
                    line = ident.span().start().line;
                    segments.push(plain(&ident.to_string()));
                }
                TokenTree::Group(group) => {
                    imports(&inside(group), &segments, public, into);
                    segments.clear();
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    let line = punct.span().start().line;
                    let target = Named {
                        segments: std::mem::take(&mut segments),
                        line,
                    };
                    into.push(Import {
                        alias: None,
                        public,
                        target,
                    });
                }
                _ => {}
            }
            at += 1;
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        if let Some(last) = segments.last() {
            let alias = Some(alias.unwrap_or_else(|| last.clone()));
            into.push(Import {
                alias,
                public,
                target: Named { segments, line },
            });
        }
    }
}

/// Whether an identifier after `before` is the first of its path, and no field or method.
fn begins_path(before: &[TokenTree]) -> bool {
    match before {
        [.., a, b] if is(b, '.') => is(a, '.'),
        [.., a, b] => !(is(a, ':') && is(b, ':')),
        _ => true,
    }
}

/// Whether a single name may be an item's: a type, or something that is called.
fn may_be_item(segments: &[String], next: Option<&TokenTree>) -> bool {
    let is_type = segments
        .first()
        .is_some_and(|name| name.starts_with(char::is_uppercase));
    is_type || next.is_some_and(|token| is(token, '!') || parenthesised(token).is_some())
}
