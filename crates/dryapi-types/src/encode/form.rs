//! A request as the parts of a form. Source of the forms: the service's own Python client.

use std::fmt::Display;

use crate::operation::{Part, Payload};
use crate::source::{Lora, Source};

/// Collects the parts; what was left out is not sent.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<Part>);

impl Form {
    /// A text or number, in decimal.
    pub(crate) fn text(&mut self, name: &'static str, value: Option<impl Display>) {
        self.0
            .extend(value.map(|value| Part::text(name, value.to_string())));
    }

    /// `1` or `0`: what the backend's rule for booleans takes for certain.
    pub(crate) fn flag(&mut self, name: &'static str, value: Option<bool>) {
        self.text(name, value.map(u8::from));
    }

    pub(crate) fn file(&mut self, name: &'static str, source: Option<&Source>) {
        self.0
            .extend(source.map(|source| Part::file(name, source.clone())));
    }

    /// One file under its name, several each under the name of the list.
    pub(crate) fn files(&mut self, one: &'static str, many: &'static str, sources: &[Source]) {
        let name = if sources.len() == 1 { one } else { many };
        for source in sources {
            self.file(name, Some(source));
        }
    }

    /// `loras[0][name]`, `loras[0][weight]`, …
    pub(crate) fn loras(&mut self, name: &'static str, loras: &[Lora]) {
        for (index, lora) in loras.iter().enumerate() {
            let key = |member: &str| format!("{name}[{index}][{member}]");
            self.0.push(Part::text(key("name"), lora.name.as_str()));
            self.0
                .push(Part::text(key("weight"), lora.weight.to_string()));
        }
    }
}

impl From<Form> for Payload {
    fn from(form: Form) -> Self {
        Self::Form(form.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::PartValue;

    fn sent(form: Form) -> Vec<(String, String)> {
        let Payload::Form(parts) = form.into() else {
            panic!();
        };
        let shown = |part: Part| match part.value {
            PartValue::Text(text) => (part.name.into_owned(), text),
            PartValue::File(source) => (part.name.into_owned(), format!("<{source}>")),
        };
        parts.into_iter().map(shown).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn values_are_written_as_the_backend_reads_them() {
        let mut form = Form::default();
        form.text("steps", Some(4));
        form.text("guidance", Some(3.50));
        form.text("negative_prompt", None::<&str>);
        form.flag("include_ts", Some(true));
        form.flag("return_result_in_response", Some(false));
        form.loras("loras", &[Lora::new("ink", 0.8), Lora::new("chalk", 1.0)]);
        let expected = [
            ("steps", "4"),
            ("guidance", "3.5"),
            ("include_ts", "1"),
            ("return_result_in_response", "0"),
            ("loras[0][name]", "ink"),
            ("loras[0][weight]", "0.8"),
            ("loras[1][name]", "chalk"),
            ("loras[1][weight]", "1"),
        ];
        assert_eq!(sent(form), pairs(&expected));
    }

    #[test]
    fn one_file_goes_by_its_name_and_several_by_that_of_the_list() {
        let files = |paths: &[&str]| {
            let mut form = Form::default();
            let paths: Vec<Source> = paths.iter().map(|path| Source::path(*path)).collect();
            form.files("image", "images[]", &paths);
            sent(form)
        };
        assert_eq!(files(&["a.png"]), pairs(&[("image", "<a.png>")]));
        let several = pairs(&[("images[]", "<a.png>"), ("images[]", "<b.png>")]);
        assert_eq!(files(&["a.png", "b.png"]), several);
        assert!(files(&[]).is_empty());
    }
}
