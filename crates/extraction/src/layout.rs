//! From positioned lines to rows and paragraphs.
//!
//! Lines that stand side by side become the cells of one row; a line that was wrapped is joined with the next.
//! Prose in two columns is read column by column; what a page repeats of the page before is read once.
//! Works in the text's own upright frame, so that a page photographed sideways or askew gives the same rows.

mod answers;
mod columns;
mod edges;
mod paragraphs;
mod repeats;
mod rows;

use crate::stream::{BREAK, CELL, LinePlace, Stream};
use cartulary_model::{Page, SourceDocument};
pub(crate) use edges::{Edges, columns, share};
use paragraphs::Margins;
use rows::Cell;

/// Lines side by side.
#[derive(Clone, Debug)]
struct Row {
    /// Index into the document's pages.
    page: usize,
    /// Number of the block on its page.
    block: usize,
    cells: Vec<Cell>,
    margins: Margins,
    /// A header or footer that other pages repeat.
    running: bool,
}

/// Streams a document: cells parted by [`CELL`], rows and paragraphs by [`BREAK`].
pub(crate) fn stream(document: &SourceDocument) -> Stream {
    let pages = document.pages.iter().enumerate().map(|(index, page)| page_rows(index, page)).collect();
    let rows = repeats::without_repeats(document, pages);
    let mut stream = Stream::default();
    // A line gives hardly more characters than it has bytes, and one that parts it from the next.
    let cells = rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row.page, cell.index)));
    stream.reserve(cells.map(|(page, line)| document.pages[page].lines[line].text.len() + 1).sum());
    for (position, row) in rows.iter().enumerate() {
        push_row(&mut stream, document, row);
        match rows.get(position + 1) {
            Some(next) if paragraphs::continues(document, row, next) => {
                if paragraphs::needs_space(&stream, document, next) {
                    stream.push_separator(' ');
                }
            }
            _ => stream.push_separator(BREAK),
        }
    }
    stream
}

fn page_rows(index: usize, page: &Page) -> Vec<Row> {
    // What is words of no language holds no fact; the page is reported as unread.
    if crate::language::is_gibberish(&opening(page)) {
        return Vec::new();
    }
    let blocks = columns::blocks(rows::upright(page));
    blocks
        .into_iter()
        .enumerate()
        .flat_map(|(block, cells)| {
            let margins = Margins::of(&cells);
            answers::beside_questions(page, rows::rows(cells)).into_iter().map(move |cells| Row {
                page: index,
                block,
                cells,
                margins,
                running: false,
            })
        })
        .collect()
}

/// From where to where a line of a page goes from left to right, in the text's own upright frame.
pub(crate) fn left_and_right(page: &Page, line: usize) -> Option<(f32, f32)> {
    rows::upright(page).get(line).map(|of| (of.left, of.right))
}

/// As much of a page's text as tells its language.
fn opening(page: &Page) -> String {
    let mut text = String::new();
    for line in &page.lines {
        text.push_str(&line.text);
        text.push('\n');
        if text.len() >= crate::language::OPENING_BYTES {
            break;
        }
    }
    text
}

