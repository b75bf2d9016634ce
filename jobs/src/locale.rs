//! All texts for people, in Fluent files: `locales/<language>/<domain>.ftl`, one for each domain in each language. All
//! languages have the same keys.

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

use crate::domain::offers;

/// The languages of the bot.
pub const LANGUAGES: [&str; 6] = ["en", "fr", "es", "pt", "ar", "hi"];

/// What a domain says, and the words that open it.
pub(crate) struct Words {
    /// Its file of each language: `files!("support")`.
    pub files: [(&'static str, &'static str); LANGUAGES.len()],
    /// What a customer can write at any time: the tap that it stands for (see `conversations::talk`), and the key of the words.
    pub keywords: &'static [(&'static str, &'static str)],
}

/// A domain's file of each language, for [`Words`].
macro_rules! files {
    ($domain:literal) => {
        $crate::locale::files!($domain: "en", "fr", "es", "pt", "ar", "hi")
    };
    ($domain:literal: $($language:literal),+) => {
        [$((
            $language,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/", $language, "/", $domain, ".ftl")),
        )),+]
    };
}
pub(crate) use files;

static BUNDLES: LazyLock<BTreeMap<&str, FluentBundle<FluentResource>>> = LazyLock::new(|| {
    let bundles = LANGUAGES.into_iter().filter_map(|language| {
        let mut bundle = FluentBundle::new_concurrent(vec![language.parse().ok()?]);
        // Direction marks around names would count towards the providers' limits.
        bundle.set_use_isolating(false);
        let files = offers::<Words>().flat_map(|words| words.files);
        for (_, file) in files.filter(|(of, _)| *of == language) {
            // A file with an error loses only the texts that are wrong. A test reads all files.
            let resource =
                FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Some((language, bundle))
    });
    bundles.collect()
});

/// A text in a language, or in English when the language lacks it.
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
    /// Asks for a person.
    Agent,
    Language,
    /// Opens a scene: the id of its tap.
    Scene(&'static str),
}

/// `Stop` comes first, so that an ambiguous word counts as an opt-out.
const KEYWORDS: [(Keyword, &str); 6] = [
    (Keyword::Stop, "keywords-stop"),
    (Keyword::Start, "keywords-start"),
    (Keyword::Menu, "keywords-menu"),
    (Keyword::Agent, "keywords-agent"),
    (Keyword::Language, "keywords-language"),
    (Keyword::Hello, "keywords-hello"),
];

/// The keywords with the keys of their words, those of the domains last.
fn keywords() -> impl Iterator<Item = (Keyword, &'static str)> {
    let scenes = offers::<Words>().flat_map(|words| words.keywords);
    let scenes = scenes.map(|&(tap, key)| (Keyword::Scene(tap), key));
    KEYWORDS.into_iter().chain(scenes)
}

static WORDS: LazyLock<BTreeMap<String, (Keyword, &str)>> = LazyLock::new(|| {
    let mut words = BTreeMap::new();
    for (keyword, key) in keywords() {
        for language in LANGUAGES {
            for word in text(language, key, &[]).split('|') {
                words.entry(plain(word)).or_insert((keyword, language));
            }
        }
    }
    words
});

/// The keyword that a whole message is, in any language, and the first language that has it.
pub fn keyword(message: &str) -> Option<(Keyword, &'static str)> {
    // All keywords are shorter, so long messages need no copy.
    if message.len() > 200 {
        return None;
    }
    let message = plain(message);
    let known = WORDS.get(&message).copied();
    known.or_else(|| {
        let message = folded(&message);
        let language = STOPPING.iter().find(|words| words.say_stop(&message))?;
        Some((Keyword::Stop, language.language))
    })
}

/// How a language says that somebody wants no more offers. The whole message must say so, because "stop" is a part of
/// many other sentences. All words are [`folded`].
struct Stopping {
    language: &'static str,
    /// Whole wishes: "leave me alone".
    wishes: HashSet<String>,
    /// A word for stopping counts with a word for offers: "stop your promotions". Meta's own button says so, in the
    /// language of its template.
    stopping: Vec<String>,
    offers: HashSet<String>,
    between: HashSet<String>,
    /// Words before and behind a wish that do not change it: "please".
    polite: Vec<String>,
}

static STOPPING: LazyLock<Vec<Stopping>> = LazyLock::new(|| {
    fn words<C: FromIterator<String>>(language: &str, key: &str) -> C {
        let words = text(language, key, &[]);
        words.split('|').map(|word| folded(&plain(word))).collect()
    }
    let all = LANGUAGES.into_iter().map(|language| Stopping {
        language,
        wishes: words(language, "keywords-stop"),
        stopping: words(language, "words-stopping"),
        offers: words(language, "words-offers"),
        between: words(language, "words-between"),
        polite: words(language, "words-polite"),
    });
    all.collect()
});

impl Stopping {
    /// Whether a message asks for no more offers, and says nothing else.
    fn say_stop(&self, message: &str) -> bool {
        let wish = self.without_politeness(message);
        if self.wishes.contains(wish) {
            return true;
        }
        let offers = |rest: &str| {
            rest.split(' ').any(|word| self.offers.contains(word))
                && rest
                    .split(' ')
                    .all(|word| self.offers.contains(word) || self.between.contains(word))
        };
        let wish: Vec<&str> = wish
            .split(' ')
            .skip_while(|word| self.between.contains(*word))
            .collect();
        let wish = wish.join(" ");
        self.stopping.iter().any(|stop| {
            let before = wish.strip_prefix(stop.as_str());
            let behind = wish.strip_suffix(stop.as_str());
            before.is_some_and(|rest| {
                rest.strip_prefix(' ').is_some_and(offers) || self.offers.contains(rest)
            }) || behind.is_some_and(|rest| rest.strip_suffix(' ').is_some_and(offers))
        })
    }

    fn without_politeness<'a>(&self, message: &'a str) -> &'a str {
        let mut rest = message;
        loop {
            let mut polite = self.polite.iter();
            let shorter = polite.find_map(|word| {
                let before = rest.strip_prefix(word.as_str());
                let before = before.and_then(|rest| rest.strip_prefix(' '));
                let behind = || rest.strip_suffix(word.as_str())?.strip_suffix(' ');
                before.or_else(behind)
            });
            match shorter {
                Some(shorter) => rest = shorter,
                None => return rest,
            }
        }
    }
}

