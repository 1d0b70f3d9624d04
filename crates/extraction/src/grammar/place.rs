//! Which heading a cell of a row with blank cells stands under: by where both stand from left to right.

use crate::{layout, sheet::Sheet, stream::Span};
use cartulary_model::Line;

/// The left and the right end of something on its page.
#[derive(Clone, Copy, Debug)]
struct Extent {
    left: f32,
    right: f32,
}

impl Extent {
    /// Columns are set flush left, flush right or centred.
    fn apart(self, other: Self) -> f32 {
        let middle = |of: Self| (of.left + of.right) / 2.0;
        let ends = (self.left - other.left).abs().min((self.right - other.right).abs());
        ends.min((middle(self) - middle(other)).abs())
    }
}

/// For each cell the number of the heading it stands under, none for one between two; nothing where two stand under one.
pub(crate) fn under(sheet: &Sheet<'_>, headings: &[Span], cells: &[Span]) -> Option<Vec<Option<usize>>> {
    /// How much nearer a cell must be to its own heading than to the next.
    const NEARER: f32 = 2.0;
    let typed = in_one_line(sheet, headings) && in_one_line(sheet, cells);
    let extents = |of: &[Span]| of.iter().map(|cell| extent(sheet, *cell, typed)).collect::<Option<Vec<_>>>();
    let (headings, cells) = (extents(headings)?, extents(cells)?);
    let (mut found, mut last) = (Vec::with_capacity(cells.len()), None);
    for cell in cells {
        let mut apart: Vec<(f32, usize)> =
            headings.iter().enumerate().map(|(number, of)| (cell.apart(*of), number)).collect();
        apart.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (best, number) = *apart.first()?;
        let clear = apart.get(1).is_none_or(|next| next.0 > best * NEARER);
        if clear && last.is_some_and(|last| last >= number) {
            return None;
        }
        last = last.max(clear.then_some(number));
        found.push(clear.then_some(number));
    }
    Some(found)
}

/// A row typed into a text, its cells parted by blanks.
fn in_one_line(sheet: &Sheet<'_>, cells: &[Span]) -> bool {
    cells.windows(2).all(|pair| sheet.stream.is_same_line(pair[0].start, pair[1].start))
}

/// In columns of type for a typed row, else in the page's own measure.
fn extent(sheet: &Sheet<'_>, cell: Span, typed: bool) -> Option<Extent> {
    let stream = &sheet.stream;
    let (first, last) = (stream.origins.get(cell.start)?, stream.origins.get(cell.end.checked_sub(1)?)?);
    let (begin, end) = (of_line(sheet, first.line, typed)?, of_line(sheet, last.line, typed)?);
    Some(Extent { left: begin.edge(first.at as usize), right: end.edge(last.at as usize + 1) })
}

/// A line and where it stands.
struct Placed<'a> {
    line: &'a Line,
    extent: Extent,
}

impl Placed<'_> {
    /// Where the line's character with this number begins.
    fn edge(&self, at: usize) -> f32 {
        self.extent.left + layout::share(self.line, at) * (self.extent.right - self.extent.left)
    }
}

fn of_line<'a>(sheet: &Sheet<'a>, line: u32, typed: bool) -> Option<Placed<'a>> {
    let place = sheet.stream.lines.get(line as usize)?;
    let page = sheet.source.pages.get(place.page as usize)?;
    let line = page.lines.get(place.line as usize)?;
    let (left, right) = if typed {
        (0.0, layout::columns(&line.text, usize::MAX))
    } else {
        layout::left_and_right(page, place.line as usize)?
    };
    Some(Placed { line, extent: Extent { left, right } })
}
