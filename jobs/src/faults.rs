//! Gathers what is wrong with an input, so that a person is told all of it at once.

use kazi_platform::invalid::{FieldError, Invalid};

/// What was found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes a fault of a field, unless the rule holds.
    pub fn unless(
        &mut self,
        holds: bool,
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) {
        if !holds {
            self.0.push(FieldError {
                pointer: pointer.into(),
                code,
                detail: detail.into(),
            });
        }
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

    /// Nothing, or all that was found.
    ///
    /// # Errors
    /// A rule was broken.
    pub fn none(self) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Invalid(self.0))
        }
    }
}

/// One fault that only the database or a provider could tell.
pub fn fault(pointer: &str, code: &'static str, detail: impl Into<String>) -> Invalid {
    Invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code,
        detail: detail.into(),
    }])
}
