//! Cuts a document into pieces for the model: at headings, then between paragraphs, then between sentences.

use std::mem;

/// About 300 tokens, so that five pieces fit the limit of a question.
const PIECE_CHARS: usize = 1_200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The document's title, and the headings above the piece.
    pub title: String,
    pub body: String,
}

/// The pieces of a text without headings.
pub fn text(title: &str, body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    cut(title, body, &mut pieces);
    pieces
}

/// The pieces of a Markdown text. A heading begins a piece; in a fenced block of code there are none.
pub fn markdown(title: &str, body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut headings: Vec<(usize, &str)> = Vec::new();
    let (mut section, mut fenced) = (String::new(), false);
    for line in body.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let Some((level, heading)) = heading(line).filter(|_| !fenced) else {
            section.push_str(line);
            section.push('\n');
            continue;
        };
        cut(
            &path(title, &headings),
            &mem::take(&mut section),
            &mut pieces,
        );
        headings.retain(|(above, _)| *above < level);
        headings.push((level, heading));
    }
    cut(&path(title, &headings), &section, &mut pieces);
    pieces
}

/// The level and the words of a heading of Markdown (CommonMark, "ATX headings").
fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.len() - line.trim_start_matches('#').len();
    let words = line.get(level..)?;
    let is_heading = (1..=6).contains(&level) && words.starts_with([' ', '\t']);
    let words = words.trim().trim_end_matches('#').trim_end();
    (is_heading && !words.is_empty()).then_some((level, words))
}

fn path(title: &str, headings: &[(usize, &str)]) -> String {
    let mut path = title.to_owned();
    for (_, heading) in headings {
        path.push_str(" › ");
        path.push_str(heading);
    }
    path.chars().take(300).collect()
}

/// Adds the pieces of one section: as many whole paragraphs as fit.
fn cut(title: &str, section: &str, pieces: &mut Vec<Piece>) {
    let mut body = String::new();
    for paragraph in section.split("\n\n").map(str::trim) {
        for part in sentences(paragraph) {
            let full = body.chars().count() + part.chars().count() + 2 > PIECE_CHARS;
            if full && !body.is_empty() {
                add(title, &mem::take(&mut body), pieces);
            }
            body.push_str(part);
        }
        body.push_str("\n\n");
    }
    add(title, &body, pieces);
}

fn add(title: &str, body: &str, pieces: &mut Vec<Piece>) {
    let body = body.trim();
    if !body.is_empty() {
        pieces.push(Piece {
            title: title.to_owned(),
            body: body.to_owned(),
        });
    }
}

/// Cuts a paragraph that is too long for a piece: after a sentence, or else after a word, or else anywhere.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = paragraph;
    while let Some((limit, _)) = rest.char_indices().nth(PIECE_CHARS) {
        let window = &rest[..limit];
        let after = |end: usize| {
            rest[end..]
                .chars()
                .next()
                .map_or(end, |c| end + c.len_utf8())
        };
        let sentence = window.rfind(['.', '!', '?', '؟', '।', '\n']).map(after);
        let word = window.rfind(char::is_whitespace).map(after);
        // A break in the first half would leave a piece too small to say anything.
        let late = |end: &usize| *end > limit / 2 && *end <= limit;
        let end = sentence
            .filter(late)
            .or_else(|| word.filter(late))
            .unwrap_or(limit);
        let (part, left) = rest.split_at(end);
        parts.push(part);
        rest = left;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(title: &str, body: &str) -> Piece {
        Piece {
            title: title.into(),
            body: body.into(),
        }
    }

    #[test]
    fn a_heading_begins_a_piece_that_names_the_headings_above_it() {
        let body = "We sell tea.\n\n# Delivery\nBy bike.\n## Costs\nFree.\n```\n# no heading\n```\n# Returns #\n\n\n#hash";
        assert_eq!(
            markdown("Shop", body),
            [
                piece("Shop", "We sell tea."),
                piece("Shop › Delivery", "By bike."),
                piece("Shop › Delivery › Costs", "Free.\n```\n# no heading\n```"),
                piece("Shop › Returns", "#hash"),
            ]
        );
        assert_eq!(markdown("Shop", "  \n# \n"), [piece("Shop", "#")]);
    }

    #[test]
    fn a_long_text_is_cut_after_paragraphs_sentences_and_words_and_loses_nothing() {
        let sentence = "Tea grows in Kericho, where it rains in the afternoon. ";
        for long in [
            sentence.repeat(100),
            format!("{}\n\n", sentence.trim()).repeat(100),
            "चाय ".repeat(2_000),
            "x".repeat(5_000),
        ] {
            let pieces = text("Tea", &long);
            assert!(pieces.len() > 3);
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            let bodies: String = pieces.iter().map(|piece| plain(&piece.body)).collect();
            assert_eq!(bodies, plain(&long));
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.body.chars().count() <= PIECE_CHARS + 2)
            );
        }
        assert!(
            text("Tea", &sentence.repeat(100))[0]
                .body
                .ends_with("afternoon.")
        );
    }
}
