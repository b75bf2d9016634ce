//! Finds what the business knows about a question: passages of its documents, and its products.
//!
//! It makes a list by words, and one by letters, for words that are typed wrongly. In a workspace with embeddings it makes
//! a third by meaning. Reciprocal rank fusion makes one list of them. A question is not known if no passage has enough of
//! its words or is near enough to its meaning: a model would answer it from noise.

use std::{collections::HashMap, sync::LazyLock};

use kazi_platform::texts;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    embeddings::Meaning,
    store::{passages as store, vectors},
};
use crate::{
    Work,
    catalog::{self, Likeness, Product},
};

/// Words of a question that count. A text of WhatsApp has 4,096 characters.
const WORDS: usize = 40;
/// Passages of each list.
const OF_A_LIST: i64 = 20;
/// The most passages of a question.
const PASSAGES: usize = 8;
/// The constant of reciprocal rank fusion (Cormack and others, 2009): a first place is worth little more than a second.
const FUSION: f32 = 60.0;
/// Of the letters of two words, compared by threes, this share must be the same.
const SAME_LETTERS: &str = "0.3";
/// The question is known if a passage covers this share of it. `kazi bench retrieval --thresholds` measures others.
const COVERED_FROM: f32 = 0.34;
/// Of the fused list, so many places may decide whether the question is known.
const DECIDING: usize = 2;
/// The least weight of a word that many passages have.
const COMMON: f32 = 0.6;
/// How fast a word weighs less when more passages have it.
const WEARING: f32 = 0.3;

texts! {
    /// Where a passage is from.
    pub enum Source as "AiPassageSource" {
        Knowledge = "knowledge",
        Product = "product",
    }
}

/// What a business knows about a question.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AiPassage)]
pub struct Passage {
    pub source: Source,
    /// The piece of the document, or the product.
    pub source_id: Uuid,
    #[schema(example = "Delivery: We deliver in Nairobi on the same day.")]
    pub text: String,
    /// The place in the list by words, from 1. `null`: not in it.
    pub words_place: Option<i16>,
    /// The place in the list by letters, which forgives typing errors.
    pub letters_place: Option<i16>,
    /// The place in the list by meaning, if the workspace has embeddings.
    pub meaning_place: Option<i16>,
    /// The cosine between its vector and the question's.
    pub nearness: Option<f32>,
    /// The share of the question's words that it has, from 0 to 1.
    pub covers: f32,
    /// What the places are worth together.
    pub score: f32,
}

/// What was found for a question.
#[derive(Clone, Debug, Default)]
pub struct Retrieved {
    /// The best first.
    pub passages: Vec<Passage>,
    /// The share of the question that the passages cover which decide whether it is known.
    pub covers: f32,
    pub verdict: Verdict,
    /// The number of words that tell what the question is about.
    pub telling: usize,
}

/// Whether the question can be answered from what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It has no words that tell what it is about, as in "thank you".
    #[default]
    NoQuestion,
    Known,
    Unknown,
}

