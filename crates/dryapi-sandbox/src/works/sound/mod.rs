//! Sounds: speech without words and a little music, kept as a few pieces and the order they are
//! played in, so that ten minutes cost little more than ten seconds.

mod encode;
mod flac;
mod mp3;
mod music;
mod score;
mod speech;
mod tone;
mod wav;

pub(crate) use self::music::Music;
pub(crate) use self::speech::Speech;
