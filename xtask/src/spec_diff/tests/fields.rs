//! What of a field differs.

use super::{BARE_VARIANTS, WHOLE_VARIANTS, fields, requests};

#[test]
fn every_property_of_a_field_is_compared() {
    for (theirs, ours, expected) in [
        (
            "{type: integer}",
            "{type: number}",
            "type: theirs integer, ours number",
        ),
        (
            "{type: string}",
            "{type: string, format: binary}",
            "type: theirs string, ours file",
        ),
        (
            "{type: string, nullable: true}",
            "{type: string}",
            "nullable: theirs yes, ours no",
        ),
        (
            "{type: string, enum: [b, a]}",
            "{type: string, enum: [a]}",
            "enum: theirs a, b, ours a",
        ),
        (
            "{type: integer, minimum: 1}",
            "{type: integer}",
            "minimum: theirs 1, ours none",
        ),
        (
            "{type: number, maximum: 1}",
            "{type: number, maximum: 2.5}",
            "maximum: theirs 1, ours 2.5",
        ),
        (
            "{type: string}",
            "{type: string, minLength: 3}",
            "minLength: theirs none, ours 3",
        ),
        (
            "{type: string, maxLength: 3}",
            "{type: string}",
            "maxLength: theirs 3, ours none",
        ),
        (
            "{type: array, items: {}, minItems: 1}",
            "{type: array, items: {}}",
            "minItems: theirs 1, ours none",
        ),
        (
            "{type: array, items: {}, maxItems: 1}",
            "{type: array, items: {}}",
            "maxItems: theirs 1, ours none",
        ),
        (
            "{type: boolean, default: false}",
            "{type: boolean}",
            "default: theirs false, ours none",
        ),
        (
            "{type: string, format: uri}",
            "{type: string}",
            "format: theirs uri, ours none",
        ),
        (
            "{type: integer, minimum: 0, exclusiveMinimum: true}",
            "{type: integer, minimum: 0}",
            "exclusiveMinimum: theirs true, ours none",
        ),
    ] {
        assert_eq!(fields(theirs, ours), [format!("x  {expected}")]);
    }
}

#[test]
fn what_a_field_does_not_say_on_the_wire_is_not_compared() {
    for (theirs, ours) in [
        ("{type: integer}", "{type: integer, format: int64}"),
        (
            "{type: number, format: float}",
            "{type: number, description: d, example: 1}",
        ),
        (
            "{type: integer, minimum: 1}",
            "{type: integer, minimum: 1.0}",
        ),
        (
            "{type: string, enum: [a, b], nullable: true}",
            "{type: string, enum: [b, a, null], nullable: true}",
        ),
        (
            "{type: string, maxLength: 9}",
            "{$ref: '#/components/schemas/Name'}",
        ),
        (
            "{type: string, maxLength: 9, nullable: true}",
            "{nullable: true, allOf: [{$ref: '#/components/schemas/Name'}]}",
        ),
        (
            "{type: string, nullable: true}",
            "{allOf: [{type: string, nullable: true}]}",
        ),
        (
            "{type: string, nullable: true}",
            "{oneOf: [{type: string}, {type: string, nullable: true}]}",
        ),
    ] {
        assert_eq!(fields(theirs, ours), Vec::<String>::new(), "{theirs}");
    }
}

#[test]
fn a_field_is_required_or_missing_on_either_side() {
    let theirs = "type: object\nrequired: [a]\nproperties: {a: {type: string}, b: {type: integer}}";
    let ours = "type: object\nrequired: [c]\nproperties: {a: {type: string}, c: {type: boolean}}";
    assert_eq!(
        requests(theirs, ours),
        [
            "a  required: theirs yes, ours no",
            "b  missing: theirs integer, ours none",
            "c  only ours: theirs none, ours boolean",
        ]
    );
}

#[test]
fn lists_and_objects_are_compared_inside() {
    let loras = |weight: &str| {
        format!("{{type: array, items: {{type: object, properties: {{weight: {weight}}}}}}}")
    };
    assert_eq!(
        fields(
            &loras("{type: number, minimum: 0}"),
            &loras("{type: number}")
        ),
        ["x[].weight  minimum: theirs 0, ours none"]
    );
    let map = |values: &str| format!("{{type: object, additionalProperties: {{type: {values}}}}}");
    assert_eq!(
        fields(&map("string"), &map("integer")),
        ["x{}  type: theirs string, ours integer"]
    );
    let either = "{oneOf: [{type: string}, {type: array, items: {type: string}}]}";
    assert_eq!(fields(either, either), Vec::<String>::new());
    assert_eq!(
        fields(either, "{type: string}"),
        [
            "x  type: theirs array or string, ours string",
            "x[]  missing: theirs string, ours none"
        ]
    );
    let round = "{$ref: '#/components/schemas/Loop'}";
    assert_eq!(fields(round, round), Vec::<String>::new());
}

#[test]
fn variants_mean_the_same_however_they_are_written() {
    assert_eq!(
        requests(WHOLE_VARIANTS, BARE_VARIANTS),
        Vec::<String>::new()
    );
}

#[test]
fn variants_require_inside_what_all_of_them_require() {
    let lora = "{type: object, required: [name], properties: {name: {type: string}}}";
    let open = lora.replace("required: [name], ", "");
    let or_text = |it: &str| format!("{{oneOf: [{it}, {{type: string}}]}}");
    let expected = ["x.name  required: theirs yes, ours no"];
    assert_eq!(fields(&or_text(lora), &or_text(&open)), expected);

    let holding = |it: &str| format!("{{type: object, properties: {{y: {it}}}}}");
    let either = |a: &str, b: &str| format!("{{oneOf: [{}, {}]}}", holding(a), holding(b));
    let whole = holding(lora);
    assert_eq!(fields(&whole, &either(lora, lora)), Vec::<String>::new());
    let expected = ["x.y.name  required: theirs yes, ours no"];
    assert_eq!(fields(&whole, &either(lora, &open)), expected);
}

#[test]
fn rules_of_one_of_are_compared() {
    let other = BARE_VARIANTS.replace("[width, height]", "[width]");
    assert_eq!(
        requests(WHOLE_VARIANTS, &other),
        ["(body)  one of: theirs height+width | image, ours image | width"]
    );
    let any = BARE_VARIANTS.replace("oneOf", "anyOf");
    assert_eq!(
        requests(WHOLE_VARIANTS, &any),
        ["(body)  one of: theirs height+width | image, ours at least height+width | image"]
    );
    let (none, _) = BARE_VARIANTS.split_once("\noneOf").unwrap();
    assert_eq!(
        requests(WHOLE_VARIANTS, none),
        ["(body)  one of: theirs height+width | image, ours none"]
    );
}

#[test]
fn parts_of_all_of_are_one_schema() {
    let whole =
        "type: object\nrequired: [a, b]\nproperties: {a: {type: string}, b: {type: string}}";
    let parts = "\
allOf:
  - {type: object, required: [a], properties: {a: {type: string}}}
  - {type: object, required: [b], properties: {b: {type: string}}}";
    assert_eq!(requests(whole, parts), Vec::<String>::new());
}