/// Finds what is known of a question in a language and in the workspace's, within a limit of tokens.
pub async fn retrieve(
    work: &mut Work,
    language: &str,
    fallback: &str,
    question: &str,
    meaning: Option<&Meaning>,
    budget: usize,
) -> Result<Retrieved, sqlx::Error> {
    let words = store::telling_words(work, &words(question, language), language).await?;
    if words.is_empty() {
        return Ok(Retrieved::default());
    }
    store::compare_letters(work, SAME_LETTERS).await?;
    let mut found = Vec::new();
    for one in store::alike(work, &words, language, fallback, OF_A_LIST).await? {
        found.push((Source::Knowledge, one.id, one.text, one.likeness));
    }
    for (product, likeness) in catalog::alike(work, &words, language, fallback, OF_A_LIST).await? {
        let text = describe(&product);
        found.push((Source::Product, product.id.uuid(), text, likeness));
    }
    let mut near = HashMap::new();
    if let Some(meaning) = meaning {
        let languages = [language, fallback];
        let least = meaning.known_from / 2.0;
        let list = vectors::near(work, meaning, languages, least, OF_A_LIST).await?;
        for (one, place) in list.into_iter().zip(1..) {
            near.insert(one.id, (place, one.nearness));
            if !found.iter().any(|(_, id, ..)| *id == one.id) {
                found.push((Source::Knowledge, one.id, one.text, Likeness::default()));
            }
        }
    }
    let nearest = near.values().map(|(_, nearness)| *nearness);
    let nearest = nearest.fold(0.0, f32::max);
    let means = meaning.is_some_and(|meaning| nearest >= meaning.known_from);
    let mut passages = fuse(found, words.len(), &near);
    let deciding = passages.iter().take(DECIDING);
    let covers = deciding.map(|passage| passage.covers).fold(0.0, f32::max);
    let mut left = budget;
    passages.retain(|passage| {
        let fits = tokens(&passage.text) <= left;
        left -= if fits { tokens(&passage.text) } else { 0 };
        fits
    });
    passages.truncate(PASSAGES);
    Ok(Retrieved {
        passages,
        covers,
        verdict: if covers >= COVERED_FROM || means {
            Verdict::Known
        } else {
            Verdict::Unknown
        },
        telling: words.len(),
    })
}

/// The number of words that tell what a text is about.
pub async fn telling(work: &mut Work, text: &str, language: &str) -> Result<usize, sqlx::Error> {
    let words = store::telling_words(work, &words(text, language), language).await?;
    Ok(words.len())
}

fn describe(product: &Product) -> String {
    let stock = if product.stock > 0 {
        "in stock"
    } else {
        "out of stock"
    };
    format!(
        "{} ({}), {}: {}",
        product.name, product.price, stock, product.description
    )
}

/// An estimate: in our languages a token has about four bytes of UTF-8. Arabic and Hindi have fewer, so the estimate is
/// high for them, which is safe.
const fn tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

/// Words that say nothing about the subject, by language.
static EMPTY_WORDS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    include_str!("empty_words.txt")
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(language, words)| (language, words.split(' ').collect()))
        .collect()
});

