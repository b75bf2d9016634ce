//! Collects the violations of an input, so that the caller gets all of them at once.

use kazi_platform::{
    egress::check_public_url,
    invalid::{FieldError, Invalid},
};

/// A broken rule: a code for programs and a sentence for people.
pub type Violation = (&'static str, String);

/// The violations so far.
#[derive(Debug, Default)]
pub struct Violations(Vec<FieldError>);

impl Violations {
    /// Adds a violation of a field.
    pub fn add(&mut self, pointer: impl Into<String>, (code, detail): Violation) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            code,
            detail,
        });
    }

    /// Adds a violation of a field, unless the rule holds.
    pub fn unless(
        &mut self,
        holds: bool,
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) {
        if !holds {
            self.add(pointer, (code, detail.into()));
        }
    }

    /// Returns the value of a field, or adds its violation.
    pub fn take<T>(&mut self, pointer: &str, value: Result<T, Violation>) -> Option<T> {
        value.map_err(|violation| self.add(pointer, violation)).ok()
    }

    /// Checks the number of characters, and refuses control characters.
    pub fn text(&mut self, pointer: &str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        self.unless(
            (least..=most).contains(&length) && (least == 0 || !text.trim().is_empty()),
            pointer,
            "length",
            format!("must have {least} to {most} characters"),
        );
        let control = text.chars().any(|c| c.is_control() && c != '\n');
        self.unless(
            !control,
            pointer,
            "characters",
            "must have no control characters",
        );
    }

    /// A URL that a user gives: https, on a public host, without a user name.
    pub fn url(&mut self, pointer: &str, url: &str) {
        if let Err(error) = check_public_url(url) {
            self.add(pointer, (error.code(), error.to_string()));
        }
    }

    /// Returns all violations as an error, if there are any.
    pub fn end(self) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Invalid(self.0))
        }
    }
}

/// An error with one violation: the first that matters, or one that only the database or a provider can find.
pub fn invalid(pointer: &str, (code, detail): Violation) -> Invalid {
    Invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code,
        detail,
    }])
}
