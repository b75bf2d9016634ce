//! Gathers what is wrong with an input, so that a person is told all of it at once.

use kazi_platform::{
    egress::check_public_url,
    invalid::{FieldError, Invalid},
};

/// A broken rule: its code for programs and its sentence for a person.
pub type Fault = (&'static str, String);

/// What was found so far.
#[derive(Debug, Default)]
pub struct Violations(Vec<FieldError>);

impl Violations {
    /// Notes a fault of a field.
    pub fn add(&mut self, pointer: impl Into<String>, (code, detail): Fault) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            code,
            detail,
        });
    }

    /// Notes a fault of a field, unless the rule holds.
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

    /// The value of a field, or nothing and its fault noted.
    pub fn take<T>(&mut self, pointer: &str, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.add(pointer, fault)).ok()
    }

    /// A text of so many characters, none of them a control character.
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

    /// Nothing, or all that was found.
    ///
    /// # Errors
    /// A rule was broken.
    pub fn end(self) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Invalid(self.0))
        }
    }
}

/// One fault alone: the first of several that matters, or one that only the database or a provider could tell.
pub fn invalid(pointer: &str, (code, detail): Fault) -> Invalid {
    Invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code,
        detail,
    }])
}
