//! A screen as SVG.

use std::fmt::Write as _;

use super::scene::COLUMNS;
use super::screen::{Screen, Style};

/// A character's width and a line's height, in pixels, and the margin around all.
const WIDTH: f64 = 8.43;
const HEIGHT: usize = 20;
const MARGIN: usize = 18;
/// The bar of the window.
const BAR: usize = 30;

/// Readable on the dark ground, in the order of SGR.
const COLOURS: [&str; 16] = [
    "#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
    "#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc",
];

pub(super) fn of(screen: &Screen) -> String {
    let width = (COLUMNS as f64).mul_add(WIDTH, 2.0 * MARGIN as f64).ceil();
    let height = BAR + MARGIN + screen.lines.len() * HEIGHT + MARGIN / 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" xml:space=\"preserve\" role=\"img\" aria-label=\"dryapi in a terminal\">\n\
         <!-- From a real run: cargo xtask picture -->\n\
         <style>text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, \
         'DejaVu Sans Mono', monospace; fill: #e6edf3; white-space: pre }}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n"
    );
    for (number, colour) in ["#ff5f57", "#febc2e", "#28c840"].iter().enumerate() {
        let x = MARGIN + 6 + number * 20;
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"20\" r=\"6\" fill=\"{colour}\"/>"
        );
    }
    for (row, line) in screen.lines.iter().enumerate() {
        let y = BAR + MARGIN + row * HEIGHT + HEIGHT / 2;
        for (column, style, text) in runs(line) {
            let x = (column as f64).mul_add(WIDTH, MARGIN as f64);
            // Every font is as wide as it should be.
            let length = text.chars().count() as f64 * WIDTH;
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{length:.1}\"{}>{}</text>",
                look(style),
                escaped(&text)
            );
        }
    }
    svg + "</svg>\n"
}

/// Neighbours that look alike, without blank ones at the end.
fn runs(line: &[(char, Style)]) -> Vec<(usize, Style, String)> {
    let end = line.iter().rposition(|(char, _)| *char != ' ');
    let mut runs: Vec<(usize, Style, String)> = Vec::new();
    for (column, (char, style)) in line.iter().enumerate().take(end.map_or(0, |end| end + 1)) {
        match runs.last_mut() {
            Some((_, last, text)) if last == style => text.push(*char),
            _ => runs.push((column, *style, char.to_string())),
        }
    }
    runs
}

/// As CSS, which would win over attributes.
fn look(style: Style) -> String {
    let mut look = String::new();
    let colour = style.colour.map(usize::from);
    if let Some(colour) = colour.and_then(|colour| COLOURS.get(colour)) {
        let _ = write!(look, "fill:{colour};");
    }
    if style.bold {
        look += "font-weight:bold;";
    }
    if style.dim {
        look += "opacity:0.5;";
    }
    if look.is_empty() {
        return look;
    }
    format!(" style=\"{look}\"")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
