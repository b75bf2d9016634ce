//! Tells words from what is left of words after a wrong decoding.

use encoding_rs::{
    Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1256,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It has no letters beyond ASCII: it says nothing about the encoding.
    Plain,
    Of(Script),
    /// A Latin word with three letters in a row that are not ASCII. Few words of few languages have such.
    Odd,
    Broken,
}

/// Splits a text into words: also at the marks that stand inside of names.
pub(super) fn words(text: &str) -> Vec<&str> {
    let (mut words, mut from, mut before) = (Vec::new(), 0, ' ');
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, after)| *after);
        let is_mark = MARKS.contains(&c) && !stands_for_a_letter(before, c, after);
        if c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphanumeric()) || is_mark {
            words.push(&text[from..at]);
            from = at + c.len_utf8();
        }
        before = c;
    }
    words.push(&text[from..]);
    words.retain(|word| !word.is_empty());
    words
}

/// DOS wrote letters with bytes that are marks to Windows: “Jos‚” was José, “J”rg” was Jörg. People write an opening mark
/// before a word, and no quotation mark between two letters.
fn stands_for_a_letter(before: char, mark: char, after: char) -> bool {
    before.is_ascii_alphabetic()
        && match mark {
            '‚' | '„' | '¡' | '¿' => true,
            '“' | '”' | '«' | '»' | '‹' | '›' | '•' | '™' => {
                after.is_ascii_alphabetic()
            }
            _ => false,
        }
        // Other encodings have Š, Ž and Ł where Windows has these: “£ukasz”.
        || (matches!(mark, '©' | '®' | '£') && after.is_ascii_lowercase())
}

/// Says whether a mark or a space stands between two letters, as it seldom does: DOS wrote á, ú, à, û and ù with the bytes
/// of “ ”, “£”, “…”, “–” and “—”.
pub(super) fn may_stand_for_letters(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).any(|three| {
        let [before, mark, after] = [three[0], three[1], three[2]];
        matches!(mark, '\u{a0}' | '£' | '…' | '–' | '—')
            && before.is_ascii_alphabetic()
            && after.is_ascii_lowercase()
    })
}

/// Punctuation beyond ASCII that people write beside words.
const MARKS: [char; 31] = [
    '‘', '’', '‚', '“', '”', '„', '«', '»', '‹', '›', '–', '—', '…', '•', '·', '¡', '¿', '،', '؛',
    '؟', '°', '№', '™', '®', '©', '€', '£', '\u{200e}', '\u{200f}', '\u{200d}', '\u{200c}',
];

fn script(c: char) -> Option<Script> {
    Some(match c {
        'ª'
        | 'º'
        | '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{24f}'
        | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        c if c.is_ascii_alphabetic() => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{591}'..='\u{5f4}' => Script::Hebrew,
        '\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Script::Arabic,
        '\u{e01}'..='\u{e4f}'
        | '\u{900}'..='\u{dff}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}' => Script::Other,
        _ => return None,
    })
}

