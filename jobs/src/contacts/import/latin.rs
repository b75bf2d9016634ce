//! Tells the encodings of Latin alphabets apart: the same bytes are “Müller Peña” to one and “Müller Peńa” to another.
//!
//! An encoding fits a text if one of its languages writes all of its words: with its letters, in places where it has them.
//! One that fits alone is taken; of several the one of the country is. Otherwise nobody knows.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257};

/// The same in all encodings of Windows for Latin alphabets, so they tell nothing.
const NEUTRAL: &str = "äéóöüßªº";
const VOWELS: &str = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœāēīūąęėįųůűőăěı";

/// One word in so many may be a stranger's.
const WORDS_PER_STRANGER: usize = 20;
/// From so many words on, a text without a language of its own, such as the guests of a hotel, is as the detector says.
const MANY_WORDS: usize = 100;

struct Language {
    encoding: &'static Encoding,
    /// Its letters beyond ASCII, without the neutral ones.
    letters: &'static str,
    /// ISO 3166, between blanks.
    countries: &'static str,
}

const LANGUAGES: [Language; 22] = [
    // The six that follow stand together in many a list of names. No country has all of them.
    Language {
        encoding: WINDOWS_1252,
        letters: "àâãáçèêëìîïíñòôõœùûúÿ",
        countries: "CA",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "àâçèêëîïôœùûÿ",
        countries: "FR BE LU MC CH CI SN CM ML BF BJ TG NE GN GA CD CG MG DZ TN MA HT TD CF RW BI DJ KM MU SC RE GP MQ GF NC \
            PF YT WF",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "áíñú",
        countries: "ES MX AR CO PE VE CL EC GT CU BO DO HN PY SV NI CR PA UY PR GQ",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "áâãàçíêôõú",
        countries: "PT BR AO MZ CV GW ST TL",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "",
        countries: "DE AT LI CH",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "àèìíîòùú",
        countries: "IT SM VA CH",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "àáçèêëíïñòúû",
        countries: "NL BE SR AD",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "æøå",
        countries: "DK NO GL SJ",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "å",
        countries: "SE FI AX",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "áíúýþæð",
        countries: "IS",
    },
    Language {
        encoding: WINDOWS_1252,
        letters: "áíúýæøð",
        countries: "FO",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "ąćęłńśźż",
        countries: "PL",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "áčďěíňřšťúůýž",
        countries: "CZ",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "áčďíľĺňôŕšťúýž",
        countries: "SK",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "áíőúű",
        countries: "HU",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "ăâîşţ",
        countries: "RO MD",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "čćđšž",
        countries: "HR BA RS ME SI MK XK",
    },
    Language {
        encoding: WINDOWS_1250,
        letters: "çë",
        countries: "AL",
    },
    Language {
        encoding: WINDOWS_1254,
        letters: "çğışâîû",
        countries: "TR CY AZ",
    },
    Language {
        encoding: WINDOWS_1257,
        letters: "ąčęėįšųūž",
        countries: "LT",
    },
    Language {
        encoding: WINDOWS_1257,
        letters: "āčēģīķļņšūž",
        countries: "LV",
    },
    Language {
        encoding: WINDOWS_1257,
        letters: "õšž",
        countries: "EE",
    },
];

/// A text as an encoding reads it: its words with letters beyond ASCII.
pub(super) struct Candidate<'a> {
    pub(super) encoding: &'static Encoding,
    pub(super) words: Vec<&'a str>,
}

/// The encoding of a text, of those that read it as Latin words. `likely` is what the detector says.
pub(super) fn choose(
    candidates: &[Candidate<'_>],
    country: Option<&str>,
    likely: &'static Encoding,
) -> Option<&'static Encoding> {
    let of = |encoding| {
        candidates
            .iter()
            .find(|candidate| candidate.encoding == encoding)
    };
    let fits = |language: &&Language| {
        of(language.encoding).is_some_and(|text| language.writes(&text.words))
    };
    let country = country.unwrap_or_default().to_ascii_uppercase();
    let is_native =
        |language: &&Language| language.countries.split(' ').any(|code| code == country);
    if let Some(native) = LANGUAGES.iter().filter(is_native).find(fits) {
        return Some(native.encoding);
    }
    let fitting: Vec<&Candidate<'_>> = LANGUAGES
        .iter()
        .filter(fits)
        .filter_map(|language| of(language.encoding))
        .collect();
    if let Some(first) = fitting.first() {
        let alike = fitting.iter().all(|other| other.words == first.words);
        return alike.then_some(first.encoding);
    }
    let many = of(likely).filter(|text| text.words.len() >= MANY_WORDS);
    many.map(|text| text.encoding)
}

impl Language {
    fn writes(&self, words: &[&str]) -> bool {
        let strange = words.iter().filter(|word| !self.has(word)).count();
        strange * WORDS_PER_STRANGER <= words.len()
    }

    /// Says whether a word has only letters of the language, where it can have them.
    fn has(&self, word: &str) -> bool {
        // “İ” becomes two characters in lower case.
        let small: Vec<char> = word.replace('İ', "i").to_lowercase().chars().collect();
        small.iter().enumerate().all(|(place, c)| {
            c.is_ascii()
                || NEUTRAL.contains(*c)
                || (self.letters.contains(*c) && stands_well(*c, &small, place))
        })
    }
}

/// Says whether a letter can stand where it stands in a word of the languages that have it. The rules have few exceptions.
fn stands_well(c: char, word: &[char], place: usize) -> bool {
    let at = |place: Option<usize>| place.and_then(|place| word.get(place)).copied();
    let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
    let vowel = |c: Option<char>| c.is_some_and(|c| VOWELS.contains(c));
    match c {
        // Inside of a word such a consonant has a vowel beside it, or an r or l that is like one, as in “Krčmář”.
        'č' | 'ć' | 'ď' | 'đ' | 'ģ' | 'ľ' | 'ļ' | 'ň' | 'ņ' | 'ř' | 'ť' | 'ţ' | 'ż' => {
            let like_a_vowel =
                matches!(before, Some('r' | 'l')) && !vowel(at(place.checked_sub(2)));
            let inside = before.is_some() && after.is_some();
            !inside || like_a_vowel || vowel(before) || vowel(after)
        }
        // Polish writes “ni” before a vowel, and “ci”, “si”, “zi”.
        'ń' | 'ś' | 'ź' | 'ę' | 'ą' => !vowel(after),
        'ķ' => matches!(after, Some('e' | 'i' | 'ē' | 'ī') | None),
        'ĺ' | 'ŕ' => !vowel(before) && !vowel(after),
        'ā' | 'ē' | 'ī' | 'ė' => !vowel(before) && !vowel(after),
        // In Turkish the y is a consonant.
        'ı' => [before, after]
            .iter()
            .all(|c| *c == Some('y') || !vowel(*c)),
        'ū' => !vowel(after) && !matches!(before, Some('a' | 'e' | 'o')),
        'ě' => {
            matches!(before, Some('b' | 'd' | 'f' | 'm' | 'n' | 'p' | 't' | 'v')) && !vowel(after)
        }
        'ů' => before.is_some() && !vowel(after),
        'ő' | 'ű' => !vowel(after),
        'ă' => !matches!(after, Some('a' | 'e' | 'o')),
        'į' => before.is_none() || after.is_none(),
        'ñ' => vowel(after),
        // “São”, “mãe”, “Irmã”.
        'ã' => matches!(after, Some('o' | 'e' | 's') | None),
        'þ' => before.is_none(),
        'ð' => before.is_some(),
        'æ' => after.is_some(),
        _ => true,
    }
}
