//! The longest files and functions: where to look first for two ideas in one place.

use proc_macro2::{Delimiter, TokenTree};

use super::report::{Failure, Report};
use super::sources;
use crate::workspace::Workspace;

/// How many of each are shown.
const SHOWN: usize = 10;

/// So many lines, and what they are.
type Measured = (usize, String);

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut files: Vec<Measured> = Vec::new();
    let mut functions: Vec<Measured> = Vec::new();
    for file in sources::hand_written(workspace)? {
        let Ok(source) = std::fs::read_to_string(workspace.root.join(&file)) else {
            continue;
        };
        for (lines, name, line) in measure(&sources::tokens(&source).unwrap_or_default()) {
            functions.push((lines, format!("{file}:{line} {name}")));
        }
        files.push((source.lines().count(), file));
    }
    let mut notes = vec!["files, in lines:".to_owned()];
    notes.extend(top(files));
    notes.push("functions, in lines:".to_owned());
    notes.extend(top(functions));
    Ok(Report {
        failures: Vec::new(),
        notes,
    })
}

fn top(mut measured: Vec<Measured>) -> impl Iterator<Item = String> {
    measured.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    measured
        .into_iter()
        .take(SHOWN)
        .map(|(lines, what)| format!("{lines:6}  {what}"))
}

/// Every function with a body: its length, name and first line.
fn measure(tokens: &[TokenTree]) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                found.extend(measure(&group.stream().into_iter().collect::<Vec<_>>()));
            }
            TokenTree::Ident(word) if word == "fn" => {
                let rest = tokens.get(at + 1..).unwrap_or_default();
                if let (Some(TokenTree::Ident(name)), Some(end)) = (rest.first(), body_end(rest)) {
                    let line = word.span().start().line;
                    found.push((end + 1 - line, name.to_string(), line));
                }
            }
            _ => {}
        }
    }
    found
}

/// The last line of the body of a function whose name comes first; `None` if it has no body.
fn body_end(rest: &[TokenTree]) -> Option<usize> {
    rest.iter().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            Some(Some(group.span_close().end().line))
        }
        TokenTree::Punct(punct) if punct.as_char() == ';' => Some(None),
        _ => None,
    })?
}

#[cfg(test)]
mod tests {
    use super::{measure, top};
    use crate::check::sources::tokens;

    #[test]
    fn functions_are_measured_wherever_they_stand() {
        let source = "trait T { fn no_body(&self); }\nimpl A {\n  pub fn three<'a>(x: &'a str)\n  {\n  }\n}\n\
                      fn outer() {\n  fn inner() {}\n}\nconst F: fn(u8) -> u8 = f;\n";
        let found = measure(&tokens(source).unwrap());
        let found: Vec<_> = found
            .iter()
            .map(|(n, name, line)| (*n, name.as_str(), *line))
            .collect();
        assert_eq!(found, [(3, "three", 3), (3, "outer", 7), (1, "inner", 8)]);
    }

    #[test]
    fn the_longest_come_first_and_no_more_than_ten() {
        let many = (0..20).map(|lines| (lines, format!("f{lines}"))).collect();
        let shown: Vec<String> = top(many).collect();
        assert_eq!(shown.len(), 10);
        assert_eq!(shown[0].trim(), "19  f19");
    }
}
