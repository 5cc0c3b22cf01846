//! The recipes of all operations.

use crate::generated::RECIPES;
use crate::recipe::Recipe;

/// The recipe of an operation.
pub(crate) fn find(name: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| recipe.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: f64, height: f64, steps: f64, model: (u64, u64)) -> String {
        let measure = |name: &str| match name {
            "width" => width,
            "height" => height,
            _ => steps,
        };
        find("txt2img").unwrap().price(measure, model).to_string()
    }

    #[test]
    fn the_pricing_pages_examples_come_out_exactly() {
        for (model, price) in [
            ((136, 136), "0.00136"),
            ((186, 136), "0.00186"),
            ((405, 136), "0.00405"),
        ] {
            assert_eq!(picture(512.0, 512.0, 4.0, model), price);
        }
    }

    #[test]
    fn prices_scale_and_are_never_nothing() {
        assert_eq!(picture(1024.0, 512.0, 4.0, (1, 1)), "0.00272");
        assert_eq!(picture(256.0, 256.0, 1.0, (1, 1)), "0.000085");
        assert_eq!(picture(8192.0, 8192.0, 150.0, (405, 136)), "38.88");
        let speech = find("txt2audio").unwrap();
        let spoken = |speed: f64| {
            let measure = |name: &str| if name == "speed" { speed } else { 1_000_000.0 };
            speech.price(measure, (1, 1)).to_string()
        };
        assert_eq!((spoken(1.0), spoken(2.0)), ("0.77".into(), "0.385".into()));
        assert_eq!(speech.price(|_| 0.0, (1, 1)).to_string(), "0.0000000001");
    }

    #[test]
    fn every_task_and_every_paid_call_has_one() {
        for meta in dryapi_types::TABLE {
            if meta.cost == dryapi_types::CostClass::Paid {
                assert!(find(meta.name).is_some(), "{}", meta.name);
            }
        }
    }
}
