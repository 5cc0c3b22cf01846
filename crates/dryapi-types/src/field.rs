//! A field of an operation: what it takes, and how a model's card speaks of it.

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text.
    Text,
    /// One text or several.
    Texts,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// One file.
    File,
    /// One file or several: one is sent under the field's name, several each under that of its list
    /// form.
    Files,
    /// LoRA adapters: a list of name and weight.
    Loras,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Required {
    /// The service refuses the request without it.
    Yes,
    /// The published description requires it, the service's own clients leave it out for models
    /// that have no use for it: taken from the model where one is asked.
    ByModel,
    /// May be left out.
    No,
}

/// How a model's card speaks of a field: what fills it, and what it is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CardRule {
    /// A size in pixels: `min_KEY`, `max_KEY`, `resolution_step`; filled from `defaults.KEY`.
    Size,
    /// A size the model may not let one choose (`supports_custom_output_size`); never filled.
    CustomSize,
    /// A number between `min_KEY` and `max_KEY`; filled from `defaults.KEY`.
    Number,
    /// Steps: as a number, fixed where `supports_steps` is false.
    Steps,
    /// Guidance: as a number, 0 where `supports_guidance` is false.
    Guidance,
    /// A negative prompt: only where `supports_negative_prompt` is not false.
    NegativePrompt,
    /// LoRA adapters: by a name of the card.
    Loras,
    /// A text between `min_KEY` and `max_KEY` characters.
    Characters,
    /// A language of the card, by slug or display name; filled from `defaults.KEY`.
    Language,
    /// A voice of the chosen language, by slug or display name; filled from `defaults.KEY`.
    Voice,
    /// A value of `limits.KEY`, where the card lists some; filled from `defaults.KEY`.
    OneOf,
    /// Files, at most `max_input_images`.
    Images,
    /// A last frame: only where `supports_last_frame` is not false.
    LastFrame,
}

/// A field's place in a model's card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Card {
    /// What is filled and checked.
    pub rule: CardRule,
    /// The card's own name for it: `steps` for `inference_steps`.
    pub key: &'static str,
}

/// What a file may be. Soft: the service's pages disagree, so only the service refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileRule {
    /// Formats by their usual extension, for instance `png`.
    pub formats: &'static [&'static str],
    /// The largest size in bytes that a page of the service allows; `None` where none says.
    pub max_bytes: Option<u64>,
}

/// One field of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FieldMeta {
    /// The API's name, for instance `negative_prompt`.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: Required,
    /// What is sent when it is left out, as text, where the service documents a value.
    pub default: Option<&'static str>,
    /// The values the service names, where it names some. It may take others.
    pub choices: &'static [&'static str],
    /// The least: of a number its value, of a text its characters, of a list its items.
    pub min: Option<f64>,
    /// The greatest, likewise.
    pub max: Option<f64>,
    /// How a model's card speaks of it.
    pub card: Option<Card>,
    /// What a file may be.
    pub file: Option<FileRule>,
    /// The name of its list form, for instance `images[]`.
    pub several: Option<&'static str>,
    /// Whether it is sent even when it is left out, as null or an empty text.
    pub always: bool,
    /// Whether the service's published reference does not list it.
    pub extended: bool,
    /// One line for people, with its unit.
    pub summary: &'static str,
}

impl FieldMeta {
    /// A field that takes anything of its kind.
    #[must_use]
    pub const fn new(
        name: &'static str,
        kind: FieldKind,
        required: Required,
        summary: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            required,
            default: None,
            choices: &[],
            min: None,
            max: None,
            card: None,
            file: None,
            several: None,
            always: false,
            extended: false,
            summary,
        }
    }

    /// With what is sent when it is left out.
    #[must_use]
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    /// With the values the service names.
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// With a least value, number of characters or number of items.
    #[must_use]
    pub const fn min(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    /// With a greatest value, number of characters or number of items.
    #[must_use]
    pub const fn max(mut self, max: f64) -> Self {
        self.max = Some(max);
        self
    }

    /// With its place in a model's card.
    #[must_use]
    pub const fn card(mut self, rule: CardRule, key: &'static str) -> Self {
        self.card = Some(Card { rule, key });
        self
    }

    /// With what its file may be.
    #[must_use]
    pub const fn file(mut self, formats: &'static [&'static str], max_bytes: Option<u64>) -> Self {
        self.file = Some(FileRule { formats, max_bytes });
        self
    }

    /// With the name of its list form.
    #[must_use]
    pub const fn several(mut self, name: &'static str) -> Self {
        self.several = Some(name);
        self
    }

    /// Sent even when it is left out.
    #[must_use]
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// Not in the service's published reference.
    #[must_use]
    pub const fn extended(mut self) -> Self {
        self.extended = true;
        self
    }
}
