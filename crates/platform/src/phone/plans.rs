//! Countries in which one line has two numbers: an older one and today's.
//!
//! WhatsApp keeps the id of whoever registered with the older number, and people go on writing it. Both are one line,
//! hence one number here: today's. A rule is right only if no line of today has the older form.

/// Today's number of a line, without `+`. The digits begin with the country's code.
pub(super) fn current(digits: &str) -> String {
    let changed = [
        brazil,
        mexico,
        argentina,
        ivory_coast,
        benin,
        gabon,
        cameroon,
        vietnam,
    ]
    .iter()
    .find_map(|rule| rule(digits));
    changed.unwrap_or_else(|| digits.to_owned())
}

/// What follows a country's code, if all of it has so many digits.
fn national<'a>(digits: &'a str, code: &str, count: usize) -> Option<&'a str> {
    let rest = digits.strip_prefix(code)?;
    (rest.len() == count).then_some(rest)
}

/// Mobiles got a ninth digit, a 9, after the area code (Anatel, 2012 to 2016). Landlines begin with 2 to 5.
fn brazil(digits: &str) -> Option<String> {
    let (area, line) = national(digits, "55", 10)?.split_at_checked(2)?;
    let mobile = !area.contains('0') && line.starts_with(['6', '7', '8', '9']);
    mobile.then(|| format!("55{area}9{line}"))
}

/// The 1 for mobiles, and the prefixes 01, 044 and 045, are gone since August 2019 (IFT).
fn mexico(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("52")?;
    let line = ["1", "01", "044", "045"]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix).filter(|line| line.len() == 10))?;
    line.starts_with(['2', '3', '4', '5', '6', '7', '8', '9'])
        .then(|| format!("52{line}"))
}

/// A mobile is +54 9 with its area code and number from abroad, and 0, the area code, 15 and the number at home. WhatsApp
/// and Meta write it with the 9 and without.
fn argentina(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("54")?;
    let rest = rest.strip_prefix('9').unwrap_or(rest);
    let rest = rest.strip_prefix('0').unwrap_or(rest);
    // Area codes begin with 1, 2 or 3 and have two to four digits: with the number they are ten.
    if !rest.starts_with(['1', '2', '3']) {
        return None;
    }
    if rest.len() == 10 {
        return Some(format!("549{rest}"));
    }
    if rest.len() != 12 {
        return None;
    }
    let mut areas = if rest.starts_with("11") { 2..=2 } else { 3..=4 };
    areas.find_map(|area| {
        let (area, line) = rest.split_at_checked(area)?;
        Some(format!("549{area}{}", line.strip_prefix("15")?))
    })
}

/// Two digits of the operator came before the eight of a mobile, whose second digit names the operator (ARTCI, January
/// 2021). Landlines begin with 2 or 3.
fn ivory_coast(digits: &str) -> Option<String> {
    let line = national(digits, "225", 8)?;
    let mut figures = line.chars();
    if matches!(figures.next()?, '2' | '3') {
        return None;
    }
    let operator = match figures.next()? {
        '0'..='3' => "01",
        '4'..='6' => "05",
        _ => "07",
    };
    Some(format!("225{operator}{line}"))
}

/// All lines got 01 before their eight digits (ARCEP Bénin, November 2024).
fn benin(digits: &str) -> Option<String> {
    national(digits, "229", 8).map(|line| format!("22901{line}"))
}

/// The first digit, with a 0 before it or without, became two (ARCEP Gabon, June 2019).
fn gabon(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("241")?;
    let line = rest.strip_prefix('0').unwrap_or(rest);
    let first = match (line.len(), line.chars().next()?) {
        (7, '1') => "11",
        (7, '2') => "62",
        (7, '4') => "74",
        (7, '5') => "65",
        (7, '6') => "66",
        (7, '7') => "77",
        _ => return None,
    };
    Some(format!("241{first}{}", line.get(1..)?))
}

/// Mobiles got a 6 and landlines a 2 before their eight digits (ART, November 2014).
fn cameroon(digits: &str) -> Option<String> {
    let line = national(digits, "237", 8)?;
    let first = match line.chars().next()? {
        '2' | '3' => '2',
        '5' | '6' | '7' | '9' => '6',
        _ => return None,
    };
    Some(format!("237{first}{line}"))
}

/// Mobiles of eleven digits lost one: four digits at the beginning became three (MIC, 2018).
fn vietnam(digits: &str) -> Option<String> {
    let line = national(digits, "84", 10)?;
    let (old, rest) = line.split_at_checked(3)?;
    let new = match old {
        "120" => "70",
        "121" => "79",
        "122" => "77",
        "123" => "83",
        "124" => "84",
        "125" => "85",
        "126" => "76",
        "127" => "81",
        "128" => "78",
        "129" => "82",
        "162" => "32",
        "163" => "33",
        "164" => "34",
        "165" => "35",
        "166" => "36",
        "167" => "37",
        "168" => "38",
        "169" => "39",
        "186" => "56",
        "188" => "58",
        "199" => "59",
        _ => return None,
    };
    Some(format!("84{new}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_number_is_todays() {
        for (older, today) in [
            ("551187654321", "5511987654321"),
            ("554888123456", "5548988123456"),
            ("5215512345678", "525512345678"),
            ("520445512345678", "525512345678"),
            ("541123456789", "5491123456789"),
            ("54111523456789", "5491123456789"),
            ("549111523456789", "5491123456789"),
            ("54351151234567", "5493511234567"),
            ("540351151234567", "5493511234567"),
            ("54354115123456", "5493541123456"),
            ("22507123456", "2250707123456"),
            ("22545123456", "2250545123456"),
            ("22540123456", "2250140123456"),
            ("22997123456", "2290197123456"),
            ("24107123456", "24177123456"),
            ("2416123456", "24166123456"),
            ("23777123456", "237677123456"),
            ("841681234567", "84381234567"),
        ] {
            assert_eq!(current(older), today, "{older}");
            assert_eq!(current(today), today, "{today}");
        }
    }

    #[test]
    fn a_number_of_today_stays() {
        for digits in [
            "551133334444",
            "5511987654321",
            "525512345678",
            "5491123456789",
            "5480012345678",
            "2250707123456",
            "22521123456",
            "2290197123456",
            "24177123456",
            "237677123456",
            "84381234567",
            "254712345678",
            "12125550123",
            "33612345678",
            "55",
            "",
        ] {
            assert_eq!(current(digits), digits);
        }
    }
}
