//! `dryapi prompt …`: prompts improved or made up. The answer itself is what is paid for.

use clap::ArgMatches;
use dryapi_types::{
    EnhanceImagePrompt, EnhanceImageToImagePrompt, EnhanceSpeechPrompt, EnhanceVideoPrompt,
    EnhancedPrompt, GetSamplePrompt, Operation, Priced,
};
use serde_json::{Map, Value};

use crate::flags;
use crate::pay;
use crate::report::{End, Failure, json, terminal};
use crate::request::{complete, read};
use crate::session::Session;

pub(super) async fn prompt(session: &mut Session, matches: &ArgMatches) -> Result<(), End> {
    let none = || Failure::invalid("no such command");
    let (name, matches) = matches.subcommand().ok_or_else(none)?;
    let meta = flags::prompt(name).ok_or_else(none)?;
    let read = read(session, meta, matches).await?;
    complete(meta, &read.fields, |_| true)?;
    let fields = Fields(&read.fields);
    let text = || fields.text("prompt").unwrap_or_default();
    match name {
        "image" => {
            let mut request = EnhanceImagePrompt::new(text());
            request.negative_prompt = fields.text("negative_prompt");
            enhance(session, &request).await
        }
        "video" => {
            let mut request = EnhanceVideoPrompt::new(text());
            request.negative_prompt = fields.text("negative_prompt");
            enhance(session, &request).await
        }
        "image2image" => {
            let image = fields.text("image").unwrap_or_default();
            let mut request = EnhanceImageToImagePrompt::new(text()).with_image(image.as_str());
            request.negative_prompt = fields.text("negative_prompt");
            enhance(session, &request).await
        }
        "speech" => {
            let mut request = EnhanceSpeechPrompt::new(text());
            request.lang_code = fields.text("lang_code");
            enhance(session, &request).await
        }
        "sample" => {
            let mut request =
                GetSamplePrompt::new(fields.text("type").unwrap_or_default().as_str());
            request.topic = fields.text("topic");
            request.lang_code = fields.text("lang_code");
            pay::answer(session, &request, |sample| {
                show(session, &EnhancedPrompt::new(sample.prompt))
            })
            .await
        }
        _ => Err(none().into()),
    }
}

/// The fields that were given, all of them texts.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(ToOwned::to_owned)
    }
}

async fn enhance<O>(session: &Session, request: &O) -> Result<(), End>
where
    O: Priced + Operation<Response = EnhancedPrompt> + 'static,
    O::Quote: 'static,
{
    pay::answer(session, request, |prompt| show(session, &prompt)).await
}

/// The prompt alone for people, so that it can be handed on; what to avoid beside it.
fn show(session: &Session, answer: &EnhancedPrompt) -> Result<(), End> {
    let screen = &session.screen;
    if screen.json() {
        return screen.result(&json::line(&json::Prompt {
            prompt: &answer.prompt,
            negative_prompt: answer.negative_prompt.as_deref(),
            sandbox: session.is_sandbox(),
        }));
    }
    let shown = |text| match screen.stdout_is_terminal() {
        true => terminal::text(text),
        false => text.into(),
    };
    screen.result(&shown(&answer.prompt))?;
    if let Some(negative) = &answer.negative_prompt {
        screen.note(&format!("negative prompt: {}", terminal::text(negative)));
    }
    Ok(())
}
