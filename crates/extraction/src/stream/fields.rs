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

    /// The row that a place stands in, without its end.
    pub(crate) fn row_of(&self, at: usize) -> Span {
        let start =
            (0..at.min(self.len())).rev().find(|of| self.at(*of) == super::BREAK).map_or(0, |of| of + 1);
        let rest = Span::new(at.min(self.len()), self.len());
        Span::new(start, self.first_sign_in(rest, |of| of == super::BREAK).unwrap_or(self.len()))
    }
}
