//! The rows of a file, as they were written.

use serde_json::{Map, Value};

/// What a file's rows look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An object a line.
    Json,
    /// A header and rows, with this between cells.
    Table(u8),
    /// The main input a line.
    Text,
}

/// One row, as it was written.
#[derive(Debug)]
pub(super) struct Written {
    /// From 1, the header's counted.
    pub(super) line: u64,
    pub(super) fields: Map<String, Value>,
    /// Whether values are texts whose kind the field says.
    pub(super) untyped: bool,
}

/// A row that cannot be read, and why.
pub(super) type Bad = (u64, String);

/// The key of a row that is only its main input.
pub(super) const MAIN: &str = "\0main";

/// The form of a file by its name; of stdin by its first character.
pub(super) fn form(extension: &str, content: &str) -> Option<Form> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => Form::Json,
        "csv" => Form::Table(b','),
        "tsv" => Form::Table(b'\t'),
        "txt" => Form::Text,
        "" if content.trim_start().starts_with('{') => Form::Json,
        "" => Form::Text,
        _ => return None,
    })
}

/// Reads every row; those that cannot be read are told by their line.
pub(super) fn rows(form: Form, content: &str) -> (Vec<Written>, Vec<Bad>) {
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    match form {
        Form::Json => lines(content, |text| match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok((fields, false)),
            Ok(_) => Err("not an object".to_owned()),
            Err(error) => Err(error.to_string()),
        }),
        Form::Text => lines(content, |text| {
            let main = (MAIN.to_owned(), Value::from(text));
            Ok((Map::from_iter([main]), false))
        }),
        Form::Table(between) => table(between, content),
    }
}

fn lines(
    content: &str,
    read: impl Fn(&str) -> Result<(Map<String, Value>, bool), String>,
) -> (Vec<Written>, Vec<Bad>) {
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(content.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        match read(text) {
            Ok((fields, untyped)) => rows.push(Written {
                line,
                fields,
                untyped,
            }),
            Err(why) => bad.push((line, why)),
        }
    }
    (rows, bad)
}

fn table(between: u8, content: &str) -> (Vec<Written>, Vec<Bad>) {
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between)
        .flexible(false)
        .from_reader(content.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return (rows, vec![(1, error.to_string())]),
    };
    let mut seen = std::collections::BTreeSet::new();
    for name in &header {
        if !seen.insert(name) {
            bad.push((1, format!("two columns are called {name:?}")));
        }
    }
    let mut place = Place::start(content);
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = place.line(record.position());
                let cells = header.iter().zip(record.iter());
                // An empty cell says nothing of its field.
                let cells = cells.filter(|(_, cell)| !cell.is_empty());
                let fields = cells.map(|(name, cell)| (name.to_owned(), Value::from(cell)));
                rows.push(Written {
                    line,
                    fields: fields.collect(),
                    untyped: true,
                });
            }
            Err(error) => {
                let line = place.line(error.position());
                bad.push((line, error.to_string()));
            }
        }
    }
    (rows, bad)
}

/// Where in a text one is. The reader of tables counts line feeds alone, and places a row before
/// the empty lines that stand above it.
struct Place<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl<'a> Place<'a> {
    const fn start(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            byte: 0,
            line: 1,
        }
    }

    /// The line of a row that follows the one asked for before.
    fn line(&mut self, row: Option<&csv::Position>) -> u64 {
        let row = row.map_or(0, |row| usize::try_from(row.byte()).unwrap_or(usize::MAX));
        while let Some(byte) = self.text.get(self.byte) {
            let is_end = match byte {
                b'\n' => true,
                b'\r' => self.text.get(self.byte + 1) != Some(&b'\n'),
                _ if self.byte >= row => break,
                _ => false,
            };
            self.line += u64::from(is_end);
            self.byte += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: Form, content: &str) -> Vec<(u64, String)> {
        let (rows, bad) = rows(form, content);
        assert!(bad.is_empty(), "{bad:?}");
        rows.into_iter()
            .map(|row| (row.line, Value::Object(row.fields).to_string()))
            .collect()
    }

    #[test]
    fn every_form_is_read_with_its_lines() {
        let said = read(Form::Json, "{\"prompt\":\"a\"}\n\n{\"width\":2}\n");
        assert_eq!(
            said,
            [
                (1, "{\"prompt\":\"a\"}".into()),
                (3, "{\"width\":2}".into())
            ]
        );
        let said = read(
            Form::Table(b','),
            "prompt,width\n\"a, \"\"b\"\"\nc\",512\nd,\n",
        );
        assert_eq!(said[0].1, r#"{"prompt":"a, \"b\"\nc","width":"512"}"#);
        assert_eq!(said[1], (4, r#"{"prompt":"d"}"#.to_owned()));
        let said = read(Form::Text, "\u{feff}a cat\r\n\na dog");
        assert_eq!(said[0].1, r#"{"\u0000main":"a cat"}"#);
        assert_eq!(said[1].0, 3);
    }

    #[test]
    fn bad_rows_are_told_by_their_lines() {
        let (_, bad) = rows(Form::Json, "{}\n[1]\n{\"a\"\n");
        assert_eq!(
            bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2, 3]
        );
        let (_, bad) = rows(Form::Table(b','), "a,a\n1,2\n1,2,3\n");
        assert_eq!(
            bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [1, 3]
        );
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        let lines = |content| {
            let said = read(Form::Table(b','), content);
            said.into_iter().map(|(line, _)| line).collect::<Vec<_>>()
        };
        assert_eq!(lines("a\n\n\n1\n2\n"), [4, 5]);
        assert_eq!(lines("a\r\n1\r\n\r\n2\r\n"), [2, 4]);
        assert_eq!(lines("a\r1\r\"2\r3\"\r4"), [2, 3, 5]);
        let (_, bad) = rows(Form::Table(b','), "a\n\n1,2\n");
        assert_eq!(bad[0].0, 3);
    }

    #[test]
    fn stdin_tells_its_form_by_itself() {
        assert_eq!(form("", " {\"a\":1}"), Some(Form::Json));
        assert_eq!(form("", "a cat"), Some(Form::Text));
        assert_eq!(form("TSV", ""), Some(Form::Table(b'\t')));
        assert_eq!(form("xlsx", ""), None);
    }
}
