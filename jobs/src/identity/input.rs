//! What callers send, and its rules.

use kazi_platform::{Phone, without_nul};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::password;
use crate::{locale::LANGUAGES, violations::Violations};

/// RFC 5321: what fits into a path.
const EMAIL_LIMIT: usize = 254;
const NAME_LIMIT: usize = 100;
/// Longer ones are no codes and no passwords: nothing is computed of them.
const SECRET_LIMIT: usize = 1_024;

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// ASCII; kept in lower case.
    #[schema(format = Email, max_length = 254, example = "amina@example.com")]
    pub email: String,
    /// 10 to 128 characters, not easily guessed.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "maize kettle orbit")]
    pub password: SecretString,
    /// At most 100 characters.
    #[schema(max_length = 100, example = "Amina")]
    pub name: Option<String>,
    /// A language of ours.
    #[schema(example = "en")]
    pub locale: Option<String>,
}

/// E-mail and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The address.
    #[schema(format = Email, max_length = 254, example = "amina@example.com")]
    pub email: String,
    /// The password.
    #[schema(value_type = String, format = Password, example = "maize kettle orbit")]
    pub password: SecretString,
    /// Whether this device remembers the user. Then the session ends 30 days after its last use. Otherwise it ends 12 hours
    /// after the log-in, and a browser forgets its cookie when it closes.
    #[serde(default)]
    #[schema(default = false)]
    pub remember: bool,
}

/// Proves an address: its code, and the password that it was registered with, since anybody can register any address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// The address.
    #[schema(format = Email, max_length = 254, example = "amina@example.com")]
    pub email: String,
    /// The password of the registration.
    #[schema(value_type = String, format = Password, example = "maize kettle orbit")]
    pub password: SecretString,
    /// The newest code.
    #[schema(value_type = String, format = Password, example = "123456")]
    pub code: SecretString,
    /// Whether this device remembers the user. Then the session ends 30 days after its last use. Otherwise it ends 12 hours
    /// after the log-in, and a browser forgets its cookie when it closes.
    #[serde(default)]
    #[schema(default = false)]
    pub remember: bool,
}

/// A new password, set by a code that was mailed to the address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The address.
    #[schema(format = Email, max_length = 254, example = "amina@example.com")]
    pub email: String,
    /// The newest code.
    #[schema(value_type = String, format = Password, example = "123456")]
    pub code: SecretString,
    /// The new password.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "maize kettle orbit")]
    pub password: SecretString,
}

/// A new password in the place of the current one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The current password.
    #[schema(value_type = String, format = Password, example = "maize kettle orbit")]
    pub current_password: SecretString,
    /// The new one.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "maize kettle orbit")]
    pub password: SecretString,
}

/// What a user changes about themselves. What is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    /// At most 100 characters.
    #[schema(max_length = 100, example = "Amina")]
    pub name: Option<String>,
    /// A language of ours.
    #[schema(example = "en")]
    pub locale: Option<String>,
    /// E.164; another one has to be proven.
    #[schema(example = "+254712345678")]
    pub phone: Option<String>,
}

/// The rules of our fields.
impl Violations {
    /// An address as stored. Lower case throughout: that no two people share one but for its case is worth more than the
    /// few servers that would tell them apart. ASCII alone, so that no two look the same.
    pub(super) fn email(&mut self, text: &str) -> String {
        let email = text.trim().to_ascii_lowercase();
        if email.len() > EMAIL_LIMIT {
            self.add("/email", ("too_long", "at most 254 characters".into()));
        } else if !is_email(&email) {
            self.add(
                "/email",
                (
                    "not_an_email",
                    "an address like amina@example.com, in ASCII".into(),
                ),
            );
        }
        email
    }

    /// A new password. `near`: what its owner is known by.
    pub(super) fn password(&mut self, password: &SecretString, near: &[&str]) {
        if let Some(fault) = password::fault(password, near) {
            self.add("/password", fault);
        }
    }

    /// A password or a code that was given once: any, but not without end.
    pub(super) fn given(&mut self, pointer: &str, secret: &SecretString) {
        use secrecy::ExposeSecret;
        if secret.expose_secret().len() > SECRET_LIMIT {
            self.add(pointer, ("too_long", "at most 1024 bytes".into()));
        }
    }

    pub(super) fn name(&mut self, name: Option<&str>) -> Option<String> {
        let name = without_nul(name?.trim());
        if name.is_empty() || name.chars().count() > NAME_LIMIT {
            self.add("/name", ("length", "1 to 100 characters".into()));
        }
        Some(name)
    }

    pub(super) fn locale(&mut self, locale: Option<&str>) -> Option<String> {
        let locale = locale?;
        if !LANGUAGES.contains(&locale) {
            let known = format!("one of {}", LANGUAGES.join(", "));
            self.add("/locale", ("unknown", known));
        }
        Some(locale.to_owned())
    }

    pub(super) fn phone(&mut self, phone: Option<&str>) -> Option<Phone> {
        match Phone::parse(phone?, None) {
            Ok(phone) => Some(phone),
            Err(_) => {
                self.add(
                    "/phone",
                    ("not_a_phone", "a number like +972501234567".into()),
                );
                None
            }
        }
    }
}

/// Whether mail could be sent there: the one rule that matters is proven by sending it.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(fits)
        && local.split('.').all(|part| !part.is_empty())
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_and_must_be_one() {
        let read = |text: &str| {
            let mut violations = Violations::default();
            let email = violations.email(text);
            violations
                .end()
                .map(|()| email)
                .map_err(|violations| violations.0[0].code)
        };
        assert_eq!(
            read(" Amina.O+x@Example.COM "),
            Ok("amina.o+x@example.com".into())
        );
        for wrong in [
            "",
            "a",
            "a@b",
            "@b.c",
            "a b@c.d",
            "a@-b.c",
            "a..b@c.d",
            "é@b.c",
            "a@b.c\r\nBcc: x@y.z",
            "a@b..c",
        ] {
            assert_eq!(read(wrong), Err("not_an_email"), "{wrong:?}");
        }
        assert_eq!(read(&format!("a@{}.com", "b".repeat(300))), Err("too_long"));
    }

    #[test]
    fn all_faults_are_told_at_once_and_no_secret_with_them() {
        let mut violations = Violations::default();
        violations.email("x");
        violations.password(&"short".to_owned().into(), &[]);
        violations.name(Some(" "));
        violations.locale(Some("xx"));
        violations.phone(Some("12"));
        violations.given("/code", &"9".repeat(1_025).into());
        let invalid = violations.end().unwrap_err();
        let pointers: Vec<&str> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            ["/email", "/password", "/name", "/locale", "/phone", "/code"]
        );
        assert!(!invalid.to_string().contains("short"));
    }
}
