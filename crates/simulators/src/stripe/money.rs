//! The amounts that Stripe accepts (Stripe, "Currencies": zero-decimal, special cases, minimum and maximum amounts),
//! and Stripe's fee.

use super::errors::refuse;
use crate::server::Reply;

/// The simulated currencies. Stripe knows more than a hundred others.
const CURRENCIES: &[&str] = &[
    "usd", "eur", "gbp", "kes", "ngn", "zar", "tzs", "ugx", "rwf", "xof", "xaf", "mad", "egp",
    "aed", "sar", "qar", "kwd", "bhd", "omr", "jod", "tnd", "ils", "inr", "idr", "myr", "sgd",
    "jpy", "krw", "brl", "mxn", "cop", "clp", "chf", "cad", "aud", "isk", "mga", "vnd", "huf",
    "twd", "pln", "czk", "dkk", "nok", "sek", "nzd", "hkd", "thb", "ron", "bgn", "php", "pkr",
    "bdt", "lkr", "etb", "zmw", "mzn", "pyg", "bif", "djf", "gnf", "kmf", "vuv", "xpf", "pen",
    "ars", "uyu", "dop", "gtq", "uah", "try", "gel", "amd", "azn", "kzt", "mur", "scr", "cny",
];

pub(super) fn check(param: &str, amount: i64, currency: &str) -> Result<(), Reply> {
    let bad = |message: &str, code: &str| refuse(400, message, Some(code), Some(param));
    if !CURRENCIES.contains(&currency) {
        let words = format!("Invalid currency: {currency}");
        return Err(refuse(400, &words, None, Some("currency")));
    }
    if amount < 0 {
        return Err(bad(
            "This value must be greater than or equal to 0.",
            "parameter_invalid_integer",
        ));
    }
    match currency {
        "kwd" | "bhd" | "omr" | "jod" | "tnd" if amount % 10 != 0 => {
            return Err(bad(
                "Three-decimal amounts must be rounded to the nearest ten.",
                "invalid_amount",
            ));
        }
        "ugx" | "isk" if amount % 100 != 0 => {
            return Err(bad(
                "This currency has no minor unit: the amount must be divisible by 100.",
                "invalid_amount",
            ));
        }
        _ => {}
    }
    let least = match currency {
        "usd" | "aud" | "brl" | "cad" | "chf" | "eur" | "inr" | "jpy" | "nzd" | "sgd" => 50,
        "gbp" => 30,
        "bgn" => 100,
        "aed" | "myr" | "pln" | "ron" => 200,
        "dkk" => 250,
        "nok" | "sek" => 300,
        "hkd" => 400,
        "mxn" | "thb" => 1_000,
        "czk" => 1_500,
        "huf" => 17_500,
        // What half a dollar was worth when this was written.
        "kwd" => 150,
        "bhd" | "omr" => 190,
        "tnd" => 1_450,
        "rwf" | "krw" => 700,
        "xof" | "xaf" => 280,
        "mad" => 470,
        "zar" => 880,
        "egp" => 2_400,
        "kes" => 6_500,
        "ngn" => 74_000,
        "tzs" => 125_000,
        "ugx" => 180_000,
        "idr" => 820_000,
        _ => 1,
    };
    if amount < least {
        return Err(bad(
            "The Checkout Session's total amount must convert to at least 50 cents.",
            "amount_too_small",
        ));
    }
    let most = match currency {
        "idr" => 999_999_999_999,
        _ => 99_999_999,
    };
    if amount > most {
        let words = format!("Amount must be no more than {most}");
        return Err(bad(&words, "amount_too_large"));
    }
    Ok(())
}

/// 2.9 % and 30 minor units, in whole units of a currency that has no decimals.
pub(super) fn fee(amount: i64, currency: &str) -> i64 {
    let fee = (amount * 29 + 500) / 1_000 + 30;
    let unit = match currency {
        "ugx" | "isk" => 100,
        _ => 1,
    };
    ((fee + unit - 1) / unit * unit).min(amount)
}
