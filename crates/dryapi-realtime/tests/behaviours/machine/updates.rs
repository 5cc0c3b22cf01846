//! Updates: whose, how written, and never the same twice in a row.

use super::stage::Stage;

fn update(event: &str, channel: &str, data: &str) -> String {
    format!(r#"{{"event":"{event}","channel":"{channel}","data":{data}}}"#)
}

fn ours(data: &str) -> String {
    update("request.status.updated", "private-client.42", data)
}

#[test]
fn data_is_json_text_or_an_object_and_the_name_may_begin_with_a_dot() {
    let text = r#""{\"request_id\":\"a\",\"status\":\"processing\",\"progress\":\"45.50\"}""#;
    let object = r#"{"request_id":"a","status":"processing","progress":45.5}"#;
    for data in [text, object] {
        for event in ["request.status.updated", ".request.status.updated"] {
            let told = Stage::subscribed().text(&update(event, "private-client.42", data));
            assert_eq!(told, ["update a is processing, 45.5 %"], "{event} {data}");
        }
    }
}

#[test]
fn the_same_is_not_told_twice_in_a_row_even_across_a_reconnect() {
    let mut stage = Stage::subscribed();
    let (half, done) = (
        ours(r#"{"request_id":"a","status":"processing","progress":"50"}"#),
        ours(r#"{"request_id":"a","status":"done"}"#),
    );
    let other = ours(r#"{"request_id":"b","status":"processing","progress":"50"}"#);
    assert_eq!(stage.text(&half).len(), 1);
    assert_eq!(stage.text(&other).len(), 1);
    assert_eq!(stage.text(&half).len(), 0);
    assert_eq!(stage.text(&done).len(), 1);
    stage.close(4200);
    stage.subscribe_again();
    assert_eq!(stage.text(&done).len(), 0);
    assert_eq!(stage.text(&half).len(), 1);
}

#[test]
fn what_cannot_be_read_or_is_not_ours_is_ignored() {
    let fine = r#"{"request_id":"a","status":"done"}"#;
    let mut stage = Stage::subscribed();
    for text in [
        ours("null"),
        ours(r#""nonsense""#),
        ours(r#"{"status":"done"}"#),
        ours(r#"{"request_id":"a"}"#),
        update("request.status.updated", "private-client.43", fine),
        update("request.status.deleted", "private-client.42", fine),
    ] {
        assert!(stage.text(&text).is_empty(), "{text}");
    }
    assert_eq!(stage.text(&ours(fine)), ["update a is done"]);
}

#[test]
fn updates_may_come_before_the_answer_to_the_subscription_but_not_before_the_question() {
    let done = ours(r#"{"request_id":"a","status":"done"}"#);
    assert_eq!(Stage::pending().text(&done), ["update a is done"]);
    assert!(Stage::opened().text(&done).is_empty());
    assert!(Stage::greeted().text(&done).is_empty());
}
