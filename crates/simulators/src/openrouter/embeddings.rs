//! Makes vectors without a model. Each word, and each three letters of it, adds to a number that its hash selects. So texts
//! that share words or parts of words are near, and the same text always gets the same vector.

use serde_json::{Value, json};

use super::{answer::words, tokens};
use crate::server::Reply;

/// The most texts of a request, and the most tokens of a text (OpenAI, "Create embeddings").
const MAX_TEXTS: usize = 2_048;
const MAX_TOKENS: usize = 8_192;
const DIMENSIONS: usize = 1_536;
const DOLLARS_PER_TOKEN: f64 = 0.000_000_02;
/// A word counts as much as so many of its parts.
const WORD: f64 = 3.0;

/// # Errors
/// Says why OpenRouter refuses the request.
pub(super) fn embed(request: &Value) -> Result<Reply, String> {
    let model = request["model"].as_str().ok_or("No models provided")?;
    if !model.contains('/') {
        return Err(format!("{model} is not a valid model ID"));
    }
    let texts: Option<Vec<&str>> = match &request["input"] {
        Value::String(text) => Some(vec![text]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let texts = texts.filter(|texts| !texts.is_empty());
    let texts = texts.ok_or("input must be a text or a list of texts")?;
    if texts.len() > MAX_TEXTS {
        return Err(format!("input must have at most {MAX_TEXTS} texts"));
    }
    if texts
        .iter()
        .any(|text| text.is_empty() || tokens(text) > MAX_TOKENS)
    {
        return Err(format!("each text must have 1 to {MAX_TOKENS} tokens"));
    }
    let dimensions = match &request["dimensions"] {
        Value::Null => DIMENSIONS,
        given => given
            .as_u64()
            .and_then(|given| usize::try_from(given).ok())
            .filter(|given| (1..=DIMENSIONS).contains(given))
            .ok_or_else(|| format!("dimensions must be 1 to {DIMENSIONS}"))?,
    };
    let prompt_tokens: usize = texts.iter().map(|text| tokens(text)).sum();
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of tokens are far below 2^52"
    )]
    let cost = prompt_tokens as f64 * DOLLARS_PER_TOKEN;
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            json!({"object": "embedding", "index": index, "embedding": vector(text, dimensions)})
        })
        .collect();
    Ok(Reply::json(
        200,
        json!({
            "object": "list",
            "model": model,
            "data": data,
            "usage": {"prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens, "cost": cost},
        }),
    ))
}

fn vector(text: &str, dimensions: usize) -> Vec<f64> {
    let mut vector = vec![0.0; dimensions];
    // A text without words has a direction too.
    let mut add = |part: &str, weight: f64| {
        let hash = hash(part);
        let place = usize::try_from(hash >> 1).unwrap_or_default() % dimensions;
        vector[place] += if hash & 1 == 0 { weight } else { -weight };
    };
    add("", 0.1);
    // The words are sorted, so that sums of floats are always the same.
    let mut words: Vec<String> = words(text).into_iter().collect();
    words.sort();
    for word in words {
        add(&word, WORD);
        let letters: Vec<char> = format!(" {word} ").chars().collect();
        for part in letters.windows(3) {
            add(&part.iter().collect::<String>(), 1.0);
        }
    }
    let length = vector
        .iter()
        .map(|number| number * number)
        .sum::<f64>()
        .sqrt();
    vector.iter().map(|number| number / length).collect()
}

/// FNV-1a, which is the same on every machine, with its bits mixed once more.
fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 16
}
