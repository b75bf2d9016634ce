//! Variables of a content that are values of the trigger's subject: fields named `subject.` and a name. Pure.

use super::model::Values;
use crate::campaigns::{ButtonSource, Content, HeaderSource, Parameter};

const PREFIX: &str = "subject.";

/// The name of a subject's value.
fn name_of(value: &Parameter) -> Option<&str> {
    match value {
        Parameter::Field { name, .. } => name.strip_prefix(PREFIX),
        Parameter::Text(_) | Parameter::Link { .. } => None,
    }
}

/// The pointers of variables that the trigger's subject does not have.
pub fn unknown(content: &Content, known: &[&str]) -> Vec<String> {
    let mut content = content.clone();
    let mut found = Vec::new();
    each(&mut content, |pointer, value| {
        if name_of(value).is_some_and(|name| !known.contains(&name)) {
            found.push(format!("content/{pointer}/field/name"));
        }
    });
    found
}

/// The content with a text for each value of the subject: for checks before there is a subject.
pub fn blank(content: &Content) -> Content {
    let mut content = content.clone();
    each(&mut content, |_, value| {
        if name_of(value).is_some() {
            *value = Parameter::Text("…".to_owned());
        }
    });
    content
}

/// The content with the values of a subject. A value that is missing becomes the fallback; without a fallback, the variable
/// stays, and no contact has it.
pub fn fill(content: &Content, values: &Values) -> Content {
    let mut content = content.clone();
    each(&mut content, |_, value| {
        let Some(name) = name_of(value) else { return };
        let given = values.get(name).filter(|text| !text.trim().is_empty());
        let fallback = match value {
            Parameter::Field { fallback, .. } => fallback.clone(),
            Parameter::Text(_) | Parameter::Link { .. } => None,
        };
        if let Some(text) = given.cloned().or(fallback) {
            *value = Parameter::Text(text);
        }
    });
    content
}

fn each(content: &mut Content, mut see: impl FnMut(&str, &mut Parameter)) {
    match content {
        Content::Text { parameters, .. } => {
            for (n, value) in parameters.iter_mut().enumerate() {
                see(&format!("parameters/{n}"), value);
            }
        }
        Content::Template {
            parameters,
            header,
            buttons,
            cards,
            ..
        } => {
            for (n, value) in parameters.iter_mut().enumerate() {
                see(&format!("parameters/{n}"), value);
            }
            if let Some(HeaderSource::Text(value)) = header {
                see("header/text", value);
            }
            for (n, button) in buttons.iter_mut().enumerate() {
                let (kind, value) = part(button);
                see(&format!("buttons/{n}/{kind}/value"), value);
            }
            for (n, card) in cards.iter_mut().enumerate() {
                for (m, value) in card.parameters.iter_mut().enumerate() {
                    see(&format!("cards/{n}/parameters/{m}"), value);
                }
                for (m, button) in card.buttons.iter_mut().enumerate() {
                    let (kind, value) = part(button);
                    see(&format!("cards/{n}/buttons/{m}/{kind}/value"), value);
                }
            }
        }
    }
}

/// The kind and the value of a button.
const fn part(button: &mut ButtonSource) -> (&'static str, &mut Parameter) {
    match button {
        ButtonSource::Url { value, .. } => ("url", value),
        ButtonSource::Payload { value, .. } => ("payload", value),
        ButtonSource::Code { value, .. } => ("code", value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, fallback: Option<&str>) -> Parameter {
        Parameter::Field {
            name: name.into(),
            fallback: fallback.map(str::to_owned),
        }
    }

    fn content(value: Parameter) -> Content {
        Content::Text {
            text: "{{1}}".into(),
            parameters: vec![value],
        }
    }

    #[test]
    fn values_of_the_subject_are_filled_in_and_unknown_ones_are_told() {
        let known = &["years"];
        let of_a_contact = content(field("first_name", None));
        assert_eq!(unknown(&of_a_contact, known), Vec::<String>::new());
        let wrong = content(field("subject.total", None));
        assert_eq!(unknown(&wrong, known), ["content/parameters/0/field/name"]);
        let right = content(field("subject.years", None));
        assert_eq!(unknown(&right, known), Vec::<String>::new());
        let values = Values::from([("years".to_owned(), "30".to_owned())]);
        let filled = content(Parameter::Text("30".into()));
        assert_eq!(fill(&right, &values), filled);
        // Nobody has it, so the contact is left out.
        assert_eq!(fill(&right, &Values::new()), right);
        let with = content(field("subject.years", Some("many")));
        assert_eq!(
            fill(&with, &Values::new()),
            content(Parameter::Text("many".into()))
        );
        assert_eq!(fill(&of_a_contact, &values), of_a_contact);
    }
}
