//! Texts packed into as few requests as the service takes.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

/// The most texts of one request. Source: the description of `txt2embedding`.
const TEXTS: usize = 2048;
/// The most tokens of one request, as estimated; kept well below what models are said to take.
const TOKENS: usize = 250_000;
/// Bytes of a token, about: what English takes. Where a language takes less, a pack is too large,
/// is refused without cost, and is halved; a lower figure would make every request smaller to
/// spare those.
const BYTES: usize = 4;

/// Texts that go together, and the place of the first.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) first: u64,
    pub(super) texts: Vec<String>,
}

impl Pack {
    /// The same for the same texts, so that a run that begins elsewhere finds what was paid for.
    pub(super) fn id(&self) -> String {
        id(self.first, &self.texts)
    }

    /// The id of the first of its halves; `None` where it cannot be divided.
    pub(super) fn half(&self) -> Option<String> {
        let half = self.texts.get(..self.texts.len() / 2)?;
        (!half.is_empty()).then(|| id(self.first, half))
    }

    /// Two of half the size; itself where it cannot be divided.
    pub(super) fn halves(mut self) -> Result<(Self, Self), Self> {
        if self.texts.len() < 2 {
            return Err(self);
        }
        let rest = self.texts.split_off(self.texts.len() / 2);
        let first = self.first + self.texts.len() as u64;
        Ok((self, Self { first, texts: rest }))
    }
}

#[cfg(feature = "ledger")]
fn id(_first: u64, texts: &[String]) -> String {
    use sha2::{Digest, Sha256};

    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    let hash = dryapi_ledger::BodyHash::from_bytes(hash.finalize().into());
    format!("{} texts {hash}", texts.len())
}

#[cfg(not(feature = "ledger"))]
fn id(first: u64, texts: &[String]) -> String {
    format!("{} texts from {first}", texts.len())
}

/// Packs a stream of texts. The same texts in the same order make the same packs.
pub(super) struct Packs {
    texts: Option<Pin<Box<dyn Stream<Item = String> + Send>>>,
    next: u64,
    open: Vec<String>,
    tokens: usize,
}

impl Packs {
    pub(super) fn new(texts: impl Stream<Item = String> + Send + 'static) -> Self {
        Self {
            texts: Some(Box::pin(texts)),
            next: 0,
            open: Vec::new(),
            tokens: 0,
        }
    }

    fn close(&mut self) -> Option<Pack> {
        let texts = std::mem::take(&mut self.open);
        self.tokens = 0;
        let first = self.next;
        self.next += texts.len() as u64;
        (!texts.is_empty()).then_some(Pack { first, texts })
    }
}

impl Stream for Packs {
    type Item = Pack;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Pack>> {
        let this = &mut *self;
        loop {
            let Some(texts) = &mut this.texts else {
                return Poll::Ready(this.close());
            };
            let Some(text) = std::task::ready!(texts.as_mut().poll_next(cx)) else {
                this.texts = None;
                continue;
            };
            let tokens = text.len().div_ceil(BYTES).max(1);
            let full = this.open.len() >= TEXTS || this.tokens + tokens > TOKENS;
            let closed = if full { this.close() } else { None };
            this.open.push(text);
            this.tokens += tokens;
            if closed.is_some() {
                return Poll::Ready(closed);
            }
        }
    }
}

/// Packs that were made by somebody else, with their places.
pub(super) struct Placed {
    packs: Pin<Box<dyn Stream<Item = Vec<String>> + Send>>,
    next: u64,
}

impl Placed {
    pub(super) fn new(packs: impl Stream<Item = Vec<String>> + Send + 'static) -> Self {
        Self {
            packs: Box::pin(packs),
            next: 0,
        }
    }
}

impl Stream for Placed {
    type Item = Pack;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Pack>> {
        let texts = std::task::ready!(self.packs.as_mut().poll_next(cx));
        let first = self.next;
        Poll::Ready(texts.map(|texts| {
            self.next += texts.len() as u64;
            Pack { first, texts }
        }))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    async fn sizes(texts: Vec<String>) -> Vec<(u64, usize)> {
        let packs = Packs::new(stream::iter(texts));
        let sizes = packs.map(|pack| (pack.first, pack.texts.len()));
        sizes.collect().await
    }

    #[tokio::test]
    async fn fifty_thousand_texts_are_few_requests() {
        let packs = sizes(vec!["x".repeat(600); 50_000]).await;
        assert!(packs.len() <= 50, "{}", packs.len());
        let mut next = 0;
        for (first, count) in packs {
            assert_eq!(first, next);
            assert!(count <= TEXTS);
            next += count as u64;
        }
        assert_eq!(next, 50_000);
    }

    #[tokio::test]
    async fn halves_hold_what_the_whole_held() {
        let texts = (0..5).map(|number| number.to_string());
        let mut packs = Packs::new(stream::iter(texts));
        let whole = packs.next().await.unwrap();
        let half = whole.half().unwrap();
        let (one, other) = whole.halves().unwrap();
        assert_eq!((one.first, one.texts.len()), (0, 2));
        assert_eq!(one.id(), half);
        assert_eq!(other.first, 2);
        assert_eq!(other.texts, ["2", "3", "4"]);
        let (alone, _) = one.halves().unwrap();
        assert_eq!(alone.half(), None);
        assert_eq!(alone.halves().unwrap_err().texts, ["0"]);
    }

    #[tokio::test]
    async fn a_text_too_long_for_all_goes_alone() {
        let texts = vec!["a".to_owned(), "x".repeat(2_000_000), "b".to_owned()];
        assert_eq!(sizes(texts).await, [(0, 1), (1, 1), (2, 1)]);
        assert_eq!(sizes(Vec::new()).await, []);
        assert_eq!(
            sizes(vec![String::new(); 2049]).await,
            [(0, 2048), (2048, 1)]
        );
    }
}
