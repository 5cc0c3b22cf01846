//! Which transcription task an input is for.

use std::io::Read;

use clap::ArgMatches;
use dryapi_client::ErrorKind;
use dryapi_types::Meta;

use super::values::is_address;
use crate::flags::{self, TRANSCRIBE, Transcription};
use crate::report::{End, Failure};
use crate::session::Session;

/// How much of a file tells what it is.
const BEGINNING: usize = 8 << 10;

/// Picks the task for the input of `transcribe`.
pub(crate) async fn pick(
    session: &mut Session,
    matches: &ArgMatches,
) -> Result<&'static Meta, End> {
    let Some(input) = flags::input(matches) else {
        return Err(
            Failure::invalid("transcribe needs its input; nothing was sent")
                .operation(TRANSCRIBE)
                .help("Give an address, a file, or `-` for stdin.")
                .into(),
        );
    };
    let picked = if is_address(input) {
        of_address(input)
    } else if input == "-" {
        let mut stdin = session.take_stdin();
        let beginning = session.local(stdin.peek(BEGINNING)).await?;
        session.give_stdin(stdin);
        of_content(&beginning)
    } else {
        of_content(&beginning_of(input.clone()).await?)
    };
    let task = picked.task();
    session
        .screen
        .progress(&format!("transcribe is {task} here"));
    dryapi_types::meta(task).ok_or_else(|| Failure::invalid("no such task").into())
}

/// What is at an address is not looked at: only Spaces of X are told by their address.
fn of_address(address: &str) -> Transcription {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let host = host.split(':').next().unwrap_or_default();
    let of = |site: &str| {
        let before = host.strip_suffix(site);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_space = path.split('/').any(|part| part == "spaces");
    if (of("x.com") || of("twitter.com")) && is_space {
        Transcription::Space
    } else {
        Transcription::Address
    }
}

/// What begins like this: a film, a sound, or an address that came on stdin.
fn of_content(beginning: &[u8]) -> Transcription {
    match std::str::from_utf8(beginning) {
        Ok(text) if is_address(text) => of_address(text.trim_end()),
        _ if infer::is_video(beginning) => Transcription::Film,
        _ => Transcription::Sound,
    }
}

async fn beginning_of(path: String) -> Result<Vec<u8>, End> {
    let shown = path.clone();
    let read = tokio::task::spawn_blocking(move || {
        let mut beginning = Vec::new();
        let limit = BEGINNING as u64;
        std::fs::File::open(path)?
            .take(limit)
            .read_to_end(&mut beginning)?;
        Ok(beginning)
    });
    let read: std::io::Result<Vec<u8>> = read.await.unwrap_or_else(|error| Err(error.into()));
    read.map_err(|error| {
        let message = format!("{shown}: {error}; nothing was sent");
        Failure::new(ErrorKind::File, message)
            .operation(TRANSCRIBE)
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_told_by_their_address() {
        for (address, picked) in [
            ("https://x.com/i/spaces/1a", Transcription::Space),
            ("https://X.com/i/spaces/1a?s=20", Transcription::Space),
            (
                "http://mobile.twitter.com/i/spaces/1a",
                Transcription::Space,
            ),
            ("https://x.com/user/status/1", Transcription::Address),
            (
                "https://x.com/i/broadcasts/1?x=/spaces/",
                Transcription::Address,
            ),
            ("https://notx.com/i/spaces/1a", Transcription::Address),
            ("https://x.com.example.org/spaces/1", Transcription::Address),
            ("https://www.youtube.com/watch?v=1", Transcription::Address),
            ("https://x.com", Transcription::Address),
        ] {
            assert_eq!(of_address(address), picked, "{address}");
        }
    }

    #[test]
    fn files_are_told_by_their_bytes() {
        let mp4 = b"\0\0\0\x18ftypisom\0\0\0\0isomiso2";
        assert_eq!(of_content(mp4), Transcription::Film);
        assert_eq!(
            of_content(b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"),
            Transcription::Film
        );
        assert_eq!(
            of_content(b"\0\0\0\x18ftypM4A \0\0\0\0"),
            Transcription::Sound
        );
        assert_eq!(of_content(b"RIFF\x24\0\0\0WAVEfmt "), Transcription::Sound);
        assert_eq!(of_content(b"fLaC\0\0\0\x22"), Transcription::Sound);
        assert_eq!(of_content(b""), Transcription::Sound);
        assert_eq!(
            of_content(b"https://x.com/i/spaces/1a\n"),
            Transcription::Space
        );
    }
}
