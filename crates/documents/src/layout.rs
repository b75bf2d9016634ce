//! Where everything stands on the pages.
//!
//! Places are counted from the side where lines begin: `0.0` is the left edge of a page in English and the right edge in Arabic.
//! Only [`Setter::left`] knows of left and right.

use crate::{
    Party, Row, Sheet,
    fonts::{Fonts, Weight},
    text::{Colour, Line, Style, line, wrap},
};

/// A4, in points.
pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 48.0;
const START: f32 = MARGIN;
const END: f32 = WIDTH - MARGIN;
/// Where the second half of the page begins: the title, the facts and the totals.
const HALF: f32 = 318.0;
const GAP: f32 = 14.0;
/// Between the lines of the table.
const PADDING: f32 = 6.0;
const WIDEST_AMOUNT: f32 = 92.0;
/// The height of a line, as a share of the size of its letters. Devanagari and Arabic go far up and down.
const LEADING: f32 = 1.42;

const INK: Colour = Colour(0x1b, 0x1f, 0x27);
const GREY: Colour = Colour(0x5b, 0x63, 0x70);
const RULE: Colour = Colour(0xd9, 0xdd, 0xe3);
const SHADE: Colour = Colour(0xf3, 0xf5, 0xf7);
const GREEN: Colour = Colour(0x0b, 0x6b, 0x45);
const GREEN_SHADE: Colour = Colour(0xe3, 0xf4, 0xec);

const fn style(size: f32, weight: Weight, colour: Colour) -> Style {
    Style {
        size,
        weight,
        colour,
    }
}
const TITLE: Style = style(22.0, Weight::Bold, INK);
const NUMBER: Style = style(11.0, Weight::Regular, GREY);
const SELLER: Style = style(14.0, Weight::Bold, INK);
const NAME: Style = style(10.5, Weight::Bold, INK);
const PLAIN: Style = style(9.5, Weight::Regular, INK);
const SMALL: Style = style(8.5, Weight::Regular, GREY);
const HEADING: Style = style(8.5, Weight::Bold, GREY);
const VALUE: Style = style(9.5, Weight::Bold, INK);
const STRONG: Style = style(12.0, Weight::Bold, INK);
const STAMP: Style = style(13.0, Weight::Bold, GREEN);
const FOOT: Style = style(8.0, Weight::Regular, GREY);

#[derive(Debug, Default)]
pub struct Page {
    /// In the order in which they are painted and read.
    pub marks: Vec<Mark>,
}

#[derive(Debug)]
pub enum Mark {
    /// From the left edge and from the top: `y` is where the letters stand.
    Text { x: f32, y: f32, line: Line },
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Colour,
    },
}

#[derive(Clone, Copy)]
enum Align {
    Start,
    End,
    Centre,
}

struct Setter<'a> {
    fonts: &'a Fonts,
    right_to_left: bool,
    pages: Vec<Page>,
    /// Where the page goes on.
    y: f32,
    /// Where the foot begins.
    bottom: f32,
}

/// Sets a sheet.
pub fn pages(fonts: &Fonts, sheet: &Sheet) -> Vec<Page> {
    let foot = wrap(fonts, &sheet.footer, FOOT, END - START);
    let mut setter = Setter {
        fonts,
        right_to_left: sheet.right_to_left,
        pages: vec![Page::default()],
        y: MARGIN,
        bottom: HEIGHT - MARGIN - height(&foot) - height_of(FOOT),
    };
    setter.head(sheet);
    setter.parties(sheet);
    setter.table(sheet);
    setter.totals(sheet);
    setter.notes(sheet);
    setter.feet(&foot);
    setter.pages
}

fn height_of(style: Style) -> f32 {
    style.size * LEADING
}

fn height(lines: &[Line]) -> f32 {
    lines.iter().map(|line| height_of(line.style)).sum()
}

