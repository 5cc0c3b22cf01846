//! What a prompt asks for: a handful of words are understood, the rest is left to chance.

use super::colour::Hues;
use crate::random::Rng;

/// The kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Nebula,
    Mountains,
    Forest,
    Sea,
    City,
    Bloom,
    Agate,
    Orbs,
}

/// The light of a landscape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hour {
    Dawn,
    Day,
    Sunset,
    Night,
}

/// What will be painted.
#[derive(Debug)]
pub(crate) struct Brief {
    pub(crate) subject: Subject,
    pub(crate) hour: Hour,
    pub(crate) hues: Hues,
    pub(crate) cat: bool,
    pub(crate) birds: bool,
    pub(crate) snow: bool,
}

const SUBJECTS: &[(Subject, &[&str])] = &[
    (
        Subject::Nebula,
        &[
            "nebula", "galaxy", "space", "cosmos", "cosmic", "universe", "planet",
        ],
    ),
    (
        Subject::City,
        &[
            "city",
            "town",
            "street",
            "skyline",
            "cyberpunk",
            "building",
            "tokyo",
        ],
    ),
    (
        Subject::Bloom,
        &[
            "flower", "rose", "bloom", "garden", "mandala", "lotus", "blossom",
        ],
    ),
    (
        Subject::Sea,
        &[
            "ocean", "sea", "beach", "lake", "water", "island", "wave", "river", "ship",
        ],
    ),
    (
        Subject::Forest,
        &[
            "forest", "tree", "wood", "jungle", "pine", "fox", "deer", "wolf",
        ],
    ),
    (
        Subject::Mountains,
        &[
            "mountain",
            "hill",
            "valley",
            "landscape",
            "desert",
            "snow",
            "alps",
        ],
    ),
    (
        Subject::Agate,
        &[
            "abstract", "marble", "agate", "pattern", "texture", "liquid", "stone",
        ],
    ),
    (
        Subject::Orbs,
        &[
            "circle",
            "bauhaus",
            "geometric",
            "minimal",
            "logo",
            "bubble",
            "poster",
        ],
    ),
];

const HOURS: &[(Hour, &[&str])] = &[
    (
        Hour::Night,
        &["night", "moon", "star", "midnight", "dark", "aurora"],
    ),
    (
        Hour::Sunset,
        &["sunset", "dusk", "evening", "golden", "autumn"],
    ),
    (
        Hour::Dawn,
        &["dawn", "sunrise", "morning", "mist", "fog", "spring"],
    ),
    (Hour::Day, &["day", "noon", "summer", "sunny"]),
];

const HUES: &[(f32, f32, &[&str])] = &[
    (300.0, 395.0, &["sunset", "fire", "lava", "autumn", "dusk"]),
    (
        265.0,
        200.0,
        &["ocean", "sea", "ice", "winter", "blue", "water"],
    ),
    (
        175.0,
        110.0,
        &["forest", "green", "jungle", "emerald", "spring"],
    ),
    (
        285.0,
        345.0,
        &["nebula", "purple", "violet", "galaxy", "cyberpunk"],
    ),
    (350.0, 395.0, &["rose", "pink", "love", "blossom", "cherry"]),
    (20.0, 50.0, &["red", "mars"]),
    (
        55.0,
        95.0,
        &["gold", "golden", "desert", "honey", "yellow", "amber"],
    ),
];

impl Brief {
    pub(crate) fn read(prompt: &str, rng: &mut Rng) -> Self {
        let prompt = prompt.to_lowercase();
        let words: Vec<&str> = prompt
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // Plurals count too.
        let says = |list: &[&str]| {
            list.iter().any(|wanted| {
                words.iter().any(|word| {
                    word.strip_prefix(wanted)
                        .is_some_and(|s| s.is_empty() || s == "s")
                })
            })
        };
        let cat = says(&["cat", "kitten", "kitty"]);
        let any_hour = [Hour::Dawn, Hour::Day, Hour::Sunset, Hour::Night];
        let by_chance = |list: &[Subject], rng: &mut Rng| {
            list.get(rng.below(list.len() as u32) as usize)
                .copied()
                .unwrap_or(Subject::Nebula)
        };
        let asked_hour = HOURS
            .iter()
            .find(|(_, list)| says(list))
            .map(|(hour, _)| *hour);
        let subject = SUBJECTS
            .iter()
            .find(|(_, list)| says(list))
            .map(|(subject, _)| *subject);
        let subject = subject.unwrap_or_else(|| {
            use Subject::{Agate, Bloom, City, Forest, Mountains, Nebula, Orbs, Sea};
            if cat || asked_hour.is_some() {
                by_chance(&[Nebula, Mountains, Forest, Sea, City], rng)
            } else {
                by_chance(
                    &[Nebula, Mountains, Forest, Sea, Bloom, Agate, Orbs, Agate],
                    rng,
                )
            }
        });
        let chosen = any_hour.get(rng.below(4) as usize).copied();
        let asked_hues = HUES.iter().find(|(_, _, list)| says(list));
        let any = Hues::any(rng);
        let sway = rng.range(-14.0, 14.0);
        let hues = asked_hues.map_or(any, |(shadow, light, _)| Hues {
            shadow: shadow + sway,
            light: light + sway,
        });
        Self {
            subject,
            hour: asked_hour.or(chosen).unwrap_or(Hour::Sunset),
            hues,
            cat,
            birds: says(&["bird", "gull", "raven", "crow", "eagle"]) || rng.chance(0.3),
            snow: says(&["snow", "winter", "ice", "alps"]) || rng.chance(0.35),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_whole_and_in_the_plural() {
        let read = |prompt| Brief::read(prompt, &mut Rng::new(1));
        assert!(read("a cat in a nebula").cat);
        assert!(read("Two CATS, please").cat);
        assert!(!read("a category of concatenations").cat);
        assert_eq!(read("cats over the ocean at night").subject, Subject::Sea);
        assert_eq!(read("cats over the ocean at night").hour, Hour::Night);
    }
}
