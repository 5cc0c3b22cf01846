//! The models the sandbox offers, as the Models page lists them, quirks included.

use serde_json::{Value, json};

/// One model: what the service shows of it, and what the sandbox needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) slug: &'static str,
    pub(crate) tasks: &'static [&'static str],
    /// Ten-billionths of a US dollar for the unit of `pricing`.
    pub(crate) rate: u64,
    /// How many times larger an upscaler makes a picture.
    pub(crate) factor: u32,
    name: &'static str,
    info: &'static str,
}

impl Model {
    const fn new(slug: &'static str, name: &'static str, tasks: &'static [&'static str]) -> Self {
        Self {
            slug,
            name,
            tasks,
            rate: 0,
            factor: 1,
            info: "[]",
        }
    }

    const fn priced(mut self, rate: u64) -> Self {
        self.rate = rate;
        self
    }

    const fn factor(mut self, factor: u32) -> Self {
        self.factor = factor;
        self
    }

    const fn info(mut self, info: &'static str) -> Self {
        self.info = info;
        self
    }

    /// The model as `GET models` shows it.
    pub(crate) fn card(&self) -> Value {
        json!({
            "name": self.name,
            "slug": self.slug,
            "inference_types": self.tasks,
            "info": serde_json::from_str::<Value>(self.info).unwrap_or_else(|_| json!([])),
        })
    }

    /// A limit or default, also where it is written as text.
    pub(crate) fn number(&self, group: &str, key: &str) -> Option<f64> {
        let info: Value = serde_json::from_str(self.info).ok()?;
        match info.get(group)?.get(key)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn does(&self, task: &str) -> bool {
        self.tasks.contains(&task)
    }
}

/// Finds a model by its slug, which is case-sensitive.
pub(crate) fn find(slug: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.slug == slug)
}

/// Every other spelling of an inference type that the service's pages use, and the live one.
const ALIASES: &[(&str, &str)] = &[
    ("aud2video", "audio2video"),
    ("vid2txt", "video2text"),
    ("aud2txt", "audio2text"),
    ("videofile2txt", "video_file2text"),
    ("audiofile2txt", "audio_file2text"),
    ("img_rmbg", "img-rmbg"),
    ("img_upscale", "img-upscale"),
    ("vid_rmbg", "vid-rmbg"),
    ("vid_upscale", "vid-upscale"),
];

/// The models that do one of the named tasks, whichever way they are spelled; all for no name.
pub(crate) fn filtered(names: &[&str]) -> Vec<&'static Model> {
    let live = |name: &str| {
        let found = ALIASES.iter().find(|(alias, _)| *alias == name);
        found.map_or_else(|| name.to_owned(), |(_, live)| (*live).to_owned())
    };
    let wanted: Vec<String> = names.iter().map(|name| live(name)).collect();
    MODELS
        .iter()
        .filter(|model| wanted.is_empty() || wanted.iter().any(|task| model.does(task)))
        .collect()
}

