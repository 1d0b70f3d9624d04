//! What a glyph's character is written as.
//!
//! One drawing serves the character 人 and the dictionary's radical ⼈, and browsers that print to PDF name the radical.
//! No report means the radical, no search finds it. Ligatures of Latin letters are spelled out for the same reason.

use unicode_normalization::UnicodeNormalization;

/// The text with radicals as characters and ligatures as letters.
pub(crate) fn spelled(text: &str) -> String {
    text.chars().fold(String::new(), |mut spelled, c| {
        match c {
            '\u{2e80}'..='\u{2eff}' => spelled.push(supplement(c)),
            '\u{2f00}'..='\u{2fdf}' | '\u{fb00}'..='\u{fb06}' => spelled.extend([c].into_iter().nfkc()),
            _ => spelled.push(c),
        }
        spelled
    })
}

/// Radicals that Unicode does not decompose.
fn supplement(c: char) -> char {
    let found = SUPPLEMENT.binary_search_by_key(&c, |(radical, _)| *radical);
    match found {
        Ok(index) => SUPPLEMENT[index].1,
        Err(_) => [c].into_iter().nfkc().next().unwrap_or(c),
    }
}

const SUPPLEMENT: &[(char, char)] = &[
    ('\u{2e81}', '厂'),
    ('\u{2e84}', '乙'),
    ('\u{2e85}', '亻'),
    ('\u{2e87}', '几'),
    ('\u{2e89}', '刂'),
    ('\u{2e8a}', '卜'),
    ('\u{2e8c}', '小'),
    ('\u{2e8e}', '兀'),
    ('\u{2e92}', '巳'),
    ('\u{2e93}', '幺'),
    ('\u{2e96}', '忄'),
    ('\u{2e98}', '扌'),
    ('\u{2e99}', '攵'),
    ('\u{2e9b}', '旡'),
    ('\u{2e9d}', '月'),
    ('\u{2e9e}', '歺'),
    ('\u{2ea0}', '民'),
    ('\u{2ea1}', '氵'),
    ('\u{2ea3}', '灬'),
    ('\u{2ea4}', '爫'),
    ('\u{2ea6}', '丬'),
    ('\u{2ea8}', '犭'),
    ('\u{2ea9}', '王'),
    ('\u{2eac}', '示'),
    ('\u{2eae}', '竹'),
    ('\u{2eb0}', '纟'),
    ('\u{2ebb}', '聿'),
    ('\u{2ebc}', '月'),
    ('\u{2ec2}', '衤'),
    ('\u{2ec4}', '西'),
    ('\u{2ec5}', '见'),
    ('\u{2ec6}', '角'),
    ('\u{2ec8}', '讠'),
    ('\u{2ec9}', '贝'),
    ('\u{2ecb}', '车'),
    ('\u{2ed0}', '钅'),
    ('\u{2ed1}', '長'),
    ('\u{2ed3}', '长'),
    ('\u{2ed4}', '门'),
    ('\u{2ed7}', '雨'),
    ('\u{2ed8}', '青'),
    ('\u{2ed9}', '韦'),
    ('\u{2eda}', '页'),
    ('\u{2edb}', '风'),
    ('\u{2edc}', '飞'),
    ('\u{2edd}', '食'),
    ('\u{2ee0}', '饣'),
    ('\u{2ee2}', '马'),
    ('\u{2ee3}', '骨'),
    ('\u{2ee4}', '鬼'),
    ('\u{2ee5}', '鱼'),
    ('\u{2ee6}', '鸟'),
    ('\u{2ee7}', '卤'),
    ('\u{2ee8}', '麦'),
    ('\u{2ee9}', '黄'),
    ('\u{2eea}', '黾'),
    ('\u{2eec}', '齐'),
    ('\u{2eee}', '齿'),
    ('\u{2ef0}', '龙'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_characters_and_ligatures_letters() {
        assert_eq!(spelled("第\u{2f00}\u{2f08}\u{2ea0}医院"), "第一人民医院");
        assert_eq!(spelled("恩替卡\u{2ed9}"), "恩替卡韦");
        assert_eq!(spelled("di\u{fb00}use"), "diffuse");
    }

    #[test]
    fn what_a_report_means_is_left_alone() {
        let text = "10⁹/L, ½, ①, （阴性）, μmol";
        assert_eq!(spelled(text), text);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(SUPPLEMENT.is_sorted_by_key(|(radical, _)| *radical));
    }
}
