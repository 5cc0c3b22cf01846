//! The operation table: what client, command line and sandbox are driven by.

use std::time::Duration;

use crate::field::{FieldKind, FieldMeta, Required};
use crate::meta::{BodyKind, Bucket, CostClass, Meta, Method, OutputKind, TaskMeta};

/// Every operation, tasks first.
pub const TABLE: &[&Meta] = &[
    &TXT2IMG,
    &IMG_UPSCALE,
    &TXT2IMG_PRICE,
    &IMG_UPSCALE_PRICE,
    &BALANCE,
    &MODELS,
    &REQUEST_STATUS,
];

const PRICES: Bucket = Bucket::new("price-calculation");

const PROMPT: FieldMeta = FieldMeta::new("prompt", FieldKind::Text, Required::Yes, "What to draw");
const NEGATIVE_PROMPT: FieldMeta = FieldMeta::new(
    "negative_prompt",
    FieldKind::Text,
    Required::No,
    "What to avoid",
);
const MODEL: FieldMeta = FieldMeta::new(
    "model",
    FieldKind::Text,
    Required::Yes,
    "The model's slug, from `models`",
);
const LORAS: FieldMeta = FieldMeta::new(
    "loras",
    FieldKind::Loras,
    Required::No,
    "LoRA adapters as NAME=WEIGHT",
);
const WIDTH: FieldMeta = FieldMeta::new(
    "width",
    FieldKind::Integer,
    Required::Yes,
    "Width in pixels",
);
const HEIGHT: FieldMeta = FieldMeta::new(
    "height",
    FieldKind::Integer,
    Required::Yes,
    "Height in pixels",
);
const GUIDANCE: FieldMeta = FieldMeta::new(
    "guidance",
    FieldKind::Number,
    Required::ByModel,
    "How closely to follow the prompt",
);
const STEPS: FieldMeta = FieldMeta::new(
    "steps",
    FieldKind::Integer,
    Required::ByModel,
    "Inference steps",
);
const SEED: FieldMeta = FieldMeta::new(
    "seed",
    FieldKind::Integer,
    Required::Yes,
    "Random seed; -1 lets the service draw one",
)
.default("-1");
const WEBHOOK_URL: FieldMeta = FieldMeta::new(
    "webhook_url",
    FieldKind::Text,
    Required::No,
    "https address told of the job's changes",
);
const IMAGE: FieldMeta = FieldMeta::new(
    "image",
    FieldKind::File,
    Required::Yes,
    "The picture: JPEG, PNG, GIF, BMP or WebP, at most 10 MB",
);

const fn image(input: &'static str, aliases: &'static [&'static str]) -> TaskMeta {
    TaskMeta {
        output: OutputKind::Image,
        price: None,
        input,
        extension: "png",
        usual: Duration::from_secs(5),
        deadline: Duration::from_secs(5 * 60),
        aliases,
    }
}

/// `txt2img`
pub(super) const TXT2IMG: Meta = Meta {
    name: "txt2img",
    method: Method::Post,
    path: "txt2img",
    cost: CostClass::Paid,
    bucket: Bucket::new("txt2img"),
    body: BodyKind::Json,
    task: Some(image("prompt", &[])),
    fields: &[
        PROMPT,
        NEGATIVE_PROMPT,
        MODEL,
        LORAS,
        WIDTH,
        HEIGHT,
        GUIDANCE,
        STEPS,
        SEED,
        WEBHOOK_URL,
    ],
    exactly_one: &[],
    extended: false,
    summary: "Make a picture from a text",
};

/// `txt2img/price-calculation`
pub(super) const TXT2IMG_PRICE: Meta = Meta {
    name: "txt2img/price-calculation",
    path: "txt2img/price-calculation",
    cost: CostClass::Quote,
    bucket: PRICES,
    task: None,
    fields: &[
        PROMPT,
        NEGATIVE_PROMPT,
        MODEL,
        LORAS,
        WIDTH,
        HEIGHT,
        GUIDANCE,
        STEPS,
        SEED,
    ],
    summary: "Ask what a picture from a text would cost",
    ..TXT2IMG
};

/// `img-upscale`
pub(super) const IMG_UPSCALE: Meta = Meta {
    name: "img-upscale",
    method: Method::Post,
    path: "img-upscale",
    cost: CostClass::Paid,
    bucket: Bucket::new("img-upscale"),
    body: BodyKind::Multipart,
    task: Some(image("image", &["img_upscale"])),
    fields: &[IMAGE, MODEL, WEBHOOK_URL],
    exactly_one: &[],
    extended: false,
    summary: "Enlarge a picture",
};

/// `img-upscale/price-calculation`
pub(super) const IMG_UPSCALE_PRICE: Meta = Meta {
    name: "img-upscale/price-calculation",
    path: "img-upscale/price-calculation",
    cost: CostClass::Quote,
    bucket: PRICES,
    task: None,
    fields: &[
        FieldMeta {
            required: Required::No,
            ..IMAGE
        },
        FieldMeta {
            required: Required::No,
            ..WIDTH
        },
        FieldMeta {
            required: Required::No,
            ..HEIGHT
        },
        MODEL,
    ],
    summary: "Ask what enlarging a picture would cost",
    ..IMG_UPSCALE
};

/// `balance`
pub(super) const BALANCE: Meta = Meta {
    name: "balance",
    method: Method::Get,
    path: "balance",
    cost: CostClass::Free,
    bucket: Bucket::new("balance"),
    body: BodyKind::None,
    task: None,
    fields: &[],
    exactly_one: &[],
    extended: false,
    summary: "Read the account's balance",
};

/// `models`
pub(super) const MODELS: Meta = Meta {
    name: "models",
    path: "models",
    bucket: Bucket::new("models"),
    summary: "List the models",
    ..BALANCE
};

/// `request-status/{request_id}`
pub(super) const REQUEST_STATUS: Meta = Meta {
    name: "request-status",
    path: "request-status/{request_id}",
    bucket: Bucket::new("request-status"),
    summary: "Read a job's status",
    ..BALANCE
};

/// A task whose name is only known at run time: the longest wait of all kinds.
pub(super) const ANY: Meta = Meta {
    name: "task",
    path: "",
    bucket: Bucket::new("task"),
    task: Some(TaskMeta {
        deadline: Duration::from_secs(60 * 60),
        ..image("", &[])
    }),
    fields: &[],
    summary: "Any task",
    ..TXT2IMG
};

/// The price of a task whose name is only known at run time.
pub(super) const ANY_PRICE: Meta = Meta {
    name: "task/price-calculation",
    task: None,
    fields: &[],
    summary: "The price of any task",
    ..TXT2IMG_PRICE
};
