//! One operation: its entry in the table, its request, and how they speak to the service.

use std::fmt::Write as _;

use super::names::screaming;
use super::{form, price, request, task};
use crate::spec::Description;
use crate::spec::extension::Response;
use crate::spec::model::{Operation, Place};

/// Everything about one operation.
pub(super) fn render(description: &Description, operation: &Operation) -> Result<String, String> {
    let mut text = format!("use super::table::{};\n\n", screaming(&operation.name));
    text += &request::render(description, operation);
    text += &implementation(operation);
    if operation.task.is_some() {
        text += &task::render(operation);
    }
    if let Some(name) = &operation.price {
        let quote = description
            .operation(name)
            .ok_or_else(|| format!("{}: there is no {name}", operation.name))?;
        text += &price::render(operation, quote)?;
    }
    Ok(text)
}

fn implementation(operation: &Operation) -> String {
    let response = match operation.response {
        Response::Accepted => "Accepted",
        Response::Price => "Price",
        Response::Balance => "Balance",
        Response::ModelPage => "ModelPage",
        Response::JobStatus => "JobStatus",
        Response::EnhancedPrompt => "EnhancedPrompt",
        Response::SamplePrompt => "SamplePrompt",
    };
    let mut text = format!(
        "impl Operation for {} {{\n    type Response = {response};\n\n    const META: &'static Meta = &{};\n\n",
        operation.type_name,
        screaming(&operation.name)
    );
    text += &path(operation);
    text += &form::query(operation);
    text += &form::payload(operation);
    let _ = writeln!(
        text,
        "    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<{response}, ApiError> {{
        {response}::decode(status, headers, body)
    }}"
    );
    if operation.response == Response::Accepted {
        text += "
    fn accepted(response: &Accepted) -> Option<&RequestId> {
        Some(&response.request_id)
    }
";
    }
    text += "}\n\n";
    text
}

fn path(operation: &Operation) -> String {
    let mut replaced = String::from("Self::META.path");
    let mut any = false;
    for field in &operation.fields {
        if field.place == Place::Path {
            any = true;
            let _ = write!(
                replaced,
                ".replace(\"{{{}}}\", &self.{}.path_segment())",
                field.wire, field.rust
            );
        }
    }
    if !any {
        return String::new();
    }
    format!(
        "    fn path(&self) -> Cow<'static, str> {{\n        Cow::Owned({replaced})\n    }}\n\n"
    )
}
