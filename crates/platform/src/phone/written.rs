//! Reads what a person, a spreadsheet or a chat wrote as a phone number, before any plan of numbers is asked.
//!
//! The rule: a text that is not surely one number is refused. A wrong guess is somebody else's number.

/// A number as it was written: its digits in ASCII, and what stood around them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// It begins with a plus sign.
    pub plus: bool,
    pub digits: String,
    /// Digits alone, without a separator.
    pub bare: bool,
}

const LETTERS: &str = "it has letters";
const DECIMAL: &str = "it is a decimal number: format the column as text";
const TWO: &str = "it has more than one number";
const SIGN: &str = "it has a sign that no phone number has";
const DATE: &str = "it is a date";

/// Words before an international number: of links (RFC 3966), of Facebook's exports of leads, of providers' ids.
const SCHEMES: [&str; 10] = [
    "tel", "p", "ph", "phone", "whatsapp", "wa", "sms", "smsto", "callto", "mobile",
];
/// Links of WhatsApp: the number follows, in digits and without its sign.
const LINKS: [&str; 7] = [
    "wa.me/",
    "api.whatsapp.com/send?phone=",
    "api.whatsapp.com/send/?phone=",
    "web.whatsapp.com/send?phone=",
    "web.whatsapp.com/send/?phone=",
    "send?phone=",
    "send/?phone=",
];

/// The rest of a text behind a start in ASCII, in whatever case.
fn behind<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

/// The number of a link of WhatsApp. A link is international by itself.
fn linked(text: &str) -> Option<Written> {
    let bare = ["https://", "http://", "whatsapp://"]
        .iter()
        .find_map(|scheme| behind(text, scheme));
    let address = bare.unwrap_or(text);
    let address = behind(address, "www.").unwrap_or(address);
    let rest = LINKS.iter().find_map(|link| behind(address, link))?;
    let said = rest.split(['?', '&', '/', '#']).next()?;
    let unsigned = said.strip_prefix('+').or_else(|| behind(said, "%2b"));
    let number = unsigned.unwrap_or(said);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Written {
        plus: true,
        digits: number.to_owned(),
        bare: true,
    })
}

/// A text without the word that stands before an international number.
fn without_scheme(text: &str) -> &str {
    let number = SCHEMES.iter().find_map(|scheme| {
        let rest = behind(text, scheme)?.trim_start().strip_prefix(':')?;
        let rest = rest.trim_start_matches('/').trim_start();
        rest.starts_with(['+', '＋', '﹢']).then_some(rest)
    });
    number.unwrap_or(text)
}

/// Says whether a text is a date, in figures, with a time behind it or without: `2025-01-05`, `5.1.2025`, `05/01/25 10:00`.
pub(super) fn is_date(text: &str) -> bool {
    let text: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| digit(c).unwrap_or(c))
        .collect();
    let text = text.trim_matches(|c: char| c.is_whitespace() || "'\"".contains(c));
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    let mut separator = None;
    loop {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        if part.is_empty() {
            return false;
        }
        parts.push(part);
        rest = behind;
        let next = rest.chars().next();
        if parts.len() == 3 {
            break;
        }
        match next {
            Some(c)
                if (is_dash(c) || "/.／．".contains(c)) && separator.is_none_or(|of| of == c) =>
            {
                separator = Some(c);
                // “5. 1. 2025”, as in Czech and Croatian.
                rest = rest[c.len_utf8()..].trim_start_matches(' ');
                if rest.is_empty() {
                    return false;
                }
            }
            None if parts.len() == 2 => break,
            _ => return false,
        }
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(u32::MAX);
    let is_year = |part: &str| part.len() == 4 && (1900..2100).contains(&number(part));
    let is_month = |part: &str| part.len() <= 2 && (1..=12).contains(&number(part));
    let is_day = |part: &str| part.len() <= 2 && (1..=31).contains(&number(part));
    let is_day_of_month =
        |a: &str, b: &str| (is_day(a) && is_month(b)) || (is_month(a) && is_day(b));
    let dated = match parts[..] {
        [a, b] => (is_year(a) && is_month(b) && b.len() == 2) || (is_month(a) && is_year(b)),
        [a, b, c] => {
            (is_year(a) && is_month(b) && is_day(c))
                || (is_day_of_month(a, b) && (is_year(c) || c.len() == 2))
        }
        _ => false,
    };
    // Behind a date: a point, or a time.
    let behind = rest
        .strip_prefix('.')
        .unwrap_or(rest)
        .trim_start_matches([' ', ',', '\u{a0}']);
    let time = behind.strip_prefix(['T', 't']).unwrap_or(behind);
    dated && (behind.is_empty() || (time.len() < rest.len() && is_time(time)))
}

