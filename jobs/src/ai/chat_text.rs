//! A model's answer as a text for WhatsApp. Models write Markdown, whatever they are told; a phone shows its marks as they
//! are typed. WhatsApp has marks of its own: `*bold*`, `_italic_`, `~strike~`, `> quotation` and lists.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

/// Tags of HTML that models use. Other text in angle brackets is meant as it is: "write <your name>".
const TAGS: [&str; 25] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];
/// Tags that begin a line.
const LINES: [&str; 9] = ["blockquote", "br", "div", "h1", "h2", "h3", "h4", "li", "p"];

/// Returns the text for a chat, or `None` when the answer has no text for a person, only JSON.
pub(crate) fn chat_text(answer: &str) -> Option<String> {
    let answer = answer.replace('\0', "");
    let answer = unfenced(answer.trim());
    if is_data(answer) {
        return None;
    }
    let written = Writer::default().write(&with_tables_apart(answer));
    (!written.is_empty()).then_some(written)
}

/// Puts an empty line before each table. Markdown takes a table right below a list for words of the last item.
fn with_tables_apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let mut before = "";
    for line in text.split_inclusive('\n') {
        let is_row = |line: &str| line.trim_start().starts_with('|');
        if is_row(line) && !is_row(before) && !before.trim().is_empty() {
            apart.push('\n');
        }
        apart.push_str(line);
        before = line;
    }
    apart
}

/// The inside of a fence around the whole answer.
fn unfenced(text: &str) -> &str {
    let inside = text.strip_prefix("```").and_then(|rest| {
        let (_, inside) = rest.split_once('\n')?;
        inside.trim_end().strip_suffix("```")
    });
    match inside {
        Some(inside) if !inside.contains("```") => inside.trim(),
        _ => text,
    }
}

/// Returns true for a text that is for programs.
fn is_data(text: &str) -> bool {
    let parsed = serde_json::from_str::<Value>(text);
    parsed.is_ok_and(|value| value.is_object() || value.is_array())
        || (text.starts_with('{') && text.ends_with('}'))
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The next number of each list that is open. `None`: it has bullets.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// The addresses of the links that are open, and where their texts begin.
    links: Vec<(String, usize)>,
    /// The marks of the emphases that are open.
    marks: Vec<char>,
    /// The code of the block that is open.
    code: Option<String>,
    table: Table,
}

/// A table is written row by row, each value behind the title of its column.
#[derive(Default)]
struct Table {
    titles: Vec<String>,
    /// Where the text of the row begins, and that of the cell.
    row: usize,
    cell: usize,
    cells: Vec<String>,
}

impl Writer {
    fn write(mut self, markdown: &str) -> String {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let events = Parser::new_ext(markdown, options).into_offset_iter();
        for (event, range) in events {
            self.event(event, &markdown[range]);
        }
        self.text.trim().to_owned()
    }

    fn event(&mut self, event: Event<'_>, source: &str) {
        match event {
            Event::Start(tag) => self.begin(tag, source),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text.push_str(&text),
            },
            Event::Code(code) => {
                self.text.push('`');
                self.text.push_str(&code);
                self.text.push('`');
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => self.paragraph(),
            Event::TaskListMarker(done) => self.text.push_str(if done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.text.push_str(source);
            }
        }
    }

