//! What the sandbox makes of each operation, and for how much.

use std::fmt::Write as _;

use super::names::pascal;
use super::quoted::{list, quoted};
use crate::spec::Description;

pub(super) fn render(description: &Description) -> String {
    let mut text =
        String::from("/// By the operation's name.\npub(crate) const RECIPES: &[Recipe] = &[\n");
    for operation in &description.operations {
        let Some(keys) = &operation.sandbox else {
            continue;
        };
        let price = &keys.price;
        let _ = writeln!(
            text,
            "Recipe {{ name: {}, makes: Makes::{}, base: {}, rate: {}, times: {}, over: {} }},",
            quoted(&operation.name),
            pascal(&keys.result),
            quoted(&price.base),
            quoted(&price.rate),
            list(&price.times),
            list(&price.over)
        );
    }
    text += "];\n";
    text
}
