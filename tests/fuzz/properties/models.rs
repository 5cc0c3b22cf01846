//! Any catalogue is read or refused; what is read has names, and requests can be checked by it.

use dryapi_types::{ListModels, Model, Operation, Task, TextToImage, TextToSpeech};
use serde_json::json;

use super::answer::Any;

pub fn check(data: &[u8]) {
    let any = Any::read(data);
    let page = match ListModels::decode(any.status, &any.pairs(), &any.body) {
        Ok(page) => page,
        Err(error) => return assert!(!error.message.trim().is_empty(), "{error:?}"),
    };
    assert!(
        !page.models.is_empty() || !page.has_next(0),
        "nothing, and more of it"
    );
    assert!(!page.has_next(u64::MAX) || page.last_page.is_none());
    for model in &page.models {
        used(model);
    }
    let written = serde_json::to_vec(&json!({ "data": page.models })).unwrap();
    let again = ListModels::decode(200, &[], &written).unwrap();
    let names = |models: &[Model]| -> Vec<_> {
        let named = models.iter();
        named
            .map(|model| (model.slug.clone(), model.name.clone()))
            .collect()
    };
    assert_eq!(names(&again.models), names(&page.models));
}

fn used(model: &Model) {
    assert!(!model.slug.is_empty() && !model.name.is_empty());
    for language in &model.languages {
        assert!(model.language(&language.slug).is_some());
    }
    assert!(
        model
            .voices(None)
            .iter()
            .all(|voice| !voice.slug.is_empty())
    );
    let picture = TextToImage::new("a cat", model.slug.as_str())
        .with_size(512, 768)
        .with_steps(4)
        .with_guidance(3.5);
    spoken(picture.check(model));
    spoken(TextToSpeech::new("hello", model.slug.as_str()).check(model));
}

fn spoken(check: Result<(), dryapi_types::InvalidRequest>) {
    if let Err(error) = check {
        assert!(!error.to_string().is_empty());
    }
}
