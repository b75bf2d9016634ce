//! The text of a digest. Pure.

use kazi_clients::whatsapp::BODY_LIMIT;

use super::model::{Slot, first_sentences};
use crate::locale;

/// An article in a digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub title: String,
    pub body: String,
    /// The address of the article.
    pub url: String,
    /// A model's summary, if there is one.
    pub summary: Option<String>,
}

impl Item {
    fn told(&self) -> String {
        let words = match &self.summary {
            Some(summary) => summary.clone(),
            None => first_sentences(&self.body),
        };
        // A star in a headline would end the bold text.
        let title = self.title.replace('*', " ");
        format!("*{}*\n{words}\n{}", title.trim(), self.url)
    }
}

/// Returns the message and the number of articles in it: at least one, because an article is shorter than a message.
pub fn compose(language: &str, slot: Slot, items: &[Item]) -> (String, usize) {
    let head = locale::text(language, &format!("news-head-{}", slot.name()), &[]);
    let stop = locale::word(language, "keywords-news-stop");
    let foot = locale::text(language, "news-foot", &[("word", &stop)]);
    let mut text = head;
    let mut left = BODY_LIMIT
        .saturating_sub(text.chars().count())
        .saturating_sub(foot.chars().count() + 2);
    let mut told = 0;
    for item in items {
        let next = format!("\n\n{}", item.told());
        let length = next.chars().count();
        if length > left {
            break;
        }
        left -= length;
        text.push_str(&next);
        told += 1;
    }
    (format!("{text}\n\n{foot}"), told)
}

/// The headlines for a template, as many as the limit allows.
pub fn headlines(items: &[Item], limit: usize) -> String {
    let mut text = String::new();
    for item in items {
        let next = match text.is_empty() {
            true => item.title.clone(),
            false => format!("{text} • {}", item.title),
        };
        if next.chars().count() > limit {
            break;
        }
        text = next;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::LANGUAGES;

    fn item(title: &str, words: usize) -> Item {
        Item {
            title: title.into(),
            body: "word ".repeat(words),
            url: format!("https://news.test/{}", "u".repeat(480)),
            summary: None,
        }
    }

    #[test]
    fn a_digest_never_exceeds_what_a_message_takes() {
        let items: Vec<Item> = (0..10).map(|_| item(&"T".repeat(255), 500)).collect();
        for language in LANGUAGES {
            let (text, told) = compose(language, Slot::Morning, &items);
            assert!(text.chars().count() <= BODY_LIMIT);
            assert!((1..10).contains(&told), "{told}");
        }
        let (text, told) = compose("en", Slot::Evening, &[item("A *star* is born", 3)]);
        assert_eq!(told, 1);
        assert!(
            text.contains("*A  star  is born*\nword word word\nhttps://"),
            "{text}"
        );
        assert!(text.contains("stop news"));
    }

    #[test]
    fn headlines_that_do_not_fit_are_left_out() {
        let items: Vec<Item> = ["One", "Two", "Three"].map(|title| item(title, 1)).into();
        assert_eq!(headlines(&items, 100), "One • Two • Three");
        assert_eq!(headlines(&items, 10), "One • Two");
        assert_eq!(headlines(&items, 3), "One");
    }
}
