//! Phone numbers in the format E.164.
//!
//! A [`Phone`] is the same value however its number was written: it names today's number of the line. So a unique key on
//! it makes one contact of a person, and one opt-out.

mod plans;
mod written;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use written::Written;

/// A phone number in the format E.164, like `+972501234567`. Its `Debug` output is a hash, so that no log shows a
/// number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(into = "String", try_from = "String")]
#[sqlx(transparent)]
pub struct Phone(String);

/// A text is not a phone number. The message gives the reason.
#[derive(Debug, thiserror::Error)]
#[error("not a phone number: {why}; write it like {example}")]
pub struct PhoneError {
    why: String,
    example: String,
}

impl PhoneError {
    fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            example: "+447400123456".into(),
        }
    }

    /// With a number of the country as the example.
    fn in_country(self, country: Option<&str>) -> Self {
        let example = country.and_then(example).unwrap_or(self.example);
        Self { example, ..self }
    }
}

/// A mobile number of a country.
fn example(country: &str) -> Option<String> {
    let metadata = phonenumber::metadata::DATABASE.by_id(country)?;
    let number = metadata.descriptors().mobile()?.example()?;
    Some(format!("+{}{number}", metadata.country_code()))
}

/// Tells whether a country with this code (ISO 3166, two capital letters) has its own phone numbers.
pub fn is_country(code: &str) -> bool {
    phonenumber::country::Id::from_str(code).is_ok_and(|country| country.as_ref() == code)
}

impl Phone {
    /// Reads a number that a person wrote, in digits of any script. A number without a leading `+` belongs to `country`
    /// (ISO 3166, two letters). If it is none there and has nothing but digits, it is one of the country that its digits
    /// begin with: spreadsheets drop the sign.
    ///
    /// # Errors
    /// The text is not surely one number, or the number is not valid.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        Self::read(text, country).map_err(|error| error.in_country(country))
    }

    fn read(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        let written = Written::read(text).map_err(PhoneError::new)?;
        let digits = &written.digits;
        if written.plus {
            return Self::valid(&format!("+{digits}"), None);
        }
        let country = country.and_then(|code| phonenumber::country::Id::from_str(code).ok());
        Self::valid(digits, country).or_else(|error| match digits.strip_prefix("00") {
            Some(abroad) => Self::valid(&format!("+{abroad}"), None),
            None if written.bare && digits.len() >= 8 => Self::valid(&format!("+{digits}"), None),
            None => Err(error),
        })
    }

    fn valid(digits: &str, country: Option<phonenumber::country::Id>) -> Result<Self, PhoneError> {
        let read = |digits: &str, country| {
            phonenumber::parse(country, digits).map_err(|error| PhoneError::new(error.to_string()))
        };
        let number = read(digits, country)?;
        let number = number.format().mode(phonenumber::Mode::E164).to_string();
        let phone = Self::from_wa_id(number.trim_start_matches('+'))
            .ok_or_else(|| PhoneError::new("it has too few or too many digits"))?;
        match read(&phone.0, None)?.is_valid() {
            true => Ok(phone),
            false => Err(PhoneError::new("no country has such a number")),
        }
    }

    /// Reads a WhatsApp id: the digits of a number, without `+`. WhatsApp knows the number, so this checks only that it
    /// has 5 to 15 digits.
    pub fn from_wa_id(digits: &str) -> Option<Self> {
        let is_number = |digits: &str| {
            (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        let phone = is_number(digits).then(|| plans::current(digits))?;
        is_number(&phone).then(|| Self(format!("+{phone}")))
    }

    /// Reads a number as Kazi stores and exports it: `+` and digits. It was valid when it was stored, or WhatsApp has
    /// named it.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::from_wa_id(text.strip_prefix('+')?)
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
        match Self::from_stored(&text) {
            Some(phone) => Ok(phone),
            None => Self::parse(&text, None),
        }
    }
}

/// Says whether a text is a date in figures, with a time or without.
pub fn is_date(text: &str) -> bool {
    written::is_date(text)
}