    fn begin(&mut self, tag: Tag<'_>, source: &str) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => self.paragraph(),
            Tag::BlockQuote(_) => {
                self.paragraph();
                self.quotes += 1;
                self.text.push_str("> ");
            }
            Tag::CodeBlock(_kind @ (CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                self.paragraph();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.line();
                let deep = self.lists.len().saturating_sub(1);
                self.text.push_str(&"  ".repeat(deep));
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.text.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => self.text.push_str("- "),
                }
            }
            Tag::Strong => self.mark('*'),
            // WhatsApp's bold looks like Markdown's italic. As it is typed, it is right for WhatsApp.
            Tag::Emphasis => self.mark(if source.starts_with('*') { '*' } else { '_' }),
            Tag::Strikethrough => self.mark('~'),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.text.len()));
            }
            Tag::Table(_) => {
                self.paragraph();
                self.table = Table::default();
            }
            Tag::TableHead | Tag::TableRow => {
                self.line();
                self.table.row = self.text.len();
                self.table.cells.clear();
            }
            Tag::TableCell => self.table.cell = self.text.len(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                if !is_data(code.trim()) {
                    self.text.push_str(code.trim_end());
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => {
                if let Some(mark) = self.marks.pop() {
                    self.text.push(mark);
                }
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::TableCell => {
                let cell = self.text.split_off(self.table.cell);
                self.table.cells.push(cell.trim().to_owned());
            }
            TagEnd::TableHead => self.table.titles = std::mem::take(&mut self.table.cells),
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.table.cells);
                let mut titles = self.table.titles.iter();
                let cells =
                    cells
                        .into_iter()
                        .map(|cell| match titles.next().map_or("", String::as_str) {
                            "" => cell,
                            title if cell.is_empty() => title.to_owned(),
                            title => format!("{title}: {cell}"),
                        });
                let row = cells.collect::<Vec<_>>().join(", ");
                self.text.truncate(self.table.row);
                self.text.push_str(&row);
            }
            _ => {}
        }
    }

    /// WhatsApp shows no mark twice: bold in bold is bold.
    fn mark(&mut self, mark: char) {
        self.marks.push(mark);
        self.text.push(mark);
    }

    fn end_link(&mut self) {
        let Some((url, from)) = self.links.pop() else {
            return;
        };
        let leads = ["https://", "http://", "mailto:", "tel:"];
        if !leads.iter().any(|lead| url.starts_with(lead)) {
            return;
        }
        let shown = url.trim_start_matches("mailto:").trim_start_matches("tel:");
        let text = self.text[from..].trim().to_owned();
        let same = text.trim_end_matches('/') == shown.trim_end_matches('/');
        match (text.is_empty(), same) {
            (true, _) => self.text.push_str(shown),
            (false, true) => {}
            (false, false) => self.text.push_str(&format!(": {shown}")),
        }
    }

    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(from) = rest.find('<') {
            self.text.push_str(&rest[..from]);
            let Some(to) = rest[from..].find('>') else {
                break;
            };
            let tag = &rest[from..=from + to];
            let name = tag.trim_matches(['<', '>', '/']);
            let name = name.split([' ', '/', '\n']).next().unwrap_or_default();
            let name = name.to_ascii_lowercase();
            if LINES.contains(&name.as_str()) {
                self.line();
            } else if !TAGS.contains(&name.as_str()) && !tag.starts_with("<!") {
                self.text.push_str(tag);
            }
            rest = &rest[from + to + 1..];
        }
        self.text.push_str(rest);
    }

    /// Begins a line, unless one has begun.
    fn line(&mut self) {
        let trimmed = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(trimmed);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(&"> ".repeat(self.quotes.min(1)));
    }

    /// Begins a paragraph. Items of a list stay together.
    fn paragraph(&mut self) {
        let begun =
            self.text.ends_with("- ") || self.text.ends_with(". ") || self.text.ends_with("> ");
        match (begun, self.lists.is_empty()) {
            (true, _) => {}
            (false, false) => self.line(),
            (false, true) => {
                self.line();
                if !self.text.is_empty() && self.quotes == 0 && !self.text.ends_with("\n\n") {
                    self.text.push('\n');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_s_marks_become_those_of_whatsapp() {
        for (answer, wanted) in [
            ("We open at 8:00.", "We open at 8:00."),
            (
                "**Open** from *8:00* and _often_ till ~~late~~.",
                "*Open* from *8:00* and _often_ till ~late~.",
            ),
            ("*Bold* for WhatsApp", "*Bold* for WhatsApp"),
            ("***Both***", "**Both**"),
            ("## Delivery\nTwo days.", "Delivery\n\nTwo days."),
            ("Delivery\n---\nTwo days.", "Delivery\n\nTwo days."),
            (
                "See [our shop](https://shop.test/a).",
                "See our shop: https://shop.test/a.",
            ),
            (
                "[https://shop.test](https://shop.test/) <https://shop.test>",
                "https://shop.test https://shop.test",
            ),
            (
                "Write to [us](mailto:us@shop.test)",
                "Write to us: us@shop.test",
            ),
            (
                "[Ours](/page) ![Cup](https://shop.test/c.png)",
                "Ours Cup: https://shop.test/c.png",
            ),
            (
                "We have:\n- tea\n* coffee\n",
                "We have:\n\n- tea\n\n- coffee",
            ),
            (
                "1. Choose\n\n2. Pay\n   - by card\n3. Wait",
                "1. Choose\n2. Pay\n  - by card\n3. Wait",
            ),
            (
                "We have:\n- tea\n| Size | Price |\n|---|---|\n| S | 5 USD |",
                "We have:\n\n- tea\n\nSize: S, Price: 5 USD",
            ),
            (
                "| Size | Price |\n|---|---|\n| S | 5 USD |\n| L | |",
                "Size: S, Price: 5 USD\nSize: L, Price",
            ),
            (
                "```markdown\n**Two years** of warranty.\n```",
                "*Two years* of warranty.",
            ),
            ("```\nMonday 8-19\n```", "Monday 8-19"),
            (
                "Hours:\n```text\nMonday 8-19\n```\nBye",
                "Hours:\n\nMonday 8-19\n\nBye",
            ),
            ("Yes.\n```json\n{\"answer\": \"yes\"}\n```", "Yes."),
            ("Tea<br>Coffee <b>hot</b>", "Tea\nCoffee hot"),
            (
                "Write <your order number> & wait",
                "Write <your order number> & wait",
            ),
            (
                "> We open late\n\nSo says the board.",
                "> We open late\n\nSo says the board.",
            ),
            ("a\n\n---\n\nb", "a\n\nb"),
            ("Line one\nLine two", "Line one\nLine two"),
            ("2 * 3 = 6, a_b_c, 5 < 6, #1", "2 * 3 = 6, a_b_c, 5 < 6, #1"),
            ("Use `TEA10`", "Use `TEA10`"),
            ("नमस्ते **दुनिया**, مرحبا **بكم**", "नमस्ते *दुनिया*, مرحبا *بكم*"),
        ] {
            assert_eq!(chat_text(answer).as_deref(), Some(wanted), "{answer}");
        }
    }

    #[test]
    fn what_is_for_programs_is_no_answer() {
        for answer in [
            "{\"answer\":\"Two years\"}",
            "```json\n{\"answer\":\"Two years\"}\n```",
            "[{\"a\": 1}]",
            "{'answer': 'Two years'}",
            " \n ",
            "---",
        ] {
            assert_eq!(chat_text(answer), None, "{answer}");
        }
    }
}
