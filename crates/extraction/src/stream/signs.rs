//! Where signs stand in a stream: what is neither letter nor digit nor a single blank, a tenth of most texts.
//!
//! Rows, sentences, cells, boxes and answers begin and end with signs. They are sought once, and who asks for some of them looks
//! at these few places instead of at every character.

use super::{Span, Stream};

impl Stream {
    /// Where the signs of a kind stand in a span, in order. A blank that stands for several is a sign too.
    pub(crate) fn signs_in(
        &self,
        span: Span,
        is: impl Fn(char) -> bool,
    ) -> impl DoubleEndedIterator<Item = usize> {
        let all = self.signs.get_or_init(|| self.all_signs());
        let start = all.partition_point(|of| (*of as usize) < span.start);
        let length = all[start..].partition_point(|of| (*of as usize) < span.end);
        all[start..start + length].iter().map(|of| *of as usize).filter(move |at| is(self.chars[*at]))
    }

    /// Where the first sign of a kind stands in a span.
    pub(crate) fn first_sign_in(&self, span: Span, is: impl Fn(char) -> bool) -> Option<usize> {
        self.signs_in(span, is).next()
    }

    fn all_signs(&self) -> Vec<u32> {
        let mut signs = Vec::with_capacity(self.len() / 4);
        for (of, at) in self.chars.iter().zip(0u32..) {
            let is_letter = of.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(of);
            if !is_letter && (*of != ' ' || self.has_gap(at as usize)) {
                signs.push(at);
            }
        }
        signs
    }
}
