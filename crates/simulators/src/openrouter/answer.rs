//! Makes an answer from the context: the lines of the system messages that share most words with the question, or "I do
//! not know". The same question and context always get the same answer. The answer contains only words of the context,
//! so a wrong retrieval is visible.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// The most lines of an answer.
const MAX_LINES: usize = 2;
/// Of a line that is longer than this number of characters, only the best sentence is used.
const LONG_LINE_CHARACTERS: usize = 240;
/// A second line needs at least this share of the best line's score.
const NEARLY_SHARE: f64 = 0.6;

pub(super) fn answer(turns: &[(String, String)]) -> String {
    let system: Vec<&str> = turns
        .iter()
        .filter(|(role, _)| role == "system" || role == "developer")
        .map(|(_, text)| text.as_str())
        .collect();
    let question = turns
        .iter()
        .rev()
        .find(|(role, _)| role == "user")
        .map_or("", |(_, text)| text.as_str());
    if system.iter().any(|text| text.contains("You summarise")) {
        return summary(question);
    }
    let lines = facts(&system);
    let asked = words(question);
    let found = best(&lines, &asked, MAX_LINES);
    if found.is_empty() {
        return unknown(&system.join("\n")).to_owned();
    }
    let shortened = found.into_iter().map(|line| {
        if line.chars().count() <= LONG_LINE_CHARACTERS {
            return line;
        }
        let sentences: Vec<&str> = sentences(line);
        best(&sentences, &asked, 1).first().copied().unwrap_or(line)
    });
    shortened.collect::<Vec<_>>().join("\n")
}

/// Makes a summary: the first sentences below the headline.
fn summary(text: &str) -> String {
    let body = text.split_once("\n\n").map_or(text, |(_, body)| body);
    let first: Vec<&str> = sentences(body).into_iter().take(2).collect();
    format!("In short: {}", first.join(" "))
}

/// Returns the lines that state facts, without instructions.
///
/// A heading ("Context:") or a sentence ("what is written below") announces the facts. The lines above it do not count
/// then, even if no lines follow. If there are list items, only the items and their continuation lines count.
fn facts<'a>(system: &[&'a str]) -> Vec<&'a str> {
    let (mut announced, mut items, mut below, mut all) =
        (false, Vec::new(), Vec::new(), Vec::new());
    for text in system {
        let (mut in_item, mut under_heading) = (false, false);
        for line in text.lines().map(str::trim) {
            let lower = line.to_lowercase();
            let heading = line.ends_with(':') || line.starts_with(['#', '<']);
            let heading = heading && HEADINGS.iter().any(|word| lower.contains(word));
            if heading || (!announced && lower.contains(" below")) {
                if !announced {
                    items.clear();
                }
                announced = true;
                (in_item, under_heading) = (false, heading);
                continue;
            }
            let item = ["- ", "* ", "• "]
                .iter()
                .find_map(|mark| line.strip_prefix(mark));
            in_item = item.is_some() || (in_item && !line.is_empty());
            let fact = item.unwrap_or(line);
            if fact.is_empty() || fact.starts_with("</") {
                continue;
            }
            all.push(fact);
            if in_item {
                items.push(fact);
            }
            if under_heading {
                below.push(fact);
            }
        }
    }
    match (items.is_empty(), announced) {
        (false, _) => items,
        (true, true) => below,
        (true, false) => all,
    }
}

/// Words in the headings above the facts.
const HEADINGS: [&str; 6] = [
    "context",
    "know",
    "fact",
    "passage",
    "information",
    "catalog",
];

