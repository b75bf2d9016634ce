//! Collects the violations of an input, so that the caller gets all of them at once.

use std::collections::BTreeMap;

use kazi_platform::{
    egress::check_public_url,
    invalid::{FieldError, Invalid},
};
use serde::{Deserialize, Deserializer};

use crate::locale::LANGUAGES;

/// A broken rule: a code for programs and a sentence for people.
pub type Violation = (&'static str, String);

/// Characters of the address of a file.
const FILE_URL: usize = 2_000;

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

    /// The address of a file that a provider fetches: as [`Self::url`], or of a file that Kazi serves on this machine, as in
    /// the demo.
    pub fn file_url(&mut self, pointer: &str, url: &str) {
        self.text(pointer, url, 1, FILE_URL);
        let is_here = ["http://127.0.0.1:", "http://localhost:"]
            .iter()
            .any(|here| url.starts_with(here));
        if !(is_here && url.contains("/media/med_")) {
            self.url(pointer, url);
        }
    }

    /// Checks that a language is one of ours.
    pub fn language(&mut self, pointer: impl Into<String>, language: &str) {
        self.unless(
            LANGUAGES.contains(&language),
            pointer,
            "unknown_language",
            format!("the languages are {}", LANGUAGES.join(", ")),
        );
    }

    /// Checks a text of several languages: the languages, and 1 to `most` characters of each.
    pub fn texts(&mut self, pointer: &str, texts: &BTreeMap<String, String>, most: usize) {
        for (language, text) in texts {
            let pointer = member(pointer, language);
            self.language(&pointer, language);
            self.text(&pointer, text, 1, most);
        }
    }

    /// Checks that a text of several languages has one.
    pub fn some_language<T>(&mut self, pointer: &str, texts: &BTreeMap<String, T>) {
        let rule = "needs one language at least";
        self.unless(!texts.is_empty(), pointer, "missing", rule);
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

/// Keeps `null` apart from a missing field of a patch.
pub(crate) fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Characters of a key in a pointer. The caller chose the key.
const KEY_LIMIT: usize = 50;

/// The pointer of a member of an object: its key is escaped (RFC 6901).
pub fn member(object: &str, key: &str) -> String {
    let key: String = key.chars().take(KEY_LIMIT).collect();
    format!("{object}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// An error with one violation: the first that matters, or one that only the database or a provider can find.
pub fn invalid(pointer: &str, (code, detail): Violation) -> Invalid {
    Invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code,
        detail,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_from_a_public_host_or_from_kazi_itself() {
        for (url, fits) in [
            ("https://cdn.example/tea.png", true),
            (
                "https://kazi.example/media/med_1?expires=2&signature=3",
                true,
            ),
            (
                "http://127.0.0.1:8080/media/med_1?expires=2&signature=3",
                true,
            ),
            ("http://127.0.0.1:8080/metrics", false),
            ("http://cdn.example/media/med_1", false),
            ("https://127.0.0.1/media/med_1", false),
            ("", false),
        ] {
            let mut violations = Violations::default();
            violations.file_url("/link", url);
            assert_eq!(violations.end().is_ok(), fits, "{url}");
        }
    }
}
