//! Prompts: made longer, and made up.

use super::sentences::{capital, pick, sentence};
use crate::random::{Rng, hash_texts};

/// What a prompt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Image,
    Video,
    /// An edit of a picture.
    Edit,
    Speech,
}

const LIGHTS: &[&str] = &[
    "soft golden-hour light",
    "cool moonlight",
    "diffuse overcast light",
    "warm lamplight with long shadows",
    "clear morning light",
];

const STYLES: &[&str] = &[
    "finely detailed textures",
    "a shallow depth of field",
    "muted natural colours",
    "a balanced, airy composition",
    "rich contrast and crisp edges",
];

const MOVES: &[&str] = &[
    "the camera glides slowly to the right",
    "a gentle push-in towards the subject",
    "a steady wide shot with drifting clouds",
    "a slow orbit at eye level",
];

const SCENES: &[&str] = &[
    "a lighthouse above a stormy sea",
    "a market street after the rain",
    "a fox asleep in autumn leaves",
    "a glasshouse full of orchids",
    "a wooden boat on a mirror-still lake",
    "a mountain village under the first snow",
    "a reading room with green lamps",
];

const FLAWS: &str = "blurry, low resolution, distorted hands, watermark, text, oversaturated";

/// A prompt with what a painter or film maker would add; of speech, well punctuated. The same
/// prompt gives the same text.
pub(crate) fn better_prompt(prompt: &str, topic: Topic) -> String {
    let mut rng = Rng::new(hash_texts(&[prompt]));
    let plain = prompt.trim().trim_end_matches(['.', ',']);
    let (light, style) = (pick(&mut rng, LIGHTS), pick(&mut rng, STYLES));
    let text = match topic {
        Topic::Image => format!("{plain}, {light}, {style}"),
        Topic::Video => format!("{plain}; {}, {light}, {style}", pick(&mut rng, MOVES)),
        Topic::Edit => format!("{plain}, keeping the subject and its pose unchanged, {light}"),
        Topic::Speech => format!("{plain}. {}", sentence(&mut rng)),
    };
    capital(&text)
}

/// A negative prompt with the usual flaws added.
pub(crate) fn better_negative(negative_prompt: &str) -> String {
    match negative_prompt.trim().trim_end_matches(['.', ',']) {
        "" => FLAWS.to_owned(),
        given => format!("{given}, {FLAWS}"),
    }
}

/// A prompt made up on a topic, if one is given.
pub(crate) fn sample(topic: Topic, subject: Option<&str>, seed: u64) -> String {
    let mut rng = Rng::new(seed);
    let subject = subject.map(str::trim).filter(|subject| !subject.is_empty());
    if topic == Topic::Speech {
        let opening = subject.map(|subject| format!("Let me tell you about {subject}. "));
        let rest = [sentence(&mut rng), sentence(&mut rng)].join(" ");
        return opening.unwrap_or_default() + &rest;
    }
    let scene = pick(&mut rng, SCENES);
    better_prompt(subject.unwrap_or(scene), topic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_prompt_keeps_what_was_asked() {
        for topic in [Topic::Image, Topic::Video, Topic::Edit, Topic::Speech] {
            let better = better_prompt("a cat on a mat. ", topic);
            assert!(better.starts_with("A cat on a mat"), "{better}");
            assert!(better.len() > 30, "{better}");
            assert_eq!(better, better_prompt("a cat on a mat. ", topic));
        }
        assert_eq!(better_negative(" "), FLAWS);
        assert!(better_negative("cars,").starts_with("cars, blurry"));
    }

    #[test]
    fn samples_follow_topic_and_seed() {
        assert!(sample(Topic::Speech, Some("bees"), 1).contains("about bees."));
        assert!(sample(Topic::Image, Some("bees"), 1).starts_with("Bees, "));
        let drawn: std::collections::BTreeSet<_> = (0..20)
            .map(|seed| sample(Topic::Image, None, seed))
            .collect();
        assert!(drawn.len() > 3, "{drawn:?}");
        assert_eq!(
            sample(Topic::Speech, None, 3),
            sample(Topic::Speech, None, 3)
        );
    }
}
