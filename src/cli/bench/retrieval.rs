//! Asks for what the demo's business knows, in six languages, with typing errors and other words, and for what it does not
//! know.
//!
//! A question is found when its passage is among the first five and the question is not refused.

use std::collections::BTreeMap;

use clap::Args;
use kazi_jobs::{
    Context, Work,
    ai::{self, Format as DocumentFormat, NewDocument, Verdict},
    catalog::{self, NewProduct, Text},
    locale::LANGUAGES,
};
use kazi_platform::{Currency, Money, WorkspaceId, actor::Actor};
use kazi_queue::bench::Figure;
use serde::Deserialize;

use super::{Format, business, show};
use crate::CliError;

/// How the figures are printed.
#[derive(Args)]
pub struct Retrieval {
    /// Prints each question that was answered wrongly, with what was found.
    #[arg(long)]
    misses: bool,
    #[command(flatten)]
    format: Format,
}

#[derive(Deserialize)]
struct Question {
    language: String,
    kind: String,
    text: String,
    /// A product's number, or the English title of a document. Nothing answers a question without one.
    answer: Option<String>,
}

#[derive(Deserialize)]
struct Known {
    products: Vec<Product>,
    knowledge: Vec<Topic>,
}

#[derive(Deserialize)]
struct Product {
    sku: String,
    price_minor: i64,
    stock: i32,
    names: Text,
    descriptions: Text,
}

#[derive(Deserialize)]
struct Topic {
    titles: Text,
    bodies: Text,
}

/// Passages that count as found.
const FIRST: usize = 5;
/// Tokens of passages. All that are found fit.
const TOKENS: usize = 100_000;

/// Questions that were found, of how many.
#[derive(Clone, Copy, Default)]
struct Share {
    good: u32,
    all: u32,
}

impl Share {
    fn count(&mut self, good: bool) {
        self.good += u32::from(good);
        self.all += 1;
    }

    fn ratio(self) -> f64 {
        f64::from(self.good) / f64::from(self.all.max(1))
    }
}

impl Retrieval {
    pub async fn run(self, ctx: &Context) -> Result<(), CliError> {
        let workspace = business(ctx).await?;
        let known: Known = serde_json::from_str(include_str!("../demo/business.json"))?;
        let questions: Vec<Question> =
            serde_json::from_str(include_str!("retrieval/questions.json"))?;
        fill(ctx, workspace, &known).await?;
        let (mut found, mut refused) = (Share::default(), Share::default());
        let mut apart: BTreeMap<(&str, &str), Share> = BTreeMap::new();
        for question in &questions {
            let good = self.ask(ctx, workspace, &known, question).await?;
            if question.answer.is_some() {
                found.count(good);
                for group in [("kind", &question.kind), ("language", &question.language)] {
                    apart
                        .entry((group.0, group.1.as_str()))
                        .or_default()
                        .count(good);
                }
            } else {
                refused.count(good);
            }
        }
        let mut figures = vec![
            Figure::new(
                format!("recall@5 of {} questions", found.all),
                found.ratio(),
                "",
            )
            .at_least(0.9),
        ];
        for ((group, name), share) in apart {
            let what = format!("recall@5, {group} {name} ({})", share.all);
            figures.push(Figure::new(what, share.ratio(), ""));
        }
        figures.push(
            Figure::new(
                format!("refused, of {} that nothing answers", refused.all),
                f64::from(refused.good),
                "",
            )
            .at_least(f64::from(refused.all) * 0.85),
        );
        show(self.format, &figures)
    }

    /// Whether the question got what it should.
    async fn ask(
        &self,
        ctx: &Context,
        workspace: WorkspaceId,
        known: &Known,
        question: &Question,
    ) -> Result<bool, CliError> {
        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let language = question.language.as_str();
        let got = ai::retrieve(&mut work, language, "en", &question.text, TOKENS).await?;
        let good = match &question.answer {
            Some(answer) => {
                let wanted = title(known, answer, language)?;
                let first = got.passages.iter().take(FIRST);
                got.verdict == Verdict::Known
                    && first.into_iter().any(|one| one.text.starts_with(wanted))
            }
            None => got.verdict != Verdict::Known,
        };
        if self.misses && !good {
            let (kind, text) = (&question.kind, &question.text);
            eprintln!("{language} {kind}: {text} ({:?})", got.verdict);
            for passage in got.passages.iter().take(2) {
                eprintln!("    {:.2} {}", passage.covers, passage.text);
            }
        }
        Ok(good)
    }
}

/// The title or name of what answers a question.
fn title<'a>(known: &'a Known, answer: &str, language: &str) -> Result<&'a str, CliError> {
    let topic = known
        .knowledge
        .iter()
        .map(|topic| &topic.titles)
        .find(|titles| titles.get("en").is_some_and(|title| title == answer));
    let product = known.products.iter().find(|product| product.sku == answer);
    let texts = topic.or_else(|| product.map(|product| &product.names));
    let text = texts.and_then(|texts| texts.get(language));
    Ok(text.ok_or_else(|| format!("nothing is called {answer} in {language}"))?)
}

/// Gives the business what the demo's business knows.
async fn fill(ctx: &Context, workspace: WorkspaceId, known: &Known) -> Result<(), CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let currency: Currency = "USD".parse()?;
    for topic in &known.knowledge {
        for language in LANGUAGES {
            if let (Some(title), Some(body)) =
                (topic.titles.get(language), topic.bodies.get(language))
            {
                let document = NewDocument {
                    title: title.clone(),
                    language: language.to_owned(),
                    format: DocumentFormat::Text,
                    body: body.clone(),
                };
                ai::create_document(&mut work, &document).await?;
            }
        }
    }
    for product in &known.products {
        let texts: Vec<(&str, &str, &str)> = product
            .names
            .iter()
            .map(|(language, name)| {
                let description = product
                    .descriptions
                    .get(language)
                    .map_or("", String::as_str);
                (language.as_str(), name.as_str(), description)
            })
            .collect();
        let new = NewProduct {
            sku: &product.sku,
            price: Money {
                minor: product.price_minor,
                currency,
            },
            image_url: None,
            stock: product.stock,
            texts: &texts,
        };
        catalog::add_product(&mut work, &new).await?;
    }
    work.commit().await?;
    Ok(())
}
