//! What a column may hold, and how a header or a mapping names it.

use super::{
    headers::WORDS,
    wishes::{self, Wish},
    words,
};
use crate::{contacts::Field, violations::Violation};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Name,
    FirstName,
    MiddleName,
    LastName,
    Phone(PhoneUse),
    Email,
    Language,
    Tags,
    Field(Field),
    /// Only said by a mapping: such columns are known by their headers whatever else they are.
    Wish(Wish),
}

impl Target {
    pub(super) fn is_phone(&self) -> bool {
        matches!(self, Self::Phone(_))
    }

    /// Says whether two columns hold the same, such as two phones of one person.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self == other || (self.is_phone() && other.is_phone())
    }
}

/// What a phone is for. Of several phones Kazi takes the first that is valid, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PhoneUse {
    /// WhatsApp, or the column that the caller has named.
    Messages,
    Mobile,
    Any,
    /// At home or at work: often a landline.
    Place,
}

/// How an explicit mapping names the targets; a custom field by its key behind `attributes.`
const NAMES: [(&str, Target); 8] = [
    ("name", Target::Name),
    ("first_name", Target::FirstName),
    ("middle_name", Target::MiddleName),
    ("last_name", Target::LastName),
    ("phone", Target::Phone(PhoneUse::Messages)),
    ("email", Target::Email),
    ("language", Target::Language),
    ("tags", Target::Tags),
];

/// For a column that is not to be imported.
const IGNORE: &str = "ignore";

/// Marks that stand between the words of a header, or around them.
const MARKS: [char; 17] = [
    '_', '-', '.', ':', '*', '/', '(', ')', '[', ']', '#', '\'', '’', '"', '?', '–', ',',
];

/// A header in lower case, without marks between its words and without characters that nobody sees.
pub(super) fn plain(header: &str) -> String {
    let unseen = |c: &char| matches!(c, '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let shown: String = header.chars().filter(|c| !unseen(c)).collect();
    let spaced = shown.to_lowercase().replace(MARKS, " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A header without the number that tells columns of one kind apart: `Phone 1 - Value`, `E-mail 2 Address`, `Mobile2`.
fn unnumbered(word: &str) -> String {
    let word = word.strip_suffix(" value").unwrap_or(word);
    let words = word
        .split(' ')
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()));
    words
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The header of the column that tells what the phones of another are for: `Phone 1 - Label` for `Phone 1 - Value`.
pub(super) fn labels(header: &str, other: &str) -> bool {
    let (value, label) = (plain(header), plain(other));
    let of = value.strip_suffix(" value").unwrap_or(&value);
    label
        .strip_prefix(of)
        .is_some_and(|rest| matches!(rest, " label" | " type"))
}

/// What a phone is for, by the label that somebody gave it. `None`: a fax or a pager, where nobody reads WhatsApp.
pub(super) fn use_of_label(label: &str) -> Option<PhoneUse> {
    let label = plain(label);
    let words: Vec<&str> = label.split(' ').collect();
    if words.iter().any(|word| words::is(&[words::FAX], word)) {
        return None;
    }
    Some(words::phone_use(&words).unwrap_or(PhoneUse::Any))
}

/// What an explicit mapping says; `None`: nothing that is imported.
pub(super) fn named(target: &str, fields: &[Field]) -> Result<Option<Target>, Violation> {
    if target == IGNORE {
        return Ok(None);
    }
    let known = NAMES
        .iter()
        .find(|(name, _)| *name == target)
        .map(|(_, target)| target.clone());
    let custom = || {
        let key = target.strip_prefix("attributes.")?;
        fields
            .iter()
            .find(|field| field.key == key)
            .cloned()
            .map(Target::Field)
    };
    let wish = || {
        let mut wishes = wishes::NAMES.iter();
        let (_, wish) = wishes.find(|(name, _)| *name == target)?;
        Some(Target::Wish(*wish))
    };
    known
        .or_else(wish)
        .or_else(custom)
        .map(Some)
        .ok_or_else(|| {
            let names = NAMES.iter().map(|(name, _)| *name);
            let names: Vec<&str> = names.chain(wishes::NAMES.map(|(name, _)| name)).collect();
            let names = names.join(", ");
            (
                "unknown_target",
                format!(
                    "must be one of {names}, {IGNORE}, or attributes. and the key of a custom field"
                ),
            )
        })
}

/// By its header.
pub(super) fn guess(header: &str, fields: &[Field]) -> Option<Target> {
    let word = plain(header);
    let known = |word: &str| {
        let has = |(_, words): &&(Target, &[&str])| words.contains(&word);
        WORDS.iter().find(has).map(|(target, _)| target.clone())
    };
    let custom = || {
        let is = |field: &&Field| plain(&field.key) == word || plain(&field.label) == word;
        fields.iter().find(is).cloned().map(Target::Field)
    };
    known(&word)
        .or_else(custom)
        .or_else(|| known(&unnumbered(&word)))
        .or_else(|| by_words(&unnumbered(&word), known))
}

/// By its words: `Customer Mobile`, `Phone Number (WhatsApp)`. All words must be known, as `Mother’s phone` is somebody
/// else’s and `Customer number` is no phone.
fn by_words(header: &str, known: impl Fn(&str) -> Option<Target>) -> Option<Target> {
    let header = header.replace("whats app", "whatsapp");
    let mut header = header.as_str();
    for part in words::ASIDES {
        header = header.strip_suffix(part).unwrap_or(header);
    }
    let words: Vec<&str> = header.split(' ').collect();
    let without = |fillers: &[&str]| {
        let left = words.iter().filter(|word| !words::is(fillers, word));
        left.copied().collect::<Vec<_>>()
    };
    let people = without(&[words::PEOPLE]);
    let all = without(&[words::PEOPLE, words::CONTACT]);
    for left in [people, all] {
        let text = left.join(" ");
        if left.len() < words.len()
            && !words::is(&[words::NOT_ALONE], &text)
            && let Some(target) = known(&text)
        {
            return Some(target);
        }
        if let Some(phone_use) = words::all_of_a_phone(&left) {
            return Some(Target::Phone(phone_use));
        }
    }
    None
}
