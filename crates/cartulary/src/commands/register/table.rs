//! Aligned columns for people, with Chinese characters as wide as they are.

use unicode_width::UnicodeWidthStr as _;

/// Rows of cells; the last column is not padded.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    /// Columns whose cells stand to the right.
    right: &'static [usize],
}

impl Table {
    pub(super) fn new(head: &[&str], right: &'static [usize]) -> Self {
        Self { rows: vec![head.iter().map(|cell| (*cell).to_owned()).collect()], right }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // A paper's name comes from a stranger: no line of it may look like one of ours.
        self.rows.push(cells.into_iter().map(|cell| clean(&cell)).collect());
    }

    pub(super) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column].saturating_sub(cell.width()));
                if self.right.contains(&column) {
                    line.push_str(&gap);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.push_str(&gap);
                }
                line.push_str("  ");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// A stranger's words on one line, without signs that steer a terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_names_keep_the_columns_straight() {
        let mut table = Table::new(&["name", "n", "rest"], &[1]);
        table.row(["王小明".to_owned(), "7".to_owned(), "a\u{1b}[2J".to_owned()]);
        table.row(["Xu".to_owned(), "12".to_owned(), "b".to_owned()]);
        assert_eq!(table.text(), "name     n  rest\n王小明   7  a [2J\nXu      12  b\n");
    }
}
