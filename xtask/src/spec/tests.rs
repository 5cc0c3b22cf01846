//! What a description may not say.

use super::model::{Body, Kind};
use super::read;

/// A description of one operation whose request has these properties.
fn described(keys: &str, properties: &str) -> Result<super::Description, String> {
    let text = format!(
        r#"
openapi: 3.0.3
info: {{title: one, version: "1"}}
paths:
  /api/v1/client/thing:
    post:
      operationId: MakeThing
      summary: Make a thing
      x-dryapi: {keys}
      requestBody:
        content:
          application/json:
            schema: {{type: object, required: [name], properties: {{{properties}}}}}
      responses: {{}}
"#
    );
    read::description(&serde_norway::from_str(&text).unwrap())
}

const KEYS: &str = "{cost: paid, bucket: thing, response: Accepted, input: name}";
const NAME: &str = "name: {type: string, description: Its name. More of it.}";

#[test]
fn an_operation_is_read_with_its_fields() {
    let description = described(KEYS, NAME).unwrap();
    let operation = description.operation("thing").unwrap();
    assert_eq!(
        (operation.body, operation.type_name.as_str()),
        (Body::Json, "MakeThing")
    );
    let name = operation.field("name").unwrap();
    assert_eq!((name.kind, name.required), (Kind::Text, true));
    assert_eq!(name.summary(), "Its name");
}

#[test]
fn what_is_not_understood_says_where() {
    let refused = |keys: &str, properties: &str| described(keys, properties).unwrap_err();
    let typo = refused("{cost: paid, buckets: thing, response: Accepted}", NAME);
    assert!(
        typo.contains("POST /api/v1/client/thing: x-dryapi: unknown field `buckets`"),
        "{typo}"
    );
    let input = refused(
        "{cost: paid, bucket: thing, response: Accepted, input: title}",
        NAME,
    );
    assert!(input.ends_with("there is no field title"), "{input}");
    let silent = refused(KEYS, "name: {type: string}");
    assert!(silent.ends_with("name: has no description"), "{silent}");
    let long = format!(
        "name: {{type: string, description: {}}}",
        "word ".repeat(20)
    );
    assert!(refused(KEYS, &long).contains("the first sentence has"));
    let strange = refused(KEYS, "name: {type: object, description: What is it.}");
    assert!(
        strange.contains("name: a type is missing, or is not known"),
        "{strange}"
    );
    let key = "name: {type: string, description: Its name., x-other: 1}";
    assert!(refused(KEYS, key).contains("x-other is not known"));
}
