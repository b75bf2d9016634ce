//! Phone numbers in the format E.164.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A phone number in the format E.164, like `+972501234567`. Its `Debug` output is a hash, so that no log shows a
/// number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(into = "String", try_from = "String")]
#[sqlx(transparent)]
pub struct Phone(String);

/// A text is not a phone number. The message gives the reason.
#[derive(Debug, thiserror::Error)]
#[error("not a phone number: {0}; write it like +972501234567")]
pub struct PhoneError(String);

/// Tells whether a country with this code (ISO 3166, two capital letters) has its own phone numbers.
pub fn is_country(code: &str) -> bool {
    phonenumber::country::Id::from_str(code).is_ok_and(|country| country.as_ref() == code)
}

impl Phone {
    /// Reads a number that a person wrote. A number without a leading `+` belongs to `country` (ISO 3166, two letters).
    ///
    /// # Errors
    /// The text is not a valid number of this country, or of any country.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        let country = country.and_then(|code| phonenumber::country::Id::from_str(code).ok());
        let number =
            phonenumber::parse(country, text).map_err(|error| PhoneError(error.to_string()))?;
        if !number.is_valid() {
            return Err(PhoneError("no country has such a number".into()));
        }
        Ok(Self(
            number.format().mode(phonenumber::Mode::E164).to_string(),
        ))
    }

    /// Reads a WhatsApp id: the digits of a number, without `+`. WhatsApp knows the number, so this checks only that it
    /// has 5 to 15 digits.
    pub fn from_wa_id(digits: &str) -> Option<Self> {
        let fits = (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(format!("+{digits}")))
    }

    /// Returns the number with its `+`: `+972…`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits without `+`: `972…`.
    pub fn wa_id(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// Returns the country (ISO 3166, two letters), if the number belongs to one.
    pub fn country(&self) -> Option<String> {
        let number = phonenumber::parse(None, &self.0).ok()?;
        number.country().id().map(|id| id.as_ref().to_owned())
    }

    /// Returns a short hash for logs. The same number always has the same hash.
    pub fn hashed(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone#{}", self.hashed())
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_becomes_e164() {
        assert_eq!(
            Phone::parse("+1 (650) 253-0000", None).unwrap().as_str(),
            "+16502530000"
        );
        assert_eq!(
            Phone::parse("06 12 34 56 78", Some("FR")).unwrap().as_str(),
            "+33612345678"
        );
        assert!(Phone::parse("12", Some("FR")).is_err());
        assert!(Phone::parse("", None).is_err());
    }

    #[test]
    fn a_whatsapp_id_keeps_its_digits_and_tells_its_country() {
        let phone = Phone::from_wa_id("33612345678").unwrap();
        assert_eq!(
            (phone.wa_id(), phone.country().as_deref()),
            ("33612345678", Some("FR"))
        );
        assert!(Phone::from_wa_id("US.134").is_none());
    }

    #[test]
    fn no_log_shows_the_number() {
        let phone = Phone::from_wa_id("33612345678").unwrap();
        assert!(!format!("{phone:?}").contains("612"));
    }
}
