//! Turns the bot's answers into messages, in the customer's language and within the channel's limits. WhatsApp gets
//! buttons or a list. Green API has neither, so it gets numbered text.

use kazi_clients::whatsapp::{
    BODY_LIMIT, BUTTON_TITLE_LIMIT, BUTTONS_LIMIT, Body, Button, INTERACTIVE_BODY_LIMIT,
    LIST_BUTTON_LIMIT, ListRow, ROW_DESCRIPTION_LIMIT, ROW_TITLE_LIMIT, ROWS_LIMIT,
};

use super::decide::{AGENT, Answer, LANGUAGE, MENU, PROFILE_NAME, SHOP};
use crate::{
    Work,
    catalog::{self, MenuItem, Product},
    channels::ChannelKind,
    conversations::{Offer, Say, fit},
    locale::{self, LANGUAGES},
    workspaces::Workspace,
};

/// Characters of an image's caption (Meta, "Image messages").
const CAPTION_LIMIT: usize = 1_024;

/// The two sides of a conversation.
#[derive(Debug)]
pub(super) struct Speaker<'a> {
    pub workspace: &'a Workspace,
    /// Decides what a message can contain.
    pub kind: ChannelKind,
    /// The customer's language.
    pub language: String,
    /// The customer's name.
    pub name: Option<String>,
}

/// The messages to send.
#[derive(Debug, Default)]
pub(super) struct Composed {
    pub bodies: Vec<Body>,
    /// The choices of the last message, by number.
    pub options: Option<Vec<Offer>>,
    /// A model has to answer.
    pub ask: bool,
}

impl Speaker<'_> {
    /// Composes all answers. Texts that follow each other become one message, because Meta charges and limits per
    /// message.
    pub async fn compose(
        &self,
        work: &mut Work,
        answers: &[Answer],
    ) -> Result<Composed, sqlx::Error> {
        let mut said = Composed::default();
        for answer in answers {
            self.answer(work, answer, &mut said).await?;
        }
        Ok(said)
    }

    /// Composes what a scene says.
    pub fn say(&self, says: &[Say]) -> Composed {
        let mut said = Composed::default();
        for say in says {
            match say {
                Say::Text(text) => said.text(text.clone()),
                Say::Choice { text, rows } => said.choice(
                    self.kind,
                    text.clone(),
                    &self.text("choose"),
                    rows.clone(),
                    &self.text("numbers-hint"),
                ),
                Say::Image { link, caption } => said.bodies.push(Body::Image {
                    link: link.clone(),
                    caption: caption.as_deref().map(|text| fit(text, CAPTION_LIMIT)),
                }),
            }
        }
        said
    }

    async fn answer(
        &self,
        work: &mut Work,
        answer: &Answer,
        said: &mut Composed,
    ) -> Result<(), sqlx::Error> {
        let fallback = &self.workspace.default_language;
        match answer {
            Answer::Text(key) => said.text(self.text(key)),
            Answer::AskName => match self.name.as_deref() {
                Some(name) if name.chars().count() <= BUTTON_TITLE_LIMIT => {
                    said.choice(
                        self.kind,
                        self.text("ask-name"),
                        &self.text("choose"),
                        vec![row(PROFILE_NAME, name, None)],
                        "",
                    );
                }
                _ => said.text(self.text("ask-name")),
            },
            Answer::AskLanguage(key) => {
                let spoken = LANGUAGES
                    .into_iter()
                    .filter(|code| self.workspace.languages.iter().any(|known| known == code));
                let rows = spoken.map(|code| {
                    row(
                        &format!("{LANGUAGE}{code}"),
                        &locale::text(code, "language-name", &[]),
                        None,
                    )
                });
                let rows = rows.collect();
                said.choice(
                    self.kind,
                    self.text(key),
                    &self.text("choose"),
                    rows,
                    &self.text("numbers-hint"),
                );
            }
            Answer::Menu(key) => {
                let items = catalog::menu(work, &self.language, fallback).await?;
                self.menu(key, &items, said);
            }
            Answer::Search(query) => {
                let found = catalog::search(work, &self.language, fallback, query, 9).await?;
                if found.is_empty() {
                    said.ask = true;
                    return Ok(());
                }
                let mut rows: Vec<ListRow> = found
                    .iter()
                    .map(|(product, _)| self.product_row(product))
                    .collect();
                rows.push(row(
                    MENU,
                    &self.text("menu-title"),
                    Some(&self.text("menu-description")),
                ));
                let shown = fit(query, 100);
                let text = locale::text(&self.language, "search-results", &[("query", &shown)]);
                // Always a list: the price stands in a row's description, and buttons have none.
                said.list(
                    self.kind,
                    text,
                    &self.text("choose"),
                    rows,
                    &self.text("numbers-hint"),
                );
            }
            Answer::Product(id) => {
                match catalog::product(work, *id, &self.language, fallback).await? {
                    Some(product) => self.product(&product, said),
                    // The product was removed after it was offered.
                    None => said.ask = true,
                }
            }
            Answer::Ask => said.ask = true,
        }
        Ok(())
    }

    fn text(&self, key: &'static str) -> String {
        let name = self
            .name
            .as_deref()
            .map(|name| fit(name, 60))
            .unwrap_or_default();
        let key = if key == "menu-text" && name.is_empty() {
            "menu-text-plain"
        } else {
            key
        };
        let fill = [
            ("name", name.as_str()),
            ("business", self.workspace.name.as_str()),
            ("word", &locale::word(&self.language, "keywords-start")),
        ];
        locale::text(&self.language, key, &fill)
    }

    fn menu(&self, key: &'static str, items: &[MenuItem], said: &mut Composed) {
        if items.is_empty() {
            return said.text(self.text(key));
        }
        let rows = items.iter().map(|item| {
            row(
                &format!("svc:{}", item.key),
                &item.title,
                item.description.as_deref(),
            )
        });
        said.choice(
            self.kind,
            self.text(key),
            &self.text("menu-button"),
            rows.collect(),
            &self.text("numbers-hint"),
        );
    }

    fn product_row(&self, product: &Product) -> ListRow {
        let description = format!("{} · {}", product.price, product.description);
        row(&product.id.to_string(), &product.name, Some(&description))
    }

    fn product(&self, product: &Product, said: &mut Composed) {
        let caption = product.caption(&self.language);
        match product.image_url.clone() {
            Some(link) => said.bodies.push(Body::Image {
                link,
                caption: Some(fit(&caption, CAPTION_LIMIT)),
            }),
            None => said.text(caption),
        }
        let mut rows = vec![
            row(SHOP, &self.text("search-again"), None),
            row(MENU, &self.text("menu-title"), None),
        ];
        // At most three, so that they fit as buttons.
        if product.stock > 0 {
            let add = format!("cart:add:{}", product.id);
            rows.insert(0, row(&add, &self.text("cart-add"), None));
        } else {
            rows.push(row(AGENT, &self.text("agent-title"), None));
        }
        said.choice(
            self.kind,
            self.text("what-next"),
            &self.text("choose"),
            rows,
            &self.text("numbers-hint"),
        );
    }
}

