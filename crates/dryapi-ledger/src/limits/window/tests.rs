use dryapi_types::RetryAfter;
use proptest::prelude::*;

use super::*;

/// 2026-03-21 23:59:00 UTC, in milliseconds.
const LATE: u64 = 1_774_137_540_000;
const HOLD: Duration = Duration::from_secs(100);

const fn after(seconds: u64) -> u64 {
    LATE + seconds * 1000
}

fn basic(minute: u32, day: Option<u32>) -> Window {
    let mut window = Window::default();
    window.assume(Limit::new(minute, day), LATE);
    window
}

fn told(minute: (u64, u64), day: Option<(u64, u64)>) -> RateLimit {
    let mut told = RateLimit::default();
    (told.minute_limit, told.minute_left) = (Some(minute.0), Some(minute.1));
    told.daily_limit = day.map(|(limit, _)| limit);
    told.daily_left = day.map(|(_, left)| left);
    told
}

fn spend(window: &mut Window, id: u64, now: u64) {
    window.enter(id, now, HOLD);
    window.answered(id, None, now);
}

fn until(window: &mut Window, now: u64) -> Option<u64> {
    window.wait(now).map(|wait| millis::of(wait.until))
}

#[test]
fn nothing_waits_before_anything_is_known() {
    let mut window = Window::default();
    for id in 1..=3000 {
        assert_eq!(window.wait(LATE), None);
        spend(&mut window, id, LATE);
    }
    window.enter(1, LATE, HOLD);
    window.answered(1, Some(&told((3, 0), None)), LATE);
    assert_eq!(until(&mut window, LATE), Some(after(61)));
    assert!(window.places.len() <= MOST + 1);
}

#[test]
fn a_request_counts_from_its_answer_at_the_latest() {
    let mut window = basic(1, None);
    window.enter(1, LATE, HOLD);
    let wait = window.wait(after(1)).unwrap();
    assert_eq!(
        (wait.until, wait.perhaps_earlier),
        (millis::moment(after(161)), true)
    );
    window.answered(1, None, after(30));
    let wait = window.wait(after(30)).unwrap();
    assert_eq!(
        (wait.until, wait.perhaps_earlier),
        (millis::moment(after(91)), false)
    );
    assert_eq!(window.wait(after(91)), None);
}

#[test]
fn a_request_of_a_dead_process_ends_by_itself() {
    let mut window = basic(1, None);
    window.enter(1, LATE, HOLD);
    assert!(window.wait(after(160)).is_some());
    assert_eq!(window.wait(after(161)), None);
}

#[test]
fn what_was_never_sent_is_given_back() {
    let mut window = basic(1, Some(1));
    for id in 1..5 {
        assert_eq!(window.wait(LATE), None);
        window.enter(id, LATE, HOLD);
        window.give_back(id, LATE);
        window.give_back(id, LATE);
        assert_eq!(window.day(LATE).unwrap().left, 1);
    }
}

#[test]
fn what_other_programs_sent_counts() {
    let mut window = basic(10, None);
    window.enter(1, LATE, HOLD);
    window.answered(1, Some(&told((10, 7), None)), LATE);
    assert_eq!(window.minute(LATE).unwrap().left, 7);
    // An answer that was overtaken says more.
    window.enter(2, LATE, HOLD);
    window.answered(2, Some(&told((10, 8), None)), LATE);
    assert_eq!(window.minute(LATE).unwrap().left, 6);
}

#[test]
fn a_day_is_corrected_by_who_was_alone_and_lowered_by_everybody() {
    let mut window = basic(99, Some(100));
    // Somebody died, or gave nothing back.
    for id in 1..=10 {
        spend(&mut window, id, LATE);
    }
    let left = |window: &mut Window| window.day(after(3)).unwrap().left;
    window.enter(11, after(1), HOLD);
    window.enter(12, after(1), HOLD);
    window.answered(11, Some(&told((99, 90), Some((100, 95)))), after(1));
    assert_eq!(
        left(&mut window),
        88,
        "two were on their way: it is not raised"
    );
    window.answered(12, Some(&told((99, 90), Some((100, 50)))), after(2));
    assert_eq!(left(&mut window), 50, "another program asks, too");
    window.enter(13, after(3), HOLD);
    window.answered(13, Some(&told((99, 90), Some((100, 95)))), after(3));
    assert_eq!(left(&mut window), 95);
}

#[test]
fn answers_of_one_moment_that_overtook_each_other_raise_nothing() {
    let mut window = basic(3, Some(100));
    for id in 1..=2 {
        window.enter(id, LATE, HOLD);
    }
    window.answered(2, Some(&told((3, 1), Some((100, 98)))), LATE);
    window.answered(1, Some(&told((3, 2), Some((100, 99)))), LATE);
    assert_eq!(window.day(LATE).unwrap().left, 98);
}

