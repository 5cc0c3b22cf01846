//! The published limits of files. Soft: the service's pages disagree, so only the service refuses.

use std::fmt;

use dryapi_types::{FieldMeta, FileRule, Meta};

use super::upload::Upload;

/// A file that stands in a request.
#[derive(Clone, Debug)]
pub(crate) struct FilePart {
    /// The field's name in the form.
    pub(crate) field: String,
    name: String,
    bytes: Option<u64>,
    limit: Option<u64>,
}

impl FilePart {
    /// A file as it is about to be sent, and in what it is outside the published limits.
    pub(crate) fn of(meta: &Meta, field: &str, upload: &Upload) -> (Self, Option<String>) {
        let rule = rule(meta, field);
        let part = Self {
            field: field.to_owned(),
            name: upload.name.clone(),
            bytes: upload.body.len(),
            limit: rule.and_then(|rule| rule.max_bytes),
        };
        let formats = rule.map_or(&[][..], |rule| rule.formats);
        let warning = part.outside(formats, upload.format);
        (part, warning)
    }

    fn outside(&self, formats: &[&str], format: Option<&str>) -> Option<String> {
        let name = &self.name;
        if self.bytes == Some(0) {
            return Some(format!("{name} is empty"));
        }
        if let (Some(bytes), Some(limit)) = (self.bytes, self.limit)
            && bytes > limit
        {
            return Some(format!("{self}"));
        }
        let format = format?;
        let listed = |known: &&str| usual(known) == usual(format);
        if formats.is_empty() || formats.iter().any(listed) {
            return None;
        }
        let formats = formats.join(", ");
        Some(format!("{name} is {format}; published are {formats}"))
    }
}

impl fmt::Display for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(bytes) = self.bytes {
            write!(f, " is {bytes} bytes")?;
        }
        if let Some(limit) = self.limit {
            write!(f, ", the published limit is {limit} bytes")?;
        }
        Ok(())
    }
}

/// The files of a request in words, when its size may be at fault.
pub(crate) fn spoken(files: &[FilePart]) -> String {
    let files: Vec<_> = files.iter().map(ToString::to_string).collect();
    files.join("; ")
}

/// What the table says of the file of a part.
fn rule(meta: &Meta, part: &str) -> Option<FileRule> {
    let called = |field: &&FieldMeta| field.name == part || field.several == Some(part);
    meta.fields.iter().find(called)?.file
}

/// One spelling for formats that have several.
fn usual(format: &str) -> &str {
    match format {
        "jpeg" => "jpg",
        "mpeg" => "mpg",
        "qt" => "mov",
        "ogv" | "oga" | "opus" => "ogg",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dryapi_transport::Body;
    use dryapi_types::Operation;

    fn upload(name: &str, format: &'static str, bytes: u64) -> Upload {
        let empty = Body::empty().into_stream();
        Upload {
            name: name.to_owned(),
            media_type: "x/y",
            format: Some(format),
            body: Body::once(Some(bytes), empty),
        }
    }

    #[test]
    fn sizes_and_formats_are_compared_with_the_table() {
        let meta = dryapi_types::ImageUpscale::META;
        let warning = |upload: &Upload| FilePart::of(meta, "image", upload).1;
        assert_eq!(warning(&upload("a.jpeg", "jpeg", 5)), None);
        assert_eq!(
            warning(&upload("a.png", "png", 0)).unwrap(),
            "a.png is empty"
        );
        let large = warning(&upload("a.png", "png", 1 << 40)).unwrap();
        assert!(
            large.starts_with("a.png is 1099511627776 bytes, the published limit is"),
            "{large}"
        );
        let film = warning(&upload("a.mp4", "mp4", 5)).unwrap();
        assert!(film.starts_with("a.mp4 is mp4; published are"), "{film}");
        let unknown = FilePart::of(meta, "elsewhere", &upload("a.mp4", "mp4", 1 << 40)).1;
        assert_eq!(unknown, None);
    }
}
