//! The range of a number in a body, as the document tells it. A number that is too large for its type in the program is refused
//! before the domain sees it, and a caller wants to hear the domain's limit.

use std::sync::LazyLock;

use axum::{extract::MatchedPath, http::request::Parts};
use serde_json::Value;

/// Made at the first number that is too large.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(super::document("")).unwrap_or_default());

/// The rule of the number at a pointer into the body of a call. Returns `None` when the document does not tell both limits.
pub fn rule(parts: &Parts, pointer: &str) -> Option<String> {
    let path = parts.extensions.get::<MatchedPath>()?.as_str();
    let method = parts.method.as_str().to_ascii_lowercase();
    let body = &DOCUMENT["paths"][path][method]["requestBody"]["content"]["application/json"];
    let mut segments = Vec::new();
    for segment in pointer.split('/').skip(1) {
        segments.push(segment.replace("~1", "/").replace("~0", "~"));
    }
    let schema = find(&DOCUMENT, &body["schema"], &segments)?;
    let (least, most) = (&schema["minimum"], &schema["maximum"]);
    let known = least.is_number() && most.is_number();
    known.then(|| format!("must be a whole number from {least} to {most}"))
}

/// The schema of what stands at a path below a schema.
fn find<'a>(document: &'a Value, schema: &'a Value, path: &[String]) -> Option<&'a Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'))?;
        return find(document, target, path);
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        let mut ways = schema[several].as_array().into_iter().flatten();
        if let Some(found) = ways.find_map(|way| find(document, way, path)) {
            return Some(found);
        }
    }
    let Some((first, rest)) = path.split_first() else {
        let limited = schema["minimum"].is_number() || schema["maximum"].is_number();
        return limited.then_some(schema);
    };
    let below = [
        &schema["properties"][first],
        &schema["items"],
        &schema["additionalProperties"],
    ];
    let mut below = below.into_iter().filter(|schema| schema.is_object());
    find(document, below.next()?, rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_found_below_references_lists_and_alternatives() {
        let document = json!({"components": {
            "Line": {"properties": {"count": {"type": "integer", "minimum": 1, "maximum": 99}}},
            "Cart": {"allOf": [
                {"properties": {"name": {"type": "string"}}},
                {"properties": {"lines": {"type": "array", "items": {"$ref": "#/components/Line"}},
                                "first": {"oneOf": [{"type": "null"}, {"$ref": "#/components/Line"}]}}},
            ]},
        }});
        let cart = json!({"$ref": "#/components/Cart"});
        let most = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|one| (*one).to_owned()).collect();
            find(&document, &cart, &path).map(|schema| schema["maximum"].clone())
        };
        assert_eq!(most(&["lines", "7", "count"]), Some(json!(99)));
        assert_eq!(most(&["first", "count"]), Some(json!(99)));
        assert_eq!((most(&["name"]), most(&["nothing"])), (None, None));
    }
}
