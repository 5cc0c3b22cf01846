//! What of an operation differs.

use super::super::accepted::Accepted;
use super::super::document::parse;
use super::super::report::{Report, report};
use super::{LISTING, described, lines, read, requests};

#[test]
fn answers_are_compared_by_fields_and_types() {
    let side = |answer| described("type: object", answer);
    let theirs = "type: object\nproperties: {data: {type: object, properties: {request_id: {type: string, nullable: true, format: uuid}}}}";
    assert_eq!(
        lines(
            &side(theirs),
            &side(
                "type: object\nproperties: {data: {type: object, properties: {id: {type: string}}}}"
            )
        ),
        [
            "POST txt2song  answer:data.id  only ours: theirs none, ours string",
            "POST txt2song  answer:data.request_id  missing: theirs string, ours none",
        ]
    );
    let plainer = theirs.replace(", nullable: true, format: uuid", "");
    assert_eq!(lines(&side(theirs), &side(&plainer)), Vec::<String>::new());
    let other = plainer.replace("request_id: {type: string", "request_id: {type: integer");
    assert_eq!(
        lines(&side(theirs), &side(&other)),
        ["POST txt2song  answer:data.request_id  type: theirs string, ours integer"]
    );
    // They say nothing about what is inside; whatever ours says does not contradict them.
    let open = "type: object\nproperties: {data: {type: object}}";
    assert_eq!(lines(&side(open), &side(theirs)), Vec::<String>::new());
}

#[test]
fn parameters_are_compared_but_headers_are_not() {
    let ours = LISTING
        .replace("name: Accept", "name: X-Other")
        .replace(
            "{$ref: '#/components/parameters/Page'}",
            "{name: page, in: query, schema: {type: integer}}",
        )
        .replace(
            "name: type, in: query, required: true",
            "name: type, in: query",
        )
        .replace("enum: [a]", "enum: [b]");
    assert_eq!(
        lines(&read(LISTING), &read(&ours)),
        [
            "GET models  query:page  default: theirs 15, ours none",
            "GET models  query:type  enum: theirs a, ours b",
            "GET models  query:type  required: theirs yes, ours no",
        ]
    );
}

#[test]
fn bodies_are_compared_by_media_type_too() {
    let form = |media: &str, more: &str| {
        read(&format!(
            "
  /api/v1/client/a:
    post:
      requestBody: {{{more}content: {{{media}: {{schema: {{type: object, properties: {{x: {{type: string}}}}}}}}}}}}
      responses: {{'200': {{description: ok}}}}"
        ))
    };
    assert_eq!(
        lines(
            &form("multipart/form-data", "required: true, "),
            &form("application/json", "")
        ),
        [
            "POST a  (body)  media type: theirs multipart/form-data, ours application/json",
            "POST a  (body)  required: theirs yes, ours no",
        ]
    );
}

#[test]
fn statuses_of_success_differ_and_others_are_a_note() {
    let ours = LISTING.replace("'200'", "'202'").replace("'418'", "'4XX'");
    let Report { lines, ok } = report(&read(LISTING), &read(&ours), &Accepted::default());
    assert_eq!(
        lines,
        [
            "GET models  answer:  status: theirs 200, ours 202",
            "1 of 1 operations are described; 1 differences, 0 accepted, 1 not",
        ]
    );
    assert!(!ok);
    let ours = LISTING.replace(", '500': {description: no}", "");
    let Report { lines, ok } = report(&read(LISTING), &read(&ours), &Accepted::default());
    assert_eq!(lines[0], "note: only they declare 500: models");
    assert!(ok);
}

#[test]
fn operations_are_matched_by_method_and_path() {
    let ours = LISTING.replace("    get:", "    post:");
    assert_eq!(
        lines(&read(LISTING), &read(&ours)),
        [
            "GET models  (operation)  missing: theirs yes, ours no",
            "POST models  (operation)  only ours: theirs no, ours yes",
        ]
    );
    let named = LISTING.replace("    get:", "    get:\n      operationId: ListModels");
    assert_eq!(lines(&read(LISTING), &read(&named)), Vec::<String>::new());
    let report = report(&read(LISTING), &[], &Accepted::default());
    assert_eq!(
        report.lines.last().unwrap(),
        "0 of 1 operations are described; 1 differences, 0 accepted, 1 not"
    );
}

#[test]
fn what_is_marked_as_ours_alone_is_no_difference_until_they_publish_it() {
    let extended = "x-dryapi: {extended: true}";
    let plain = "type: object\nproperties: {a: {type: string}, b: {type: integer}}";
    let marked = plain.replace("integer", &format!("integer, {extended}"));
    let without = plain.replace(", b: {type: integer}", "");
    assert_eq!(requests(&without, &marked), Vec::<String>::new());
    assert_eq!(
        requests(plain, &marked),
        ["b  extended: theirs no, ours yes"]
    );

    let ours = LISTING.replace("    get:", &format!("    get:\n      {extended}"));
    assert_eq!(lines(&[], &read(&ours)), Vec::<String>::new());
    assert_eq!(
        lines(&read(LISTING), &read(&ours)),
        ["GET models  (operation)  extended: theirs no, ours yes"]
    );
    assert_eq!(lines(&read(&ours), &read(&ours)), Vec::<String>::new());
    let limit = format!("{{name: limit, in: query, schema: {{type: integer}}, {extended}}}");
    let ours = LISTING.replace(
        "{name: Accept, in: header, required: true, schema: {type: string}}",
        &limit,
    );
    assert_eq!(lines(&read(LISTING), &read(&ours)), Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_an_error() {
    assert!(parse("openapi: 3.0.3").is_err());
    let text =
        "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\", \"version\": \"1\"}, \"paths\": {}}";
    assert_eq!(
        parse(text).unwrap_err(),
        "OpenAPI 3.1.0 is not read, only 3.0"
    );
    assert!(parse(&text.replace("3.1.0", "3.0.0")).unwrap().is_empty());
    let dangling = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/None'}], responses: {}}}}";
    let error = parse(dangling).unwrap_err();
    assert!(
        error.starts_with("GET /a: the reference #/components/parameters/None"),
        "{error}"
    );
}
