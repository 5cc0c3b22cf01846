//! Stubs.

use super::super::stubs;
use super::{LISTING, WHOLE_VARIANTS, described, lines, read};

const RICH: &str = "
  /api/v1/client/songs/{song_id}:
    put:
      parameters:
        - {name: song_id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: 'filter[kind]', in: query, schema: {type: array, items: {type: string, enum: ['yes', '1']}}}
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              oneOf:
                - type: object
                  required: [image, model]
                  properties: {image: {type: string, format: binary, nullable: true}, model: {$ref: '#/components/schemas/Name'}}
                - type: object
                  required: [width, height, model]
                  properties: {width: {type: integer, minimum: 1, default: 64}, height: {type: integer}, model: {$ref: '#/components/schemas/Name'}}
          application/json:
            schema:
              type: object
              required: [input]
              properties:
                input: {oneOf: [{type: string}, {type: array, maxItems: 5, items: {type: string}}]}
                'images[]': {type: array, items: {type: string, format: binary}}
                tone: {type: string, enum: [a, 'true'], default: 'true', pattern: '^[a-z: \"]+$'}
                loras: {type: array, items: {type: object, required: [name], properties: {name: {type: string}, weight: {type: number, maximum: 0.5}}}}
                extra: {type: object, additionalProperties: {type: integer}}
              allOf:
                - oneOf: [{required: [tone]}, {required: [loras]}]
                - oneOf: [{required: [extra]}, {required: ['images[]']}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {type: object, properties: {id: {type: string}}}}}}}}}
        '202': {description: later}
        '422': {description: no}";

#[test]
fn a_stub_describes_what_was_missing() {
    let theirs = read(&format!("{RICH}{LISTING}"));
    let ours = read(LISTING);
    assert_eq!(stubs(&theirs, &theirs), "");
    let stub = stubs(&theirs, &ours);
    assert!(stub.contains("operationId: TODO"), "{stub}");
    assert!(!stub.contains("models"), "{stub}");
    assert!(stub.contains(r#"default: "true""#), "{stub}");
    let ours = read(&format!("{LISTING}\n{stub}"));
    assert_eq!(lines(&theirs, &ours), Vec::<String>::new(), "{stub}");
}

#[test]
fn a_stub_writes_rules_as_ours_does() {
    // "required" means nothing of a text; the published answer to a task has it there.
    let answer = "type: object\nproperties: {id: {type: string, required: [id]}}";
    let theirs = described(WHOLE_VARIANTS, answer);
    assert_eq!(
        stubs(&theirs, &[]),
        r#"  /api/v1/client/txt2song:
    post:
      operationId: TODO
      summary: TODO
      tags: [TODO]
      x-dryapi:
        cost: TODO
        bucket: TODO
        response: TODO
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [model]
              oneOf:
                - { required: [height, width] }
                - { required: [image] }
              properties:
                height: { type: integer, description: TODO }
                image: { type: string, format: binary, description: TODO }
                model: { type: string, description: TODO }
                width: { type: integer, description: TODO }
      responses:
        "200":
          description: TODO
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: { type: string, description: TODO }
"#
    );
}
