//! Rows in columns, for a reader at a terminal.

use std::io::{self, Write};

use crate::output::plain;

/// Cells with what they look like. Their texts are made harmless; see [`plain`].
pub(crate) struct Table<'s> {
    rows: Vec<Vec<String>>,
    /// Lines of their own, each before the row of that number.
    heads: Vec<(usize, String)>,
    /// How each column is painted.
    paint: &'s [&'s dyn Fn(&str) -> String],
}

impl<'s> Table<'s> {
    /// An empty table; columns without an entry in `paint` are as they are.
    pub(crate) fn new(paint: &'s [&'s dyn Fn(&str) -> String]) -> Self {
        Self { rows: Vec::new(), heads: Vec::new(), paint }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        self.rows.push(cells.into_iter().map(|cell| plain(cell.as_ref())).collect());
    }

    /// Adds a line of its own before the next row; it is written as it is.
    pub(crate) fn head(&mut self, line: String) {
        self.heads.push((self.rows.len(), line));
    }

    /// Writes the rows. A column that is empty in all of them is left out, and no line ends in
    /// blanks.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let n_columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..n_columns).map(|column| self.width(column)).collect();
        let mut heads = self.heads.iter().peekable();
        for (at, row) in self.rows.iter().enumerate() {
            while let Some((_, head)) = heads.next_if(|(before, _)| *before == at) {
                writeln!(out, "{head}")?;
            }
            let mut line = String::new();
            let mut blanks = 0;
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if *width == 0 {
                    continue;
                }
                if !cell.is_empty() {
                    line.push_str(&" ".repeat(blanks));
                    blanks = 0;
                    line.push_str(
                        &self.paint.get(column).map_or(cell.clone(), |paint| paint(cell)),
                    );
                }
                blanks += width - cell.chars().count() + 2;
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// Characters of the longest cell of a column.
    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_line_up_and_empty_ones_are_left_out() {
        let bold = |text: &str| format!("<{text}>");
        let paint: [&dyn Fn(&str) -> String; 1] = [&bold];
        let mut table = Table::new(&paint);
        table.row(["é", "", "x", ""]);
        table.head("head".into());
        table.row(["long", "", "", "end\u{1b}"]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        let expected = "<é>     x\nhead\n<long>     end\u{fffd}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