/// `10:00`, `10:00:00.000Z`, `9:05 PM`, `10:00:00+03:00`.
fn is_time(text: &str) -> bool {
    let hour = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&hour)
        && text[hour..].starts_with(':')
        && text.len() <= 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b":.+-Zz APMapm".contains(&byte))
}

impl Written {
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let text = text
            .trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || "'\"’‘`´".contains(c));
        if let Some(linked) = linked(text) {
            return Ok(linked);
        }
        if is_date(text) {
            return Err(DATE);
        }
        let text = without_scheme(text);
        let (mut plus, mut bare, mut digits) = (false, true, String::new());
        // How many digits stood before each point, comma or slash.
        let (mut points, mut commas, mut slashes) = (Vec::new(), Vec::new(), Vec::new());
        for c in text.chars() {
            if let Some(digit) = digit(c) {
                digits.push(digit);
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            bare = false;
            match c {
                '+' | '＋' | '﹢' if !plus && digits.is_empty() => plus = true,
                '+' | '＋' | '﹢' => return Err(TWO),
                '.' | '．' | '․' | '·' => points.push(digits.len()),
                ',' | '，' | '٬' | '、' | '،' => commas.push(digits.len()),
                '/' | '／' => slashes.push(digits.len()),
                '٫' => return Err(DECIMAL),
                '\n' | '\r' | '\u{2028}' | '\u{2029}' | ';' | '；' | '|' | '&' | '\\' => {
                    return Err(TWO);
                }
                '(' | ')' | '（' | '）' | '[' | ']' => {}
                c if is_dash(c) && digits.is_empty() => return Err(SIGN),
                c if is_dash(c) || c.is_whitespace() => {}
                c if c.is_alphabetic() => return Err(LETTERS),
                _ => return Err(SIGN),
            }
        }
        if digits.is_empty() {
            return Err("it has no digits");
        }
        let all = digits.len();
        let behind = |at: usize| all - at;
        match slashes[..] {
            [] => {}
            // An area code before a slash, as in 030/1234567. Else it is a second number, or the end of one.
            [at] if (2..=7).contains(&at) && behind(at) >= 4 => {}
            _ => return Err(TWO),
        }
        match points[..] {
            [] => {}
            [at] if behind(at) <= 2 => return Err(DECIMAL),
            // 7.12345678 is what is left of an exponent; 06.12345678 and +33.612345678 are phones.
            [at] if at <= 2 && !plus && !digits.starts_with('0') => return Err(DECIMAL),
            [_] => {}
            [.., last] if behind(last) < 2 => return Err(DECIMAL),
            _ => {}
        }
        if !commas.is_empty() {
            // A spreadsheet's thousands: 254,712,345,678.
            let mut ends = commas.iter().copied().chain([all]);
            let first = ends.next().unwrap_or_default();
            let mut before = first;
            let threes = ends.all(|end| {
                let three = end == before + 3;
                before = end;
                three
            });
            let thousands = commas.len() > 1 && (1..=3).contains(&first) && threes;
            if !thousands || !points.is_empty() {
                return Err(if commas.len() == 1 && behind(first) <= 2 {
                    DECIMAL
                } else {
                    TWO
                });
            }
        }
        Ok(Self { plus, digits, bare })
    }
}

/// The zeros of all scripts: in each the other nine digits follow (Unicode, category Nd).
const ZEROS: [char; 66] = [
    '\u{30}',
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
    '\u{1fbf0}',
];

/// The ASCII digit that a digit of any script stands for.
pub(super) fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let at = ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?;
    let value = u32::from(c) - u32::from(*ZEROS.get(at)?);
    char::from_digit(value, 10)
}

/// Characters that nobody sees: marks of direction, joiners, the mark of a byte order, variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !c.is_whitespace())
}