impl Setter<'_> {
    fn head(&mut self, sheet: &Sheet) {
        let top = self.y;
        let seller = self.party(&sheet.seller, SELLER, SMALL, (START, HALF - GAP), top);
        let mut lines = self.wrapped(&sheet.title, TITLE, END - HALF);
        lines.extend(self.wrapped(&sheet.number, NUMBER, END - HALF));
        // The tall title begins as high as the seller's name.
        let title = self.lines(lines, Align::End, (HALF, END), top - 6.0);
        self.y = seller.max(title) + GAP;
        self.rule(START, self.y);
        self.y += GAP;
    }

    fn parties(&mut self, sheet: &Sheet) {
        let top = self.y;
        let buyer = self.party(&sheet.buyer, NAME, PLAIN, (START, HALF - GAP), top);
        let mut y = top;
        for (label, value) in &sheet.facts {
            let middle = HALF + (END - HALF) * 0.45;
            let label = self.wrapped(label, SMALL, middle - HALF);
            let value = self.wrapped(value, VALUE, END - middle - GAP);
            let from = y;
            y = self.lines(label, Align::Start, (HALF, middle), from + 1.0);
            y = y.max(self.lines(value, Align::End, (middle, END), from)) + 1.0;
        }
        self.y = buyer.max(y) + GAP * 1.5;
    }

    /// Writes a party from a height on, and returns where it ends.
    fn party(&mut self, party: &Party, name: Style, rest: Style, at: (f32, f32), top: f32) -> f32 {
        let width = at.1 - at.0;
        let mut lines = self.wrapped(&party.label, SMALL, width);
        lines.extend(self.wrapped(&party.name, name, width));
        for text in &party.lines {
            lines.extend(self.wrapped(text, rest, width));
        }
        self.lines(lines, Align::Start, at, top)
    }

    fn table(&mut self, sheet: &Sheet) {
        let edges = self.edges(sheet);
        self.headings(sheet, &edges);
        for row in &sheet.rows {
            self.row(sheet, row, &edges);
        }
    }

    /// Where each column begins and ends. The amounts take what they need, and the first column the rest.
    fn edges(&self, sheet: &Sheet) -> Vec<(f32, f32)> {
        let mut edges = Vec::new();
        let mut end = END - PADDING;
        for column in (1..sheet.columns.len()).rev() {
            let head = line(self.fonts, &sheet.columns[column], HEADING).width;
            let cells = sheet.rows.iter().filter_map(|row| row.cells.get(column));
            let widest = cells
                .map(|cell| line(self.fonts, cell, PLAIN).width)
                .fold(head, f32::max);
            let start = end - widest.min(WIDEST_AMOUNT);
            edges.push((start, end));
            end = start - GAP;
        }
        edges.push((START + PADDING, end));
        edges.reverse();
        edges
    }

    fn headings(&mut self, sheet: &Sheet, edges: &[(f32, f32)]) {
        let cells = self.cells(&sheet.columns, HEADING, edges);
        let tallest = cells.iter().map(|cell| height(cell)).fold(0.0, f32::max);
        let whole = tallest + PADDING * 2.0;
        self.area((START, END), self.y, whole, SHADE);
        let top = self.y + PADDING;
        self.set_cells(cells, edges, top);
        self.y += whole;
    }

    fn row(&mut self, sheet: &Sheet, row: &Row, edges: &[(f32, f32)]) {
        let mut cells = self.cells(&row.cells, PLAIN, edges);
        if let (Some(first), Some((start, end))) = (cells.first_mut(), edges.first()) {
            first.extend(wrap(self.fonts, &row.detail, SMALL, end - start));
        }
        let tallest = cells.iter().map(|cell| height(cell)).fold(0.0, f32::max);
        let whole = tallest + PADDING * 2.0;
        if self.breaks(whole) {
            self.headings(sheet, edges);
        }
        let top = self.y + PADDING;
        self.set_cells(cells, edges, top);
        self.y += whole;
        self.rule(START, self.y);
    }

    fn cells(&self, texts: &[String], style: Style, edges: &[(f32, f32)]) -> Vec<Vec<Line>> {
        let cells = texts.iter().zip(edges);
        cells
            .map(|(text, (start, end))| self.wrapped(text, style, end - start + 0.1))
            .collect()
    }

    fn set_cells(&mut self, cells: Vec<Vec<Line>>, edges: &[(f32, f32)], top: f32) {
        for (column, (lines, at)) in cells.into_iter().zip(edges).enumerate() {
            let align = if column == 0 {
                Align::Start
            } else {
                Align::End
            };
            self.lines(lines, align, *at, top);
        }
    }

    fn totals(&mut self, sheet: &Sheet) {
        let count = sheet.totals.len() as f32;
        self.y += GAP * 0.5;
        self.breaks(count * (height_of(STRONG) + PADDING));
        let top = self.y;
        if let Some(stamp) = &sheet.stamp {
            let stamp = line(self.fonts, stamp, STAMP);
            let end = START + stamp.width + PADDING * 4.0;
            let tall = height_of(STAMP) + PADDING;
            self.area((START, end), top + PADDING, tall, GREEN_SHADE);
            self.lines(
                vec![stamp],
                Align::Centre,
                (START, end),
                top + PADDING * 1.5,
            );
        }
        for total in &sheet.totals {
            let (label, value) = match total.strong {
                true => (STRONG, STRONG),
                false => (PLAIN, PLAIN),
            };
            if total.strong {
                self.y += 2.0;
                self.rule(HALF, self.y);
                self.y += 4.0;
            }
            let from = self.y;
            let value = self.wrapped(&total.value, value, END - HALF);
            let taken = value.first().map_or(0.0, |line| line.width);
            let label = self.wrapped(&total.label, label, (END - HALF - taken - GAP).max(60.0));
            let left = self.lines(label, Align::Start, (HALF, END - PADDING), from);
            let right = self.lines(value, Align::End, (HALF, END - PADDING), from);
            self.y = left.max(right) + 3.0;
        }
        self.y = self.y.max(top + height_of(STAMP) + PADDING * 2.0) + GAP;
    }

    fn notes(&mut self, sheet: &Sheet) {
        for note in &sheet.notes {
            for one in self.wrapped(note, SMALL, END - START) {
                self.breaks(height_of(SMALL));
                self.y = self.lines(vec![one], Align::Start, (START, END), self.y);
            }
            self.y += 4.0;
        }
    }

    /// The foot of each page, with its number if there are several.
    fn feet(&mut self, foot: &[Line]) {
        let count = self.pages.len();
        let pages = std::mem::take(&mut self.pages);
        for (index, page) in pages.into_iter().enumerate() {
            self.pages.push(page);
            let mut lines = foot.to_vec();
            if count > 1 {
                let number = format!("{} / {count}", index + 1);
                lines.push(line(self.fonts, &number, FOOT));
            }
            let top = self.bottom + height_of(FOOT) * 0.5;
            self.lines(lines, Align::Centre, (START, END), top);
        }
    }

    /// Begins a page if the rest of this one is lower than what comes. Returns true when it did.
    fn breaks(&mut self, height: f32) -> bool {
        // What is taller than a page goes over its foot, and not over many empty pages.
        let fits = self.y + height <= self.bottom || self.y <= MARGIN;
        if !fits {
            self.pages.push(Page::default());
            self.y = MARGIN;
        }
        !fits
    }

    fn wrapped(&self, text: &str, style: Style, width: f32) -> Vec<Line> {
        wrap(self.fonts, text, style, width)
    }

    /// Writes lines below each other, and returns where they end.
    fn lines(&mut self, lines: Vec<Line>, align: Align, at: (f32, f32), top: f32) -> f32 {
        let mut y = top;
        for line in lines {
            let offset = match align {
                Align::Start => at.0,
                Align::End => at.1 - line.width,
                Align::Centre => (at.0 + at.1 - line.width) / 2.0,
            };
            let x = self.left(offset, line.width);
            let baseline = y + line.style.size * 1.08;
            y += height_of(line.style);
            let text = Mark::Text {
                x,
                y: baseline,
                line,
            };
            self.mark(text);
        }
        y
    }

    /// A thin line to the end of the page.
    fn rule(&mut self, from: f32, y: f32) {
        self.area((from, END), y, 0.6, RULE);
    }

    fn area(&mut self, at: (f32, f32), y: f32, height: f32, colour: Colour) {
        let width = at.1 - at.0;
        let x = self.left(at.0, width);
        self.mark(Mark::Area {
            x,
            y,
            width,
            height,
            colour,
        });
    }

    /// The distance from the left edge.
    fn left(&self, offset: f32, width: f32) -> f32 {
        match self.right_to_left {
            true => WIDTH - offset - width,
            false => offset,
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }
}
