//! Embeddings: a model turns each text into a vector. Texts of the same meaning have vectors of almost the same direction.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, OpenRouter, Privacy, Unanswered, Usage, told};
use crate::json;

/// The most numbers of a vector.
const MAX_NUMBERS: usize = 4_096;

/// A request for the vectors of some texts.
#[derive(Clone, Debug, Serialize)]
pub struct Embedding {
    pub model: String,
    pub input: Vec<String>,
    /// The numbers of each vector. A model that cannot shorten its vectors may ignore it.
    pub dimensions: u32,
    /// Which providers may receive the texts.
    pub provider: Privacy,
}

/// The vectors of some texts.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The model that was at work, if OpenRouter names one.
    pub model: Option<String>,
    /// A vector of the length 1 for each text, in the order of the texts. All have the same number of numbers.
    pub vectors: Vec<Vec<f32>>,
    pub usage: Usage,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default, deserialize_with = "json::text")]
    model: Option<String>,
    #[serde(default, deserialize_with = "json::list")]
    data: Vec<Row>,
    #[serde(default, deserialize_with = "json::object")]
    usage: Option<Usage>,
    #[serde(default)]
    error: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    index: Option<usize>,
    embedding: Value,
}

impl Row {
    /// The direction of the vector, if it has one.
    fn vector(&self) -> Option<Vec<f32>> {
        let numbers = self.embedding.as_array()?;
        if numbers.is_empty() || numbers.len() > MAX_NUMBERS {
            return None;
        }
        let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
        let numbers = numbers?;
        let length = numbers
            .iter()
            .map(|number| number * number)
            .sum::<f64>()
            .sqrt();
        if !length.is_normal() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "numbers from -1 to 1")]
        Some(
            numbers
                .iter()
                .map(|number| (number / length) as f32)
                .collect(),
        )
    }
}

/// Puts the vectors in the order of the texts. `None`: one is missing, twice there or no direction.
fn in_order(rows: &[Row], texts: usize) -> Option<Vec<Vec<f32>>> {
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    for (place, row) in rows.iter().enumerate() {
        let slot = vectors.get_mut(row.index.unwrap_or(place))?;
        if slot.replace(row.vector()?).is_some() {
            return None;
        }
    }
    let vectors: Option<Vec<Vec<f32>>> = vectors.into_iter().collect();
    let vectors = vectors?;
    let size = vectors.first().map_or(0, Vec::len);
    vectors
        .iter()
        .all(|vector| vector.len() == size)
        .then_some(vectors)
}

impl OpenRouter {
    /// Asks for the vectors of texts.
    pub async fn embed(&self, request: &Embedding) -> Result<Embedded, Unanswered> {
        let url = format!("{}/api/v1/embeddings", self.base);
        let answer = self.answer(self.http.post(url).json(request)).await?;
        let reply: Reply = answer.parse()?;
        let usage = reply.usage.unwrap_or_default();
        let error = if reply.error.is_null() {
            match in_order(&reply.data, request.input.len()) {
                Some(vectors) => {
                    return Ok(Embedded {
                        model: reply.model,
                        vectors,
                        usage,
                    });
                }
                None => Error::Empty,
            }
        } else {
            told(&reply.error, answer.retry_after)
        };
        Err(Unanswered {
            error,
            model: reply.model,
            usage,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(data: Value) -> Vec<Row> {
        serde_json::from_value(data).unwrap()
    }

    #[test]
    fn vectors_are_put_in_order_and_have_the_length_1() {
        let data = json!([{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 4]}]);
        let vectors = in_order(&rows(data), 2).unwrap();
        assert_eq!(vectors, [[0.6, 0.8], [0.0, 1.0]]);
        let data = json!([{"embedding": [1.0]}, {"embedding": [-5.0]}]);
        assert_eq!(in_order(&rows(data), 2).unwrap(), [[1.0], [-1.0]]);
    }

    #[test]
    fn an_answer_that_misses_a_vector_is_none() {
        for data in [
            json!([]),
            json!([{"index": 0, "embedding": [1]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 2, "embedding": [1]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [0]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": ["1"]}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": "AACAPw=="}]),
            json!([{"index": 0, "embedding": [1]}, {"index": 1}]),
        ] {
            assert_eq!(in_order(&rows(data.clone()), 2), None, "{data}");
        }
    }
}