fn push_row(stream: &mut Stream, document: &SourceDocument, row: &Row) {
    let page = u32::try_from(row.page).unwrap_or(u32::MAX);
    for (column, cell) in row.cells.iter().enumerate() {
        if column > 0 {
            stream.push_separator(CELL);
        }
        let line = u32::try_from(cell.index).unwrap_or(u32::MAX);
        stream.push_line(LinePlace::new(page, line), &document.pages[row.page].lines[cell.index].text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::is_han;
    use cartulary_model::{Line, Quad};

    fn line(text: &str, left: f32, top: f32) -> Line {
        let width = text.chars().map(|of| if is_han(of) { 24.0 } else { 12.0 }).sum::<f32>();
        Line {
            text: text.into(),
            quad: Quad::upright(left, top, left + width, top + 24.0),
            ..Line::default()
        }
    }

    fn streamed(lines: Vec<Line>, rotation: u16) -> String {
        let page = Page { number: 1, width: 1000, height: 1000, rotation, lines, ..Page::default() };
        let document = SourceDocument {
            id: "d".into(),
            name: String::new(),
            media_type: String::new(),
            sha256: String::new(),
            pages: vec![page],
            unread: vec![],
        };
        stream(&document).chars.into_iter().collect()
    }

    fn table() -> Vec<Line> {
        vec![
            line("10^9/L", 500.0, 104.0),
            line("PLT", 100.0, 100.0),
            line("45", 300.0, 102.0),
            line("HGB", 100.0, 140.0),
            line("82", 300.0, 141.0),
        ]
    }

    #[test]
    fn cells_side_by_side_are_one_row() {
        assert_eq!(streamed(table(), 0), "PLT\t45\t10^9/L\nHGB\t82\n");
    }

    #[test]
    fn an_answer_under_its_question_is_read_behind_it() {
        let lines = vec![
            line("Allo-SCT", 100.0, 100.0),
            line("Radiation", 400.0, 100.0),
            line("IT therapy", 700.0, 100.0),
            line("☐ yes ☑ no", 100.0, 130.0),
            line("☑ yes ☐ no", 400.0, 130.0),
            line("MTX 12 mg", 700.0, 130.0),
            line("☐ Seizure history", 100.0, 300.0),
        ];
        let expected =
            "Allo-SCT\t☐ yes ☑ no\nRadiation\t☑ yes ☐ no\nIT therapy MTX 12 mg\n☐ Seizure history\n";
        assert_eq!(streamed(lines, 0), expected);
    }

    #[test]
    fn a_page_turned_by_90_degrees_gives_the_same_rows() {
        let turned = table()
            .into_iter()
            .map(|of| Line { quad: Quad(of.quad.0.map(|[x, y]| [1000.0 - y, x])), ..of })
            .collect();
        assert_eq!(streamed(turned, 90), "PLT\t45\t10^9/L\nHGB\t82\n");
    }

    #[test]
    fn a_skewed_page_gives_the_same_rows() {
        let mut lines = table();
        lines.push(line("a long line that shows how far the page is askew", 100.0, 20.0));
        let skewed = lines
            .into_iter()
            .map(|of| Line { quad: Quad(of.quad.0.map(|[x, y]| [x, y + 0.06 * x])), ..of })
            .collect();
        assert!(streamed(skewed, 0).ends_with("PLT\t45\t10^9/L\nHGB\t82\n"));
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_finished_one_does_not() {
        let lines = vec![
            line("免疫组化结果显示弥漫大B细胞淋", 100.0, 100.0),
            line("巴瘤，CD20阳性。", 100.0, 140.0),
            line("骨髓未见异常。", 100.0, 180.0),
        ];
        assert_eq!(streamed(lines, 0), "免疫组化结果显示弥漫大B细胞淋巴瘤,CD20阳性。\n骨髓未见异常。\n");
    }

    fn pages(all: Vec<Vec<Line>>) -> String {
        let pages = all.into_iter().zip(1u32..).map(|(lines, number)| Page {
            number,
            width: 1000,
            height: 1400,
            lines,
            ..Page::default()
        });
        let document = SourceDocument {
            id: "d".into(),
            name: String::new(),
            media_type: String::new(),
            sha256: String::new(),
            pages: pages.collect(),
            unread: vec![],
        };
        stream(&document).chars.into_iter().collect()
    }

    #[test]
    fn prose_in_two_columns_is_read_column_by_column() {
        let left = [
            "The marrow is infiltrated by small",
            "lymphoid cells that are positive for",
            "CD20 and CD5, with no expression of",
            "CD10 or BCL6, and Ki-67 is low.",
        ];
        let right = [
            "No rearrangement of MYC was found in",
            "the sections that were sent, and the",
            "karyotype is normal. A second opinion",
            "has been asked for at the centre.",
        ];
        let mut lines =
            vec![line("A title that stands over both of the columns of this sheet of paper", 100.0, 20.0)];
        for (row, (a, b)) in left.iter().zip(right).enumerate() {
            lines.push(line(a, 100.0, 100.0 + 40.0 * row as f32));
            lines.push(line(b, 600.0, 100.0 + 40.0 * row as f32));
        }
        let text = streamed(lines, 0);
        assert!(text.contains("positive for CD20 and CD5"), "{text}");
        assert!(text.contains("found in the sections"), "{text}");
        assert!(text.find("Ki-67").unwrap() < text.find("No rearrangement").unwrap(), "{text}");
    }

    #[test]
    fn a_table_stays_in_rows() {
        let rows = [
            ("2021-03-05", "R-CHOP cycle 1 given on the ward"),
            ("2021-03-26", "R-CHOP cycle 2 given on the ward"),
            ("2021-04-16", "R-CHOP cycle 3 given on the ward"),
            ("2021-05-07", "R-CHOP cycle 4 given on the ward"),
        ];
        let lines = rows.iter().enumerate().flat_map(|(row, (day, event))| {
            let top = 100.0 + 40.0 * row as f32;
            [line(day, 100.0, top), line(event, 400.0, top)]
        });
        let text = streamed(lines.collect(), 0);
        assert!(text.contains("2021-03-26\tR-CHOP cycle 2"), "{text}");
    }

    #[test]
    fn a_header_is_read_once_and_another_persons_header_is_kept() {
        let page = |name: &str, number: u32, text: &str| {
            vec![
                line(name, 100.0, 10.0),
                line(text, 100.0, 400.0),
                line(&format!("第{number}页 共3页"), 400.0, 1300.0),
            ]
        };
        let same = pages(vec![
            page("姓名:赵一，住院号:100", 1, "一"),
            page("姓名:赵一，住院号:100", 2, "二"),
            page("姓名:钱二，住院号:200", 3, "三"),
        ]);
        assert_eq!(same, "姓名:赵一,住院号:100\n一\n二\n姓名:钱二,住院号:200\n三\n第1页共3页\n");
    }

    #[test]
    fn a_paragraph_goes_on_over_the_page() {
        let text = pages(vec![
            vec![line("患者于二零二一年三月起接受六个周期的化疗后复查显示病灶", 100.0, 1200.0)],
            vec![
                line("明显缩小。", 100.0, 100.0),
                line("其后随访至今未见复发征象，一般情况良好，饮食睡眠尚可。", 100.0, 140.0),
            ],
        ]);
        assert!(
            text.starts_with("患者于二零二一年三月起接受六个周期的化疗后复查显示病灶明显缩小。\n"),
            "{text}"
        );
    }
}
