//! Two small descriptions that differ in one thing each.

mod begun;
mod fields;
mod meant;
mod operations;

use super::compare;
use super::document::{Operation, parse};

/// A description of one operation, its request and its answer in YAML.
fn described(request: &str, answer: &str) -> Vec<Operation> {
    let indented = |text: &str| text.replace('\n', "\n              ");
    read(&format!(
        "
  /api/v1/client/txt2song:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              {}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                {}
",
        indented(request),
        indented(answer).replace("\n ", "\n   "),
    ))
}

/// A description with these paths.
fn read(paths: &str) -> Vec<Operation> {
    let head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:";
    let components = "
components:
  schemas:
    Name: {type: string, maxLength: 9}
    Loop:
      type: object
      properties:
        next: {$ref: '#/components/schemas/Loop'}
  parameters:
    Page: {name: page, in: query, schema: {type: integer, default: 15}}
";
    parse(&format!("{head}{paths}{components}")).unwrap()
}

fn lines(theirs: &[Operation], ours: &[Operation]) -> Vec<String> {
    let found = compare::all(theirs, ours);
    found.iter().map(ToString::to_string).collect()
}

/// The differences of two requests, without the operation's name.
fn requests(theirs: &str, ours: &str) -> Vec<String> {
    let side = |request| described(request, "type: object");
    let found = lines(&side(theirs), &side(ours)).into_iter();
    found
        .map(|line| line.replace("POST txt2song  ", ""))
        .collect()
}

/// The differences of one field's schemas, without the operation's name.
fn fields(theirs: &str, ours: &str) -> Vec<String> {
    let side = |field| format!("type: object\nproperties:\n  x: {field}");
    requests(&side(theirs), &side(ours))
}

/// As the published description writes it: each variant whole.
const WHOLE_VARIANTS: &str = "\
oneOf:
  - type: object
    required: [image, model]
    properties: {image: {type: string, format: binary}, model: {type: string}}
  - type: object
    required: [width, height, model]
    properties: {width: {type: integer}, height: {type: integer}, model: {type: string}}";

/// As ours writes it: only what a variant requires.
const BARE_VARIANTS: &str = "\
type: object
required: [model]
properties:
  image: {type: string, format: binary}
  width: {type: integer}
  height: {type: integer}
  model: {type: string}
oneOf:
  - required: [image]
  - required: [width, height]";

const LISTING: &str = "
  /api/v1/client/models:
    get:
      parameters:
        - {name: Accept, in: header, required: true, schema: {type: string}}
        - {$ref: '#/components/parameters/Page'}
        - {name: type, in: query, required: true, schema: {type: string, enum: [a]}}
      responses: {'200': {description: ok}, '418': {description: no}, '500': {description: no}}";
