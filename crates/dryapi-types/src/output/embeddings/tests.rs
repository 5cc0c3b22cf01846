use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn envelopes(result: &str) -> [String; 3] {
    [
        format!(r#"{{"data":{{"status":"done","progress":100,"result":{result}}}}}"#),
        format!(r#"{{"data":{{"result":{result},"status":"done"}}}}"#),
        format!(r#"{{"result":{result},"status":"done"}}"#),
    ]
}

/// Every way a result may take to the type: all of them must say the same.
fn every_way(result: &str) -> Result<Embeddings, String> {
    let value: Value = serde_json::from_str(result).unwrap();
    let expected = Embeddings::from_value(&value).map_err(|missing| missing.to_string());
    let text = json!(result).to_string();
    for content in [result.to_owned(), format!("\u{FEFF} {result}\n")] {
        let read = Embeddings::from_content(content.as_bytes());
        assert_eq!(read.ok(), expected.as_ref().ok().cloned(), "{content}");
    }
    for body in envelopes(result).iter().chain(&envelopes(&text)) {
        let (status, read) = Embeddings::read(200, &[], body.as_bytes()).unwrap();
        assert_eq!(status.state, JobState::Done);
        assert_eq!(read.as_ref(), expected.as_ref().ok(), "{body}");
        let plain = JobStatus::decode(200, &[], body.as_bytes()).unwrap();
        let of = Embeddings::of(&plain);
        assert_eq!(of.is_ok(), expected.is_ok(), "{body}");
        // Either the vectors or what they could not be read from.
        if read.is_none() {
            assert_eq!(status, plain, "{body}");
        }
    }
    expected
}

#[test]
fn every_shape_gives_the_same() {
    let two = Embeddings::new(vec![vec![1.0, -2.5], vec![3.0, 0.25]]);
    for shape in [
        "[[1,-2.5],[3,0.25]]",
        r#"[["1"," -2.5 "],[3e0,"0.25"]]"#,
        r#"{"embeddings":[[1,-2.5],[3,0.25]],"model":"Bge"}"#,
        r#"{"usage":{"data":[]},"embedding":[[1,-2.5],[3,0.25]]}"#,
        r#"{"data":[[1,-2.5],[3,0.25]]}"#,
        r#"{"data":{"embeddings":[[1,-2.5],[3,0.25]]}}"#,
        r#"{"data":null,"embeddings":[[1,-2.5],[3,0.25]]}"#,
        r#"[{"embedding":[1,-2.5]},{"embedding":[3,0.25]}]"#,
        r#"{"object":"list","data":[{"embedding":[1,-2.5],"index":0},{"index":1,"embedding":[3,0.25]}]}"#,
        r#"{"data":[{"embedding":[3,0.25],"index":"2"},{"index":1,"embedding":[1,-2.5]}]}"#,
        r#"{"data":[{"embedding":[1,-2.5],"index":null},{"embedding":[3,0.25]}]}"#,
    ] {
        assert_eq!(every_way(shape).as_ref(), Ok(&two), "{shape}");
    }
    assert_eq!((two.count(), two.dimension()), (2, 2));
    let one = Embeddings::new(vec![vec![1.0, 2.0, 3.0]]);
    for shape in [
        "[1,2,3]",
        r#"["1",2,3]"#,
        "[[1,2,3]]",
        r#"{"embedding":[1,2,3]}"#,
        r#"{"embeddings":[1,2,3]}"#,
        r#"{"data":{"embedding":[1,2,3]}}"#,
    ] {
        assert_eq!(every_way(shape).as_ref(), Ok(&one), "{shape}");
    }
}

#[test]
fn what_is_no_vector_is_refused_with_its_place() {
    for (shape, place) in [
        ("[]", "result: an empty list"),
        ("[[]]", "result[0]: a vector without numbers"),
        ("[[1],[]]", "result[1]: a vector without numbers"),
        (
            "[[1,2],[3,4],[5]]",
            "result[2]: 1 numbers, the first vector has 2",
        ),
        ("[[1,2],[3,null]]", "result[1][1]: invalid type: null"),
        (
            "[[1,\"NaN\"]]",
            "result[0][1]: a text that is no finite number",
        ),
        ("[1,\"inf\"]", "result[1]: a text that is no finite number"),
        ("[[1e39]]", "result[0][0]: a number too large"),
        ("[[1],2]", "result[1]: no list"),
        ("[[1],{\"embedding\":[2]}]", "result[1]: no list"),
        ("[{\"embedding\":[2]},[1]]", "result[1]: no object"),
        ("[1,[2]]", "result[1]: invalid type: sequence"),
        ("[[[1]]]", "result[0][0]: invalid type: sequence"),
        (
            "[{\"vector\":[1]}]",
            "result[0]: an object without embedding",
        ),
        (
            "[{\"embedding\":1}]",
            "result[0].embedding: no list of numbers",
        ),
        (
            "{\"data\":[{\"embedding\":[1,true]}]}",
            "result.data[0].embedding[1]: invalid type",
        ),
        (
            "{\"vectors\":[[1]]}",
            "result: an object without embedding, embeddings or data",
        ),
        ("{}", "result: an object without"),
        ("7", "result: invalid type: integer"),
        ("true", "result: invalid type: boolean"),
    ] {
        let why = every_way(shape).unwrap_err();
        assert!(why.contains(place), "{shape}: {why}");
    }
    let missing = every_way("null").unwrap_err();
    assert_eq!(missing, MissingOutput::new("vectors").to_string());
    assert!(every_way("\"null\"").is_err() && every_way("\"\"").is_err());
    let address = every_way(r#""https://s/a.json?sig=secret""#).unwrap_err();
    assert!(!address.contains("sig="), "{address}");
}

#[test]
fn an_order_is_never_guessed() {
    let items = |indexes: &[&str]| {
        let items: Vec<String> = indexes
            .iter()
            .map(|index| format!(r#"{{"embedding":[1]{index}}}"#))
            .collect();
        every_way(&format!("[{}]", items.join(",")))
    };
    let index = [r#","index":0"#, r#","index":1"#, r#","index":2"#];
    assert!(items(&[index[1], index[0]]).is_ok());
    for wrong in [
        &[index[0], index[2]][..],
        &[index[1], index[1]],
        &[index[2]],
        &[index[0], ""],
        &[r#","index":-1"#],
        &[r#","index":0.5"#],
    ] {
        assert!(items(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_file_says_line_and_column() {
    let missing = Embeddings::from_content(b"[[1],\n [null]]").unwrap_err();
    let why = "result[1][0]: invalid type: null, expected a number at line 2 column 6";
    assert_eq!(missing.detail.as_deref(), Some(why));
    for content in [&b""[..], b"[[1]] x", b"[[1]", b"\"\"", b"<html>", b"\xFF"] {
        assert!(Embeddings::from_content(content).is_err());
    }
}

#[test]
fn only_a_finished_job_has_vectors_and_refusals_stay_refusals() {
    let body = br#"{"data":{"status":"processing","result":[[1]]}}"#;
    let (status, none) = Embeddings::read(200, &[], body).unwrap();
    assert_eq!((status.state, none), (JobState::Processing, None));
    for body in [
        &br#"{"data":{"status":"processing","result":"soon"}}"#[..],
        br#"{"data":{"status":"error","error":"no luck","result":null}}"#,
    ] {
        let expected = JobStatus::decode(200, &[], body).unwrap();
        assert_eq!(Embeddings::read(200, &[], body), Ok((expected, None)));
    }
    for (status, body) in [
        (404, &br#"{"message":"No."}"#[..]),
        (200, br#"{"success":false,"message":"No."}"#),
        (200, br#"{"data":{"status":"done","result":[[1]"#),
        (200, b""),
    ] {
        let expected = JobStatus::decode(status, &[], body).unwrap_err();
        assert_eq!(Embeddings::read(status, &[], body), Err(expected));
    }
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let deep = "[".repeat(100_000);
    assert!(Embeddings::from_content(deep.as_bytes()).is_err());
    let deep = r#"{"data":"#.repeat(100_000);
    assert!(Embeddings::from_content(deep.as_bytes()).is_err());
    assert!(Embeddings::read(200, &[], deep.as_bytes()).is_err());
}

fn shape() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<f32>().prop_map(|number| json!(number).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("\"0.5\"".to_owned()),
        Just("null".to_owned()),
        ".*".prop_map(|text| json!(text).to_string()),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let key = prop_oneof![
            Just("embedding"),
            Just("embeddings"),
            Just("data"),
            Just("index"),
            Just("$serde_json::private::Number"),
        ];
        let object = prop::collection::vec((key, inner.clone()), 0..4).prop_map(|members| {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("\"{key}\":{value}"))
                .collect();
            format!("{{{}}}", members.join(","))
        });
        let list = prop::collection::vec(inner.clone(), 0..4)
            .prop_map(|items| format!("[{}]", items.join(",")));
        let text = inner.prop_map(|value| json!(value).to_string());
        prop_oneof![list, object, text]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(content in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Embeddings::from_content(&content);
        let _ = Embeddings::read(200, &[], &content);
    }

    #[test]
    fn whatever_is_read_is_whole(shape in shape()) {
        if let Ok(read) = Embeddings::from_content(shape.as_bytes()) {
            prop_assert!(read.count() > 0 && read.dimension() > 0);
            for vector in &read.vectors {
                prop_assert_eq!(vector.len(), read.dimension());
                prop_assert!(vector.iter().all(|number| number.is_finite()));
            }
            let body = format!(r#"{{"data":{{"status":"done","result":{shape}}}}}"#);
            let (_, again) = Embeddings::read(200, &[], body.as_bytes()).unwrap();
            prop_assert_eq!(again, Some(read));
        }
    }

    #[test]
    fn vectors_survive_the_round_trip(
        vectors in (1_usize..8).prop_flat_map(|dimension| {
            let number = any::<f32>().prop_filter("finite", |number| number.is_finite());
            prop::collection::vec(prop::collection::vec(number, dimension), 1..8)
        })
    ) {
        let text = serde_json::to_string(&vectors).unwrap();
        prop_assert_eq!(Embeddings::from_content(text.as_bytes()), Ok(Embeddings::new(vectors)));
    }
}
