//! The table at the end.

use std::collections::BTreeMap;
use std::fmt;

use dryapi_testkit::Fault;
use dryapi_types::Usd;

use crate::judge::Verdict;
use crate::round::Outcome;

/// What all rounds came to.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    rounds: usize,
    kills: u32,
    twins: usize,
    armed: BTreeMap<&'static str, usize>,
    fired: BTreeMap<String, usize>,
    total: Verdict,
    booked_then_500: Vec<u64>,
    unguarded: (usize, usize, Usd),
}

impl Summary {
    pub(crate) fn add(&mut self, seed: u64, outcome: Result<Outcome, String>) {
        self.rounds += 1;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                self.broke(seed, &error);
                return;
            }
        };
        self.kills += outcome.kills;
        self.twins += usize::from(outcome.twins);
        if outcome.armed.contains(&Fault::BookThen500) {
            self.booked_then_500.push(seed);
        }
        for fault in outcome.armed {
            *self.armed.entry(fault.as_str()).or_default() += 1;
        }
        for fault in outcome.fired {
            *self.fired.entry(fault).or_default() += 1;
        }
        let (of, total) = (outcome.verdict, &mut self.total);
        total.wanted += of.wanted;
        total.delivered += of.delivered;
        total.failed += of.failed;
        total.unknown_billed += of.unknown_billed;
        total.unknown_free += of.unknown_free;
        total.unknown_calm += of.unknown_calm;
        total.billed += of.billed;
        total.money += of.money;
        total.billed_twice += of.billed_twice;
        total.wasted += of.wasted;
        for broken in of.broken {
            self.broke(seed, &broken);
        }
    }

    fn broke(&mut self, seed: u64, what: &str) {
        println!("BROKEN in round {seed}: {what}");
        println!("  to see it again: cargo xtask prove --rounds 1 --seed {seed}");
        self.total.broken.push(what.to_owned());
    }

    /// The same round without the guard.
    pub(crate) fn add_unguarded(&mut self, seed: u64, outcome: Result<Outcome, String>) {
        match outcome {
            Ok(outcome) => {
                self.unguarded.0 += 1;
                self.unguarded.1 += outcome.verdict.billed_twice;
                self.unguarded.2 += outcome.verdict.wasted;
            }
            Err(error) => println!("without the guard, round {seed}: {error}"),
        }
    }

    pub(crate) fn booked_then_500(&self) -> &[u64] {
        &self.booked_then_500
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.total.broken.is_empty()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = &self.total;
        let unknown = total.unknown_billed + total.unknown_free;
        let (rounds, twins) = (self.rounds, self.twins);
        writeln!(
            f,
            "rounds               {rounds:>8}  ({twins} with two clients at once)"
        )?;
        writeln!(f, "clients killed       {:>8}", self.kills)?;
        writeln!(f, "wanted               {:>8}", total.wanted)?;
        writeln!(f, "  delivered          {:>8}", total.delivered)?;
        writeln!(f, "  failed             {:>8}", total.failed)?;
        writeln!(
            f,
            "  unknown            {unknown:>8}  (billed {}, not billed {}; {} by a death or by time)",
            total.unknown_billed, total.unknown_free, total.unknown_calm
        )?;
        writeln!(
            f,
            "billed               {:>8}  {} USD",
            total.billed, total.money
        )?;
        writeln!(f, "billed twice         {:>8}", total.billed_twice)?;
        writeln!(f, "promises broken      {:>8}", total.broken.len())?;
        let (rounds, twice, wasted) = &self.unguarded;
        writeln!(
            f,
            "guard off            {twice:>8}  billed twice, {wasted} USD, in {rounds} rounds with book_then_500"
        )?;
        write!(f, "faults (armed in rounds / met by requests):")?;
        for (index, fault) in Fault::ALL.iter().enumerate() {
            let name = fault.as_str();
            let armed = self.armed.get(name).copied().unwrap_or_default();
            let fired = self.fired.get(name).copied().unwrap_or_default();
            let start = if index % 3 == 0 { "\n  " } else { "   " };
            write!(f, "{start}{name:<18} {armed:>4} /{fired:>5}")?;
        }
        Ok(())
    }
}
