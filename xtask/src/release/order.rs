//! In which order crates are published: each after those it is built from.

use std::collections::{BTreeMap, BTreeSet};

/// The names so that each stands behind its needs, equals by the alphabet.
///
/// # Errors
///
/// When some need each other in a circle, or one that is not in the map; names them.
pub(super) fn sorted(needs: &BTreeMap<String, BTreeSet<String>>) -> Result<Vec<String>, String> {
    let mut order: Vec<String> = Vec::new();
    let mut left: BTreeSet<&String> = needs.keys().collect();
    while !left.is_empty() {
        let ready = left.iter().copied().find(|name| {
            needs
                .get(*name)
                .is_some_and(|of| of.iter().all(|need| order.contains(need)))
        });
        let Some(name) = ready else {
            let names: Vec<&str> = left.iter().map(|name| name.as_str()).collect();
            return Err(format!(
                "no order publishes {}: they need each other, or what is not published",
                names.join(", ")
            ));
        };
        order.push(name.clone());
        left.remove(name);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::sorted;
    use std::collections::{BTreeMap, BTreeSet};

    fn order(graph: &[(&str, &[&str])]) -> Result<Vec<String>, String> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let needs: BTreeMap<String, BTreeSet<String>> = graph
            .iter()
            .map(|(name, needs)| ((*name).to_owned(), owned(needs)))
            .collect();
        sorted(&needs)
    }

    #[test]
    fn what_is_needed_comes_first_and_equals_go_by_the_alphabet() {
        let found = order(&[("a", &["d", "c"]), ("b", &[]), ("c", &["d"]), ("d", &[])]);
        assert_eq!(found.unwrap(), ["b", "d", "c", "a"]);
    }

    #[test]
    fn a_circle_and_a_need_nobody_publishes_are_named() {
        let circle = order(&[("a", &["b"]), ("b", &["a"]), ("c", &[])]).unwrap_err();
        assert!(circle.contains(" a, b:"), "{circle}");
        assert!(order(&[("a", &["private"])]).unwrap_err().contains(" a:"));
    }
}
