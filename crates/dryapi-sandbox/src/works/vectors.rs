//! Embeddings without a model: vectors of what texts are made of, so that near texts are near.

use serde_json::{Value, json};

use crate::random::hash_texts;

/// Numbers of a vector: what BGE M3 gives.
pub(crate) const DIMENSION: usize = 1024;

/// Letters of the stretches that are counted.
const STRETCHES: [usize; 3] = [3, 4, 5];

/// How much a whole word counts beside a stretch of letters.
const WORD: f32 = 3.0;

/// The vector of a text: of length 1, whatever the text.
///
/// Words and stretches of letters each push one direction, chosen by their hash; texts that share
/// many share most of their direction.
pub(crate) fn vector(text: &str) -> Vec<f32> {
    let mut sums = vec![0.0_f32; DIMENSION];
    let mut push = |sort: &str, feature: &str, weight: f32| {
        let hash = hash_texts(&[sort, feature]);
        let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
        if let Some(sum) = sums.get_mut(hash as usize % DIMENSION) {
            *sum += sign * weight;
        }
    };
    // No text is without a direction, also the empty one.
    push("any", "", 0.5);
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        // Long words say more than "a" and "the".
        let letters = word.chars().count();
        push("word", word, WORD * (letters.min(8) as f32).sqrt());
        let bounded: Vec<char> = format!(" {word} ").chars().collect();
        for length in STRETCHES {
            for stretch in bounded.windows(length) {
                push("stretch", &String::from_iter(stretch), 1.0);
            }
        }
    }
    let length = sums.iter().map(|sum| sum * sum).sum::<f32>().sqrt();
    sums.iter()
        .map(|sum| sum / length.max(f32::MIN_POSITIVE))
        .collect()
}

/// The vectors of texts as the service is believed to answer them: `[[…], …]`.
pub(crate) fn json(texts: &[String]) -> Value {
    json!(texts.iter().map(|text| vector(text)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(one: &str, other: &str) -> f32 {
        let (one, other) = (vector(one), vector(other));
        one.iter().zip(other).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn near_texts_are_near() {
        let near = cosine("a cat on a mat", "a cat on the mat");
        let far = cosine("a cat on a mat", "quarterly revenue grew");
        assert!(near > 0.7 && far < 0.3, "{near} {far}");
        assert!(cosine("painting", "painter") > cosine("painting", "submarine") + 0.1);
        assert!(cosine("A CAT", "a cat!") > 0.999);
    }

    #[test]
    fn every_vector_has_length_one() {
        for text in ["", "a", "カタログ", "a cat on a mat", &"word ".repeat(9000)] {
            let vector = vector(text);
            let length: f32 = vector.iter().map(|x| x * x).sum();
            assert_eq!(vector.len(), DIMENSION);
            assert!((length - 1.0).abs() < 1e-4, "{text:.9} {length}");
        }
    }

    #[test]
    fn texts_keep_their_order() {
        let texts = ["one".to_owned(), "two".to_owned()];
        let json = json(&texts);
        assert_eq!(json.as_array().map(Vec::len), Some(2));
        assert_eq!(json[1][7], json!(vector("two")[7]));
    }
}
