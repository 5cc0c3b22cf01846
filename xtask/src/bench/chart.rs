//! The rows that have a bound on their ratio as a picture for the README: ours as a bar, beside a
//! line where the baseline is.

use std::fmt::Write as _;

use super::row::Row;
use super::table::number;

const WIDTH: f64 = 760.0;
/// Where the bars begin, and how long a ratio of 1 is.
const LEFT: f64 = 330.0;
const ONE: f64 = 220.0;
const LINE: f64 = 34.0;
const TOP: f64 = 56.0;
/// A longer bar would leave the picture.
const LONGEST: f64 = 1.6;

/// The picture; its title says on what machine it was measured.
pub(super) fn svg(rows: &[Row], machine: &str) -> String {
    let rows: Vec<&Row> = rows
        .iter()
        .filter(|row| {
            row.bound
                .ratio_at_most
                .or(row.bound.ratio_at_least)
                .is_some()
        })
        .collect();
    let height = TOP + LINE * rows.len() as f64 + 20.0;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" rx="8" fill="#fff"/>
<text x="16" y="26" font-weight="600" fill="#111">Ours beside the baseline, measured in one run</text>
<text x="16" y="44" font-size="11" fill="#666">{}</text>
"##,
        escaped(machine)
    );
    for (index, row) in rows.iter().enumerate() {
        let y = TOP + LINE * index as f64;
        let long = row.ratio.min(LONGEST) * ONE;
        let colour = if row.kept() { "#2f7d4f" } else { "#c2571a" };
        let figures = format!("{:.2}  ({} {})", row.ratio, number(row.ours), row.unit);
        let bound = match (row.bound.ratio_at_most, row.bound.ratio_at_least) {
            (Some(most), _) => format!("; at most {most:.2}"),
            (None, Some(least)) => format!("; at least {least:.2}"),
            (None, None) => String::new(),
        };
        let beside = format!("beside {}{bound}", row.beside);
        let (text, bar, below) = (y + 14.0, y + 4.0, y + 27.0);
        let _ = writeln!(
            svg,
            r##"<text x="16" y="{text}" fill="#111">{}</text><text x="16" y="{below}" font-size="10" fill="#888">{}</text><rect x="{LEFT}" y="{bar}" width="{long:.0}" height="16" rx="3" fill="{colour}"/><text x="{:.0}" y="{text}" font-size="11" fill="#333">{}</text>"##,
            escaped(&row.what),
            escaped(&beside),
            LEFT + long + 6.0,
            escaped(&figures),
        );
    }
    let (one, bottom) = (LEFT + ONE, height - 16.0);
    let _ = writeln!(
        svg,
        r##"<line x1="{one}" y1="{}" x2="{one}" y2="{bottom}" stroke="#111" stroke-dasharray="3 3"/>
</svg>"##,
        TOP - 4.0
    );
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::super::row::Bound;
    use super::super::row::tests::row;
    use super::*;

    #[test]
    fn only_what_has_a_bound_on_its_ratio_is_drawn() {
        let bound = Bound {
            ratio_at_least: Some(0.9),
            ..Bound::default()
        };
        let svg = svg(
            &[row(1.0, bound), row(0.5, bound), row(3.0, Bound::default())],
            "a <machine>",
        );
        assert_eq!(svg.matches("beside theirs; at least 0.90").count(), 2);
        assert!(svg.contains("a &lt;machine>"));
        assert_eq!(svg.matches("#c2571a").count(), 1);
    }
}
