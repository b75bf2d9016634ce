//! The interface of tools. A tool is something that a model may do for the customer who has written.
//!
//! A domain with tools offers a [`Tool`] for each in its `DOMAIN`. A tool acts with the rights of the customer of the
//! [`Talk`]: no argument names a customer. The arguments come from a model, which may have been talked into anything, so
//! they are checked against the [parameters](Parameter). What commits the customer is left to the customer: the tool
//! [says](ToolReply::says) something with buttons, and the domain's scene hears the tap.

use chrono::NaiveDate;
use kazi_queue::JobError;
use serde_json::{Map, Value, json};

use super::{Say, Talk};
use crate::{Work, domain::Future};

type Run = for<'a> fn(
    &'a mut Work,
    &'a Talk<'a>,
    &'a Arguments,
) -> Future<'a, Result<ToolReply, JobError>>;

#[derive(Clone, Copy)]
pub(crate) struct Tool {
    /// Models see it, and it is stored with each call.
    pub name: &'static str,
    /// Tells the model what the tool does and when to call it.
    pub about: &'static str,
    pub parameters: &'static [Parameter],
    /// Runs in the transaction that stores the call.
    pub run: Run,
}

#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    pub name: &'static str,
    /// For the model.
    pub about: &'static str,
    pub kind: ParameterKind,
    pub required: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum ParameterKind {
    /// A text of 1 to this many characters.
    Text(usize),
    /// A whole number from the first to the second.
    Whole(i32, i32),
    /// A date like 2026-03-01.
    Day,
}

/// Arguments that fit the parameters.
#[derive(Debug, Default)]
pub(crate) struct Arguments(Map<String, Value>);

/// What a tool has done.
#[derive(Debug, Default)]
pub(crate) struct ToolReply {
    /// For the model.
    pub result: Value,
    /// For the customer, after the model's answer.
    pub says: Vec<Say>,
    /// A person is to answer instead of the model.
    pub hands_over: bool,
}

impl ToolReply {
    pub fn of(result: Value) -> Self {
        Self {
            result,
            ..Self::default()
        }
    }

    /// The tool has done nothing. The model reads why.
    pub fn refused(why: &str) -> Self {
        Self::of(json!({"error": why}))
    }
}

impl Arguments {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub fn whole(&self, name: &str) -> Option<i32> {
        self.0.get(name)?.as_i64()?.try_into().ok()
    }

    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.text(name)?.parse().ok()
    }
}

impl Tool {
    /// The JSON schema of the arguments.
    pub fn schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), parameter.schema()))
            .collect();
        let required = self.parameters.iter().filter(|one| one.required);
        let required: Vec<&str> = required.map(|one| one.name).collect();
        json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        })
    }

    /// Reads a model's arguments. The error is for the model.
    pub fn read(&self, arguments: &str) -> Result<Arguments, String> {
        let given = match arguments.trim() {
            // Models write so when a tool has no parameters.
            "" | "null" => Value::Object(Map::new()),
            text => {
                serde_json::from_str(text).map_err(|_| "the arguments are not JSON".to_owned())?
            }
        };
        let Value::Object(mut given) = given else {
            return Err("the arguments are not a JSON object".to_owned());
        };
        given.retain(|_, value| !value.is_null());
        for parameter in self.parameters {
            match given.get(parameter.name) {
                Some(value) => parameter.check(value)?,
                None if parameter.required => return Err(format!("{} is missing", parameter.name)),
                None => {}
            }
        }
        let known = |name: &str| self.parameters.iter().any(|one| one.name == name);
        match given.keys().find(|name| !known(name)) {
            Some(_) => {
                let names: Vec<&str> = self.parameters.iter().map(|one| one.name).collect();
                Err(format!(
                    "there are only these arguments: [{}]",
                    names.join(", ")
                ))
            }
            None => Ok(Arguments(given)),
        }
    }
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            ParameterKind::Text(most) => {
                json!({"type": "string", "minLength": 1, "maxLength": most})
            }
            ParameterKind::Whole(least, most) => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            ParameterKind::Day => json!({"type": "string", "format": "date"}),
        };
        schema["description"] = self.about.into();
        schema
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        let (fits, rule) = match self.kind {
            ParameterKind::Text(most) => (
                value.as_str().is_some_and(|text| {
                    !text.trim().is_empty() && text.chars().count() <= most && !text.contains('\0')
                }),
                format!("a text of 1 to {most} characters"),
            ),
            ParameterKind::Whole(least, most) => (
                value
                    .as_i64()
                    .is_some_and(|number| (least.into()..=most.into()).contains(&number)),
                format!("a whole number from {least} to {most}"),
            ),
            ParameterKind::Day => (
                value
                    .as_str()
                    .is_some_and(|text| text.parse::<NaiveDate>().is_ok()),
                "a date like 2026-03-01".to_owned(),
            ),
        };
        match fits {
            true => Ok(()),
            false => Err(format!("{} must be {rule}", self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: Tool = Tool {
        name: "add",
        about: "",
        parameters: &[
            Parameter {
                name: "id",
                about: "",
                kind: ParameterKind::Text(4),
                required: true,
            },
            Parameter {
                name: "count",
                about: "",
                kind: ParameterKind::Whole(1, 9),
                required: false,
            },
            Parameter {
                name: "day",
                about: "",
                kind: ParameterKind::Day,
                required: false,
            },
        ],
        run: |_, _, _| Box::pin(async { Ok(ToolReply::default()) }),
    };

    #[test]
    fn arguments_must_fit_the_parameters() {
        let read = TOOL
            .read(r#"{"id": "é1", "count": 9, "day": "2026-03-01"}"#)
            .unwrap();
        assert_eq!(
            (read.text("id"), read.whole("count")),
            (Some("é1"), Some(9))
        );
        assert_eq!(read.day("day"), "2026-03-01".parse().ok());
        let read = TOOL.read(r#"{"id": "x", "count": null}"#).unwrap();
        assert_eq!((read.whole("count"), read.day("day")), (None, None));
        for (wrong, rule) in [
            ("", "id is missing"),
            ("{}", "id is missing"),
            ("{\"id\": \"x\"", "not JSON"),
            ("[]", "not a JSON object"),
            ("\"x\"", "not a JSON object"),
            (r#"{"id": 7}"#, "id must be a text"),
            (r#"{"id": " "}"#, "id must be a text"),
            (r#"{"id": "12345"}"#, "id must be a text"),
            (r#"{"id": "\u0000"}"#, "id must be a text"),
            (
                r#"{"id": "x", "count": "2"}"#,
                "count must be a whole number from 1 to 9",
            ),
            (r#"{"id": "x", "count": 2.5}"#, "count must be"),
            (r#"{"id": "x", "count": 0}"#, "count must be"),
            (
                r#"{"id": "x", "count": 99999999999999999999}"#,
                "count must be",
            ),
            (r#"{"id": "x", "day": "1st of May"}"#, "day must be a date"),
            (
                r#"{"id": "x", "contact_id": "con_1"}"#,
                "only these arguments: [id, count, day]",
            ),
        ] {
            let told = TOOL.read(wrong).unwrap_err();
            assert!(told.contains(rule), "{wrong}: {told}");
        }
    }

    #[test]
    fn the_schema_says_what_is_checked() {
        let schema = TOOL.schema();
        assert_eq!(schema["required"], json!(["id"]));
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["properties"]["count"]["maximum"], 9);
    }
}
