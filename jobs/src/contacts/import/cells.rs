//! What people and programs write into one cell: several values, a number that a spreadsheet has changed, parts of a name.

use std::borrow::Cow;

use crate::violations::Violation;

/// Between the values of a cell in exports of Google.
pub(super) const GOOGLE: &str = ":::";

/// A cell without the quote by which exports keep a spreadsheet from taking it for a formula.
pub(super) fn unprotected(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

fn pieces<'a>(cell: &'a str, marks: &[char]) -> Vec<&'a str> {
    let parts = cell.split(GOOGLE).flat_map(|part| part.split(marks));
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// The phones of a cell. Commas and slashes stand inside one number too, and a part behind one may be the end of another
/// number, as in `0712345678/79`: Kazi splits there only if each part is a phone.
pub(super) fn phones(cell: &str, is_phone: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut phones = Vec::new();
    for piece in pieces(cell, &[';', '；', '|', '\n']) {
        let parts = pieces(piece, &[',', '،', '，', '、', '/', '／']);
        if !is_phone(piece) && parts.iter().all(|part| is_phone(part)) {
            phones.extend(parts);
        } else {
            phones.push(piece);
        }
    }
    phones
}

pub(super) fn emails(cell: &str) -> Vec<&str> {
    let mut emails = pieces(cell, &[';', ',', '|', '\n']);
    for email in &mut emails {
        *email = email.strip_prefix("mailto:").unwrap_or(email);
    }
    emails
}

/// The tags of a cell, without the groups that Google itself makes, such as `* myContacts`.
pub(super) fn tags(cell: &str) -> Vec<&str> {
    let mut tags = pieces(cell, &[';', ',', '|']);
    tags.retain(|tag| !tag.starts_with('*'));
    tags
}

/// A phone as somebody typed it, where a spreadsheet has made a number of it: `254712345678.0`, `2.54712345678E+11`.
///
/// # Errors
/// The spreadsheet has rounded the number, so nobody knows its last digits.
pub(super) fn digits(cell: &str) -> Result<Cow<'_, str>, Violation> {
    let number = cell.trim();
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (number, None),
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(fraction) || !all_digits(whole.trim_start_matches('+')) || whole.is_empty() {
        return Ok(cell.into());
    }
    let Some(exponent) = exponent else {
        let zeros = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
        return Ok(if zeros && whole.len() >= 5 {
            whole
        } else {
            cell
        }
        .into());
    };
    let exponent = exponent.trim_start_matches('+');
    match exponent.parse::<usize>() {
        Ok(exponent) if whole.trim_start_matches('+').len() == 1 && fraction.len() == exponent => {
            Ok(format!("{whole}{fraction}").into())
        }
        Ok(_) => Err((
            "invalid_phone",
            "the spreadsheet has rounded the number: write the phone as a text".into(),
        )),
        Err(_) => Ok(cell.into()),
    }
}

/// The parts of a name.
#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) first: Option<String>,
    pub(super) middle: Option<String>,
    pub(super) last: Option<String>,
}

impl Person {
    /// The whole name. A column that is called a name may hold only a part of it: where there is a column for one of the two
    /// parts, it is the other, as in “Nom, Prénom” and “Nombre, Apellidos”.
    pub(super) fn whole(self) -> String {
        let has = |whole: &str, part: &str| {
            let whole = whole.to_lowercase();
            whole.split_whitespace().any(|word| {
                part.to_lowercase()
                    .split_whitespace()
                    .any(|part| part == word)
            })
        };
        let Self {
            name,
            first,
            middle,
            last,
        } = self;
        let parts = match (name, first, last) {
            (Some(name), Some(first), None) if !has(&name, &first) => {
                [Some(first), middle, Some(name)]
            }
            (Some(name), None, Some(last)) if !has(&name, &last) => {
                [Some(name), middle, Some(last)]
            }
            (Some(name), ..) => [Some(name), None, None],
            (None, first, last) => [first, middle, last],
        };
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_spreadsheet_has_its_digits_or_is_refused() {
        for (cell, wanted) in [
            ("254712345678.0", "254712345678"),
            ("254712345678,00", "254712345678"),
            ("2.54712345678E+11", "254712345678"),
            ("2,54712345678e11", "254712345678"),
            ("+2.54712345678E11", "+254712345678"),
            ("0712 345 678", "0712 345 678"),
            ("071.2345", "071.2345"),
            ("Elena", "Elena"),
        ] {
            assert_eq!(digits(cell).unwrap(), wanted, "{cell}");
        }
        for cell in ["2.54712E+11", "7.123456E8", "2.5471234567891E+11", "3E9"] {
            assert_eq!(digits(cell).unwrap_err().0, "invalid_phone", "{cell}");
        }
    }

    #[test]
    fn a_cell_of_several_values_is_split() {
        for (cell, wanted) in [
            (
                "0712345678 ::: 0722345678",
                &["0712345678", "0722345678"][..],
            ),
            (
                "0712345678 / 0722345678;1\n2",
                &["0712345678", "0722345678", "1", "2"],
            ),
            ("0712345678، 0722345678", &["0712345678", "0722345678"]),
            ("0712345678/79", &["0712345678/79"]),
            ("071234/5678", &["071234/5678"]),
        ] {
            let is_phone = |text: &str| text.replace('/', "").len() == 10;
            assert_eq!(phones(cell, is_phone), wanted, "{cell}");
        }
        assert_eq!(
            emails("a@x.com ::: mailto:b@x.com, c@x.com"),
            ["a@x.com", "b@x.com", "c@x.com"]
        );
        assert_eq!(tags("* myContacts ::: Salon ::: VIP"), ["Salon", "VIP"]);
    }

    #[test]
    fn a_name_is_put_together_of_the_columns_that_there_are() {
        let whole = |name: &str, first: &str, middle: &str, last: &str| {
            let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let person = Person {
                name: part(name),
                first: part(first),
                middle: part(middle),
                last: part(last),
            };
            person.whole()
        };
        assert_eq!(whole("", "Amina", "W.", "Otieno"), "Amina W. Otieno");
        assert_eq!(whole("Dupont", "Zoë", "", ""), "Zoë Dupont");
        assert_eq!(whole("Lucía", "", "", "García Pérez"), "Lucía García Pérez");
        assert_eq!(whole("Amina Otieno", "Amina", "", "Otieno"), "Amina Otieno");
        assert_eq!(whole("Amina Otieno", "amina", "", ""), "Amina Otieno");
        assert_eq!(whole("Amina Otieno", "", "", "OTIENO"), "Amina Otieno");
    }
}
