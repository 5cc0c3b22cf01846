//! `[[fault:NAME]]` in a prompt: a fault for that request alone, where nothing but the prompt can
//! be chosen.

use dryapi_testkit::Fault;
use dryapi_types::{CostClass, Meta};

use super::armed::Drawn;
use crate::rules::{ERROR_BODY, FaultRule, InvalidFault};

/// The fault a text of a paid request names; others ask for the same prompt's price.
///
/// After a second colon stands the code of `job_failed`, the name of `error_body`, the number of
/// bytes of `half_answer`.
pub(crate) fn fault_in(meta: &Meta, text: &str) -> Result<Option<Drawn>, InvalidFault> {
    let Some((name, argument)) = marker(text).filter(|_| meta.cost == CostClass::Paid) else {
        return Ok(None);
    };
    let argument = argument.map(str::to_owned);
    let rule = if name == ERROR_BODY {
        FaultRule::called(name, argument)
    } else {
        let rule = FaultRule::called(name, None);
        if name == Fault::HalfAnswer.as_str() {
            rule.with_at(argument.and_then(|bytes| bytes.parse().ok()))
        } else {
            rule.with_code(argument)
        }
    };
    let rule = rule.on(meta.name);
    rule.check()?;
    Ok(Some(Drawn {
        rule,
        from_prompt: true,
    }))
}

/// What stands between `[[fault:` and `]]`, in two parts.
fn marker(text: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = text.split_once("[[fault:")?;
    let (inner, _) = rest.split_once("]]")?;
    Some(match inner.split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (inner, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_anywhere() {
        for (text, found) in [
            ("a cat [[fault:hang]] at sea", Some(("hang", None))),
            (
                "[[fault:job_failed:AGE_RESTRICTED]]",
                Some(("job_failed", Some("AGE_RESTRICTED"))),
            ),
            ("[[fault:]]", Some(("", None))),
            ("[[fault:hang]", None),
            ("a cat", None),
        ] {
            assert_eq!(marker(text), found, "{text}");
        }
    }

    #[test]
    fn only_what_is_paid_for_has_faults_in_its_prompt() {
        let paid = dryapi_types::meta("txt2img").unwrap();
        let price = dryapi_types::meta("txt2img/price-calculation").unwrap();
        let text = "[[fault:half_answer:60]]";
        let drawn = fault_in(paid, text).unwrap().unwrap();
        assert_eq!(drawn.rule.at, Some(60));
        assert!(fault_in(price, text).unwrap().is_none());
        assert!(fault_in(paid, "[[fault:hnag]]").is_err());
        assert!(fault_in(paid, "[[fault:error_body:html_500]]").is_ok());
        assert!(fault_in(paid, "[[fault:error_body]]").is_err());
    }
}
