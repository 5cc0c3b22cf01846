//! The same command with the same `--intent`, run again after every kind of fault, charges once.

use std::fmt::Write as _;

use dryapi_sandbox::{Fault, FaultRule};

use crate::support::{Service, folder_with, picture_of};

/// What the command came to each time, and what was charged in all.
fn story(fault: Fault) -> String {
    let service = Service::start();
    let on = match fault {
        Fault::PushRefused => "broadcasting/auth",
        _ => "txt2img",
    };
    service.arm(FaultRule::new(fault).on(on));
    let (_folder, path) = folder_with("cat.png");
    let mut more = vec!["-o", path.as_str(), "--intent", "order-1"];
    match fault {
        Fault::Hang => more.extend(["--attempt-timeout", "300ms"]),
        // The one is never done; the other is not waited for.
        Fault::StuckJob | Fault::RateLimitMinute => more.extend(["--timeout", "4s"]),
        _ => {}
    }
    let codes: Vec<String> = (0..3)
        .map(|_| service.dryapi(&picture_of("a cat", &more)).code.to_string())
        .collect();
    let charges = service.charges();
    assert!(charges <= 1, "{fault}: paid {charges} times");
    let there = std::path::Path::new(&path).exists();
    assert_eq!(there, codes.contains(&"0".to_owned()), "{fault}: {codes:?}");
    let codes = match fault {
        // When the limits allow another is another story.
        Fault::RateLimitMinute | Fault::RateLimitDaily => codes[0].clone(),
        _ => format!("{}, charged {charges}", codes.join(" ")),
    };
    format!("{fault:<18} {codes}")
}

#[test]
fn after_every_fault_it_is_paid_once() {
    let mut table = String::new();
    std::thread::scope(|scope| {
        let stories: Vec<_> = Fault::all()
            .map(|fault| scope.spawn(move || story(fault)))
            .collect();
        for story in stories {
            let _ = writeln!(table, "{}", story.join().unwrap());
        }
    });
    insta::assert_snapshot!(table, @r"
    accept_then_drop   12 12 12, charged 1
    drop_before_read   12 12 12, charged 0
    reset_after_accept 12 12 12, charged 1
    hang               12 12 12, charged 1
    half_answer        12 12 12, charged 1
    html_502           12 12 12, charged 1
    error_500          0 0 0, charged 1
    book_then_500      12 12 12, charged 1
    rate_limit_minute  7
    rate_limit_daily   7
    job_failed         10 10 10, charged 1
    stuck_job          11 11 11, charged 1
    expired_url        0 0 0, charged 1
    slow_body          0 0 0, charged 1
    push_cut           0 0 0, charged 1
    push_refused       0 0 0, charged 1
    webhook_lost       0 0 0, charged 1
    webhook_twice      0 0 0, charged 1
    webhook_late       0 0 0, charged 1
    webhook_reordered  0 0 0, charged 1
    ");
}
