//! Sentences that read like somebody's, drawn from a few patterns.

use crate::random::Rng;

const SUBJECTS: &[&str] = &[
    "the harbour",
    "our neighbour",
    "the old library",
    "every gardener",
    "the night train",
    "a quiet street",
    "the lighthouse keeper",
    "my first teacher",
    "the small orchestra",
    "the weather station",
    "a young baker",
    "the river",
    "the whole team",
    "the museum",
];

const VERBS: &[&str] = &[
    "remembers",
    "keeps",
    "follows",
    "has always loved",
    "welcomes",
    "carries",
    "still needs",
    "is known for",
    "waits for",
    "never forgets",
    "talks about",
    "lives with",
];

const OBJECTS: &[&str] = &[
    "the first light of the morning",
    "its own slow rhythm",
    "the smell of fresh bread",
    "stories nobody wrote down",
    "the sound of rain on a tin roof",
    "a handful of good friends",
    "the long way home",
    "more questions than answers",
    "the colour of late autumn",
    "an unfinished map of the coast",
    "letters from the other side of the sea",
    "a song from before the war",
];

const OPENINGS: &[&str] = &[
    "",
    "",
    "",
    "In the end, ",
    "As a rule, ",
    "Most of the time, ",
    "So far, ",
    "On Sundays, ",
    "If you listen closely, ",
    "To be honest, ",
];

const ENDINGS: &[&str] = &[
    "",
    "",
    "",
    ", and that is enough",
    ", whatever the season",
    ", as far as anyone can tell",
    ", which surprises nobody here",
    ", at least for now",
];

/// One of a list; nothing of an empty one.
pub(super) fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    let at = rng.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
    list.get(at as usize).copied().unwrap_or_default()
}

/// A sentence with a capital and a full stop.
pub(super) fn sentence(rng: &mut Rng) -> String {
    let opening = pick(rng, OPENINGS);
    let (subject, verb) = (pick(rng, SUBJECTS), pick(rng, VERBS));
    let (object, ending) = (pick(rng, OBJECTS), pick(rng, ENDINGS));
    let text = format!("{opening}{subject} {verb} {object}{ending}.");
    capital(&text)
}

/// The text with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_whole_and_differ() {
        let mut rng = Rng::new(1);
        let some: Vec<String> = (0..20).map(|_| sentence(&mut rng)).collect();
        for one in &some {
            assert!(
                one.starts_with(char::is_uppercase) && one.ends_with('.'),
                "{one}"
            );
        }
        let different: std::collections::BTreeSet<_> = some.iter().collect();
        assert!(different.len() > 15);
        assert_eq!(pick(&mut rng, &[]), "");
    }
}
