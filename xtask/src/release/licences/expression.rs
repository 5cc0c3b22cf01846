//! Reads SPDX licence expressions: names with `OR`, `AND`, `WITH` and parentheses.

/// Whether a choice of licences exists that `accepts` takes every part of.
///
/// `AND` binds tighter than `OR`. `/` is how `OR` was written once. An exception behind `WITH` only
/// ever allows more, and so the licence before it decides.
///
/// # Errors
///
/// When the text is no such expression; says where.
pub(super) fn accepted(text: &str, accepts: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = text
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        accepts,
    };
    let found = reader.any()?;
    match reader.words {
        [] => Ok(found),
        [word, ..] => Err(format!("`{word}` is one too many")),
    }
}

/// What is left to read.
struct Reader<'a> {
    words: &'a [&'a str],
    accepts: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<bool, String> {
        let mut found = self.all()?;
        while self.takes("OR") {
            found |= self.all()?;
        }
        Ok(found)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut found = self.one()?;
        while self.takes("AND") {
            found &= self.one()?;
        }
        Ok(found)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.takes("(") {
            let found = self.any()?;
            return if self.takes(")") {
                Ok(found)
            } else {
                Err("a parenthesis is not closed".to_owned())
            };
        }
        let name = self.name()?;
        if self.takes("WITH") {
            self.name()?;
        }
        Ok((self.accepts)(name))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        match self.words.split_first() {
            Some((word, rest)) if !["OR", "AND", "WITH", "(", ")"].contains(word) => {
                self.words = rest;
                Ok(word)
            }
            Some((word, _)) => Err(format!("`{word}` stands where a licence is expected")),
            None => Err("a licence is missing at its end".to_owned()),
        }
    }

    fn takes(&mut self, wanted: &str) -> bool {
        match self.words.split_first() {
            Some((word, rest)) if *word == wanted => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::accepted;

    fn judged(text: &str) -> Option<bool> {
        accepted(text, &|name| ["MIT", "ISC", "Apache-2.0"].contains(&name)).ok()
    }

    #[test]
    fn one_acceptable_choice_is_enough_and_every_part_of_it_counts() {
        for (text, verdict) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("GPL-3.0-only/MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("MIT AND ISC", true),
            ("GPL-3.0-only OR MIT AND ISC", true),
            ("MIT OR ISC AND GPL-3.0-only", true),
            ("(MIT OR ISC) AND GPL-3.0-only", false),
            ("(MIT OR GPL-3.0-only) AND (ISC)", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-2.0-only WITH Classpath-exception-2.0", false),
            ("((MIT))", true),
        ] {
            assert_eq!(judged(text), Some(verdict), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_an_error_and_not_accepted() {
        for text in [
            "", "OR", "MIT OR", "MIT ISC", "(MIT", "MIT)", "AND MIT", "MIT WITH", "()",
        ] {
            assert_eq!(judged(text), None, "{text}");
        }
    }
}
