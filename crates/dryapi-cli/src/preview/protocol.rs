//! How a terminal shows pictures, as far as its environment tells.
//!
//! Nothing is asked of the terminal itself: its answer would come on stdin, may never come, and
//! waiting for it would have to catch Ctrl-C.

/// A way to show a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// kitty, Ghostty: their graphics protocol.
    Kitty,
    /// iTerm2, WezTerm, mintty, Konsole and others: inline images.
    Iterm,
    /// foot, mlterm and others: sixel.
    Sixel,
    /// Half blocks in 24-bit colours.
    Blocks,
    /// Half blocks in the 256 colours that nearly every terminal has.
    Blocks256,
}

impl Protocol {
    /// What `DRYAPI_PREVIEWS` says, else what the terminal is known for. None where nothing is safe.
    pub(crate) fn of(env: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let text = |name| env(name).unwrap_or_default();
        let is_set = |name| !text(name).is_empty();
        let term = text("TERM");
        let blocks = match text("COLORTERM").as_str() {
            "truecolor" | "24bit" => Some(Self::Blocks),
            _ if term.contains("direct") => Some(Self::Blocks),
            _ if term.contains("256color") => Some(Self::Blocks256),
            _ => None,
        };
        match text("DRYAPI_PREVIEWS").as_str() {
            "kitty" => return Some(Self::Kitty),
            "iterm" => return Some(Self::Iterm),
            "sixel" => return Some(Self::Sixel),
            "blocks" => return blocks.or(Some(Self::Blocks)),
            "" => {}
            _ => return None,
        }
        if term == "dumb" {
            return None;
        }
        // A multiplexer swallows what it does not know, and its pictures would not scroll.
        if is_set("TMUX") || is_set("STY") || term.starts_with("screen") || term.starts_with("tmux")
        {
            return blocks;
        }
        let program = text("TERM_PROGRAM");
        if is_set("KITTY_WINDOW_ID") || term.contains("kitty") || term.contains("ghostty") {
            return Some(Self::Kitty);
        }
        let known = ["iTerm.app", "WezTerm", "mintty", "rio", "WarpTerminal"];
        if known.contains(&program.as_str())
            || text("LC_TERMINAL") == "iTerm2"
            || is_set("KONSOLE_VERSION")
        {
            return Some(Self::Iterm);
        }
        if term.starts_with("foot") || term.starts_with("mlterm") || term.contains("sixel") {
            return Some(Self::Sixel);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(env: &[(&str, &str)]) -> Option<Protocol> {
        Protocol::of(&|wanted| {
            let found = env.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn terminals_are_known_by_their_environment() {
        let xterm = ("TERM", "xterm-256color");
        let colours = ("COLORTERM", "truecolor");
        for (env, expected) in [
            (&[][..], None),
            (&[("TERM", "dumb"), colours], None),
            (&[("TERM", "vt100")], None),
            (&[xterm], Some(Protocol::Blocks256)),
            (&[xterm, colours], Some(Protocol::Blocks)),
            (&[("TERM", "xterm-kitty")], Some(Protocol::Kitty)),
            (&[("TERM", "xterm-ghostty"), colours], Some(Protocol::Kitty)),
            (&[xterm, ("KITTY_WINDOW_ID", "1")], Some(Protocol::Kitty)),
            (
                &[xterm, ("TERM_PROGRAM", "iTerm.app")],
                Some(Protocol::Iterm),
            ),
            (&[xterm, ("TERM_PROGRAM", "WezTerm")], Some(Protocol::Iterm)),
            (
                &[xterm, ("TERM_PROGRAM", "Apple_Terminal")],
                Some(Protocol::Blocks256),
            ),
            (&[xterm, ("LC_TERMINAL", "iTerm2")], Some(Protocol::Iterm)),
            (
                &[xterm, ("KONSOLE_VERSION", "230400")],
                Some(Protocol::Iterm),
            ),
            (&[("TERM", "foot")], Some(Protocol::Sixel)),
            (&[("TERM", "xterm-sixel")], Some(Protocol::Sixel)),
        ] {
            assert_eq!(of(env), expected, "{env:?}");
        }
    }

    #[test]
    fn a_multiplexer_gets_half_blocks_at_most() {
        let kitty = ("KITTY_WINDOW_ID", "1");
        for inside in [
            ("TMUX", "/tmp/tmux-0"),
            ("STY", "1.pts"),
            ("TERM", "tmux-256color"),
        ] {
            assert_eq!(
                of(&[kitty, inside, ("COLORTERM", "truecolor")]),
                Some(Protocol::Blocks)
            );
            assert_ne!(of(&[kitty, inside]), Some(Protocol::Kitty));
        }
    }

    #[test]
    fn the_user_has_the_last_word() {
        let kitty = ("TERM", "xterm-kitty");
        for (word, expected) in [
            ("off", None),
            ("nonsense", None),
            ("sixel", Some(Protocol::Sixel)),
            ("iterm", Some(Protocol::Iterm)),
            ("blocks", Some(Protocol::Blocks)),
            ("", Some(Protocol::Kitty)),
        ] {
            assert_eq!(of(&[kitty, ("DRYAPI_PREVIEWS", word)]), expected, "{word}");
        }
        assert_eq!(of(&[("DRYAPI_PREVIEWS", "kitty")]), Some(Protocol::Kitty));
    }
}
