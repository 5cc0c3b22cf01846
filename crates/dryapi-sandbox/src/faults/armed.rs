//! The rules that wait for their request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::effect::{Effect, Instead};
use crate::key::Key;
use crate::rules::{FaultRule, InvalidFault, On, Target};

/// Every armed rule, oldest first.
#[derive(Debug)]
pub(crate) struct Armed {
    rules: Mutex<Vec<FaultRule>>,
    /// What a fresh start is armed with.
    configured: Vec<FaultRule>,
}

/// A rule taken for one request.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) rule: FaultRule,
    /// Out of the request itself: not to be given back.
    pub(super) from_prompt: bool,
}

impl Armed {
    pub(crate) fn new(configured: Vec<FaultRule>) -> Result<Self, InvalidFault> {
        for rule in &configured {
            rule.check()?;
        }
        Ok(Self {
            rules: Mutex::new(configured.clone()),
            configured,
        })
    }

    pub(crate) fn arm(&self, rule: FaultRule) -> Result<(), InvalidFault> {
        rule.check()?;
        self.rules().push(rule);
        Ok(())
    }

    /// Takes the fault of one request: of the oldest rule that is for it and spares it no more.
    pub(crate) fn take(&self, key: &Key, target: Target) -> Option<Drawn> {
        let mut rules = self.rules();
        for at in 0..rules.len() {
            let Some(rule) = rules.get_mut(at) else { break };
            if !rule.is_for(key, target) {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            rule.times = rule.times.saturating_sub(1);
            let drawn = FaultRule {
                times: 1,
                ..rule.clone()
            };
            if rule.times == 0 {
                rules.remove(at);
            }
            return Some(Drawn {
                rule: drawn,
                from_prompt: false,
            });
        }
        None
    }

    /// Waits for the next request: this one was refused before the fault could happen.
    pub(crate) fn give_back(&self, drawn: Option<Drawn>) {
        if let Some(drawn) = drawn
            && !drawn.from_prompt
        {
            self.rules().insert(0, drawn.rule);
        }
    }

    /// Those of one account, or all.
    pub(crate) fn disarm(&self, key: Option<&Key>) {
        self.rules()
            .retain(|rule| key.is_some() && rule.key.as_ref() != key);
    }

    /// As at the start; of one account: without its rules.
    pub(crate) fn reset(&self, key: Option<&Key>) {
        self.disarm(key);
        if key.is_none() {
            self.rules().clone_from(&self.configured);
        }
    }

    pub(crate) fn list(&self) -> Vec<FaultRule> {
        self.rules().clone()
    }

    fn rules(&self) -> MutexGuard<'_, Vec<FaultRule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drawn {
    /// Whether the request is not even read.
    pub(crate) fn closes_unread(&self) -> bool {
        matches!(self.rule.effect(), Some(Effect::Instead(Instead::Close)))
    }
}

impl FaultRule {
    fn is_for(&self, key: &Key, target: Target) -> bool {
        let mine = self.key.as_ref().is_none_or(|only| only == key);
        mine && self.check().is_ok_and(|(named, on)| match on {
            On::Any => named.happens_to(target),
            On::Only(only) => only.name() == target.name(),
        })
    }
}

#[cfg(test)]
mod tests {
    use dryapi_testkit::Fault;

    use super::*;

    fn target(name: &str) -> Target {
        Target::all().find(|target| target.name() == name).unwrap()
    }

    #[test]
    fn rules_spare_strike_and_end() {
        let armed = Armed::new(Vec::new()).unwrap();
        let rule = FaultRule::new(Fault::Hang).on("txt2img");
        armed.arm(rule.with_after(1).with_times(2)).unwrap();
        let (key, mine) = (Key::new("k"), target("txt2img"));
        let strikes = || armed.take(&key, mine).is_some();
        assert!(armed.take(&key, target("balance")).is_none());
        assert_eq!([(); 4].map(|()| strikes()), [false, true, true, false]);
        assert!(armed.list().is_empty());
    }

    #[test]
    fn a_rule_given_back_strikes_again() {
        let armed = Armed::new(vec![FaultRule::new(Fault::Hang)]).unwrap();
        let key = Key::new("k");
        let drawn = armed.take(&key, target("balance"));
        assert!(drawn.is_some());
        assert!(armed.take(&key, target("balance")).is_none());
        armed.give_back(drawn);
        assert!(armed.take(&key, target("models")).is_some());
        armed.reset(None);
        assert_eq!(armed.list().len(), 1, "configured");
        armed.disarm(None);
        assert!(armed.list().is_empty());
    }

    #[test]
    fn any_is_what_the_fault_can_happen_to() {
        let takes = |fault, name| {
            let armed = Armed::new(vec![FaultRule::new(fault)]).unwrap();
            armed.take(&Key::new("k"), target(name)).is_some()
        };
        assert!(takes(Fault::JobFailed, "txt2img"));
        assert!(!takes(Fault::JobFailed, "balance"));
        assert!(takes(Fault::ExpiredUrl, "request-status"));
        assert!(!takes(Fault::ExpiredUrl, "txt2img"));
        assert!(takes(Fault::SlowBody, "models"));
        assert!(!takes(Fault::SlowBody, "results"));
    }

    #[test]
    fn accounts_have_faults_of_their_own() {
        let armed = Armed::new(Vec::new()).unwrap();
        let rule = FaultRule::new(Fault::Hang).with_key("a".to_owned());
        assert!(!format!("{rule:?}").contains("\"a\""));
        armed.arm(rule).unwrap();
        assert!(armed.take(&Key::new("b"), target("balance")).is_none());
        armed.reset(Some(&Key::new("b")));
        assert_eq!(armed.list().len(), 1);
        armed.reset(Some(&Key::new("a")));
        assert!(armed.list().is_empty());
    }
}