static MODELS: &[Model] = &[
    Model::new("Flux1schnell", "FLUX.1 [schnell]", &["txt2img"])
        .priced(13_600_000)
        .info(
            r#"{"limits":{"min_width":256,"max_width":2048,"min_height":256,"max_height":2048,
            "resolution_step":128,"min_steps":1,"max_steps":10},
            "features":{"supports_guidance":false,"supports_steps":true,
            "supports_negative_prompt":true,"supports_lora":false},
            "defaults":{"width":768,"height":768,"steps":4}}"#,
        ),
    Model::new(
        "Flux_2_Klein_4B_BF16",
        "FLUX.2 Klein 4B BF16",
        &["txt2img", "img2img"],
    )
    .priced(18_600_000)
    .info(
        // A limit as text: seen live.
        r#"{"limits":{"min_width":256,"max_width":"1536","min_height":256,"max_height":"1536",
                "resolution_step":16,"min_steps":4,"max_steps":4,"max_input_images":3},
                "features":{"supports_guidance":"0","supports_steps":"0",
                "supports_negative_prompt":"0","supports_custom_output_size":"1"},
                "defaults":{"width":1024,"height":1024,"steps":4}}"#,
    ),
    Model::new("ZImageTurbo_INT8", "Z-Image Turbo INT8", &["txt2img"])
        .priced(40_500_000)
        .info(
            r#"{"limits":{"min_width":128,"max_width":2048,"min_height":128,"max_height":2048,
            "resolution_step":16,"min_steps":1,"max_steps":50},
            "features":{"supports_guidance":0,"supports_steps":1,"supports_negative_prompt":1},
            "defaults":{"width":1024,"height":1024,"steps":8}}"#,
        ),
    Model::new("RealESRGAN_x4", "Real-ESRGAN x4", &["img-upscale"])
        .priced(5_000_000)
        .factor(4)
        .info(r#"{"limits":{"max_width":1024,"max_height":1024},"features":[],"defaults":[]}"#),
    // `info` as an empty PHP array: seen live.
    Model::new("RealESRGAN_x2", "Real-ESRGAN x2", &["img-upscale"])
        .priced(3_000_000)
        .factor(2),
    Model::new(
        "QwenImageEdit_Plus_NF4",
        "Qwen Image Edit Plus NF4",
        &["img2img"],
    )
    .info(
        r#"{"limits":{"min_steps":1,"max_steps":50,"min_guidance":1,"max_guidance":20,
            "max_input_images":1},"features":{"supports_guidance":true,"supports_steps":true},
            "defaults":{"steps":20,"guidance":4}}"#,
    ),
    Model::new("Ben2", "BEN2", &["img-rmbg"])
        .info(r#"{"limits":{"max_width":4096,"max_height":4096}}"#),
    Model::new("Kokoro", "Kokoro", &["txt2audio"]),
    Model::new("Chatterbox", "Chatterbox", &["txt2audio"]),
    Model::new("AceStep_1_5_Turbo", "ACE-Step 1.5 Turbo", &["txt2music"]),
    Model::new(
        "Ltx2_19B_Dist_FP8",
        "LTX-2 19B Distilled FP8",
        &["txt2video", "img2video"],
    ),
    Model::new(
        "Ltx2_3_22B_Dist_INT8",
        "LTX-2.3 22B Distilled INT8",
        &["txt2video", "img2video", "audio2video"],
    ),
    Model::new(
        "WhisperLargeV3",
        "Whisper large v3",
        &[
            "video2text",
            "audio2text",
            "video_file2text",
            "audio_file2text",
        ],
    ),
    Model::new("Nanonets_Ocr_S_F16", "Nanonets OCR S", &["img2txt"]),
    Model::new("Bge_M3_FP16", "BGE M3", &["txt2embedding"]),
    Model::new(
        "RealESRGAN_Vid_x2",
        "Real-ESRGAN video x2",
        &["vid-upscale"],
    ),
    Model::new("FlashVSR_Tiny", "FlashVSR Tiny", &["vid-upscale"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_is_well_formed_and_every_slug_unique() {
        for model in MODELS {
            assert!(
                serde_json::from_str::<Value>(model.info).is_ok(),
                "{}",
                model.slug
            );
            assert_eq!(
                MODELS
                    .iter()
                    .filter(|other| other.slug == model.slug)
                    .count(),
                1
            );
        }
        assert_eq!(
            find("Flux_2_Klein_4B_BF16")
                .unwrap()
                .number("limits", "max_width"),
            Some(1536.0)
        );
    }

    #[test]
    fn aliases_find_the_same_models() {
        let slugs = |name| filtered(&[name]).iter().map(|m| m.slug).collect::<Vec<_>>();
        assert_eq!(slugs("img_upscale"), ["RealESRGAN_x4", "RealESRGAN_x2"]);
        assert_eq!(slugs("vid2txt"), slugs("video2text"));
        assert_eq!(slugs("aud2video"), ["Ltx2_3_22B_Dist_INT8"]);
        assert!(slugs("nothing").is_empty());
        assert!(filtered(&[]).len() > 15);
    }
}
