//! Bringing the result of a finished job to where it was wanted.

use dryapi_client::{AnyOutput, AnyTask, Completed, Error, ErrorKind, Job};
use dryapi_types::OutputKind;
use serde_json::{Map, Value};

use crate::await_job::{about, of_job};
use crate::handed_out::Noted;
use crate::media;
use crate::names;
use crate::pay::going_on;
use crate::report::{End, Failure, Kind, json, terminal};
use crate::session::{Session, late};
use crate::target::{Target, is_text};

/// A text result that is shown is no larger than this, in bytes.
const LONGEST_TEXT: u64 = 64 << 20;

/// What is known of a job that is delivered.
#[derive(Debug)]
pub(crate) struct Delivery<'a> {
    pub(crate) job: &'a Job<AnyTask>,
    pub(crate) completed: Completed<AnyTask>,
    /// What it makes, where its task is known.
    pub(crate) kind: Option<OutputKind>,
    /// The extension of the usual result.
    pub(crate) extension: &'static str,
    pub(crate) target: &'a Target,
    /// The request as sent, where this command sent it.
    pub(crate) request: Option<Map<String, Value>>,
}

/// What was brought.
#[derive(Debug, Default)]
struct Brought {
    files: Vec<String>,
    result: Option<Value>,
}

impl Delivery<'_> {
    /// Fetches the result, puts it in place, and prints what a script wants to know.
    pub(crate) async fn run(self, session: &Session) -> Result<(), End> {
        let job = self.job;
        let delivered = self.deliver(session).await;
        delivered.map_err(|end| of_job(job, end))
    }

    async fn deliver(self, session: &Session) -> Result<(), End> {
        let brought = tokio::select! {
            biased;
            brought = self.bring(session) => brought,
            () = session.stop.asked(1) => {
                Err(about(self.job, Failure::new(Kind::Interrupted, going_on(session))).into())
            }
            () = session.time_is_up(std::time::Duration::ZERO) => {
                Err(about(self.job, late("the job is done and can be fetched again")).into())
            }
        };
        session.screen.clear();
        let brought = brought?;
        if !session.screen.json() {
            for file in &brought.files {
                session.screen.result(file)?;
            }
            if brought.files.is_empty() {
                Noted::Printed.note(session, self.completed.ticket()).await;
            }
            return Ok(());
        }
        let printed = brought.files.is_empty();
        let ticket = self.completed.ticket();
        session.screen.result(&json::line(&json::Finished {
            request_id: ticket.request_id().to_string(),
            task: ticket.task().map(ToOwned::to_owned),
            intent: ticket.intent().map(ToString::to_string),
            status: "done",
            result_url: self.completed.url().map(|url| url.as_str().to_owned()),
            files: brought.files,
            result: brought.result,
            request: self.request,
            sandbox: session.is_sandbox(),
        }))?;
        if printed {
            Noted::Printed.note(session, ticket).await;
        }
        Ok(())
    }

    async fn bring(&self, session: &Session) -> Result<Brought, End> {
        match &*self.completed {
            AnyOutput::File(file) => {
                let extension = names::extension_of(file.url.as_str());
                let text = match self.kind {
                    Some(kind) => is_text(kind),
                    None => extension.as_deref().is_some_and(media::is_text),
                };
                let extension = extension.as_deref().unwrap_or(self.extension);
                match self.target {
                    Target::Stdout => self.pour(session).await,
                    Target::Unsaid if text && self.is_poured(session) => self.pour(session).await,
                    Target::Unsaid if text => self.read(session, extension).await,
                    target => self.save(session, target, extension).await,
                }
            }
            AnyOutput::Inline(value) => self.write(session, value).await,
            _ => Err(about(
                self.job,
                Failure::new(ErrorKind::Decode, "the result is of a kind not known here"),
            )
            .into()),
        }
    }

    /// A file into a file.
    async fn save(
        &self,
        session: &Session,
        target: &Target,
        extension: &str,
    ) -> Result<Brought, End> {
        let ticket = self.completed.ticket();
        let path = target.path(ticket.task(), ticket.request_id().as_str(), extension);
        let saved = self.completed.save(&path).await?;
        if let Some(said) = media::differs(&path, saved.media_type.as_deref()) {
            let (shown, is, wanted) = (path.display(), terminal::line(&said.is), said.wanted);
            session.screen.note(&format!(
                "{shown} is {is}: the service has no {wanted} of it"
            ));
        }
        Ok(Brought {
            files: vec![path.display().to_string()],
            result: None,
        })
    }

    /// Whether a text is handed on as it comes, whatever its size: only a terminal and JSON need
    /// the whole.
    fn is_poured(&self, session: &Session) -> bool {
        !session.screen.json() && !session.screen.stdout_is_terminal()
    }

    /// A file to stdout, byte by byte. A text that nobody named a place for ends its line.
    async fn pour(&self, session: &Session) -> Result<Brought, End> {
        let mut download = self.completed.stream().await?;
        let mut last = b'\n';
        while let Some(piece) = download.chunk().await.map_err(|error| self.known(error))? {
            session.screen.result_bytes(&piece)?;
            last = piece.last().copied().unwrap_or(last);
        }
        if *self.target == Target::Unsaid && last != b'\n' {
            session.screen.result_bytes(b"\n")?;
        }
        Ok(Brought::default())
    }

    /// A text file to be read; JSON stays JSON for programs.
    async fn read(&self, session: &Session, extension: &str) -> Result<Brought, End> {
        let bytes = self.completed.bytes(LONGEST_TEXT).await?;
        let vectors = self.kind == Some(OutputKind::Embedding);
        let json = (session.screen.json() && (vectors || extension == "json"))
            .then(|| serde_json::from_slice(&bytes).ok())
            .flatten();
        let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        show(session, json.unwrap_or_else(text))
    }

    /// A result that came inline.
    async fn write(&self, session: &Session, value: &Value) -> Result<Brought, End> {
        if matches!(self.target, Target::Stdout | Target::Unsaid) {
            return show(session, value.clone());
        }
        let ticket = self.completed.ticket();
        let vectors = self.kind == Some(OutputKind::Embedding);
        let extension = match value.is_string() && !vectors {
            true => "txt",
            false => "json",
        };
        let path = self
            .target
            .path(ticket.task(), ticket.request_id().as_str(), extension);
        let written = tokio::fs::write(&path, text_of(value)).await;
        written.map_err(|error| {
            let message = format!("{}: {error}", path.display());
            about(self.job, Failure::new(ErrorKind::File, message))
        })?;
        self.completed.saved_to(&path).await;
        Ok(Brought {
            files: vec![path.display().to_string()],
            result: Some(value.clone()),
        })
    }

    fn known(&self, error: Error) -> End {
        about(self.job, Failure::from(error)).into()
    }
}

/// A text result: printed for people, part of the object in JSON.
fn show(session: &Session, value: Value) -> Result<Brought, End> {
    let screen = &session.screen;
    if screen.json() {
        return Ok(Brought {
            files: Vec::new(),
            result: Some(value),
        });
    }
    screen.clear();
    let text = text_of(&value);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    if screen.stdout_is_terminal() {
        screen.result(&terminal::text(text))?;
    } else {
        screen.result(text)?;
    }
    Ok(Brought::default())
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}
