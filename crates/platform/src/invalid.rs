//! Input that breaks a rule: which field, and which rule.

/// One field's fault.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// JSON pointer of the field: `/phone`.
    pub pointer: String,
    /// Stable, for programs: `too_long`.
    pub code: &'static str,
    /// For a person: the rule.
    pub detail: String,
}

/// All faults of an input, at least one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("; "))]
pub struct Invalid(pub Vec<FieldError>);
