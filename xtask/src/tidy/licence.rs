//! Licence expressions: what they allow, given the licences we accept.

use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Whether an expression can be kept with accepted licences only.
///
/// `OR` lets us choose, `AND` does not, `WITH` makes another licence of two names; the old `/` is `OR`.
pub(crate) fn accepted(expression: &str, accepted: &BTreeSet<String>) -> Result<bool> {
    let words = words(expression);
    let mut parser = Parser { words: &words, accepted };
    let answer = parser.any()?;
    match parser.words {
        [] => Ok(answer),
        [rest, ..] => bail!("`{rest}` is one word too many"),
    }
}

fn words(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

struct Parser<'a> {
    words: &'a [String],
    accepted: &'a BTreeSet<String>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<bool> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let answer = self.any()?;
            if !self.take(")") {
                bail!("a parenthesis is not closed");
            }
            return Ok(answer);
        }
        let mut name = self.name()?;
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.name()?);
        }
        Ok(self.accepted.contains(&name))
    }

    fn name(&mut self) -> Result<String> {
        match self.words {
            [word, rest @ ..] if !matches!(word.as_str(), "OR" | "AND" | "WITH" | "(" | ")") => {
                self.words = rest;
                Ok(word.clone())
            }
            [word, ..] => bail!("`{word}` stands where a licence should"),
            [] => bail!("it ends where a licence should stand"),
        }
    }

    fn take(&mut self, wanted: &str) -> bool {
        match self.words {
            [word, rest @ ..] if word == wanted => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(expression: &str) -> Option<bool> {
        let names = ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
        accepted(expression, &names.map(str::to_owned).into()).ok()
    }

    #[test]
    fn or_lets_us_choose_and_does_not() {
        assert_eq!(answer("MIT"), Some(true));
        assert_eq!(answer("GPL-3.0-only"), Some(false));
        assert_eq!(answer("GPL-3.0-only OR MIT"), Some(true));
        assert_eq!(answer("GPL-3.0-only AND MIT"), Some(false));
        assert_eq!(answer("LGPL-2.1-or-later/MIT"), Some(true));
    }

    #[test]
    fn and_binds_closer_than_or() {
        assert_eq!(answer("MIT OR GPL-3.0-only AND GPL-2.0-only"), Some(true));
        assert_eq!(answer("(MIT OR GPL-3.0-only) AND GPL-2.0-only"), Some(false));
        assert_eq!(answer("(MIT OR Apache-2.0) AND Unicode-3.0"), Some(true));
    }

    #[test]
    fn an_exception_makes_another_licence() {
        assert_eq!(answer("Apache-2.0 WITH LLVM-exception"), Some(true));
        assert_eq!(answer("MIT WITH LLVM-exception"), Some(false));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for bad in ["", "MIT OR", "(MIT", "MIT MIT", "MIT)", "OR MIT", "MIT WITH"] {
            assert_eq!(answer(bad), None, "{bad}");
        }
    }
}
