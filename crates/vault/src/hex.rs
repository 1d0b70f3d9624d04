//! Bytes as hexadecimal digits, for keys and signatures in text files.

/// The bytes that lower or upper case digits stand for.
pub(crate) fn read(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    // Never grows while it is filled: it may hold a key, and a copy that is left behind would not be overwritten.
    let mut bytes = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn digits_come_in_pairs() {
        assert_eq!(read("00fFa1"), Some(vec![0, 0xff, 0xa1]));
        assert_eq!(read(""), Some(Vec::new()));
        for bad in ["0", "0g", "é0", "+1", " 1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
