//! The rows as one table for people.

use std::fmt::Write as _;

use super::row::Row;

pub(super) fn render(rows: &[Row]) -> String {
    let wide = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let (what, beside) = (
        wide(|row| row.what.chars().count()),
        wide(|row| row.beside.len()),
    );
    let mut text = String::new();
    for row in rows {
        let Row { unit, .. } = row;
        let ours = number(row.ours);
        let baseline = number(row.baseline);
        let _ = writeln!(
            text,
            "{:<what$}  {ours:>9} {unit:<5}  {:<beside$} {baseline:>9}  ratio {:>6.3}  {}",
            row.what,
            row.beside,
            row.ratio,
            row.told(),
        );
    }
    text
}

/// Three digits, or all before the point.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Bound;
    use super::super::row::tests::row;
    use super::*;

    #[test]
    fn a_row_is_a_line() {
        let bound = Bound {
            ratio_at_most: Some(1.1),
            ..Bound::default()
        };
        let table = render(&[row(1.0, bound), row(1.5, bound)]);
        assert_eq!(table.lines().count(), 2);
        assert!(
            table.contains("ratio  1.500  MISSED: ratio at most 1.10"),
            "{table}"
        );
    }

    #[test]
    fn numbers_keep_three_digits() {
        assert_eq!(number(12345.6), "12346");
        assert_eq!(number(12.345), "12.3");
        assert_eq!(number(1.2345), "1.23");
    }
}
