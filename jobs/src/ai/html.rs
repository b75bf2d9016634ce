//! Reads the text of an HTML page: its headings, paragraphs and lists, as Markdown. It reads tags one by one and builds no
//! tree, so a page that nests without end costs no more than any other.

use std::cell::RefCell;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    states::RawKind,
};

/// What no reader looks for on a page.
const SKIPPED: [&str; 16] = [
    "script", "style", "noscript", "template", "svg", "math", "nav", "footer", "aside", "form",
    "select", "button", "iframe", "object", "textarea", "title",
];
const PARAGRAPHS: [&str; 24] = [
    "address",
    "article",
    "blockquote",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "header",
    "hr",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "ul",
];

/// The text of a page as Markdown. A heading of the page is a heading of the text.
pub(super) fn markdown(html: &str) -> String {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    // The reader never stops the tokenizer: it runs no script and keeps the encoding.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().text
}

/// What stands between two texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Reader(RefCell<Text>);

#[derive(Default)]
struct Text {
    text: String,
    gap: Gap,
    /// The mark of a heading or of a list's item, before the next word.
    mark: String,
    /// The element that is skipped, and how often it is open.
    skipped: Option<(String, usize)>,
}

impl Text {
    fn part(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn say(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.part(Gap::Space);
        }
        for word in text.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push_str(match self.gap {
                    Gap::None => "",
                    Gap::Space => " ",
                    Gap::Line => "\n",
                    Gap::Paragraph => "\n\n",
                });
            }
            self.text.push_str(&self.mark);
            self.text.push_str(word);
            self.mark.clear();
            self.gap = Gap::Space;
        }
        if !text.ends_with(char::is_whitespace) && !text.is_empty() {
            self.gap = Gap::None;
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name && !tag.self_closing {
                *depth = if opens { *depth + 1 } else { *depth - 1 };
            }
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        if opens && !tag.self_closing && SKIPPED.contains(&name) {
            self.skipped = Some((name.to_owned(), 1));
            return self.part(Gap::Paragraph);
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.part(Gap::Paragraph);
                let level = name[1..].parse().unwrap_or(1);
                self.mark = if opens {
                    format!("{} ", "#".repeat(level))
                } else {
                    String::new()
                };
            }
            "li" => {
                self.part(Gap::Line);
                self.mark = if opens {
                    "- ".to_owned()
                } else {
                    String::new()
                };
            }
            "br" | "tr" => self.part(Gap::Line),
            "td" | "th" => self.part(Gap::Space),
            other if PARAGRAPHS.contains(&other) => self.part(Gap::Paragraph),
            _ => {}
        }
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut text = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                text.tag(&tag);
                // What stands in these elements has no tags.
                if tag.kind == TagKind::StartTag {
                    match &*tag.name {
                        "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                        "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
                        "style" | "iframe" | "xmp" | "noembed" | "noframes" => {
                            return TokenSinkResult::RawData(RawKind::Rawtext);
                        }
                        _ => {}
                    }
                }
            }
            Token::CharacterTokens(said) if text.skipped.is_none() => text.say(&said),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_by_its_headings_without_menus_and_scripts() {
        let html = "<!doctype html><html><head><title>Shop</title><style>p { color: red }</style>\
            <script>if (1 < 2) document.write('<h1>no</h1>')</script></head><body>\
            <nav><ul><li>Home<li>Shop</ul></nav><h1>Our <em>shop</em></h1>\n<p>Tea &amp; coffee,\n  every\u{a0}day.</p>\
            <h2>Delivery</h2><ul><li>Nairobi: 3&nbsp;USD</li><li>Kenya: <b>6</b> USD</li></ul>\
            <table><tr><td>Mug</td><td>5</td></tr><tr><td>Cup</td><td>4</td></tr></table>\
            <p>One<br>two</p><footer>Imprint</footer></body></html>";
        assert_eq!(
            markdown(html),
            "# Our shop\n\nTea & coffee, every day.\n\n## Delivery\n\n- Nairobi: 3 USD\n- Kenya: 6 USD\n\n\
             Mug 5\nCup 4\n\nOne\ntwo"
        );
    }

    #[test]
    fn hostile_html_costs_no_stack_and_breaks_nothing() {
        let deep = "<div>".repeat(300_000) + "end";
        assert_eq!(markdown(&deep), "end");
        for odd in [
            "",
            "<",
            "<script>",
            "<nav>never closed",
            "</nav></nav>x",
            "<svg/>x",
            "&#xffffffff;",
            "<h1><h2>x",
            "<p \0=\"",
            "\0\u{1}",
        ] {
            markdown(odd);
        }
        assert_eq!(markdown("</nav></nav>x"), "x");
        assert_eq!(markdown("<nav><nav>a</nav>b</nav>c"), "c");
    }
}
