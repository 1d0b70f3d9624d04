//! The lists of words that stand in the code, `words!["no ", "not "]`: found in its text and numbered.

/// The words of every `words![...]` and `coded![...]` in a file of Rust, or in which line one is none of plain strings.
pub(crate) fn lists(source: &str) -> Result<Vec<Vec<String>>, usize> {
    let mut lists = Vec::new();
    let code = without_comments(source);
    for (opens, read) in [("words![", words as fn(&str) -> Option<Vec<String>>), ("coded![", coded)] {
        for (at, _) in code.match_indices(opens) {
            if code[..at].ends_with(|of: char| of.is_alphanumeric() || of == '_') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            lists.push(read(&code[at + opens.len()..]).ok_or(line)?);
        }
    }
    Ok(lists)
}

/// Lines that are comments become empty ones.
fn without_comments(source: &str) -> String {
    let kept = |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    source.lines().map(kept).collect::<Vec<_>>().join("\n")
}

/// Strings parted by commas, up to the closing bracket.
fn words(mut rest: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.starts_with(']') {
            return Some(words);
        }
        let (word, behind) = string(rest.strip_prefix('"')?)?;
        words.push(word);
        rest = behind.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

/// `Kind; ("word", what it stands for), ...` up to the closing bracket.
fn coded(list: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = list.split_once(';')?.1;
    loop {
        rest = rest.trim_start();
        if rest.starts_with(']') {
            return Some(words);
        }
        let (word, behind) = string(rest.strip_prefix('(')?.trim_start().strip_prefix('"')?)?;
        words.push(word);
        let mut depth = 1;
        let close = behind.find(|of: char| {
            depth += i32::from(of == '(') - i32::from(of == ')');
            depth == 0
        })?;
        rest = behind[close + 1..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

/// A string behind its opening quote, and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut signs = text.char_indices();
    while let Some((at, of)) = signs.next() {
        match of {
            '"' => return Some((word, &text[at + 1..])),
            '\\' => word.push(match signs.next()?.1 {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\' | '\'') => same,
                _ => return None,
            }),
            of => word.push(of),
        }
    }
    None
}

/// FNV-1a over the words, each ended by a zero, as `crate::words` reckons it.
pub(crate) fn hash(words: &[String]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
