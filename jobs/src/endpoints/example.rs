//! An example of an event's `data`, made of the schema that the API's document has: it cannot differ from it.

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    RefOr,
    schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type},
};

use super::announce::Schemas;

/// References within references that are followed.
const DEPTH: usize = 8;

/// An example of the first schema, for an event of this type. Its status is the one that the type names.
pub(super) fn of(all: &Schemas, kind: &str) -> Value {
    let verb = kind.rsplit('.').next().unwrap_or_default();
    let sketch = Sketch { all, verb };
    all.first()
        .map_or(Value::Null, |(_, first)| sketch.any(first, 0))
}

struct Sketch<'a> {
    all: &'a Schemas,
    /// `paid` of `order.paid`.
    verb: &'a str,
}

impl Sketch<'_> {
    fn any(&self, schema: &RefOr<Schema>, depth: usize) -> Value {
        match schema {
            RefOr::Ref(to) => {
                let name = to.ref_location.rsplit('/').next().unwrap_or_default();
                let found = self.all.iter().find(|(known, _)| known == name);
                match found {
                    Some((_, schema)) if depth < DEPTH => self.any(schema, depth + 1),
                    _ => Value::Null,
                }
            }
            RefOr::T(schema) => self.schema(schema, depth),
        }
    }

    fn schema(&self, schema: &Schema, depth: usize) -> Value {
        match schema {
            Schema::Object(object) => self.object(object, depth),
            Schema::Array(array) => match &array.items {
                ArrayItems::RefOrSchema(items) => {
                    let said = array.example.clone().or(array.examples.first().cloned());
                    said.unwrap_or_else(|| json!([self.any(items, depth)]))
                }
                ArrayItems::False => json!([]),
            },
            // `null` or a thing: the thing says more.
            Schema::OneOf(one) => self.fullest(&one.items, depth),
            Schema::AnyOf(any) => self.fullest(&any.items, depth),
            Schema::AllOf(all) => {
                let mut whole = Map::new();
                for part in &all.items {
                    if let Value::Object(fields) = self.any(part, depth) {
                        whole.extend(fields);
                    }
                }
                Value::Object(whole)
            }
            _ => Value::Null,
        }
    }

    fn fullest(&self, items: &[RefOr<Schema>], depth: usize) -> Value {
        let mut examples = items.iter().map(|item| self.any(item, depth));
        examples
            .find(|example| !example.is_null())
            .unwrap_or_default()
    }

    fn object(&self, object: &Object, depth: usize) -> Value {
        if let Some(values) = &object.enum_values {
            let named = values.iter().find(|value| *value == self.verb);
            return named.or(values.first()).cloned().unwrap_or_default();
        }
        // Where a text lists its values, the one that the type names is among them.
        let listed = object.description.as_ref();
        if listed.is_some_and(|text| text.contains(&format!("`{}`", self.verb))) {
            return self.verb.into();
        }
        if let Some(said) = object.example.as_ref().or(object.examples.first()) {
            return said.clone();
        }
        let kinds = match &object.schema_type {
            SchemaType::Type(kind) => vec![kind.clone()],
            SchemaType::Array(kinds) => kinds.clone(),
            SchemaType::AnyValue => vec![Type::Object],
        };
        let kind = kinds.into_iter().find(|kind| *kind != Type::Null);
        match kind {
            Some(Type::Object) => {
                let fields = object.properties.iter();
                let mut fields: Map<String, Value> = fields
                    .map(|(name, schema)| (name.clone(), self.any(schema, depth)))
                    .collect();
                if let Some(AdditionalProperties::RefOr(of)) =
                    object.additional_properties.as_deref()
                {
                    fields.insert("key".to_owned(), self.any(of, depth));
                }
                Value::Object(fields)
            }
            Some(Type::String) => self.text(object),
            Some(Type::Integer | Type::Number) => 1.into(),
            Some(Type::Boolean) => true.into(),
            Some(Type::Array) => json!([]),
            Some(Type::Null) | None => Value::Null,
        }
    }

    fn text(&self, object: &Object) -> Value {
        let format = serde_json::to_value(&object.format).unwrap_or_default();
        match format.as_str() {
            Some("date-time") => "2030-05-01T09:00:00Z".into(),
            Some("date") => "2030-05-01".into(),
            Some("uuid") => "0190a5b2-c3d4-7e5f-8607-18293a4b5c6d".into(),
            _ => "text".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Type;

    #[test]
    fn each_type_has_an_example_whose_status_it_names() {
        for kind in Type::all() {
            let example = kind.example();
            let fields = example.as_object().unwrap();
            assert!(fields.len() > 4, "{}: {example}", kind.name());
            assert!(
                fields["id"].as_str().unwrap().contains('_'),
                "{}",
                kind.name()
            );
        }
        assert_eq!(Type::TICKET_CLOSED.example()["status"], "closed");
        assert_eq!(Type::ORDER_SHIPPED.example()["status"], "shipped");
        assert_eq!(Type::ORDER_CREATED.example()["status"], "pending_payment");
        assert_eq!(Type::ORDER_CREATED.example()["items"][0]["quantity"], 2);
        assert_eq!(Type::PAYMENT_FAILED.example()["status"], "failed");
    }
}
