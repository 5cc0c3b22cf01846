//! Names in the spellings of Rust.

/// `TextToImage` as `text_to_image`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// `img-upscale/price-calculation` as `IMG_UPSCALE_PRICE`.
pub(super) fn screaming(name: &str) -> String {
    name.replace("price-calculation", "price")
        .to_uppercase()
        .replace(['-', '/'], "_")
}

/// `custom_voice` as `CustomVoice`.
pub(super) fn pascal(value: &str) -> String {
    let words = value.split(|char: char| !char.is_alphanumeric());
    let mut name = String::new();
    for word in words {
        let mut chars = word.chars();
        name.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        name.extend(chars);
    }
    name
}
