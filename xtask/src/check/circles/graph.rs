//! Circles in a directed graph of files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Which file points at which, by number, and the first place where it does.
pub(super) type Arrows = BTreeMap<usize, BTreeMap<usize, Arrow>>;

/// Why a file points at another.
#[derive(Debug)]
pub(super) struct Arrow {
    /// The line of the path.
    pub(super) line: usize,
    /// The path as it was written.
    pub(super) path: String,
}

/// For each file in a circle, the shortest one through it; each circle once, lowest file first.
pub(super) fn circles(arrows: &Arrows) -> Vec<Vec<usize>> {
    let found: BTreeSet<Vec<usize>> = arrows
        .keys()
        .filter_map(|&file| shortest(arrows, file))
        .collect();
    found.into_iter().collect()
}

/// The shortest way from a file back to itself.
fn shortest(arrows: &Arrows, start: usize) -> Option<Vec<usize>> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in arrows.get(&at).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let back = |file: &usize| came_from.get(file).copied();
                let mut circle: Vec<usize> = std::iter::successors(Some(at), back).collect();
                circle.reverse();
                let lowest = circle.iter().enumerate().min_by_key(|(_, file)| **file)?.0;
                circle.rotate_left(lowest);
                return Some(circle);
            }
            if next != at && !came_from.contains_key(&next) {
                came_from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Arrow, Arrows, circles};

    fn graph(edges: &[(usize, usize)]) -> Arrows {
        let mut arrows = Arrows::new();
        for &(from, to) in edges {
            let arrow = Arrow {
                line: 1,
                path: String::new(),
            };
            arrows.entry(from).or_default().insert(to, arrow);
        }
        arrows
    }

    #[test]
    fn arrows_that_only_go_down_make_no_circle() {
        assert!(circles(&graph(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)])).is_empty());
    }

    #[test]
    fn each_circle_is_told_once_wherever_it_is_entered() {
        assert_eq!(
            circles(&graph(&[(9, 2), (2, 5), (5, 7), (7, 2), (7, 8)])),
            [vec![2, 5, 7]]
        );
    }

    #[test]
    fn circles_apart_are_told_apart() {
        let found = circles(&graph(&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)]));
        assert_eq!(found, [vec![0, 1], vec![2, 3]]);
    }
}
