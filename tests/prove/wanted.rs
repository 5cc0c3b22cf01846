//! What a round wants.

use dryapi_client::{AnyTask, TextToEmbedding, TextToImage, TextToSpeech};
use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// One wish to pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) intent: String,
    pub(crate) kind: Kind,
    pub(crate) prompt: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Picture,
    Speech,
    Vectors,
}

impl Wanted {
    /// The wishes of one round; a few are of jobs that fail.
    pub(crate) fn of_round(seed: u64, dice: &mut Dice) -> Vec<Self> {
        let count = 4 + dice.roll(9);
        let wanted = (0..count).map(|number| {
            let kind = *dice.one_of(&[
                Kind::Picture,
                Kind::Picture,
                Kind::Picture,
                Kind::Speech,
                Kind::Vectors,
            ]);
            let fails = dice.roll(8) == 0;
            let fault = if fails {
                " [[fault:job_failed:WORKER_TIMEOUT]]"
            } else {
                ""
            };
            Self {
                intent: format!("round-{seed}-{number}"),
                kind,
                prompt: format!("wish {number} of round {seed}{fault}"),
            }
        });
        wanted.collect()
    }

    pub(crate) fn request(&self) -> AnyTask {
        let prompt = self.prompt.as_str();
        match self.kind {
            Kind::Picture => TextToImage::new(prompt, "Flux1schnell")
                .with_size(256, 256)
                .with_steps(4)
                .with_guidance(0.0)
                .into(),
            Kind::Speech => TextToSpeech::new(prompt, "Kokoro")
                .with_lang("en-us")
                .with_voice("af_sky")
                .with_format("mp3")
                .with_sample_rate(24_000)
                .into(),
            Kind::Vectors => TextToEmbedding::new(prompt, "Bge_M3_FP16")
                .with_return_result_in_response(true)
                .into(),
        }
    }

    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        let extension = match self.kind {
            Kind::Picture => "png",
            Kind::Speech => "mp3",
            Kind::Vectors => "json",
        };
        format!("{}.{extension}", self.intent)
    }
}
