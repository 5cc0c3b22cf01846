//! What nobody claims is heard of while it runs.

use super::account::Account;
use super::process::Process;
use crate::support::{Ledger, folder_with, picture_of};

#[test]
fn what_nobody_claims_is_heard_of_and_fetched() {
    let (account, ledger) = (Account::start(), Ledger::new());
    let (folder, path) = folder_with("dog.png");
    let mut env = account.env();
    env.push(("DRYAPI_LEDGER", ledger.path()));
    let prompt = "a dog [[fault:accept_then_drop]]";
    let line = picture_of(prompt, &["-o", &path, "--intent", "order-2"]);
    assert_eq!(Process::start(&line, &env).end().0, 12);
    let mut resume = Process::start(&["resume"], &env);
    resume.says("connected");
    account.finish();
    let (code, err) = resume.end();
    assert_eq!(code, 12, "an indication is no proof: {err}");
    let id = account.sandbox.jobs().remove(0).request_id;
    let orphan = folder.path().join(format!("orphan-{id}.png"));
    let said = format!("nobody claims job {id}; its result is {}", orphan.display());
    assert!(err.contains(&said), "{err}");
    assert!(std::fs::read(&orphan).unwrap().starts_with(b"\x89PNG"));
    // It is remembered, not looked for again.
    let decided = Process::start(&["resume", "order-2", "--is", &id], &env);
    assert_eq!(decided.line(), path);
    assert_eq!(decided.end().0, 0);
    assert_eq!(account.sandbox.charges().len(), 1);
}
