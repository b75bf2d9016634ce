//! What is said and understood, in files (`locales/<language>/<domain>.ftl`, Fluent), one a domain in each language, all
//! languages with the same keys.

use std::{collections::BTreeMap, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

/// A language's files.
macro_rules! files {
    ($language:literal) => {
        &[
            include_str!(concat!("../locales/", $language, "/conversations.ftl")),
            include_str!(concat!("../locales/", $language, "/appointments.ftl")),
            include_str!(concat!("../locales/", $language, "/news.ftl")),
            include_str!(concat!("../locales/", $language, "/orders.ftl")),
            include_str!(concat!("../locales/", $language, "/subscriptions.ftl")),
            include_str!(concat!("../locales/", $language, "/support.ftl")),
        ]
    };
}

/// A language's code and its files, one a domain that says something.
const FILES: [(&str, &[&str]); 6] = [
    ("en", files!("en")),
    ("fr", files!("fr")),
    ("es", files!("es")),
    ("pt", files!("pt")),
    ("ar", files!("ar")),
    ("hi", files!("hi")),
];

/// The languages that the bot speaks.
pub const LANGUAGES: [&str; 6] = ["en", "fr", "es", "pt", "ar", "hi"];

static BUNDLES: LazyLock<BTreeMap<&str, FluentBundle<FluentResource>>> = LazyLock::new(|| {
    let bundles = FILES.into_iter().filter_map(|(language, files)| {
        let mut bundle = FluentBundle::new_concurrent(vec![language.parse().ok()?]);
        // Marks of direction around names would count towards the providers' limits.
        bundle.set_use_isolating(false);
        for &file in files {
            // A file that does not parse leaves out what it cannot say; a test reads all of them.
            let resource =
                FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Some((language, bundle))
    });
    bundles.collect()
});

/// A text in a language, or in English where that language has none.
pub fn text(language: &str, key: &str, fill: &[(&'static str, &str)]) -> String {
    let mut arguments = FluentArgs::new();
    for (name, value) in fill {
        arguments.set(*name, *value);
    }
    let say = |language: &str| {
        let bundle = BUNDLES.get(language)?;
        let pattern = bundle.get_message(key)?.value()?;
        Some(
            bundle
                .format_pattern(pattern, Some(&arguments), &mut Vec::new())
                .into_owned(),
        )
    };
    say(language)
        .or_else(|| say("en"))
        .unwrap_or_else(|| key.to_owned())
}

/// Words that a customer can write at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more marketing.
    Stop,
    Start,
    Hello,
    /// Back to the menu.
    Menu,
    /// A person, please.
    Agent,
    Language,
    /// What a domain talks about: the tap that it stands for.
    Scene(&'static str),
}

/// `Stop` first: where a word could be two, an opt-out is never overlooked.
/// Those of the domains come last, each with the tap that it stands for (see `conversations::talk`).
const KEYWORDS: &[(Keyword, &str)] = &[
    (Keyword::Stop, "keywords-stop"),
    (Keyword::Start, "keywords-start"),
    (Keyword::Menu, "keywords-menu"),
    (Keyword::Agent, "keywords-agent"),
    (Keyword::Language, "keywords-language"),
    (Keyword::Hello, "keywords-hello"),
    (Keyword::Scene("svc:book"), "keywords-book"),
    (Keyword::Scene("svc:cart"), "keywords-cart"),
    (Keyword::Scene("svc:news"), "keywords-news"),
    (Keyword::Scene("news:stop"), "keywords-news-stop"),
    (Keyword::Scene("svc:plans"), "keywords-plans"),
    (Keyword::Scene("svc:support"), "keywords-support"),
];

static WORDS: LazyLock<BTreeMap<String, (Keyword, &str)>> = LazyLock::new(|| {
    let mut words = BTreeMap::new();
    for &(keyword, key) in KEYWORDS {
        for language in LANGUAGES {
            for word in text(language, key, &[]).split('|') {
                words.entry(plain(word)).or_insert((keyword, language));
            }
        }
    }
    words
});

/// The keyword that a whole message is, in any of the languages, and the first language that has it.
pub fn keyword(message: &str) -> Option<(Keyword, &'static str)> {
    // No keyword is longer; a long message need not be copied to know that.
    if message.len() > 200 {
        return None;
    }
    let message = plain(message);
    let known = WORDS.get(&message).copied();
    known.or_else(|| {
        let language = STOPPING.iter().find(|words| words.say_stop(&message))?;
        Some((Keyword::Stop, language.language))
    })
}

/// How a language asks for no more offers: a word for stopping with a word for offers. Meta's own button says so, in the
/// language of its template.
struct Stopping {
    language: &'static str,
    stopping: Vec<String>,
    offers: Vec<String>,
    between: Vec<String>,
}

static STOPPING: LazyLock<Vec<Stopping>> = LazyLock::new(|| {
    let words = |language, key| {
        let words = text(language, key, &[]);
        words.split('|').map(plain).collect::<Vec<_>>()
    };
    let all = LANGUAGES.into_iter().map(|language| Stopping {
        language,
        stopping: words(language, "words-stopping"),
        offers: words(language, "words-offers"),
        between: words(language, "words-between"),
    });
    all.collect()
});

impl Stopping {
    /// Whether a plain message asks for no more offers, and says nothing else.
    fn say_stop(&self, message: &str) -> bool {
        let is = |words: &[String], word: &str| words.iter().any(|known| known == word);
        let offers = |rest: &str| {
            rest.split(' ').any(|word| is(&self.offers, word))
                && rest
                    .split(' ')
                    .all(|word| is(&self.offers, word) || is(&self.between, word))
        };
        let filled = |word: &str| is(&self.between, word);
        let trimmed = |text: &str| {
            let words: Vec<&str> = text.split(' ').skip_while(|word| filled(word)).collect();
            words.join(" ")
        };
        let message = trimmed(message);
        self.stopping.iter().any(|stop| {
            let before = message.strip_prefix(stop.as_str());
            let behind = message.strip_suffix(stop.as_str());
            before.is_some_and(|rest| {
                rest.strip_prefix(' ').is_some_and(offers) || is(&self.offers, rest)
            }) || behind.is_some_and(|rest| rest.strip_suffix(' ').is_some_and(offers))
        })
    }
}

static ASKING: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = |language| text(language, "words-asking", &[]);
    let all = LANGUAGES.into_iter().map(words).collect::<Vec<_>>();
    let all = all.iter().flat_map(|words| words.split('|')).map(plain);
    all.filter(|word| !word.is_empty()).collect()
});

/// Whether a message begins as a question does, in any of the languages.
pub fn asks(message: &str) -> bool {
    // The beginning is enough.
    let start = plain(&message.chars().take(100).collect::<String>());
    ASKING.iter().any(|word| {
        start
            .strip_prefix(word.as_str())
            .is_some_and(|rest| rest.starts_with(' '))
    })
}

/// The first of a language's words for something: for telling a customer what to write.
pub fn word(language: &str, key: &str) -> String {
    text(language, key, &[])
        .split('|')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// Without case, without punctuation and marks around words, with single spaces: "  STOP! " is "stop".
fn plain(text: &str) -> String {
    let kept: String = text
        .to_lowercase()
        .chars()
        .map(common)
        .filter(|c| !is_mark(*c))
        .map(|c| {
            if c.is_alphanumeric() || c == '\'' || is_sign(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The usual one of several forms of a character: an apostrophe, Latin letters of East Asian width, letters of Devanagari
/// that have their dot built in.
fn common(c: char) -> char {
    match c {
        '’' => '\'',
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{958}' => 'क',
        '\u{959}' => 'ख',
        '\u{95a}' => 'ग',
        '\u{95b}' => 'ज',
        '\u{95c}' => 'ड',
        '\u{95d}' => 'ढ',
        '\u{95e}' => 'फ',
        '\u{95f}' => 'य',
        c => c,
    }
}

/// Vowel signs of Devanagari are part of a word, though they are not letters.
fn is_sign(c: char) -> bool {
    ('\u{900}'..='\u{97f}').contains(&c) && c != '।'
}

/// Arabic vowel marks, accents that stand behind their letters, the dot of Devanagari, and invisible characters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\u{640}' | '\u{93c}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe0f}' | '\u{feff}')
}

/// The number that a whole message is, in European, Arabic or Devanagari digits.
pub fn number(message: &str) -> Option<usize> {
    let message = message.trim().trim_end_matches(['.', ')']);
    if message.is_empty() || message.chars().count() > 4 {
        return None;
    }
    message
        .chars()
        .try_fold(0, |number, c| Some(number * 10 + digit(c)?))
}

fn digit(c: char) -> Option<usize> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return None,
    };
    usize::try_from(u32::from(c) - u32::from(zero)).ok()
}

/// The likeliest of `languages` for somebody new: by a greeting, by the script, by the phone's country (ISO 3166).
pub fn guess<'a>(message: &str, country: Option<&str>, languages: &'a [String]) -> Option<&'a str> {
    let script = message.chars().find_map(|c| match c {
        '\u{600}'..='\u{6ff}' => Some("ar"),
        '\u{900}'..='\u{97f}' => Some("hi"),
        _ => None,
    });
    let greeted = || {
        keyword(message)
            .filter(|(keyword, _)| *keyword == Keyword::Hello)
            .map(|(_, language)| language)
    };
    let guessed = script.or_else(greeted).or_else(|| spoken_in(country?))?;
    languages
        .iter()
        .map(String::as_str)
        .find(|language| *language == guessed)
}

/// A language of ours that most people of a country read (CLDR, territory information).
fn spoken_in(country: &str) -> Option<&'static str> {
    Some(match country {
        "US" | "GB" | "IE" | "AU" | "NZ" | "NG" | "GH" | "KE" | "UG" | "ZA" | "ZM" | "ZW"
        | "LR" | "SL" | "GM" => "en",
        "FR" | "BE" | "SN" | "CI" | "ML" | "BF" | "NE" | "TG" | "BJ" | "GN" | "GA" | "CG"
        | "CD" | "CM" | "HT" => "fr",
        "ES" | "MX" | "AR" | "CO" | "PE" | "CL" | "VE" | "EC" | "GT" | "CU" | "BO" | "DO"
        | "HN" | "PY" | "SV" | "NI" | "CR" | "PA" | "UY" | "GQ" => "es",
        "BR" | "PT" | "AO" | "MZ" | "CV" | "GW" | "ST" => "pt",
        "EG" | "SA" | "AE" | "MA" | "DZ" | "TN" | "LY" | "SD" | "IQ" | "SY" | "JO" | "LB"
        | "PS" | "KW" | "QA" | "BH" | "OM" | "YE" | "MR" => "ar",
        "IN" => "hi",
        _ => return None,
    })
}

/// The text search configuration of PostgreSQL for a language; a plain one where it has none.
pub fn search_config(language: &str) -> &'static str {
    match language {
        "en" => "english",
        "fr" => "french",
        "es" => "spanish",
        "pt" => "portuguese",
        "ar" => "arabic",
        "hi" => "hindi",
        _ => "simple",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(file: &str) -> BTreeSet<&str> {
        file.lines()
            .filter(|line| !line.starts_with(['#', ' ']))
            .filter_map(|line| Some(line.split_once(" = ")?.0))
            .collect()
    }

    #[test]
    fn every_file_parses_and_has_the_same_keys_and_blanks() {
        let blanks = |file: &str, key: &str| {
            let line = file
                .lines()
                .find(|line| line.starts_with(&format!("{key} = ")))
                .unwrap();
            line.split("{ $")
                .skip(1)
                .map(|rest| rest.split(' ').next().unwrap().to_owned())
                .collect::<BTreeSet<_>>()
        };
        let (_, english) = FILES[0];
        let mut all = BTreeSet::new();
        for key in english.iter().copied().flat_map(keys) {
            assert!(all.insert(key), "two domains have a text called {key}");
        }
        for (language, files) in FILES {
            for (file, english) in files.iter().copied().zip(english.iter().copied()) {
                assert!(
                    FluentResource::try_new(file.to_owned()).is_ok(),
                    "a file of {language} does not parse: {file}"
                );
                assert_eq!(keys(file), keys(english), "{language}");
                for key in keys(english) {
                    assert_eq!(blanks(file, key), blanks(english, key), "{language}, {key}");
                }
            }
        }
    }

    #[test]
    fn what_stands_on_buttons_fits_the_providers_limits() {
        use kazi_clients::whatsapp::{
            BUTTON_TITLE_LIMIT, LIST_BUTTON_LIMIT, ROW_DESCRIPTION_LIMIT, ROW_TITLE_LIMIT,
        };
        for language in LANGUAGES {
            for (key, limit) in [
                ("menu-button", LIST_BUTTON_LIMIT),
                ("choose", LIST_BUTTON_LIMIT),
                ("details", LIST_BUTTON_LIMIT),
                ("menu-title", BUTTON_TITLE_LIMIT),
                ("search-again", BUTTON_TITLE_LIMIT),
                ("agent-title", BUTTON_TITLE_LIMIT),
                ("language-name", ROW_TITLE_LIMIT),
                ("menu-description", ROW_DESCRIPTION_LIMIT),
            ] {
                let said = text(language, key, &[]);
                assert!(said.chars().count() <= limit, "{language} {key}: {said}");
            }
        }
    }

    #[test]
    fn an_opt_out_is_understood_in_every_language_however_it_is_written() {
        for message in [
            "STOP",
            " stop! ",
            "Unsubscribe",
            "ARRÊT",
            "arret",
            "Parar.",
            "BAJA",
            "Sair",
            "إيقاف",
            "إِيقاف",
            "بخ",
        ] {
            let found = keyword(message).map(|(keyword, _)| keyword);
            assert_eq!(
                found,
                (message != "بخ").then_some(Keyword::Stop),
                "{message}"
            );
        }
        assert_eq!(keyword("बंद").unwrap().0, Keyword::Stop);
        assert_eq!(keyword("बंद करो।").unwrap().0, Keyword::Stop);
        assert_eq!(keyword("please do not stop"), None);
    }

    #[test]
    fn a_template_button_for_no_more_offers_is_an_opt_out() {
        for message in [
            "Stop promotions",
            "🚫 STOP PROMOS",
            "stop_promotions",
            "StopPromotions",
            "ＳＴＯＰ",
            "Please stop sending me messages",
            "No more offers",
            "Unsubscribe from all offers",
            "OPT_OUT",
            "Detener promociones",
            "No quiero más promociones",
            "Arrêter les promotions",
            "Arre\u{302}t",
            "Ne plus recevoir d'offres",
            "Parar promoções",
            "Interromper promoções",
            "Não quero receber promoções",
            "إيقاف العروض الترويجية",
            "أوقف الإعلانات",
            "प्रमोशन बंद करें",
            "ऑफ\u{93c}र बंद करो",
            "\u{feff}stop\u{2060}",
        ] {
            let found = keyword(message).map(|(keyword, _)| keyword);
            assert_eq!(found, Some(Keyword::Stop), "{message}");
        }
        for message in [
            "Do you have promotions?",
            "promotions",
            "stop by your shop for offers",
            "when do the offers end",
            "offers",
            "para Maria",
            "bus stop",
            "I want to cancel my order",
        ] {
            assert_eq!(
                keyword(message).map(|(keyword, _)| keyword),
                None,
                "{message}"
            );
        }
        // What a domain understands itself.
        assert_eq!(keyword("stop news").unwrap().0, Keyword::Scene("news:stop"));
    }

    #[test]
    fn what_the_bot_tells_people_to_write_is_understood() {
        for language in LANGUAGES {
            for &(wanted, key) in KEYWORDS {
                let word = word(language, key);
                assert_eq!(
                    keyword(&word).map(|(keyword, _)| keyword),
                    Some(wanted),
                    "{language} {word}"
                );
            }
        }
    }

    #[test]
    fn numbers_are_read_in_three_scripts() {
        assert_eq!(number(" 12. "), Some(12));
        assert_eq!(number("٣"), Some(3));
        assert_eq!(number("२"), Some(2));
        for other in ["", "2 apples", "-1", "99999"] {
            assert_eq!(number(other), None, "{other}");
        }
    }

    #[test]
    fn somebody_new_is_met_in_a_likely_language() {
        let all = LANGUAGES.map(str::to_owned);
        assert_eq!(guess("Bonjour", Some("KE"), &all), Some("fr"));
        assert_eq!(guess("…", Some("BR"), &all), Some("pt"));
        assert_eq!(guess("مرحبا", Some("US"), &all), Some("ar"));
        assert_eq!(guess("x", None, &all), None);
        assert_eq!(guess("Bonjour", None, &all[..1]), None);
    }
}