/// A letter as people write it in a hurry: without its accent, and Arabic letters in their simple form.
pub(crate) const fn simple(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        'ى' => 'ي',
        // The two signs for a vowel through the nose.
        'ँ' => 'ं',
        c => c,
    }
}

/// A plain text of [simple] letters.
fn folded(text: &str) -> String {
    // "dont" is as usual as "don't".
    text.chars().map(simple).filter(|c| *c != '\'').collect()
}

static ASKING: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = |language| text(language, "words-asking", &[]);
    let all = LANGUAGES.into_iter().map(words).collect::<Vec<_>>();
    let all = all.iter().flat_map(|words| words.split('|')).map(plain);
    all.filter(|word| !word.is_empty()).collect()
});

/// Returns true for a message that begins like a question, in any language.
pub fn asks(message: &str) -> bool {
    // The beginning is enough.
    let start = plain(&message.chars().take(100).collect::<String>());
    ASKING.iter().any(|word| {
        start
            .strip_prefix(word.as_str())
            .is_some_and(|rest| rest.starts_with(' '))
    })
}

/// The first word for a keyword in a language, to tell customers what to write.
pub fn word(language: &str, key: &str) -> String {
    text(language, key, &[])
        .split('|')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// Lower case, without punctuation and marks around words, with single spaces: "  STOP! " becomes "stop".
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

/// Vowel signs of Devanagari are no letters, but belong to a word.
fn is_sign(c: char) -> bool {
    ('\u{900}'..='\u{97f}').contains(&c) && c != '।'
}

/// Arabic vowel marks and invisible direction marks.
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

/// Guesses the language of a new contact from `languages`: by a greeting, the script, or the country of the phone (ISO
/// 3166).
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

/// The bot's language that most people of a country read (CLDR, territory information).
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

/// PostgreSQL's text search configuration for a language, or `simple`.
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
        let mut all = BTreeSet::new();
        for Words { files, .. } in offers() {
            assert_eq!(files.map(|(language, _)| language), LANGUAGES);
            let (_, english) = files[0];
            for key in keys(english) {
                assert!(all.insert(key), "two domains have a text called {key}");
            }
            for &(language, file) in files {
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

    /// A language, what opts out in it, and what does not.
    type Wishes = (
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
    );

    const WISHES: [Wishes; 6] = [
        (
            "en",
            &[
                "stop msg",
                "STOPP",
                "please stop",
                "Stop, please",
                "Stop messaging me",
                "stop texting me!",
                "Opt me out",
                "unsubscribe me",
                "remove me from your list",
                "Don't send me offers",
                "dont send me messages",
                "Do not message me again",
                "Not interested",
                "I'm not interested in your offers",
                "I don't want any more messages",
                "Take me off this list, thanks",
                "Leave me alone",
                "Please stop sending me these promotions",
                "OK stop now",
                "no longer interested",
                "Can you stop texting me?",
                "I no longer want to receive marketing",
            ],
            &[
                "where does the bus stop",
                "don't stop",
                "Please don't stop",
                "stop by",
                "Can I stop by tomorrow?",
                "I want to stop my order",
                "stop the delivery",
                "don't send me the invoice yet",
                "not interested in tea, do you have coffee?",
                "Don't stop sending me offers",
                "no more sugar please",
                "remove the tea from my cart",
                "I want offers",
                "When does the shop stop selling?",
                "How do I unsubscribe a friend?",
                "I don't want this offer",
                "Did the messages stop?",
                "Full stop",
                "message me",
                "please",
            ],
        ),
        (
            "fr",
            &[
                "STOP PUB",
                "Arrêtez de m’écrire",
                "Ne m’envoyez plus de messages",
                "Je ne veux plus recevoir de messages",
                "stop s'il vous plaît",
                "Merci d'arrêter les publicités",
                "Désabonnez-moi",
                "Je souhaite me désabonner",
                "Retirez-moi de votre liste",
                "Pas intéressé",
                "Je ne suis plus intéressée, merci",
                "Ne me contactez plus",
                "Arretez les pubs",
                "Je ne veux pas de vos promotions",
                "Laissez-moi tranquille",
                "N'envoyez plus d'offres",
                "Ne m'écrivez plus svp",
                "Plus de pub",
                "Veuillez me désinscrire",
            ],
            &[
                "Où s'arrête le bus ?",
                "N'arrêtez pas",
                "Je ne veux pas arrêter",
                "Je veux arrêter ma commande",
                "Arrêtez la livraison",
                "Pas intéressé par le thé, avez-vous du café ?",
                "Envoyez-moi vos offres",
                "Je veux plus d'informations",
                "Ne m'envoyez plus de thé",
                "Avez-vous des promotions ?",
                "Je ne veux pas cette offre",
                "Quand finit l'offre ?",
                "L'arrêt de bus",
                "Je n'ai pas reçu de message",
                "Ne m'oubliez pas",
                "merci",
                "Vous arrêtez à quelle heure ?",
            ],
        ),
        (
            "es",
            &[
                "No me envíen más mensajes",
                "No me escriban más",
                "no me manden publicidad",
                "Basta ya",
                "Dejen de escribirme",
                "Deja de mandarme ofertas, por favor",
                "No estoy interesada",
                "No me interesa",
                "Ya no quiero recibir promociones",
                "Quiero darme de baja",
                "Denme de baja",
                "Por favor, parar",
                "Sáquenme de la lista",
                "Bórrenme de su lista",
                "Déjenme en paz",
                "No quiero mas mensajes",
                "No me contacten más",
                "paren por favor",
                "Dejen de enviarme anuncios",
            ],
            &[
                "¿Dónde para el autobús?",
                "no pares",
                "No dejen de escribirme",
                "para mi hermana",
                "Quiero parar mi pedido",
                "Paren la entrega",
                "No me interesa el té, ¿tienen café?",
                "Mándenme sus ofertas",
                "Quiero más mensajes",
                "¿Tienen promociones?",
                "No quiero esta oferta",
                "No me envíen más té",
                "¿Cuándo acaba la oferta?",
                "La parada",
                "No me llegó el mensaje",
                "por favor",
                "No más azúcar",
                "Alto y bajo",
            ],
        ),
        (
            "pt",
            &[
                "Me retire da lista",
                "Não me mandem mais mensagens",
                "nao me mande mais mensagens",
                "Parem de me enviar propaganda",
                "Pare de me escrever",
                "Por favor, parar",
                "Me descadastre",
                "Quero me descadastrar",
                "Me tire da lista",
                "Me tira da lista por favor",
                "Não tenho interesse",
                "Não estou interessada",
                "Não quero mais receber mensagens",
                "Não me contatem mais",
                "Me deixem em paz",
                "Remova meu número",
                "Chega de promoções",
                "Já não quero receber ofertas",
                "Parem por favor",
                "Não enviem mais anúncios",
            ],
            &[
                "Onde para o ônibus?",
                "não pare",
                "Não parem de me mandar ofertas",
                "para minha irmã",
                "Quero parar meu pedido",
                "Parem a entrega",
                "Não tenho interesse em chá, tem café?",
                "Me mandem as ofertas",
                "Quero mais mensagens",
                "Vocês têm promoções?",
                "Não quero essa oferta",
                "Não me mandem mais chá",
                "Quando acaba a oferta?",
                "A parada",
                "A mensagem não chegou",
                "por favor",
                "Quero sair cedo",
                "Não quero mais açúcar",
            ],
        ),
        (
            "ar",
            &[
                "لا ترسلوا لي رسائل",
                "لا ترسل لي رسائل بعد الآن",
                "لا تراسلوني مرة أخرى",
                "من فضلك توقف",
                "توقفوا عن مراسلتي",
                "توقفوا عن إرسال الرسائل",
                "لا أريد رسائل",
                "لا أريد أي عروض",
                "لا أرغب بالعروض",
                "إلغاء اشتراكي",
                "أريد إلغاء الاشتراك",
                "ألغوا اشتراكي لو سمحتم",
                "غير مهتم",
                "لست مهتما، شكرا",
                "احذفوا رقمي",
                "اتركوني وشأني",
                "لم أعد أريد الإعلانات",
                "ايقاف العروض",
                "إيقاف عمليات الترويج",
            ],
            &[
                "أين تتوقف الحافلة؟",
                "لا تتوقف",
                "لا تتوقفوا عن إرسال العروض",
                "أريد إيقاف الطلب",
                "أوقفوا التوصيل",
                "أريد عروضكم",
                "هل لديكم عروض؟",
                "متى تنتهي العروض؟",
                "لا أريد الشاي",
                "لا ترسلوا الفاتورة الآن",
                "غير مهتم بالشاي، هل لديكم قهوة؟",
                "لم تصلني الرسالة",
                "أرسلوا لي رسالة",
                "من فضلك",
                "موقف الحافلات",
                "ألغوا طلبي",
                "لا أريد هذا اللون",
                "توقف المطر",
            ],
        ),
        (
            "hi",
            &[
                "मुझे मैसेज मत भेजो",
                "कृपया बंद करें",
                "मैसेज भेजना बंद करो",
                "मुझे मैसेज मत करो",
                "मुझे ऑफर नहीं चाहिए",
                "मुझे और मैसेज नहीं चाहिए",
                "मुझे अनसब्सक्राइब करें",
                "मुझे लिस्ट से हटा दो",
                "मेरा नंबर हटा दें",
                "मुझे दिलचस्पी नहीं है",
                "मुझे रुचि नहीं है",
                "मुझे परेशान मत करो",
                "विज्ञापन भेजना बंद करें",
                "मुझसे संपर्क न करें",
                "ऑफ़र में दिलचस्पी नहीं है",
                "प्लीज़ स्टॉप",
                "mujhe message mat bhejo",
                "message band karo please",
                "प्रचार के संदेश न भेजें",
            ],
            &[
                "बस कहाँ रुकती है?",
                "बंद मत करो",
                "ऑफर भेजना बंद मत करो",
                "मेरा ऑर्डर बंद करो",
                "डिलीवरी रोको",
                "दुकान कब बंद होती है?",
                "मुझे ऑफर भेजो",
                "क्या कोई ऑफर है?",
                "मुझे चाय नहीं चाहिए",
                "बिल अभी मत भेजो",
                "चाय में रुचि नहीं है, कॉफी है?",
                "मैसेज नहीं मिला",
                "ऑफर कब खत्म होगा?",
                "कृपया",
                "बस स्टॉप",
                "मेरा पार्सल हटाओ",
                "मुझे मैसेज करो",
                "रुको मैं आ रहा हूँ",
            ],
        ),
    ];

    #[test]
    fn a_clear_wish_opts_out_and_a_sentence_with_the_same_words_does_not() {
        let stops = |message: &str| matches!(keyword(message), Some((Keyword::Stop, _)));
        for (language, wishes, others) in WISHES {
            assert!(wishes.len() >= 15 && others.len() >= 15);
            let missed: Vec<_> = wishes.iter().filter(|said| !stops(said)).collect();
            let wrong: Vec<_> = others.iter().filter(|said| stops(said)).collect();
            assert!(
                missed.is_empty() && wrong.is_empty(),
                "{language}: missed {missed:?}, wrong {wrong:?}"
            );
        }
    }

    #[test]
    fn what_the_bot_tells_people_to_write_is_understood() {
        for language in LANGUAGES {
            for (wanted, key) in keywords() {
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
