//! Which bytes of an answer go on, and when.

use std::time::Duration;

/// What becomes of the bytes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// None goes on: the connection closes.
    Close,
    /// None goes on: the connection is reset.
    Reset,
    /// The head goes on, and so many bytes of the body; then the connection closes.
    Cut(usize),
    /// The body goes on in pieces of so many bytes, after a pause each.
    Drip { piece: usize, pause: Duration },
}

/// The next step for bytes that want to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The first so many.
    Pass(usize),
    /// The first so many, after a pause.
    PassAfter(Duration, usize),
    Close,
    Reset,
}

/// One answer on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    treatment: Treatment,
    /// How much of the empty line that ends the head has been seen.
    end: usize,
    /// Bytes of the body that went on.
    body: usize,
}

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

impl Passage {
    pub(super) const fn new(treatment: Treatment) -> Self {
        Self {
            treatment,
            end: 0,
            body: 0,
        }
    }

    pub(super) fn next(&self, bytes: &[u8]) -> Step {
        let head = self.head_in(bytes).0;
        match self.treatment {
            Treatment::Close => Step::Close,
            Treatment::Reset => Step::Reset,
            Treatment::Cut(at) => {
                let left = at.saturating_sub(self.body);
                match head.saturating_add(left).min(bytes.len()) {
                    0 if !bytes.is_empty() => Step::Close,
                    some => Step::Pass(some),
                }
            }
            // The head alone first: what follows comes slowly.
            Treatment::Drip { .. } if head > 0 => Step::Pass(head),
            Treatment::Drip { piece, pause } => Step::PassAfter(pause, piece.min(bytes.len())),
        }
    }

    /// These bytes have gone on.
    pub(super) fn passed(&mut self, bytes: &[u8]) {
        let (head, end) = self.head_in(bytes);
        self.end = end;
        self.body += bytes.len() - head;
    }

    /// How many of the bytes still belong to the head, and how much of its end is seen by then.
    fn head_in(&self, bytes: &[u8]) -> (usize, usize) {
        let mut end = self.end;
        for (at, byte) in bytes.iter().enumerate() {
            match END_OF_HEAD.get(end) {
                None => return (at, end),
                Some(wanted) if wanted == byte => end += 1,
                Some(_) => end = usize::from(*byte == b'\r'),
            }
        }
        (bytes.len(), end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes on of an answer that is offered in chunks of `chunk` bytes, and the last step.
    fn run(treatment: Treatment, answer: &[u8], chunk: usize) -> (Vec<u8>, Step, usize) {
        let mut passage = Passage::new(treatment);
        let (mut gone, mut pauses, mut last) = (Vec::new(), 0, Step::Pass(0));
        while gone.len() < answer.len() {
            let offered = &answer[gone.len()..answer.len().min(gone.len() + chunk)];
            last = passage.next(offered);
            let count = match last {
                Step::Pass(count) => count,
                Step::PassAfter(_, count) => {
                    pauses += 1;
                    count
                }
                Step::Close | Step::Reset => break,
            };
            assert!(count > 0);
            passage.passed(&offered[..count]);
            gone.extend_from_slice(&offered[..count]);
        }
        (gone, last, pauses)
    }

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n0123456789\r\n\r\n";

    #[test]
    fn a_cut_counts_the_bodys_bytes_however_they_are_written() {
        for chunk in 1..=ANSWER.len() {
            for at in 0..14 {
                let (gone, last, _) = run(Treatment::Cut(at), ANSWER, chunk);
                assert_eq!(gone.len(), 25 + at, "{chunk}");
                assert_eq!(last, Step::Close);
            }
            assert_eq!(run(Treatment::Cut(14), ANSWER, chunk).0, ANSWER);
        }
    }

    #[test]
    fn a_drip_lets_all_through_in_pieces() {
        for chunk in 3..=ANSWER.len() {
            let pause = Duration::from_millis(1);
            let (gone, _, pauses) = run(Treatment::Drip { piece: 3, pause }, ANSWER, chunk);
            assert_eq!(gone, ANSWER);
            assert!(pauses >= 5, "{chunk}: {pauses}");
        }
    }

    #[test]
    fn closed_is_closed_from_the_first_byte() {
        let (gone, last, _) = run(Treatment::Close, ANSWER, 9);
        assert_eq!((gone.len(), last), (0, Step::Close));
        let (gone, last, _) = run(Treatment::Reset, ANSWER, 9);
        assert_eq!((gone.len(), last), (0, Step::Reset));
    }
}
