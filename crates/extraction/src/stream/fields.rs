//! The fields of a row: cells, and what several blanks or a stroke set apart.

use super::{CELL, Span, Stream};

impl Stream {
    /// Fields of a row in order, blanks at their ends aside; empty ones are left out.
    pub(crate) fn fields(&self, row: Span) -> Vec<Span> {
        let mut fields = Vec::new();
        let mut start = row.start;
        let mut push = |from: usize, to: usize| {
            let field = self.trimmed(Span::new(from.min(to), to));
            if !field.is_empty() {
                fields.push(field);
            }
        };
        for at in row.start..row.end {
            if matches!(self.at(at), CELL | '|' | '│') || self.has_gap(at) {
                push(start, at);
                start = at + 1;
            } else if at > start && self.is_far_behind(at) {
                push(start, at);
                start = at;
            }
        }
        push(start, row.end);
        fields
    }

    /// The row that a place stands in, if it is as short as rows of tables and forms are: a text without line ends is not
    /// searched from end to end for each of its words.
    pub(crate) fn short_row(&self, at: usize) -> Option<Span> {
        const LONGEST: usize = 400;
        let from = at.min(self.len());
        let low = from.saturating_sub(LONGEST);
        let start = match (low..from).rev().find(|of| self.at(*of) == super::BREAK) {
            Some(before) => before + 1,
            None if low == 0 => 0,
            None => return None,
        };
        let high = self.len().min(from + LONGEST);
        let end = match self.first_sign_in(Span::new(from, high), |of| of == super::BREAK) {
            Some(end) => end,
            None if high == self.len() => high,
            None => return None,
        };
        Some(Span::new(start, end))
    }
}
