//! Lets things happen to jobs at their moment of the virtual clock.

use std::sync::Arc;

use crate::app::App;

/// Tells every change of every job when it happens, until the sandbox stops. Who wants to be told
/// asks [`World::subscribe`](crate::world::World::subscribe).
pub(crate) async fn run(app: Arc<App>) {
    loop {
        let next = app.world.catch_up();
        let moment = async {
            match next {
                Some(next) => app.world.clock.sleep_until(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = app.stopped() => return,
            () = app.world.replanned() => {}
            () = moment => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use dryapi_types::Usd;
    use tokio::sync::mpsc::UnboundedReceiver;

    use super::*;
    use crate::catalogue;
    use crate::config::Config;
    use crate::key::Key;
    use crate::works::Work;
    use crate::world::{Change, Fate, Forced, Order, Phase, Twist, World};

    fn accept(world: &World, fate: Fate) -> String {
        let work = Work::Picture {
            prompt: String::new(),
            seed: 1,
            width: 1,
            height: 1,
        };
        let order = Order {
            task: "txt2img",
            model: catalogue::find("Flux1schnell").unwrap(),
            price: Usd::from_cents(0),
            work,
            inline: false,
            webhook_url: None,
            idempotency_key: None,
            twist: Twist {
                fate,
                ..Twist::default()
            },
        };
        world.accept(&Key::new("k"), order).unwrap()
    }

    fn failure() -> Fate {
        Fate::Error {
            code: "C".into(),
            message: "m".into(),
        }
    }

    /// What was told so far: before, phase, progress.
    fn told(changes: &mut UnboundedReceiver<Arc<Change>>) -> Vec<String> {
        let mut told = Vec::new();
        while let Ok(change) = changes.try_recv() {
            told.push(brief(&change));
        }
        told
    }

    fn brief(change: &Change) -> String {
        let (phase, progress) = (change.phase.name(), change.phase.progress());
        format!("{}>{phase} {progress}", change.before)
    }

    const WORK: [&str; 4] = [
        "pending>processing 0",
        "processing>processing 25",
        "processing>processing 50",
        "processing>processing 75",
    ];
    const DONE: &str = "processing>done 100";
    const FAILED: &str = "processing>error 0";

    fn still() -> World {
        World::new(Config::default().with_speed(0.0))
    }

    const DAY: Duration = Duration::from_secs(25 * 3600);

    #[test]
    fn a_jump_passes_through_all_moments_in_their_order() {
        let world = still();
        let mut changes = world.subscribe();
        let start = world.now();
        let first = accept(&world, Fate::Done);
        world.advance(Duration::from_millis(2500));
        let second = accept(&world, failure());
        world.advance(DAY);
        let mut list = Vec::new();
        while let Ok(change) = changes.try_recv() {
            list.push(change);
        }
        let of = |id: &str| -> Vec<String> {
            let mine = list.iter().filter(|change| change.job.id == id);
            mine.map(|change| brief(change)).collect()
        };
        assert_eq!(of(&first), [&WORK[..], &[DONE]].concat());
        assert_eq!(of(&second), [&WORK[..], &[FAILED]].concat());
        let moments: Vec<i64> = list
            .iter()
            .map(|change| change.at.duration_since(start).as_millis() as i64)
            .collect();
        assert_eq!(
            moments,
            [1000, 2000, 3000, 3500, 4000, 4500, 5000, 5500, 6500, 7500]
        );
        world.advance(DAY);
        assert_eq!(told(&mut changes), [""; 0]);
    }

    #[test]
    fn a_job_without_time_still_takes_every_step() {
        let world = World::new(
            Config::default()
                .with_speed(0.0)
                .with_job_time(Duration::ZERO),
        );
        let mut changes = world.subscribe();
        accept(&world, Fate::Done);
        world.catch_up();
        assert_eq!(told(&mut changes), [&WORK[..], &[DONE]].concat());
    }

    #[test]
    fn stuck_is_stuck_and_gone_is_gone() {
        let world = still();
        let mut changes = world.subscribe();
        accept(&world, Fate::Stuck);
        world.advance(DAY);
        assert_eq!(told(&mut changes), WORK);
        accept(&world, Fate::Done);
        world.reset(None);
        world.advance(DAY);
        assert_eq!(told(&mut changes), [""; 0]);
    }

    #[test]
    fn a_forced_outcome_is_told_at_once_and_once() {
        let world = still();
        let mut changes = world.subscribe();
        let mut force = |id: &str, outcome: Forced, wanted: &[&str]| {
            assert!(world.force(id, outcome));
            assert_eq!(told(&mut changes), wanted);
        };
        let error = || Forced::Error {
            code: "C".into(),
            message: "m".into(),
        };
        let job = accept(&world, Fate::Done);
        force(&job, error(), &[WORK[0], FAILED]);
        force(&job, error(), &[]);
        let job = accept(&world, Fate::Stuck);
        world.advance(DAY);
        force(&job, Forced::Done, &[&WORK[..], &[DONE]].concat());
        let job = accept(&world, Fate::Done);
        force(&job, Forced::Pending, &[]);
        world.advance(Duration::from_secs(2));
        force(&job, Forced::Processing, &["pending>processing 25"]);
        world.advance(DAY);
        force(&job, Forced::Processing, &WORK[2..]);
        force(&job, Forced::Done, &[DONE]);
    }

    #[test]
    fn who_comes_late_hears_the_rest() {
        let world = still();
        accept(&world, Fate::Done);
        world.clock.advance(Duration::from_secs(3));
        let mut late = world.subscribe();
        world.advance(DAY);
        assert_eq!(told(&mut late), [WORK[3], DONE]);
    }

    #[tokio::test]
    async fn a_thousand_jobs_end_by_themselves_at_any_speed() {
        for speed in [50.0, 1e6] {
            let config = Config::default().with_speed(speed);
            let (stop, running) = tokio::sync::watch::channel(());
            let app = App::new(config, ([127, 0, 0, 1], 0).into(), running).unwrap();
            let app = Arc::new(app);
            let mut changes = app.world.subscribe();
            let task = tokio::spawn(run(Arc::clone(&app)));
            for _ in 0..1000 {
                accept(&app.world, Fate::Done);
                tokio::task::yield_now().await;
            }
            let mut stories: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let mut last = None;
            for _ in 0..5000 {
                let change = changes.recv().await.unwrap();
                assert!(change.at <= app.world.now());
                let story = stories.entry(change.job.id.clone()).or_default();
                story.push(brief(&change));
                last = Some(change);
            }
            assert_eq!(last.unwrap().phase, Phase::Done);
            assert_eq!(stories.len(), 1000);
            for story in stories.values() {
                assert_eq!(*story, [&WORK[..], &[DONE]].concat());
            }
            drop(stop);
            task.await.unwrap();
        }
    }
}
