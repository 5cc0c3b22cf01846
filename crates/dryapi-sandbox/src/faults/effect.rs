//! What a rule does to a call: instead of its work, to its job, or to its answer.

use std::time::Duration;

use dryapi_testkit::{Answer, Fault, answers, corpus};
use http::StatusCode;

use crate::limits::Window;
use crate::rules::{FaultRule, Named};
use crate::world::{Fate, Mishap, Twist, usual_message};

/// What happens to one call.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Nothing is done.
    Instead(Instead),
    /// The work is done, and its job turns out so.
    Job(Twist),
    /// The work is done, and then this happens to the answer.
    After(After),
}

/// What comes in place of the work.
#[derive(Debug)]
pub(crate) enum Instead {
    /// The connection closes, the body unread.
    Close,
    Answer(Box<Answer>),
    Refuse(Window),
}

/// What comes after the work.
#[derive(Debug)]
pub(crate) enum After {
    /// The connection closes.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, ever.
    Hang,
    /// The body breaks off after so many bytes, else in the middle.
    Half(Option<usize>),
    /// The body comes piece by piece, after a pause each.
    Slow(Duration),
    /// Another answer.
    Answer(Box<Answer>),
}

impl After {
    /// The status that is answered, if anything is.
    pub(crate) fn status(&self, own: StatusCode) -> Option<StatusCode> {
        match self {
            Self::Close | Self::Reset | Self::Hang => None,
            Self::Half(_) | Self::Slow(_) => Some(own),
            Self::Answer(answer) => Some(answer.status),
        }
    }
}

/// What a drip waits by default, in real time.
const PAUSE: Duration = Duration::from_millis(50);

impl FaultRule {
    /// None for what is not emulated, which is never armed.
    pub(crate) fn effect(&self) -> Option<Effect> {
        let fault = match Named::read(&self.fault, self.body.as_deref()).ok()? {
            Named::Body(case) => return Some(instead(case.answer())),
            Named::Fault(fault) => fault,
        };
        let job = |fate| {
            Effect::Job(Twist {
                fate,
                ..Twist::default()
            })
        };
        let webhook = |mishap| {
            Effect::Job(Twist {
                mishap: Some(mishap),
                ..Twist::default()
            })
        };
        Some(match fault {
            Fault::DropBeforeRead => Effect::Instead(Instead::Close),
            Fault::Error500 => instead(answers::server_error()),
            Fault::RateLimitMinute => Effect::Instead(Instead::Refuse(Window::Minute)),
            Fault::RateLimitDaily => Effect::Instead(Instead::Refuse(Window::Day)),
            Fault::JobFailed => {
                let code = self
                    .code
                    .as_deref()
                    .unwrap_or("PROCESSING_ERROR")
                    .to_owned();
                let message = usual_message(&code).to_owned();
                job(Fate::Error { code, message })
            }
            Fault::StuckJob => job(Fate::Stuck),
            Fault::WebhookLost => webhook(Mishap::Lost),
            Fault::WebhookTwice => webhook(Mishap::Twice),
            Fault::WebhookLate => webhook(Mishap::Late),
            Fault::WebhookReordered => webhook(Mishap::Reordered),
            Fault::ExpiredUrl => Effect::Job(Twist {
                stale_urls: 1,
                ..Twist::default()
            }),
            Fault::AcceptThenDrop => Effect::After(After::Close),
            Fault::ResetAfterAccept => Effect::After(After::Reset),
            Fault::Hang => Effect::After(After::Hang),
            Fault::HalfAnswer => Effect::After(After::Half(self.at)),
            Fault::SlowBody => Effect::After(After::Slow(self.pause.unwrap_or(PAUSE))),
            Fault::BookThen500 => after(answers::server_error()),
            Fault::PushCut => Effect::Job(Twist {
                push_cut: true,
                ..Twist::default()
            }),
            Fault::PushRefused => instead(answers::error(403, "This action is unauthorized.")),
            Fault::Html502 => after(corpus::error("html_502")?.answer()),
            _ => return None,
        })
    }
}

fn instead(answer: Answer) -> Effect {
    Effect::Instead(Instead::Answer(Box::new(answer)))
}

fn after(answer: Answer) -> Effect {
    Effect::After(After::Answer(Box::new(answer)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emulated_fault_has_an_effect() {
        for fault in Fault::ALL {
            let emulated = Named::Fault(*fault).is_emulated();
            assert_eq!(
                FaultRule::new(*fault).effect().is_some(),
                emulated,
                "{fault}"
            );
        }
    }
}
