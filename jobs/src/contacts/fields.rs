//! The custom fields that a workspace declares for its contacts.

use serde_json::{Value, json};

use super::{
    ContactError,
    rules::{self, Field, FieldKind},
    store,
};
use crate::{
    Work,
    audit::Change,
    violations::{Violation, Violations, invalid},
};

/// The most fields of a workspace.
const MAX_FIELDS: usize = 50;
/// The most choices of a field.
const MAX_CHOICES: usize = 100;

/// All fields of a workspace, by their keys.
pub async fn fields(work: &mut Work) -> Result<Vec<Field>, sqlx::Error> {
    store::fields::list(work).await
}

/// Declares a field, or changes the label and the choices of the one with this key. Its kind stays: there may be values.
/// Contacts keep the value of a removed choice until it is changed.
///
/// # Errors
/// A field breaks a rule, or the declared field has another kind.
pub async fn declare(work: &mut Work, field: &Field) -> Result<Field, ContactError> {
    let field = check(field)?;
    // One at a time, so that the limit holds.
    store::fields::lock(work).await?;
    let all = store::fields::list(work).await?;
    let before = all.iter().find(|other| other.key == field.key);
    if before.is_some_and(|before| before.kind != field.kind) {
        let fault = (
            "kind_differs",
            "the kind of a field cannot be changed: declare another field".into(),
        );
        return Err(invalid("/kind", fault).into());
    }
    if before.is_none() && all.len() >= MAX_FIELDS {
        let fault = (
            "too_many",
            format!("a workspace has at most {MAX_FIELDS} custom fields"),
        );
        return Err(invalid("/key", fault).into());
    }
    store::fields::write(work, &field).await?;
    let (action, subject) = ("contacts.field", ("workspace", work.workspace()));
    work.audit(&match before {
        Some(before) => Change::updated(action, subject, &recorded(before), &recorded(&field)),
        None => Change::created(action, subject, &recorded(&field)),
    })
    .await?;
    Ok(field)
}

/// Drops a field and every contact's value of it, in steps: call it in a transaction each until it answers `true`.
pub async fn drop_field(work: &mut Work, key: &str) -> Result<bool, ContactError> {
    let all = store::fields::list(work).await?;
    let field = all
        .iter()
        .find(|field| field.key == key)
        .ok_or(ContactError::NotFound)?;
    if store::fields::forget_values(work, key).await? > 0 {
        return Ok(false);
    }
    store::fields::delete(work, key).await?;
    let (action, subject) = ("contacts.drop_field", ("workspace", work.workspace()));
    work.audit(&Change::deleted(action, subject, &recorded(field)))
        .await?;
    Ok(true)
}

/// A field for the audit log. It has no id of its own, so it is recorded of the workspace, and its key stands before each
/// name: `city.label`.
fn recorded(field: &Field) -> Value {
    let Field {
        key,
        label,
        kind,
        choices,
    } = field;
    json!({
        (format!("{key}.label")): label,
        (format!("{key}.kind")): kind,
        (format!("{key}.choices")): choices,
    })
}

fn check(field: &Field) -> Result<Field, ContactError> {
    let mut violations = Violations::default();
    let mut letters = field.key.chars();
    let fits = letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && field.key.len() <= 40;
    if !fits {
        let rule = "must be small letters, digits and underscores, begin with a letter, and have at most 40";
        violations.add("/key", ("invalid_key", rule.into()));
    }
    let required = |text: Option<String>| {
        text.ok_or_else(|| -> Violation { ("required", "must not be empty".into()) })
    };
    let label = violations.take("/label", rules::line(&field.label, 100).and_then(required));
    let mut choices: Vec<String> = Vec::new();
    for (place, choice) in field.choices.iter().enumerate().take(MAX_CHOICES + 1) {
        let choice = rules::line(choice, 100).and_then(required);
        choices.extend(violations.take(&format!("/choices/{place}"), choice));
    }
    choices.dedup();
    if (field.kind == FieldKind::Choice) == choices.is_empty() || choices.len() > MAX_CHOICES {
        let rule = format!("a choice has 1 to {MAX_CHOICES} choices, other kinds have none");
        violations.add("/choices", ("invalid_choices", rule));
    }
    violations.end()?;
    Ok(Field {
        key: field.key.clone(),
        label: label.unwrap_or_default(),
        kind: field.kind,
        choices,
    })
}