fn row(id: &str, title: &str, description: Option<&str>) -> ListRow {
    ListRow {
        id: id.to_owned(),
        title: title.to_owned(),
        description: description.map(str::to_owned),
    }
}

impl Composed {
    fn text(&mut self, text: String) {
        let text = self.after_text(text, BODY_LIMIT);
        self.bodies.push(Body::Text {
            text: fit(&text, BODY_LIMIT),
        });
    }

    /// Joins a text with the text message before it if both fit into one.
    fn after_text(&mut self, text: String, limit: usize) -> String {
        match self.bodies.pop() {
            Some(Body::Text { text: before })
                if before.chars().count() + text.chars().count() + 2 <= limit =>
            {
                format!("{before}\n\n{text}")
            }
            other => {
                self.bodies.extend(other);
                text
            }
        }
    }

    /// Shows few choices as buttons and more as a list.
    fn choice(
        &mut self,
        kind: ChannelKind,
        text: String,
        open: &str,
        rows: Vec<ListRow>,
        hint: &str,
    ) {
        if kind != ChannelKind::WhatsApp || rows.len() > BUTTONS_LIMIT {
            return self.list(kind, text, open, rows, hint);
        }
        let text = self.after_text(text, INTERACTIVE_BODY_LIMIT);
        self.options = Some(offers(&rows));
        let buttons = distinct(rows, BUTTON_TITLE_LIMIT).into_iter();
        self.bodies.push(Body::Buttons {
            text: fit(&text, INTERACTIVE_BODY_LIMIT),
            buttons: buttons
                .map(|row| Button {
                    id: row.id,
                    title: row.title,
                })
                .collect(),
        });
    }

