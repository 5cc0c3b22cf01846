//! What was told of jobs before, a bounded number of them.

use std::collections::HashMap;

use dryapi_client::RequestId;

/// At least so many jobs are known, at most twice as many: those told of last.
const MOST: usize = 20_000;

/// Something known of each job.
#[derive(Debug)]
pub(super) struct Known<V> {
    young: HashMap<RequestId, V>,
    old: HashMap<RequestId, V>,
}

impl<V> Known<V> {
    pub(super) fn new() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// What is known of a job, nothing at first.
    pub(super) fn of(&mut self, id: &RequestId) -> &mut V
    where
        V: Default,
    {
        let before = self.old.remove(id);
        if self.young.len() >= MOST && !self.young.contains_key(id) {
            self.old = std::mem::take(&mut self.young);
        }
        let young = self.young.entry(id.clone());
        young.or_insert_with(|| before.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_told_of_last_are_known_and_no_more_than_are_allowed() {
        let mut known = Known::<usize>::new();
        let id = |number: usize| RequestId::from(number.to_string());
        for number in 1..=5 * MOST {
            *known.of(&id(number)) = number;
            // Told of again and again.
            *known.of(&id(1)) = 1;
        }
        assert_eq!(*known.of(&id(1)), 1);
        assert_eq!(*known.of(&id(4 * MOST + 9)), 4 * MOST + 9);
        assert_eq!(*known.of(&id(2)), 0, "long forgotten");
        assert!(known.young.len() + known.old.len() <= 2 * MOST);
    }
}
