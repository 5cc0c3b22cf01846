//! A list of vectors, after its first.

use serde::de::{Error, SeqAccess};

use super::place::in_list;
use super::row::{Item, Row, RowSeed};

/// A list of lists.
pub(super) fn plain<'de, A: SeqAccess<'de>>(
    mut list: A,
    first: Vec<f32>,
) -> Result<Vec<Vec<f32>>, A::Error> {
    let seed = RowSeed {
        numbers: Some(first.len()),
    };
    let mut vectors = vec![first];
    loop {
        let at = vectors.len();
        let row = list.next_element_seed(seed);
        match row.map_err(|error| in_list(at, &error))? {
            None => return Ok(vectors),
            Some(Row::Vector(vector)) => vectors.push(vector),
            Some(_) => return Err(in_list(at, &"no list, as those before it")),
        }
    }
}

/// A list of objects.
pub(super) fn items<'de, A: SeqAccess<'de>>(
    mut list: A,
    first: Item,
) -> Result<Vec<Vec<f32>>, A::Error> {
    let seed = RowSeed {
        numbers: Some(first.vector.len()),
    };
    let mut items = vec![first];
    loop {
        let at = items.len();
        let row = list.next_element_seed(seed);
        match row.map_err(|error| in_list(at, &error))? {
            None => break,
            Some(Row::Item(item)) => items.push(item),
            Some(_) => return Err(in_list(at, &"no object, as those before it")),
        }
    }
    ordered(items).map_err(A::Error::custom)
}

/// By `index`: which vector belongs to which text is never guessed.
fn ordered(mut items: Vec<Item>) -> Result<Vec<Vec<f32>>, &'static str> {
    let numbered = items.iter().filter(|item| item.index.is_some()).count();
    if numbered > 0 {
        if numbered < items.len() {
            return Err("some vectors have an index, others none");
        }
        items.sort_by_key(|item| item.index);
        let first = items.first().and_then(|item| item.index).unwrap_or(0);
        let follows = |(index, item): (u64, &Item)| item.index == Some(index);
        if first > 1 || !(first..).zip(&items).all(follows) {
            return Err("the vectors' indexes have gaps or repeat");
        }
    }
    Ok(items.into_iter().map(|item| item.vector).collect())
}