/// A mark that stands on the letter before it.
fn stands_on_another(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// Says whether a word can be one: its letters are of one script, small letters do not change to capitals inside of it, no
/// capital beyond ASCII stands among small letters, and an ordinal mark ends a short word, as in “Mª”.
pub(super) fn judge(word: &str) -> Word {
    if word.is_ascii() {
        return Word::Plain;
    }
    if misplaced_ordinal(word) || misplaced_capital(word) {
        return Word::Broken;
    }
    let mut of = None;
    let mut before: Option<char> = None;
    let (mut run, mut longest) = (0, 0);
    for c in word.chars().filter(|c| !c.is_ascii_digit()) {
        let Some(script) = script(c) else {
            return Word::Broken;
        };
        if *of.get_or_insert(script) != script || (before.is_none() && stands_on_another(c)) {
            return Word::Broken;
        }
        if let Some(before) = before
            && !(before.is_ascii() && c.is_ascii())
            && before.is_lowercase()
            && c.is_uppercase()
        {
            return Word::Broken;
        }
        run = if c.is_ascii() { 0 } else { run + 1 };
        longest = run.max(longest);
        before = Some(c);
    }
    match of {
        Some(Script::Latin) if longest >= 3 => Word::Odd,
        Some(script) => Word::Of(script),
        None => Word::Broken,
    }
}

/// “Pãtraºcu” was Pătraşcu, and “ªtefan” was Ştefan. People write “Mª”, “Fcº” and “3º”.
fn misplaced_ordinal(word: &str) -> bool {
    const SHORT_CHARS: usize = 4;
    let chars: Vec<char> = word.chars().collect();
    chars.iter().enumerate().any(|(place, c)| {
        let last = place + 1 == chars.len();
        matches!(c, 'ª' | 'º') && (place == 0 || !last || chars.len() > SHORT_CHARS)
    })
}

/// “JÅrgen” was Jürgen. In “ÅRHUS” all letters are capitals.
fn misplaced_capital(word: &str) -> bool {
    let mut inside = word
        .chars()
        .skip(1)
        .skip_while(|c| c.is_ascii() || !c.is_uppercase());
    inside.any(char::is_lowercase)
}

/// Says whether a cell's text was decoded wrongly before Kazi got it.
pub(super) fn garbled(cell: &str) -> bool {
    if cell.is_ascii() {
        return only_question_marks(cell);
    }
    cell.contains(|c| matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}'))
        || twice_encoded(cell)
        || words(cell)
            .into_iter()
            .any(|word| of_another_alphabet(word) || ordinal_among_letters(word))
}

/// A program that cannot write a letter writes a question mark.
fn only_question_marks(cell: &str) -> bool {
    cell.len() > 1 && cell.bytes().all(|byte| byte == b'?' || byte == b' ') && cell.starts_with('?')
}

/// UTF-8 that was read in another encoding: its bytes are UTF-8 still.
fn twice_encoded(cell: &str) -> bool {
    let read_as = |encoding: &'static Encoding, least: usize| {
        let (bytes, _, lost) = encoding.encode(cell);
        let letters = |text: &str| text.chars().filter(|c| !c.is_ascii()).count();
        !lost && std::str::from_utf8(&bytes).is_ok_and(|text| letters(text) >= least)
    };
    read_as(WINDOWS_1252, 1)
        || [
            WINDOWS_1250,
            WINDOWS_1251,
            WINDOWS_1254,
            WINDOWS_1256,
            MACINTOSH,
        ]
        .into_iter()
        .any(|encoding| read_as(encoding, 2))
}

/// A word of another alphabet that was read as Western European: letters of Latin-1 alone, as no language strings them
/// together.
fn of_another_alphabet(word: &str) -> bool {
    let western = |c: char| c.is_ascii() || ('\u{a1}'..='\u{ff}').contains(&c);
    let beyond = word.chars().filter(|c| !c.is_ascii()).count();
    word.chars().all(western) && beyond >= 3 && matches!(judge(word), Word::Odd | Word::Broken)
}

/// An ordinal mark between letters: a Romanian ş that was read as Western European.
fn ordinal_among_letters(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(3).any(|three| {
        matches!(three[1], 'ª' | 'º') && three[0].is_lowercase() && three[2].is_lowercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_or_an_ordinal_inside_of_a_word_breaks_it() {
        for word in ["JÅrgen", "HÇläne", "Pãtraºcu", "ªtefan", "©imić", "£ukasz"] {
            assert_eq!(judge(word), Word::Broken, "{word}");
        }
        for word in ["JÜRGEN", "Jürgen", "Mª", "Fcº", "Ängström", "ÅA"] {
            assert_eq!(judge(word), Word::Of(Script::Latin), "{word}");
        }
    }

    #[test]
    fn what_is_left_of_names_is_told_from_names() {
        for name in [
            "José Muñoz",
            "Łukasz Żółć",
            "Nguyễn Thị Đặng",
            "Þóra Ýrr",
            "Şükrü Yıldırım",
            "خالد المطيري",
            "Ольга",
            "Γιώργος",
            "דָּנָה",
            "नूर",
            "สมชาย",
            "李小龍",
            "Été à Besançon",
            "JOSÉ",
            "O’Brien",
            "Amina 🌸",
            "A?",
            "Ünïcödé Ltd ™",
            "ÅÄ Öland AB",
            "“Tia” Amina",
            "५ रु",
            "СИДОРОВ",
            "Річка",
            "Ñuñez",
            "Mª José",
            "3ºB",
            "ÅRHUS",
        ] {
            assert!(!garbled(name), "{name}");
        }
        for rest in [
            "ÎÇáÏ ÇáãØíÑí",
            "Îëüãà",
            "JosÃ©",
            "Ø®Ø§Ù„Ø¯",
            "РћР»СЊРіР°",
            "Jos\u{fffd}",
            "Jos\u{82}",
            "????? ???",
            "Pãtraºcu",
            "â€œHiâ€\u{9d}",
        ] {
            assert!(garbled(rest), "{rest}");
        }
    }
}
