//! Parts a long answer into messages.

use unicode_segmentation::UnicodeSegmentation;

/// An answer as messages, none longer than the limit: whole sentences, or words where a sentence is too long.
pub(super) fn pages(text: &str, limit: usize) -> Vec<String> {
    let (mut pages, mut rest) = (Vec::new(), text.trim());
    while let Some((most, _)) = rest.char_indices().nth(limit) {
        let last = |pieces: &mut dyn Iterator<Item = (usize, &str)>| {
            let ends = pieces.map(|(at, piece)| at + piece.len());
            ends.take_while(|end| *end <= most).last()
        };
        let end = last(&mut rest.split_sentence_bound_indices())
            .or_else(|| last(&mut rest.split_word_bound_indices()))
            .unwrap_or(most);
        pages.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    pages.push(rest.to_owned());
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_is_parted_between_sentences() {
        let text = "First one. Second one. Third.";
        assert_eq!(pages(text, 100), [text]);
        assert_eq!(pages(text, 23), ["First one. Second one.", "Third."]);
        assert_eq!(pages("aaaa bbbb cccc", 9), ["aaaa bbbb", "cccc"]);
        assert_eq!(pages("éééééé", 4), ["éééé", "éé"]);
    }
}
