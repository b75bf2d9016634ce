//! Input that breaks rules. Each violation names its field and its rule.

/// One field breaks one rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The JSON pointer of the field, like `/phone`.
    pub pointer: String,
    /// A stable code for programs, like `too_long`.
    pub code: &'static str,
    /// The rule, as a sentence for a person.
    pub detail: String,
}

/// All violations of one input: at least one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("; "))]
pub struct Invalid(pub Vec<FieldError>);