/// Dashes and minus signs (Unicode, category Pd, and the signs that keyboards put in their place).
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '~' | '\u{58a}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{2053}'
                | '\u{207b}'
                | '\u{2212}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{301c}'
                | '\u{30fc}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Result<String, &'static str> {
        Written::read(text).map(|written| written.digits)
    }

    #[test]
    fn digits_of_any_script_are_digits_and_what_nobody_sees_is_not_there() {
        for text in [
            "٠٧١٢٣٤٥٦٧٨",
            "۰۷۱۲۳۴۵۶۷۸",
            "०७१२३४५६७८",
            "０７１２３４５６７８",
            "০৭১২৩৪৫৬৭৮",
            "𝟎𝟕𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
            "\u{feff}0712\u{200b}345\u{200e}678\u{202c}",
            "\u{202a}0712\u{a0}345\u{202f}678",
            "0712\u{2011}345\u{2212}678",
            "(0712)（345）678",
            "'0712345678",
            "\u{2066}'0712345678'\u{2069}",
            "0712.345.678",
            "0712/345678",
        ] {
            assert_eq!(digits(text).as_deref(), Ok("0712345678"), "{text:?}");
        }
        assert!(ZEROS.is_sorted());
    }

    #[test]
    fn what_is_not_surely_one_number_is_refused_with_its_reason() {
        for (text, reason) in [
            ("0712 345 67O", LETTERS),
            ("+25471234567l", LETTERS),
            ("tel: 0712345678", LETTERS),
            ("7.123456E8", LETTERS),
            ("2.54712E+11", LETTERS),
            ("٧٫١٢٣٤٥٦٧٨", DECIMAL),
            ("712345678.0", DECIMAL),
            ("254712345678.00", DECIMAL),
            ("712345678,0", DECIMAL),
            ("7.12345678", DECIMAL),
            ("254.712.345.678.0", DECIMAL),
            ("0712345678/0723456789", TWO),
            ("0712345678/79", TWO),
            ("0712345678, 0723456789", TWO),
            ("0712345678; 0723456789", TWO),
            ("0712345678\n0723456789", TWO),
            ("+254712345678 +254723456789", TWO),
            ("0712345678 & 79", TWO),
            ("-712345678", SIGN),
            ("*150*00#", SIGN),
            ("0712345678 #3", SIGN),
            ("\u{200b}", "it has no digits"),
            ("+", "it has no digits"),
        ] {
            assert_eq!(digits(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn a_date_is_no_number() {
        for text in [
            "2025-01-05",
            "2019-11-30",
            "05/01/2025",
            "5.1.2025",
            "5. 1. 2025.",
            "1/5/2025",
            "13/12/1999",
            "12/13/1999",
            "2025/01/05",
            "2025.01.05.",
            "05-01-25",
            "31.12.99",
            "2025-01-05 10:00:00",
            "2025-01-05T10:00:00.000Z",
            "05/01/2025 9:05 PM",
            "05.01.2025, 10:00",
            "٢٠٢٥-٠١-٠٥",
            "2025‑01‑05",
            "'2025-01-05",
            "01/2025",
            "2025-01",
        ] {
            assert_eq!(digits(text), Err(DATE), "{text}");
        }
        // Numbers with dashes, points and slashes are none.
        for (text, said) in [
            ("2025-1405", "20251405"),
            ("0712-345-678", "0712345678"),
            ("01-23-45-67-89", "0123456789"),
            ("650-253-0000", "6502530000"),
            ("55-12-34-56", "55123456"),
            ("75.12.34", "751234"),
            ("030/1234567", "0301234567"),
            ("02-2025-1234", "0220251234"),
            ("1985-13-40", "19851340"),
            ("20250105", "20250105"),
        ] {
            assert_eq!(digits(text).as_deref(), Ok(said), "{text}");
        }
    }

    #[test]
    fn a_known_word_or_link_before_an_international_number_is_read() {
        for text in [
            "p:+254712345678",
            "tel:+254712345678",
            "TEL: +254 712 345 678",
            "tel:+254-712-345-678",
            "whatsapp:+254712345678",
            "https://wa.me/254712345678",
            "http://www.wa.me/+254712345678",
            "wa.me/254712345678?text=Hi%20there",
            "https://api.whatsapp.com/send?phone=254712345678",
            "https://api.whatsapp.com/send/?phone=%2B254712345678&text=Hi&app_absent=0",
            "https://web.whatsapp.com/send?phone=254712345678",
            "whatsapp://send?phone=+254712345678",
        ] {
            let read = Written::read(text);
            assert_eq!(
                read.map(|read| (read.plus, read.digits)),
                Ok((true, "254712345678".into())),
                "{text}"
            );
        }
        for text in [
            "tel:0712345678",
            "whatsapp:254712345678",
            "id:+254712345678",
            "https://wa.me/message/ABC1",
            "https://chat.whatsapp.com/254712345678",
            "https://example.com/254712345678",
        ] {
            assert!(digits(text).is_err(), "{text}");
        }
    }

    #[test]
    fn points_that_group_are_no_decimal_points() {
        for (text, said) in [
            ("06.12.34.56.78", "0612345678"),
            ("+33.612345678", "33612345678"),
            ("06.12345678", "0612345678"),
            ("650.253.0000", "6502530000"),
            ("212.5550123", "2125550123"),
            ("254,712,345,678", "254712345678"),
        ] {
            assert_eq!(digits(text).as_deref(), Ok(said), "{text}");
        }
    }
}
