//! Our intent in a webhook's address.

use dryapi_webhook::{Intent, Verifier, intent_query, sign};
use proptest::prelude::*;

fn verifier() -> Verifier {
    Verifier::new(["whsec_new", "whsec_1"]).unwrap()
}

fn query() -> String {
    intent_query("whsec_1", &Intent::new("order/4711&a=%").unwrap())
}

#[test]
fn an_intent_comes_back_from_among_other_parameters() {
    let intent = Some(Intent::new("order/4711&a=%").unwrap());
    for around in [
        query(),
        format!("?{}", query()),
        format!("a=b&{}&flag", query()),
    ] {
        assert_eq!(verifier().intent(&around), Ok(intent.clone()), "{around}");
    }
    for none in ["", "?", "a=b", "dryapi_intent_mac=00"] {
        assert_eq!(verifier().intent(none), Ok(None), "{none}");
    }
}

#[test]
fn what_we_did_not_put_there_is_forged() {
    let (ours, other) = (query(), intent_query("other", &Intent::new("o1").unwrap()));
    let swapped = ours.replace("4711", "4712");
    let bare = ours.split('&').next().unwrap().to_owned();
    let twice = format!("{ours}&dryapi_intent=o1");
    let broken = "dryapi_intent=%4&dryapi_intent_mac=00".to_owned();
    for forged in [other, swapped, bare, twice, broken] {
        assert!(verifier().intent(&forged).is_err(), "{forged}");
    }
    // the service's signature over a body vouches for no intent
    let signature = sign("whsec_1", "dryapi_intent=o1", b"");
    let mac = signature.trim_start_matches("sha256=");
    let borrowed = format!("dryapi_intent=o1&dryapi_intent_mac={mac}");
    assert!(verifier().intent(&borrowed).is_err());
}

proptest! {
    #[test]
    fn any_intent_comes_back(name in "[!-~]{1,128}") {
        let intent = Intent::new(name).unwrap();
        let query = intent_query("whsec_1", &intent);
        prop_assert_eq!(verifier().intent(&query), Ok(Some(intent)));
    }

    #[test]
    fn reading_a_query_is_total(query in "(dryapi_intent=.{0,20}&dryapi_intent_mac=[0-9a-f]{64})|.{0,60}") {
        prop_assert!(!matches!(verifier().intent(&query), Ok(Some(_))));
    }
}