#[test]
fn a_day_ends_at_the_services_midnight() {
    let mut window = basic(99, Some(2));
    spend(&mut window, 1, LATE);
    spend(&mut window, 2, LATE);
    let wait = window.wait(LATE).unwrap();
    assert_eq!((wait.until, wait.day), (millis::moment(after(60)), true));
    assert_eq!(window.wait(after(60)), None);
    // Their clock is a minute ahead: their day has begun, and ours has not.
    let mut window = basic(99, Some(2));
    spend(&mut window, 1, LATE);
    window.enter(2, after(1), HOLD);
    window.enter(3, after(1), HOLD);
    let mut theirs = told((99, 97), Some((2, 2)));
    theirs.date = Some(millis::moment(after(61)));
    window.answered(2, Some(&theirs), after(1));
    assert_eq!(window.day(after(1)).unwrap().left, 1, "one is on its way");
    assert!(window.day(after(1)).unwrap().resets > millis::moment(after(80_000)));
    // Nobody asks for days.
    assert_eq!(window.day(after(3 * 86_400)).unwrap().left, 2);
    assert!(window.day(after(3 * 86_400)).unwrap().resets > millis::moment(after(3 * 86_400)));
}

#[test]
fn a_refusal_is_believed() {
    let mut window = basic(99, Some(99));
    let mut limit = RateLimit::default();
    window.enter(1, LATE, HOLD);
    window.refused(1, &limit, LATE);
    assert_eq!(until(&mut window, LATE), Some(after(60)));
    limit.window = Hit::Daily;
    limit.retry_after = Some(RetryAfter::In(Duration::from_secs(500)));
    window.refused(2, &limit, LATE);
    assert!(window.wait(LATE).unwrap().day);
    assert_eq!(until(&mut window, LATE), Some(after(500)));
    assert_eq!(window.from, Some(LearnedFrom::Refusal));
    assert_eq!(window.wait(after(500)), None);
    limit.retry_after = Some(RetryAfter::In(Duration::MAX));
    window.refused(3, &limit, LATE);
    assert!(window.wait(after(500)).is_some());
}

#[test]
fn it_is_read_as_it_was_written() {
    let mut window = basic(3, Some(100));
    window.enter(1, LATE, HOLD);
    spend(&mut window, 2, LATE);
    let text = serde_json::to_string(&window).unwrap();
    assert_eq!(serde_json::from_str::<Window>(&text).unwrap(), window);
    assert_eq!(
        serde_json::from_str::<Window>("{}").unwrap(),
        Window::default()
    );
}

#[derive(Clone, Debug)]
enum Move {
    Pass(u64),
    /// Until there is a place.
    Wait,
    Enter,
    Answer(usize),
    GiveBack(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        2 => (0..40_000_u64).prop_map(Move::Pass),
        2 => Just(Move::Wait),
        4 => Just(Move::Enter),
        3 => (0..9_usize).prop_map(Move::Answer),
        1 => (0..9_usize).prop_map(Move::GiveBack),
    ];
    proptest::collection::vec(one, 1..120)
}

proptest! {
    /// Whenever a request counted between its beginning and its end, no minute and no day held more
    /// than allowed.
    #[test]
    fn no_minute_and_no_day_holds_more_than_allowed(
        moves in moves(), minute in 1..5_u32, day in 1..30_u32, early in any::<bool>(),
    ) {
        let (mut window, mut now) = (basic(minute, Some(day)), LATE - 300_000);
        let mut open: Vec<(u64, u64)> = Vec::new();
        let mut counted: Vec<u64> = Vec::new();
        for (id, step) in (1..).zip(moves) {
            match step {
                Move::Pass(by) => now += by,
                Move::Wait => now = until(&mut window, now).unwrap_or(now),
                Move::Enter => {
                    if window.wait(now).is_none() {
                        window.enter(id, now, HOLD);
                        open.push((id, now));
                    }
                }
                Move::Answer(n) if n < open.len() => {
                    let (id, since) = open.remove(n);
                    window.answered(id, None, now);
                    let end = now.min(since + 100_000);
                    counted.push(if early { since } else { end });
                }
                Move::GiveBack(n) if n < open.len() => {
                    window.give_back(open.remove(n).0, now);
                }
                Move::Answer(_) | Move::GiveBack(_) => {}
            }
        }
        counted.sort_unstable();
        let most = usize::try_from(minute).unwrap();
        for few in counted.windows(most + 1) {
            prop_assert!(few[most] - few[0] >= 60_000, "{few:?}");
        }
        for one in &counted {
            let today = counted.iter().filter(|other| *other / DAY == one / DAY);
            prop_assert!(today.count() <= usize::try_from(day).unwrap());
        }
    }
}
