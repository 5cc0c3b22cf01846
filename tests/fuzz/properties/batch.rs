//! Any file of rows is read row by row, and each row that cannot be read is told by its line.

use serde_json::Value;

use super::input::{Form, MAIN, form, rows};

/// The first line is the file's extension, the rest its content.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (extension, content) = text.split_once('\n').unwrap_or(("", &text));
    let Some(form) = form(extension.trim(), content) else {
        return;
    };
    let last = u64::try_from(content.split(['\n', '\r']).count()).unwrap();
    let (written, bad) = rows(form, content);
    let mut before = 0;
    for row in &written {
        assert!(
            row.line > before && row.line <= last,
            "line {} of {last}",
            row.line
        );
        before = row.line;
        assert_eq!(row.untyped, matches!(form, Form::Table(_)));
        match form {
            Form::Json => {}
            Form::Table(_) => assert!(row.fields.values().all(is_text)),
            Form::Text => assert!(row.fields.len() == 1 && is_text(&row.fields[MAIN])),
        }
    }
    for (line, why) in &bad {
        assert!(
            *line >= 1 && *line <= last && !why.is_empty(),
            "line {line}: {why}"
        );
    }
    if form != (Form::Json) {
        return;
    }
    // What was read is read again the same.
    let lines: Vec<String> = written
        .iter()
        .map(|row| Value::Object(row.fields.clone()).to_string())
        .collect();
    let (again, none) = rows(form, &lines.join("\n"));
    assert!(none.is_empty() && again.len() == written.len(), "{none:?}");
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}
