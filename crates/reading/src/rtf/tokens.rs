//! The marks of an RTF file, one after the other.

/// A mark.
#[derive(Debug, PartialEq)]
pub(crate) enum Token<'a> {
    Open,
    Close,
    /// A control word without its backslash, and its number.
    Word(&'a str, Option<i32>),
    /// A byte written as `\'d6`.
    Byte(u8),
    Text(&'a [u8]),
    /// What follows `\bin`.
    Binary(&'a [u8]),
    /// `\*`: the group may be passed over by who does not know it.
    Ignorable,
}

/// Reads marks from bytes.
pub(crate) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn run_of(&self, is_part: impl Fn(&u8) -> bool) -> usize {
        self.rest.iter().take_while(|byte| is_part(byte)).count()
    }

    /// What stands after a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let letters = self.run_of(u8::is_ascii_alphabetic).min(32);
        if letters == 0 {
            return self.symbol();
        }
        let word = std::str::from_utf8(self.take(letters)).unwrap_or_default();
        let number = self.number();
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        if word == "bin" {
            let length = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
            return Some(Token::Binary(self.take(length)));
        }
        Some(Token::Word(word, number))
    }

    fn number(&mut self) -> Option<i32> {
        let sign = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let text = self.take(sign + digits);
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    fn symbol(&mut self) -> Option<Token<'a>> {
        let symbol = *self.take(1).first()?;
        Some(match symbol {
            b'\'' => {
                let digits = self.take(2);
                let byte =
                    std::str::from_utf8(digits).ok().and_then(|text| u8::from_str_radix(text, 16).ok());
                byte.map_or(Token::Text(b""), Token::Byte)
            }
            b'*' => Token::Ignorable,
            b'~' => Token::Text(b" "),
            b'_' => Token::Text(b"-"),
            b'{' => Token::Text(b"{"),
            b'}' => Token::Text(b"}"),
            b'\\' => Token::Text(b"\\"),
            b'\n' | b'\r' => Token::Word("par", None),
            _ => Token::Text(b""),
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            match *self.rest.first()? {
                b'{' => {
                    self.take(1);
                    return Some(Token::Open);
                }
                b'}' => {
                    self.take(1);
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.take(1);
                    return self.control();
                }
                b'\r' | b'\n' | 0 => {
                    self.take(1);
                }
                _ => {
                    let length = self.run_of(|byte| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0));
                    return Some(Token::Text(self.take(length)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_a_space_or_a_digit() {
        let marks: Vec<Token<'_>> = Tokens::new(b"{\\rtf1\\b0 x\\'d6\\~\\bin3 {}}\\u-5?").collect();
        let expected = [
            Token::Open,
            Token::Word("rtf", Some(1)),
            Token::Word("b", Some(0)),
            Token::Text(b"x"),
            Token::Byte(0xd6),
            Token::Text(b" "),
            Token::Binary(b"{}}"),
            Token::Word("u", Some(-5)),
            Token::Text(b"?"),
        ];
        assert_eq!(marks, expected);
    }

    #[test]
    fn an_end_in_the_middle_is_an_end() {
        for cut in ["\\", "\\'", "\\'d", "\\bin9 a", "\\par", "\\*"] {
            assert!(Tokens::new(cut.as_bytes()).count() <= 1, "{cut}");
        }
    }
}
