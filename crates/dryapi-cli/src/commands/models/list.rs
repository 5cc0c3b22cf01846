//! The catalogue as a table.

use dryapi_client::Model;

use super::words::{joined, limits};
use crate::report::terminal;

/// Aligned columns: slug, tasks, limits.
pub(super) fn table(models: &[Model]) -> Vec<String> {
    let rows: Vec<[String; 3]> = models
        .iter()
        .map(|model| {
            let cells = [
                model.slug.clone(),
                joined(&model.tasks, ","),
                limits(&model.info),
            ];
            cells.map(|cell| terminal::line(&cell).into_owned())
        })
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let (slugs, tasks) = (width(0), width(1));
    rows.iter()
        .map(|[slug, task, limits]| {
            let line = format!("{slug:slugs$}  {task:tasks$}  {limits}");
            line.trim_end().to_owned()
        })
        .collect()
}
