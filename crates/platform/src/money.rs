//! Money as whole minor units of an ISO 4217 currency, never as a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The currencies in force (ISO 4217, table A.1), without funds, metals and codes for tests.
const IN_FORCE: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN \
    BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB \
    EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR \
    ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD \
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR \
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE \
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU \
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
/// Withdrawn since 2022. Amounts in them are stored.
const WITHDRAWN: &str = "ANG BGN HRK SLL ZWL";

/// A currency by its ISO 4217 code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

/// A text is not a currency code.
#[derive(Debug, thiserror::Error)]
#[error("must be the ISO 4217 code of a currency, like EUR")]
pub struct CurrencyError;

impl Currency {
    /// Returns the code, like `EUR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Returns the number of digits after the decimal point (ISO 4217, table A.1).
    pub fn exponent(&self) -> usize {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Returns the highest amount that Stripe takes at once, in minor units: eight digits, and twelve of the rupiah, of
    /// which a dollar is worth thousands (Stripe, "Minimum and maximum charge amounts").
    pub const fn most(self) -> i64 {
        match &self.0 {
            b"IDR" => 999_999_999_999,
            _ => 99_999_999,
        }
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let bytes: [u8; 3] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| CurrencyError)?;
        let code = bytes.map(|byte| byte.to_ascii_uppercase());
        let mut known = IN_FORCE.split(' ').chain(WITHDRAWN.split(' '));
        match known.any(|known| known.as_bytes() == code) {
            true => Ok(Self(code)),
            false => Err(CurrencyError),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The amount in minor units, like cents.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!(
            "{:0>width$}",
            self.minor.unsigned_abs(),
            width = exponent + 1
        );
        let (whole, rest) = digits.split_at(digits.len() - exponent);
        let point = if rest.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{rest} {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_with_its_currency_s_digits() {
        let money = |minor, code: &str| {
            Money {
                minor,
                currency: code.parse().unwrap(),
            }
            .to_string()
        };
        assert_eq!(money(1250, "eur"), "12.50 EUR");
        assert_eq!(money(-5, "USD"), "-0.05 USD");
        assert_eq!(money(980, "JPY"), "980 JPY");
        assert_eq!(money(1, "KWD"), "0.001 KWD");
    }

    #[test]
    fn three_letters_are_not_yet_a_currency() {
        for code in ["EURO", "EU", "", "ABC", "XXX", "XAU", "US D", "A B"] {
            assert!(code.parse::<Currency>().is_err(), "{code:?}");
        }
        for code in ["usd", " KES ", "XOF", "ZWG", "AED", "ZWL"] {
            let read: Currency = code.parse().unwrap();
            assert_eq!(read.code(), code.trim().to_uppercase());
        }
        assert_eq!(
            IN_FORCE.split(' ').filter(|code| code.len() == 3).count(),
            155
        );
    }
}