/// The digits of a text, of any script, in ASCII.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(written::digit).collect()
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
    fn a_number_is_one_value_however_it_is_written() {
        for (country, number, texts) in [
            (
                "BR",
                "+5511987654321",
                &[
                    "+55 11 98765-4321",
                    "+55 11 8765-4321",
                    "(11) 98765-4321",
                    "11 8765 4321",
                    "011 98765-4321",
                    "551187654321",
                    "00551187654321",
                ][..],
            ),
            (
                "MX",
                "+525512345678",
                &[
                    "+52 1 55 1234 5678",
                    "+52 55 1234 5678",
                    "55 1234 5678",
                    "044 55 1234 5678",
                    "5215512345678",
                    "٥٥ ١٢٣٤ ٥٦٧٨",
                ],
            ),
            (
                "AR",
                "+5491123456789",
                &[
                    "+54 9 11 2345-6789",
                    "+54 11 2345-6789",
                    "011 15-2345-6789",
                    "11 15 2345 6789",
                    "11 2345 6789",
                    "+54 11 15 2345 6789",
                    "+54 9 11 15 2345 6789",
                    "541123456789",
                ],
            ),
            (
                "CI",
                "+2250707123456",
                &[
                    "+225 07 12 34 56",
                    "07 12 34 56",
                    "07 07 12 34 56",
                    "22507123456",
                ],
            ),
            (
                "BJ",
                "+2290197123456",
                &["+229 97 12 34 56", "97123456", "01 97 12 34 56"],
            ),
            (
                "KE",
                "+254712345678",
                &[
                    "0712 345 678",
                    "०७१२३४५६७८",
                    "\u{202a}+254\u{a0}712\u{a0}345678\u{202c}",
                ],
            ),
        ] {
            for text in texts {
                let read = Phone::parse(text, Some(country));
                assert_eq!(read.unwrap().as_str(), number, "{country} {text}");
            }
        }
        // A landline has no ninth digit.
        let landline = Phone::parse("+55 11 3333-4444", None).unwrap();
        assert_eq!(landline.as_str(), "+551133334444");
    }

    #[test]
    fn a_date_is_refused_in_every_country() {
        for (country, text) in [
            ("KE", "2025-01-05"),
            ("DE", "2019-11-30"),
            ("IL", "2025-01-05"),
            ("LU", "2025-01-05"),
            ("FI", "2025-01-05"),
            ("CI", "05/01/2025"),
            ("IT", "5.1.2025"),
            ("AT", "2025-01-05 10:00:00"),
        ] {
            let error = Phone::parse(text, Some(country)).unwrap_err();
            assert!(
                error.to_string().contains("it is a date"),
                "{country} {text}: {error}"
            );
        }
    }

    #[test]
    fn a_second_number_and_a_strangers_are_refused() {
        for text in [
            "0712 345 67O",
            "07123O5678",
            "+25471234567l",
            "7.123456E8",
            "2.54712E+11",
            "712345678.0",
            "0712345678 0723456789",
            "0712345678/79",
            "0712345678 79",
            "712345678 79",
            "0712345678 ext 5",
        ] {
            assert!(Phone::parse(text, Some("KE")).is_err(), "{text}");
        }
    }

    #[test]
    fn a_refusal_shows_a_number_of_the_country_that_was_meant() {
        for (country, start) in [
            (Some("KE"), "+254"),
            (Some("BR"), "+55"),
            (Some("US"), "+1"),
            (None, "+44"),
            (Some("XX"), "+44"),
        ] {
            let said = Phone::parse("12", country).unwrap_err().to_string();
            let (_, example) = said.rsplit_once("like ").unwrap();
            assert!(example.starts_with(start), "{said}");
            assert!(Phone::parse(example, None).is_ok(), "{said}");
        }
    }

    #[test]
    fn a_whatsapp_id_keeps_its_digits_and_tells_its_country() {
        let phone = Phone::from_wa_id("33612345678").unwrap();
        assert_eq!(
            (phone.wa_id(), phone.country().as_deref()),
            ("33612345678", Some("FR"))
        );
        assert!(Phone::from_wa_id("US.134").is_none());
        let old = Phone::from_wa_id("551187654321").unwrap();
        assert_eq!(old, Phone::parse("+5511987654321", None).unwrap());
        // No plan knows it, but WhatsApp does.
        let odd = Phone::from_wa_id("999123456").unwrap();
        assert!(Phone::parse(odd.as_str(), None).is_err());
        assert_eq!(Phone::from_stored(odd.as_str()), Some(odd));
        assert!(Phone::from_stored("+254").is_none());
    }

    #[test]
    fn no_log_shows_the_number() {
        let phone = Phone::from_wa_id("33612345678").unwrap();
        assert!(!format!("{phone:?}").contains("612"));
    }
}