    fn list(
        &mut self,
        kind: ChannelKind,
        text: String,
        open: &str,
        mut rows: Vec<ListRow>,
        hint: &str,
    ) {
        rows.truncate(ROWS_LIMIT);
        self.options = Some(offers(&rows));
        if kind != ChannelKind::WhatsApp {
            let mut text = self.after_text(text, BODY_LIMIT);
            text.push('\n');
            for (number, row) in (1..).zip(&rows) {
                text.push_str(&format!("\n{number}. {}", fit(&row.title, 100)));
                if let Some(description) = &row.description {
                    text.push_str(&format!(" – {}", fit(description, 150)));
                }
            }
            if !hint.is_empty() {
                text.push_str(&format!("\n\n{hint}"));
            }
            return self.bodies.push(Body::Text {
                text: fit(&text, BODY_LIMIT),
            });
        }
        let text = self.after_text(text, INTERACTIVE_BODY_LIMIT);
        let rows = distinct(rows, ROW_TITLE_LIMIT)
            .into_iter()
            .map(|row| ListRow {
                description: row
                    .description
                    .map(|text| fit(&text, ROW_DESCRIPTION_LIMIT))
                    .filter(|text| !text.is_empty()),
                ..row
            });
        self.bodies.push(Body::List {
            text: fit(&text, INTERACTIVE_BODY_LIMIT),
            button: fit(open, LIST_BUTTON_LIMIT),
            rows: rows.collect(),
        });
    }
}

fn offers(rows: &[ListRow]) -> Vec<Offer> {
    let offers = rows.iter().map(|row| Offer {
        id: row.id.clone(),
        title: row.title.clone(),
    });
    offers.collect()
}

/// Shortens the titles to the limit and makes them distinct. Meta refuses equal and empty titles.
fn distinct(rows: Vec<ListRow>, limit: usize) -> Vec<ListRow> {
    let mut seen = std::collections::HashSet::new();
    let name = |row: &ListRow, number: usize| match number {
        1 if row.title.trim().is_empty() => "–".to_owned(),
        1 => fit(&row.title, limit),
        _ => format!("{} {number}", fit(&row.title, limit - 3)),
    };
    rows.into_iter()
        .map(|row| {
            let title = (1..)
                .map(|number| name(&row, number))
                .find(|title| seen.insert(title.clone()));
            ListRow {
                title: title.unwrap_or_default(),
                ..row
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(titles: &[&str]) -> Vec<ListRow> {
        titles
            .iter()
            .zip(1..)
            .map(|(title, n)| row(&format!("id{n}"), title, None))
            .collect()
    }

    #[test]
    fn a_text_is_cut_between_what_readers_take_for_characters() {
        assert_eq!(fit("  short ", 10), "short");
        assert_eq!(fit("abcdef", 4), "abc…");
        // A family is one sign of seven code points.
        assert_eq!(fit("ab👨‍👩‍👧‍👦cdefghij", 6), "ab…");
        assert_eq!(fit("नमस्ते दुनिया", 6), "नम…");
    }

    #[test]
    fn few_choices_are_buttons_and_more_are_a_list() {
        let mut said = Composed::default();
        said.text("Hello.".into());
        said.choice(
            ChannelKind::WhatsApp,
            "Which?".into(),
            "Open",
            rows(&["A", "B"]),
            "hint",
        );
        let Some(Body::Buttons { text, buttons }) = said.bodies.pop() else {
            panic!("{said:?}")
        };
        assert_eq!((text.as_str(), buttons.len()), ("Hello.\n\nWhich?", 2));
        assert!(said.bodies.is_empty(), "the text before it is part of it");

        said.choice(
            ChannelKind::WhatsApp,
            "Which?".into(),
            "Open",
            rows(&["A", "B", "C", "D"]),
            "hint",
        );
        assert!(matches!(said.bodies.pop(), Some(Body::List { rows, .. }) if rows.len() == 4));
        let offered: Vec<(String, String)> = said
            .options
            .unwrap()
            .into_iter()
            .map(|offer| (offer.id, offer.title))
            .collect();
        assert_eq!(
            offered,
            [("id1", "A"), ("id2", "B"), ("id3", "C"), ("id4", "D")]
                .map(|(id, title)| (id.to_owned(), title.to_owned()))
        );
    }

    #[test]
    fn green_api_gets_numbers() {
        let mut said = Composed::default();
        said.choice(
            ChannelKind::GreenApi,
            "Which?".into(),
            "Open",
            rows(&["A", "B"]),
            "By number.",
        );
        let Some(Body::Text { text }) = said.bodies.pop() else {
            panic!("{said:?}")
        };
        assert_eq!(text, "Which?\n\n1. A\n2. B\n\nBy number.");
    }

    #[test]
    fn titles_that_would_be_refused_are_made_distinct() {
        let long = "x".repeat(40);
        let titles: Vec<String> = distinct(rows(&[&long, &long, "", "B"]), 20)
            .into_iter()
            .map(|row| row.title)
            .collect();
        assert_eq!(titles[0].chars().count(), 20);
        assert!(titles[1].ends_with(" 2") && titles[1].chars().count() <= 20);
        assert_eq!(titles[2..], ["–", "B"]);
    }
}