fn sentences(line: &str) -> Vec<&str> {
    line.split_inclusive(['.', '!', '?', '।', '؟'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// Returns the texts with the most words of the question. Rare words count more. Returns none if no text has any of the
/// words.
fn best<'a>(texts: &[&'a str], asked: &HashSet<String>, count: usize) -> Vec<&'a str> {
    let worded: Vec<(&str, HashSet<String>)> =
        texts.iter().map(|text| (*text, words(text))).collect();
    let mut holders: HashMap<&str, f64> = HashMap::new();
    for word in asked {
        let holding = worded
            .iter()
            .filter(|(_, words)| words.iter().any(|own| alike(own, word)));
        // A word counts at most once for each line.
        holders.insert(
            word,
            f64::from(u32::try_from(holding.count()).unwrap_or(u32::MAX)),
        );
    }
    let mut scored: Vec<(f64, &str)> = worded
        .iter()
        .map(|(text, words)| {
            // The words are sorted, so that the sum of floats is always the same.
            let mut hits: Vec<&String> = asked
                .iter()
                .filter(|word| words.iter().any(|own| alike(own, word)))
                .collect();
            hits.sort();
            (
                hits.iter()
                    .map(|word| 1.0 / holders[word.as_str()].max(1.0))
                    .sum(),
                *text,
            )
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    // The sort is stable: equal lines stay in the order of the context.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let top = scored.first().map_or(0.0, |(score, _)| *score);
    let mut seen = HashSet::new();
    scored
        .into_iter()
        .filter(|(score, text)| *score >= top * NEARLY_SHARE && seen.insert(*text))
        .take(count)
        .map(|(_, text)| text)
        .collect()
}

/// Tells whether two words are forms of one word, like `mug` and `mugs`, or `open` and `opening`.
fn alike(a: &str, b: &str) -> bool {
    let plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
    let shorter = a.chars().count().min(b.chars().count());
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a == b || plural(a, b) || plural(b, a) || (common >= 4 && common + 1 >= shorter)
}

/// Returns the words with a meaning, in lower case and without accents.
pub(super) fn words(text: &str) -> HashSet<String> {
    let plain: String = text
        .to_lowercase()
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c) && !('\u{64b}'..='\u{652}').contains(c))
        .map(plain)
        .collect();
    // The virama joins letters of Devanagari and is not a letter itself.
    plain
        .split(|c: char| !c.is_alphanumeric() && c != '\u{94d}')
        .map(|word| word.strip_prefix("ال").unwrap_or(word))
        .filter(|word| word.chars().count() > 2 || word.chars().any(|c| c.is_ascii_digit()))
        .filter(|word| !EMPTY_WORDS.contains(*word))
        .map(str::to_owned)
        .collect()
}

const fn plain(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        other => other,
    }
}

/// Words of more than two letters that occur in any question.
static EMPTY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "the and for are was you your our what which when where who how why does did can could \
     would will with have has this that there from any about please tell much many not but \
     all his her they them its une les des aux est sont vous nous votre notre que qui quel \
     quelle quels quelles quand comment combien pour avec dans sur par pas plus mon mes los \
     las una uno por para con del cual cuando como donde cuanto esta este son tiene tienen \
     usted ustedes hay uma dos das nao sim qual quando onde quanto voce voces tem sao seu sua \
     isso من في على الى عن ما هل هذا هذه كم متى اين كيف مع لكم क्या कैसे कहाँ कहां कितने \
     कितना है हैं में और का की के से को"
        .split(' ')
        .collect()
});

/// Returns "I do not know" in the language of the instructions.
fn unknown(system: &str) -> &'static str {
    let lower = system.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\u{94d}')
        .filter(|w| !w.is_empty())
        .collect();
    let asked = words.iter().enumerate().rev().find_map(|(index, word)| {
        let before = &words[index.saturating_sub(2)..index];
        let told = before
            .iter()
            .any(|word| ["in", "language", "en", "em"].contains(word));
        let coded = before
            .iter()
            .any(|word| ["language", "code"].contains(word));
        LANGUAGES
            .iter()
            .find(|(code, names, _)| (told && names.contains(word)) || (coded && code == word))
    });
    asked.map_or(LANGUAGES[0].2, |(_, _, text)| text)
}

type Language = (&'static str, &'static [&'static str], &'static str);

const LANGUAGES: [Language; 6] = [
    (
        "en",
        &["english"],
        "I do not know. Nothing that I was given answers this.",
    ),
    (
        "fr",
        &["french", "français", "francais"],
        "Je ne sais pas. Rien de ce que j'ai reçu ne répond à cette question.",
    ),
    (
        "es",
        &["spanish", "español", "espanol"],
        "No lo sé. Nada de lo que tengo responde a esta pregunta.",
    ),
    (
        "pt",
        &["portuguese", "português", "portugues"],
        "Não sei. Nada do que recebi responde a esta pergunta.",
    ),
    (
        "ar",
        &["arabic", "العربية"],
        "لا أعرف. لا شيء مما لدي يجيب عن هذا السؤال.",
    ),
    (
        "hi",
        &["hindi", "हिन्दी", "हिंदी"],
        "मुझे नहीं पता। मेरे पास की जानकारी में इसका उत्तर नहीं है।",
    ),
];
