//! Spans map to the paper and back; edits keep everything else where it was.

use super::*;
use cartulary_model::{Line, Page};
use proptest::prelude::*;

fn folded(text: &str) -> String {
    normalise(text).into_iter().map(|(of, _)| of).collect()
}

fn document(text: &str) -> SourceDocument {
    SourceDocument {
        id: "d".into(),
        name: String::new(),
        media_type: String::new(),
        sha256: String::new(),
        pages: vec![Page {
            number: 1,
            lines: vec![Line { text: text.to_owned(), ..Line::default() }],
            ..Page::default()
        }],
        unread: vec![],
    }
}

#[test]
fn what_means_the_same_is_folded() {
    assert_eq!(folded("Ｋｉ－６７（约８０％＋）"), "Ki-67(约80%+)");
    assert_eq!(folded("ⅣB期"), "IVB期");
    assert_eq!(folded("45×10⁹/L"), "45x10^9/L");
    assert_eq!(folded("淋 巴  瘤 CD20 阳性"), "淋巴瘤 CD20 阳性");
    assert_eq!(folded("57 μmol/L"), "57 umol/L");
    assert_eq!(folded("瀰漫大B細胞淋巴瘤，無發熱、盜汗"), "弥漫大B细胞淋巴瘤,无发热、盗汗");
    assert_eq!(folded("C D 2 0 （ ＋ ），C D 3 （ － ）"), "CD20(+),CD3(-)");
    assert_eq!(folded("肌 酐 ( 酶 法 ) 7 8 . 4 μmol/L 5 7 - 1 1 1"), "肌酐(酶法)78.4 umol/L 57-111");
    assert_eq!(folded("L D H 3 2 6 U / L 1 2 0 - 2 5 0"), "LDH326U/L 120-250");
    assert_eq!(folded("L y m p h o m a  c e l l s"), "Lymphoma cells");
}

proptest! {
    #[test]
    fn a_span_of_the_paper_goes_there_and_back(
        text in "[ -~淋巴瘤瀰細（）０-９Ⅰ-Ⅳ⁹，。μ℃㎡\\u{200b}]{1,40}",
        a in 0usize..40, b in 0usize..40,
    ) {
        let document = document(&text);
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), &text);
        prop_assert_eq!(stream.chars.len(), stream.lower.len());
        prop_assert_eq!(stream.chars.len(), stream.origins.len());
        prop_assert!(stream.origins.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let source: Vec<char> = text.chars().collect();
        // There: the characters of the stream that were read inside a span of the paper.
        let (start, end) = (a.min(b).min(source.len()), a.max(b).min(source.len()));
        let inside: Vec<usize> = (0..stream.len())
            .filter(|at| (start..end).contains(&(stream.origins[*at].at as usize)))
            .collect();
        let Some((first, last)) = inside.first().zip(inside.last()) else { return Ok(()) };
        prop_assert_eq!(last - first + 1, inside.len());
        let span = stream.trimmed(Span::new(*first, last + 1));
        // And back: the paper's characters from the first to the last that carries a sign, no more, no less.
        let carries = |at: &usize| {
            stream.origins.iter().zip(&stream.chars).any(|(of, sign)| of.at as usize == *at && !sign.is_whitespace())
        };
        let expected = (start..end).find(carries).zip((start..end).rev().find(carries));
        let pieces: Vec<_> = stream.evidence(&document, span, EvidenceRole::Value).collect();
        match expected {
            Some((from, to)) => {
                prop_assert_eq!(pieces.len(), 1);
                prop_assert_eq!(pieces[0].span, (u32::try_from(from).unwrap(), u32::try_from(to + 1).unwrap()));
                let quoted: String = source[from..=to].iter().collect();
                prop_assert_eq!(&pieces[0].quote, &quoted);
            }
            None => prop_assert!(pieces.is_empty()),
        }
    }

    #[test]
    fn an_edit_keeps_every_other_character_where_it_was(
        text in "[a-z淋巴瘤0-9 ]{4,30}", start in 0usize..30, length in 1usize..6,
        into in "[a-z]{1,6}", repaired in any::<bool>(),
    ) {
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), &text);
        let start = start.min(stream.len().saturating_sub(1));
        let end = (start + length).min(stream.len());
        prop_assume!(start < end);
        let before = stream.clone();
        let into: Vec<char> = into.chars().collect();
        let edit = Edit { span: Span::new(start, end), into: into.clone(), repaired };
        let after = stream.edited(&[edit]);
        let grown = start + into.len();
        prop_assert_eq!(&after.chars[..start], &before.chars[..start]);
        prop_assert_eq!(&after.chars[start..grown], &into[..]);
        prop_assert_eq!(&after.chars[grown..], &before.chars[end..]);
        prop_assert_eq!(&after.origins[..start], &before.origins[..start]);
        prop_assert_eq!(&after.origins[grown..], &before.origins[end..]);
        prop_assert_eq!(after.chars.len(), after.origins.len());
        prop_assert_eq!(after.chars.len(), after.lower.len());
        prop_assert!(after.origins.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let of = |at: usize| after.origins[at].at;
        prop_assert_eq!(of(start), before.origins[start].at);
        if into.len() > 1 {
            prop_assert_eq!(of(grown - 1), before.origins[end - 1].at);
        }
    }
}
