//! Rules as text: one in JSON, as the admin interface takes it, or a file of them.

use serde::Deserialize;

use super::invalid::InvalidFault;
use super::rule::FaultRule;
use super::target::ANY;
use crate::clock::parse_duration;
use crate::key::Key;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fault: String,
    body: Option<String>,
    on: Option<String>,
    times: Option<u32>,
    after: Option<u32>,
    key: Option<String>,
    at: Option<usize>,
    code: Option<String>,
    pause: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    faults: Vec<Written>,
}

impl FaultRule {
    /// Reads one rule, a JSON object: `{"fault": "accept_then_drop", "on": "txt2img", "times": 1,
    /// "after": 0, "key": null}`. All but `fault` may be left out; `error_body` takes the name of
    /// its `body`, `half_answer` a number `at`, `job_failed` a `code`, `slow_body` a `pause`.
    ///
    /// # Errors
    /// When it is no such object, or a name does not exist; the text lists those that do.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, InvalidFault> {
        let written: Written = serde_json::from_slice(text.as_ref()).map_err(|error| {
            InvalidFault::new(format!(
                "write {{\"fault\":\"accept_then_drop\",\"on\":\"txt2img\",\"times\":1,\
                 \"after\":0,\"key\":null}}: {error}"
            ))
        })?;
        written.rule()
    }

    /// Reads a file of rules: a JSON list of the objects of [`from_json`](Self::from_json), or
    /// TOML with one `[[faults]]` table each.
    ///
    /// # Errors
    /// When it is neither, or one of the rules is wrong.
    ///
    /// ```
    /// use dryapi_sandbox::FaultRule;
    ///
    /// let toml = "[[faults]]\nfault = \"hang\"\non = \"txt2img\"";
    /// assert_eq!(FaultRule::parse_list(toml)?.len(), 1);
    /// assert_eq!(FaultRule::parse_list(r#"[{"fault": "hang"}]"#)?.len(), 1);
    /// # Ok::<(), dryapi_sandbox::InvalidFault>(())
    /// ```
    pub fn parse_list(text: &str) -> Result<Vec<Self>, InvalidFault> {
        let start: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(2)
            .collect();
        let written = if start == "[{" || start == "[]" {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else if start.starts_with('{') {
            serde_json::from_str(text)
                .map(|file: File| file.faults)
                .map_err(|error| error.to_string())
        } else {
            toml::from_str(text)
                .map(|file: File| file.faults)
                .map_err(|error| error.to_string())
        };
        let written: Vec<Written> = written.map_err(InvalidFault::new)?;
        written.into_iter().map(Written::rule).collect()
    }
}

impl Written {
    fn rule(self) -> Result<FaultRule, InvalidFault> {
        let read = |text: &String| {
            let wrong = || InvalidFault::new(format!("{text:?} is no duration: ms, s, m, h or d"));
            parse_duration(text).ok_or_else(wrong)
        };
        let rule = FaultRule {
            fault: self.fault,
            body: self.body,
            on: self.on.unwrap_or_else(|| ANY.to_owned()),
            times: self.times.unwrap_or(1),
            after: self.after.unwrap_or(0),
            key: self.key.map(Key::new),
            at: self.at,
            code: self.code,
            pause: self.pause.as_ref().map(read).transpose()?,
        };
        rule.check()?;
        Ok(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> String {
        FaultRule::from_json(json).unwrap_err().to_string()
    }

    #[test]
    fn what_does_not_exist_is_answered_with_what_does() {
        let fault = said(r#"{"fault": "Hang"}"#);
        assert!(
            fault.contains("accept_then_drop") && fault.contains("error_body"),
            "{fault}"
        );
        let body = said(r#"{"fault": "error_body", "body": "nope"}"#);
        assert!(body.contains("account_suspended"), "{body}");
        assert!(said(r#"{"fault": "error_body"}"#).contains("account_suspended"));
        let on = said(r#"{"fault": "hang", "on": "txt2cat"}"#);
        assert!(on.contains("*, txt2img") && on.contains("results"), "{on}");
        let on = said(r#"{"fault": "push_refused", "on": "push"}"#);
        assert!(on.ends_with("only to broadcasting/auth"), "{on}");
        let on = said(r#"{"fault": "job_failed", "on": "balance"}"#);
        assert!(on.contains("only to txt2img, img2img"), "{on}");
        assert!(said(r#"{"fault": "hang", "often": 3}"#).contains("unknown field"));
        assert!(said(r#"{"fault": "hang", "times": 0}"#).contains("0 times"));
        assert!(said(r#"{"fault": "slow_body", "pause": "long"}"#).contains("no duration"));
    }

    #[test]
    fn files_are_json_or_toml() {
        for text in [
            r#" [ {"fault": "hang"}, {"fault": "slow_body", "pause": "1ms"}]"#,
            r#"{"faults": [{"fault": "hang"}, {"fault": "error_500"}]}"#,
            "[[faults]]\nfault = \"hang\"\n[[faults]]\nfault = \"error_500\"\non = \"*\"\n",
        ] {
            assert_eq!(FaultRule::parse_list(text).unwrap().len(), 2, "{text}");
        }
        assert_eq!(FaultRule::parse_list("[]").unwrap().len(), 0);
        for text in ["", "hang", "[{]", "{}", "[[fault]]\nfault = \"hang\""] {
            assert!(FaultRule::parse_list(text).is_err(), "{text}");
        }
    }
}
