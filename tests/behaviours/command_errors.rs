//! Every body of the corpus through the whole command: what a program reads of it, its exit code,
//! and the key nowhere.

use dryapi_testkit::corpus::{self, Case, Class};

use crate::support::command::{KEY, Ran, dryapi, submit};
use crate::support::road::{Act, Road};

fn run(case: &Case, globals: &[&str]) -> (Ran, Road) {
    let road = Road::start(vec![Act::Send(case.http.to_vec())]);
    let args = match case.class {
        Class::Paid => submit(globals),
        _ => [globals, &["balance"]].concat(),
    };
    (dryapi(&road.base_url, &args), road)
}

#[test]
fn as_the_corpus_says() {
    for case in corpus::all() {
        let (name, expect) = (case.name, &case.expect);
        let (ran, road) = run(case, &["--json", "--max-retries", "0"]);
        assert_eq!(ran.code, expect.exit, "{name}: {ran:?}");
        assert_eq!(road.requests().len(), 1, "{name}: nothing else is sent");
        if expect.ok {
            let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
            let id = expect.request_id.clone().map(serde_json::Value::from);
            assert_eq!(Some(&answer["request_id"]), id.as_ref(), "{name}");
            assert_eq!(ran.err.contains("warning: "), expect.warning, "{name}");
            continue;
        }
        let error = ran.error();
        assert_eq!(error["kind"], expect.kind, "{name}");
        // Where an answer is cut, the words are the transport's.
        if !expect.message.is_empty() {
            assert_eq!(error["message"], expect.message, "{name}");
            assert_eq!(error["status"], case.status(), "{name}");
        }
        let fields: Vec<_> = expect
            .fields
            .iter()
            .map(|field| serde_json::json!({"field": field.field, "messages": field.messages}))
            .collect();
        assert_eq!(error["fields"], serde_json::Value::from(fields), "{name}");
        assert_eq!(error["delivery"], expect.delivery, "{name}");
        assert_eq!(error["charged"], expect.charge, "{name}");
    }
}

#[test]
fn the_key_is_nowhere_and_no_escape_reaches_a_terminal() {
    for case in corpus::all() {
        for globals in [
            &["--max-retries", "0"][..],
            &["--max-retries", "0", "--json"],
        ] {
            let (ran, _road) = run(case, globals);
            for text in [&ran.out, &ran.err] {
                assert!(!text.contains(KEY), "{}: {text}", case.name);
            }
            // The first run's logs are colourless: stderr is no terminal.
            let control = |char: char| char.is_control() && char != '\n';
            assert!(!ran.err.contains(control), "{}: {:?}", case.name, ran.err);
        }
    }
}

#[test]
fn the_key_is_nowhere_when_the_server_echoes_it() {
    let escaped: String = KEY
        .chars()
        .map(|char| format!("\\u{:04x}", u32::from(char)))
        .collect();
    let json = "content-type: application/json\r\n";
    for (status, headers, body) in [
        (
            "401 Unauthorized",
            json,
            format!(r#"{{"message":"bad key {KEY}"}}"#),
        ),
        (
            "401 Unauthorized",
            json,
            format!(r#"{{"message":"bad key {escaped}"}}"#),
        ),
        (
            "422 Unprocessable",
            json,
            format!(r#"{{"message":"no","errors":{{"{KEY}":["{KEY}"]}}}}"#),
        ),
        (
            "401 Unauthorized",
            json,
            format!(r#"{{"error":{{"code":"{KEY}","message":"no"}}}}"#),
        ),
        (
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            format!("<h1>{KEY}</h1>"),
        ),
        (
            "302 Found",
            &*format!("location: /?key={KEY}\r\n"),
            format!("see /?key={KEY}"),
        ),
        (
            "200 OK",
            json,
            format!(r#"{{"data":{{"request_id":"{KEY}"}}}}"#),
        ),
    ] {
        let act = || crate::support::road::whole(status, headers, &body);
        for globals in [
            &["--max-retries", "0"][..],
            &["--max-retries", "0", "--json"],
        ] {
            let road = Road::start(vec![act()]);
            let ran = dryapi(&road.base_url, &submit(globals));
            assert!(
                !ran.out.contains(KEY) && !ran.err.contains(KEY),
                "{body}: {ran:?}"
            );
        }
    }
}
