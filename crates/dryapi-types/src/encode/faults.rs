//! What can be found wrong with a request without asking anybody.

use crate::error::{FieldError, InvalidRequest};
use crate::source::{Lora, Source};
use crate::texts::Texts;

/// Collects what is missing or cannot be right in a request.
#[derive(Debug)]
pub(crate) struct Faults {
    operation: &'static str,
    fields: Vec<FieldError>,
}

impl Faults {
    pub(crate) const fn of(operation: &'static str) -> Self {
        Self {
            operation,
            fields: Vec::new(),
        }
    }

    /// A text that must say something.
    pub(crate) fn text(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.fault(field, "is required");
        }
    }

    /// A text of so many characters. A required one that is missing is named once, elsewhere.
    pub(crate) fn length(
        &mut self,
        field: &str,
        text: Option<&str>,
        min: Option<f64>,
        max: Option<f64>,
    ) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return;
        };
        let length = text.chars().count() as f64;
        if let Some(bounds) = outside(length, min, max) {
            self.fault(
                field,
                &format!("must have {bounds} characters, not {length}"),
            );
        }
    }

    /// A value that must be there.
    pub(crate) fn given(&mut self, field: &str, given: bool) {
        if !given {
            let message = "is required; set it, or take it from the model with fill_from";
            self.fault(field, message);
        }
    }

    /// A finite number, within bounds where the service documents some.
    pub(crate) fn range(
        &mut self,
        field: &str,
        number: Option<f64>,
        min: Option<f64>,
        max: Option<f64>,
    ) {
        let Some(number) = number else { return };
        if !number.is_finite() {
            self.fault(field, "must be a finite number");
        } else if let Some(bounds) = outside(number, min, max) {
            self.fault(field, &format!("must be {bounds}, not {number}"));
        }
    }

    /// LoRA weights of 0 or more.
    pub(crate) fn loras(&mut self, field: &str, loras: &[Lora]) {
        for lora in loras
            .iter()
            .filter(|lora| !(lora.weight >= 0.0 && lora.weight.is_finite()))
        {
            let message = format!("the weight of {:?} must be 0 or more", lora.name);
            self.fault(field, &message);
        }
    }

    /// A file that must be named.
    pub(crate) fn file(&mut self, field: &str, source: Option<&Source>) {
        if matches!(source, Some(Source::Path(path)) if path.as_os_str().is_empty()) {
            self.fault(field, "is required");
        }
    }

    /// One text or several, none of them empty.
    pub(crate) fn texts(&mut self, field: &str, texts: &Texts, max: Option<f64>) {
        if texts.is_empty() {
            self.fault(field, "is required");
        }
        if texts.iter().any(|text| text.trim().is_empty()) {
            self.fault(field, "holds an empty text");
        }
        let count = texts.len() as f64;
        if let Some(bounds) = outside(count, None, max) {
            self.fault(field, &format!("must have {bounds} texts, not {count}"));
        }
    }

    /// Where the service announces the job: https, at most 2048 characters.
    pub(crate) fn webhook(&mut self, field: &str, url: Option<&str>) {
        let wrong = |url: &str| !url.starts_with("https://") || url.chars().count() > 2048;
        if url.is_some_and(wrong) {
            let message = "must be an https address of at most 2048 characters";
            self.fault(field, message);
        }
    }

    /// Of several groups of fields, one must be given whole, and nothing of the others.
    pub(crate) fn exactly_one(&mut self, groups: &[(&str, &[bool])]) {
        let whole = |group: &&(&str, &[bool])| group.1.iter().all(|given| *given);
        let touched = |group: &&(&str, &[bool])| group.1.iter().any(|given| *given);
        let (whole, touched) = (
            groups.iter().filter(whole).count(),
            groups.iter().filter(touched).count(),
        );
        if (whole, touched) == (1, 1) {
            return;
        }
        let names: Vec<_> = groups.iter().map(|(name, _)| *name).collect();
        let field = names.first().copied().unwrap_or_default();
        let names = names.join(", or ");
        let message = if touched == 0 {
            format!("is required: give {names}")
        } else {
            format!("give one of these and nothing of the others: {names}")
        };
        self.fault(field, &message);
    }

    /// Fields of which all or none must be given.
    pub(crate) fn together(&mut self, names: &str, given: &[bool]) {
        if given.iter().any(|given| *given) && !given.iter().all(|given| *given) {
            let field = names.split(" and ").next().unwrap_or(names);
            self.fault(field, &format!("give both of {names}, or none"));
        }
    }

    /// A value that another one makes necessary.
    pub(crate) fn needed(&mut self, field: &str, given: bool, why: &str) {
        if !given {
            self.fault(field, &format!("is required where {why}"));
        }
    }

    /// The verdict.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty(self.operation, self.fields)
    }

    fn fault(&mut self, field: &str, message: &str) {
        self.fields.push(FieldError::new(field, message));
    }
}

/// The bounds in words, where a value is outside of them.
fn outside(value: f64, min: Option<f64>, max: Option<f64>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if value < min || value > max => {
            Some(format!("between {min} and {max}"))
        }
        (Some(min), None) if value < min => Some(format!("at least {min}")),
        (None, Some(max)) if value > max => Some(format!("at most {max}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(check: impl FnOnce(&mut Faults)) -> String {
        let mut faults = Faults::of("task");
        check(&mut faults);
        match faults.finish() {
            Ok(()) => String::new(),
            Err(error) => error
                .fields
                .iter()
                .map(|field| format!("{field};"))
                .collect(),
        }
    }

    #[test]
    fn one_of_several_groups_whole_and_alone() {
        let groups = |file: bool, width: bool, height: bool| {
            said(|faults| {
                faults.exactly_one(&[("image", &[file]), ("width and height", &[width, height])]);
            })
        };
        assert_eq!(groups(true, false, false), "");
        assert_eq!(groups(false, true, true), "");
        assert!(groups(false, false, false).contains("give image, or width and height"));
        for (file, width, height) in [
            (true, true, true),
            (true, true, false),
            (false, true, false),
        ] {
            assert!(groups(file, width, height).contains("nothing of the others"));
        }
    }

    #[test]
    fn bounds_are_told_with_the_value() {
        let range = |number| said(|faults| faults.range("bpm", number, Some(30.0), Some(300.0)));
        assert_eq!(range(Some(30.0)), "");
        assert_eq!(range(None), "");
        assert!(range(Some(29.5)).contains("must be between 30 and 300, not 29.5"));
        assert!(range(Some(f64::NAN)).contains("finite"));
        let length = |text| said(|faults| faults.length("prompt", text, Some(3.0), None));
        assert_eq!(length(Some("東京都")), "");
        assert!(length(Some("ab")).contains("at least 3 characters, not 2"));
        let texts = |texts: Texts| said(|faults| faults.texts("input", &texts, Some(2.0)));
        assert_eq!(texts(["a", "b"].into()), "");
        assert!(texts(["a", "b", "c"].into()).contains("at most 2 texts, not 3"));
        assert!(texts(Texts::default()).contains("is required"));
        assert!(texts(["a", " "].into()).contains("holds an empty text"));
    }

    #[test]
    fn both_or_none_and_what_another_value_needs() {
        let both = |given: &[bool]| said(|faults| faults.together("width and height", given));
        assert_eq!(both(&[true, true]), "");
        assert_eq!(both(&[false, false]), "");
        assert!(both(&[true, false]).contains("give both of width and height, or none"));
        let needed = said(|faults| faults.needed("voice", false, "mode is custom_voice"));
        assert!(needed.contains("voice") && needed.contains("where mode is custom_voice"));
    }
}