/// The different words of a question in lower case, without empty ones.
fn words(question: &str, language: &str) -> Vec<String> {
    let lower = question.to_lowercase();
    let empty = EMPTY_WORDS.get(language);
    let mut words: Vec<String> = Vec::new();
    for word in lower
        .unicode_words()
        // French joins short words to the next one: "l’adresse".
        .flat_map(|word| word.split(['\'', '’']))
    {
        let says = !word.is_empty() && empty.is_none_or(|empty| !empty.contains(&word));
        if says && words.len() < WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

type Candidate = (Source, Uuid, String, Likeness);

/// Makes one list of the passages, the best first.
fn fuse(found: Vec<Candidate>, words: usize, near: &HashMap<Uuid, (i16, f32)>) -> Vec<Passage> {
    // Documents and products are counted apart.
    let mut spreads: HashMap<i64, HashMap<Source, i64>> = HashMap::new();
    for (source, _, _, likeness) in &found {
        for (place, spread) in likeness.places.iter().zip(&likeness.spreads) {
            spreads.entry(*place).or_default().insert(*source, *spread);
        }
    }
    let weights: HashMap<i64, f32> = spreads
        .into_iter()
        .map(|(place, of)| (place, weight(of.values().sum())))
        .collect();
    // A word that nothing has weighs most.
    #[expect(clippy::cast_precision_loss, reason = "at most 40 words")]
    let absent = (words - weights.len()) as f32;
    let whole = absent + weights.values().sum::<f32>();
    let by_words = places(&found, |likeness| likeness.words);
    let by_letters = places(&found, |likeness| likeness.letters);
    let mut passages: Vec<Passage> = found
        .into_iter()
        .enumerate()
        .map(|(at, (source, source_id, text, likeness))| {
            let covered: f32 = likeness
                .places
                .iter()
                .zip(&likeness.degrees)
                .map(|(place, degree)| degree * weights.get(place).copied().unwrap_or_default())
                .sum();
            let (words_place, letters_place) =
                (by_words.get(&at).copied(), by_letters.get(&at).copied());
            let meaning_place = near.get(&source_id).map(|(place, _)| *place);
            Passage {
                source,
                source_id,
                text,
                words_place,
                letters_place,
                meaning_place,
                nearness: near.get(&source_id).map(|(_, nearness)| *nearness),
                covers: covered / whole,
                score: [words_place, letters_place, meaning_place]
                    .into_iter()
                    .flatten()
                    .map(|place| 1.0 / (FUSION + f32::from(place)))
                    .sum(),
            }
        })
        .collect();
    // Stable, so that equal passages keep their order.
    passages.sort_by(|a, b| b.score.total_cmp(&a.score));
    passages
}

/// The weight of a word that so many passages have.
fn weight(spread: i64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a count of passages")]
    let spread = spread.max(1) as f32;
    (1.0 / (1.0 + WEARING * spread.ln())).max(COMMON)
}

/// The place of each candidate in the list by a value, if it is in it.
fn places(found: &[Candidate], value: impl Fn(&Likeness) -> f32) -> HashMap<usize, i16> {
    let mut list: Vec<(usize, f32)> = found
        .iter()
        .enumerate()
        .map(|(at, (.., likeness))| (at, value(likeness)))
        .filter(|(_, value)| *value > 0.0)
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1));
    list.into_iter().map(|(at, _)| at).zip(1..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(words: f32, letters: f32, hits: &[(i64, f32, i64)]) -> Likeness {
        Likeness {
            words,
            letters,
            places: hits.iter().map(|hit| hit.0).collect(),
            degrees: hits.iter().map(|hit| hit.1).collect(),
            spreads: hits.iter().map(|hit| hit.2).collect(),
        }
    }

    #[test]
    fn a_passage_of_both_lists_goes_before_the_first_of_one() {
        let candidate = |text: &str, likeness| {
            (
                Source::Knowledge,
                Uuid::from_u128(u128::from(text.len() as u64)),
                text.to_owned(),
                likeness,
            )
        };
        let fused = fuse(
            vec![
                candidate("words", like(0.9, 0.0, &[(1, 1.0, 1)])),
                candidate("letters", like(0.0, 0.9, &[(2, 0.5, 1)])),
                candidate("both", like(0.5, 0.5, &[(1, 1.0, 1), (2, 0.5, 1)])),
            ],
            4,
            &HashMap::new(),
        );
        let order: Vec<&str> = fused.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(order, ["both", "words", "letters"]);
        assert_eq!(
            (fused[0].words_place, fused[0].letters_place),
            (Some(2), Some(2))
        );
        assert_eq!(
            (fused[1].words_place, fused[1].letters_place),
            (Some(1), None)
        );
        assert!((fused[0].score - 2.0 / 62.0).abs() < 1e-6);
        assert!((fused[0].covers - 1.5 / 4.0).abs() < 1e-6);
    }

    #[test]
    fn a_word_weighs_less_when_many_passages_have_it_but_never_nothing() {
        assert!(weight(1) > weight(2) && weight(2) > weight(4));
        assert!((weight(1) - 1.0).abs() < 1e-6);
        assert!((weight(1_000_000) - COMMON).abs() < 1e-6);
    }

    #[test]
    fn the_words_of_a_question_are_those_that_say_something() {
        assert_eq!(
            words("Combien coûte l’adresse, s'il te plaît ?", "fr"),
            ["coûte", "l", "adresse", "s", "il", "te"]
        );
        assert_eq!(words("Thank you, hello!", "en"), ["you"]);
        assert_eq!(words("मुझे कॉफ़ी चाहिए", "hi"), ["कॉफ़ी"]);
        let many: String = (0..100).map(|n| format!("w{n} ")).collect();
        assert_eq!(words(&many, "en").len(), WORDS);
    }
}
