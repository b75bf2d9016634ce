//! Contact cards (vCard 2.1, 3.0 and 4.0), as phones export them. Each card becomes a row.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardType},
};

use super::{
    file::{Each, FileRow, MAX_ROW_BYTES},
    targets::{PhoneUse, use_of_label},
};

/// What the columns are called. Several values of a cell stand as in exports of Google.
const HEADER: [&str; 6] = ["Name", "First name", "Last name", "Phone", "Email", "Tags"];
const BETWEEN: &str = " ::: ";

pub(super) fn are_in(text: &str) -> bool {
    text.lines()
        .find(|line| !line.trim().is_empty())
        .is_some_and(begins)
}

fn begins(line: &str) -> bool {
    line.trim().eq_ignore_ascii_case("BEGIN:VCARD")
}

pub(super) fn read(text: &str, each: Each<'_>) {
    let header = FileRow {
        line: 0,
        cells: Some(HEADER.map(str::to_owned).to_vec()),
        lost: Vec::new(),
    };
    if each(header).is_break() {
        return;
    }
    // One card at a time, so that a row has a line and a broken card ends with itself.
    let mut begun: Option<(u64, usize)> = None;
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if begins(line)
            && let Some((first, from)) = begun.replace((number, at))
            && each(row(first, &text[from..at])).is_break()
        {
            return;
        }
        at += line.len();
    }
    if let Some((first, from)) = begun {
        let _ = each(row(first, &text[from..]));
    }
}

fn row(line: u64, card: &str) -> FileRow {
    let cells = match Parser::new(card).entry() {
        Entry::VCard(card) => cells(&card),
        _ => Vec::new(),
    };
    let fits = cells.iter().map(String::len).sum::<usize>() <= MAX_ROW_BYTES;
    FileRow {
        line,
        cells: (fits && !cells.is_empty()).then_some(cells),
        lost: Vec::new(),
    }
}

fn cells(card: &VCard) -> Vec<String> {
    let mut phones: Vec<(PhoneUse, &str)> = Vec::new();
    let (mut name, mut first, mut last) = ("", "", "");
    let (mut emails, mut tags) = (Vec::new(), Vec::new());
    for entry in &card.entries {
        let mut texts = entry
            .values
            .iter()
            .flat_map(texts)
            .filter(|text| !text.is_empty());
        match entry.name {
            VCardProperty::Fn => name = texts.next().unwrap_or_default(),
            VCardProperty::N => {
                let part = |place: usize| entry.values.get(place).and_then(|part| part.as_text());
                last = part(0).unwrap_or_default();
                first = part(1).unwrap_or_default();
            }
            VCardProperty::Tel => {
                if let Some(rank) = rank(entry, label(card, entry)) {
                    phones.extend(texts.map(|text| (rank, text.trim_start_matches("tel:"))));
                }
            }
            VCardProperty::Email => emails.extend(texts),
            VCardProperty::Categories => tags.extend(texts),
            _ => {}
        }
    }
    phones.sort_by_key(|(rank, _)| *rank);
    let phones: Vec<&str> = phones.into_iter().map(|(_, phone)| phone).collect();
    [
        name.trim(),
        first.trim(),
        last.trim(),
        &phones.join(BETWEEN),
        &emails.join(BETWEEN),
        &tags.join(BETWEEN),
    ]
    .map(str::to_owned)
    .to_vec()
}

fn texts(value: &calcard::vcard::VCardValue) -> Vec<&str> {
    match value {
        calcard::vcard::VCardValue::Component(parts) => parts.iter().map(String::as_str).collect(),
        other => other.as_text().into_iter().collect(),
    }
}

/// WhatsApp and mobile phones come first, phones at home and at work last. Nobody reads WhatsApp on a fax or a pager.
fn rank(entry: &VCardEntry, label: Option<&str>) -> Option<PhoneUse> {
    let mut uses: Vec<PhoneUse> = Vec::new();
    for kind in entry.parameters(&VCardParameterName::Type) {
        match kind {
            VCardParameterValue::Type(VCardType::Fax | VCardType::Pager | VCardType::Textphone) => {
                return None;
            }
            VCardParameterValue::Type(VCardType::Cell) => uses.push(PhoneUse::Mobile),
            VCardParameterValue::Type(VCardType::Home | VCardType::Work) => {
                uses.push(PhoneUse::Place);
            }
            VCardParameterValue::Text(text) => uses.extend(use_of_label(text)),
            _ => {}
        }
    }
    if let Some(label) = label {
        // Apple writes its own labels between marks: “_$!<Mobile>!$_”.
        uses.push(use_of_label(
            label.trim_matches(|c: char| "_$!<>".contains(c)),
        )?);
    }
    Some(uses.into_iter().min().unwrap_or(PhoneUse::Any))
}

/// The label that a program has given to an entry by its group: `item1.X-ABLabel:WhatsApp`.
fn label<'a>(card: &'a VCard, entry: &VCardEntry) -> Option<&'a str> {
    let group = entry.group.as_ref()?;
    let labels = card.entries.iter().filter(|other| {
        matches!(&other.name, VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABLabel"))
    });
    let mut of = labels.filter(|other| other.group.as_ref() == Some(group));
    of.next()?.values.first()?.as_text()
}
