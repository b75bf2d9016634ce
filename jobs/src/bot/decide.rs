//! What the bot decides. Pure: from what it knows and what was said to what is to be done and said.

pub(super) use crate::messages::heard::Said;
use crate::{
    catalog::ProductId,
    conversations::{Offer, State, Step},
    locale::{self, Keyword, LANGUAGES},
};

/// What the bot knows.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// The greeting is done.
    pub registered: bool,
    /// What the contact is called, by themselves or by their profile.
    pub name: Option<&'a str>,
    /// What the workspace speaks.
    pub languages: &'a [String],
    /// A person answers.
    pub handed_over: bool,
    /// Somebody of the business has just written to the customer themselves.
    pub owner_talks: bool,
    /// The customer has sent a file just before: several of them want one answer.
    pub of_an_album: bool,
    /// A scene waits for words.
    pub in_scene: bool,
    /// They want no marketing.
    pub opted_out: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The contact is called so.
    Name(String),
    /// The contact reads this language.
    Language(String),
    /// The greeting is done.
    Register,
    /// Consent to marketing, given or taken.
    Consent(bool),
    /// A person answers from now on, or the bot again.
    HandOver(bool),
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A text by its key.
    Text(&'static str),
    /// Asks for the name.
    AskName,
    /// Asks for the language, after a text.
    AskLanguage(&'static str),
    /// The menu, after a text.
    Menu(&'static str),
    /// What the catalogue has; a model answers when it has nothing.
    Search(String),
    Product(ProductId),
    /// A model answers.
    Ask,
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decision {
    /// Changes, in order.
    pub effects: Vec<Effect>,
    /// What is said, in order.
    pub answers: Vec<Answer>,
    /// What the bot waits for then.
    pub step: Step,
    /// What was said is a question that has to wait for the greeting.
    pub remember: bool,
}

/// The tap that leads back to the menu.
pub(super) const MENU: &str = "menu";
/// The tap on the name that a profile shows.
pub(super) const PROFILE_NAME: &str = "name";
/// The service that asks for words to search for.
pub(super) const SHOP: &str = "svc:shop";
/// The service that asks for a person.
pub(super) const AGENT: &str = "svc:agent";
/// Before the code of a language.
pub(super) const LANGUAGE: &str = "lang:";
/// The most characters of a name.
const NAME_LIMIT: usize = 60;

/// What a number stands for: something of the last answer. While a person answers, a number is said to that person.
pub(super) fn numbered<'a>(
    state: &'a State,
    with_a_person: bool,
    said: &Said,
) -> Option<&'a Offer> {
    match said {
        Said::Text(text) if !with_a_person => {
            locale::number(text).and_then(|number| state.options.get(number.checked_sub(1)?))
        }
        _ => None,
    }
}

/// Decides. A number has been made the tap that it stands for: see [`numbered`].
pub(super) fn decide(facts: &Facts<'_>, state: &State, said: &Said) -> Decision {
    let stay = |answers: Vec<Answer>| Decision {
        effects: Vec::new(),
        answers,
        step: state.step,
        ..Decision::default()
    };
    let keyword = match said {
        // A word about consent also counts where it stands in a correction.
        Said::Text(text) | Said::Corrected { text, .. } => {
            locale::keyword(text).map(|(keyword, _)| keyword)
        }
        _ => None,
    };
    // Consent comes before everything, at any time and in any language.
    match keyword {
        Some(Keyword::Stop) => {
            return Decision {
                effects: vec![Effect::Consent(false)],
                ..stay(vec![Answer::Text("opted-out")])
            };
        }
        // Somebody new who writes "start" only means hello, unless they have written "stop" before.
        Some(Keyword::Start) if facts.registered || facts.opted_out => {
            return Decision {
                effects: vec![Effect::Consent(true)],
                ..stay(vec![Answer::Text("opted-in")])
            };
        }
        _ => {}
    }
    if !said.is_talk() {
        return stay(Vec::new());
    }
    let back_to_menu =
        keyword == Some(Keyword::Menu) || matches!(said, Said::Tap { id, .. } if id == MENU);
    if facts.handed_over {
        return match back_to_menu {
            true => Decision {
                effects: vec![Effect::HandOver(false)],
                answers: vec![Answer::Menu("menu-text")],
                step: Step::Ready,
                ..Decision::default()
            },
            false => stay(Vec::new()),
        };
    }
    let wants_a_person =
        keyword == Some(Keyword::Agent) || matches!(said, Said::Tap { id, .. } if id == AGENT);
    if facts.owner_talks && !back_to_menu && !wants_a_person {
        return stay(Vec::new());
    }
    if wants_a_person {
        return Decision {
            effects: vec![Effect::HandOver(true)],
            answers: vec![Answer::Text("handed-over")],
            step: if facts.registered {
                Step::Ready
            } else {
                state.step
            },
            ..Decision::default()
        };
    }
    match said {
        Said::Form => return stay(vec![Answer::Text("form-received")]),
        Said::Order => return stay(vec![Answer::Text("order-received")]),
        Said::Unreadable | Said::Kept if facts.of_an_album => return stay(Vec::new()),
        _ => {}
    }
    if !facts.registered {
        return greet(facts, state, said);
    }
    if let Said::Tap { id, .. } = said
        && let Some(decision) = tapped(facts, id)
    {
        return decision;
    }
    let menu = |answer| Decision {
        answers: vec![answer],
        step: Step::Ready,
        ..Decision::default()
    };
    if back_to_menu && facts.owner_talks {
        return Decision {
            effects: vec![Effect::HandOver(false)],
            ..menu(Answer::Menu("menu-text"))
        };
    }
    if back_to_menu
        || *said == Said::Opened
        || keyword == Some(Keyword::Hello)
        || matches!(said, Said::Text(text) if locale::number(text) == Some(0))
    {
        return menu(Answer::Menu("menu-text"));
    }
    if keyword == Some(Keyword::Language) && facts.languages.len() > 1 {
        return Decision {
            step: Step::Language,
            ..stay(vec![Answer::AskLanguage("choose-language")])
        };
    }
    match said {
        Said::Text(text) if text.trim().is_empty() => menu(Answer::Menu("menu-text")),
        Said::Text(text) if state.step == Step::Language => match language_of(facts, text) {
            Some(language) => in_language(language),
            None => stay(vec![Answer::Ask]),
        },
        Said::Text(text) if state.step == Step::Search => {
            stay(vec![Answer::Search(text.trim().to_owned())])
        }
        // The scene still waits for its words.
        Said::Unreadable | Said::Kept if facts.in_scene => stay(vec![Answer::Text("not-text")]),
        Said::Unreadable => menu(Answer::Menu("not-text")),
        Said::Kept => menu(Answer::Menu("kept")),
        _ => stay(vec![Answer::Ask]),
    }
}

/// A tap by somebody whom the bot knows; `None` when nothing of ours has this id.
fn tapped(facts: &Facts<'_>, id: &str) -> Option<Decision> {
    let ready = |answer, step| {
        Some(Decision {
            answers: vec![answer],
            step,
            ..Decision::default()
        })
    };
    if let Some(language) = id.strip_prefix(LANGUAGE) {
        return facts
            .languages
            .iter()
            .any(|known| known == language)
            .then(|| in_language(language.to_owned()));
    }
    match id {
        MENU => ready(Answer::Menu("menu-text"), Step::Ready),
        SHOP => ready(Answer::Text("ask-search"), Step::Search),
        "svc:language" if facts.languages.len() > 1 => {
            ready(Answer::AskLanguage("choose-language"), Step::Language)
        }
        // Any other service is a question: a model answers from what is known of the business.
        id if id.starts_with("svc:") => ready(Answer::Ask, Step::Ready),
        id => ready(Answer::Product(id.parse().ok()?), Step::Search),
    }
}

fn in_language(language: String) -> Decision {
    Decision {
        effects: vec![Effect::Language(language)],
        answers: vec![Answer::Menu("menu-text")],
        step: Step::Ready,
        ..Decision::default()
    }
}

/// The greeting: a name, a language, the menu.
fn greet(facts: &Facts<'_>, state: &State, said: &Said) -> Decision {
    let ask_language = facts.languages.len() > 1;
    let remember = matches!(said, Said::Text(text) if is_question(text));
    match state.step {
        Step::Name => {
            let name = match said {
                Said::Tap { id, .. } if id == PROFILE_NAME => facts.name.map(str::to_owned),
                Said::Text(text) => name(text),
                _ => None,
            };
            let Some(name) = name else {
                return Decision {
                    answers: vec![Answer::Text("ask-name-again")],
                    step: Step::Name,
                    remember,
                    ..Decision::default()
                };
            };
            match ask_language {
                true => Decision {
                    effects: vec![Effect::Name(name)],
                    answers: vec![Answer::AskLanguage("ask-language")],
                    step: Step::Language,
                    ..Decision::default()
                },
                false => Decision {
                    effects: vec![Effect::Name(name), Effect::Register],
                    answers: vec![Answer::Menu("welcome")],
                    step: Step::Ready,
                    ..Decision::default()
                },
            }
        }
        Step::Language => {
            let language = match said {
                Said::Tap { id, .. } => id
                    .strip_prefix(LANGUAGE)
                    .and_then(|code| language_of(facts, code)),
                Said::Text(text) => language_of(facts, text),
                _ => None,
            };
            match language {
                Some(language) => Decision {
                    effects: vec![Effect::Language(language), Effect::Register],
                    answers: vec![Answer::Menu("welcome")],
                    step: Step::Ready,
                    ..Decision::default()
                },
                None => Decision {
                    answers: vec![Answer::AskLanguage("ask-language-again")],
                    step: Step::Language,
                    remember,
                    ..Decision::default()
                },
            }
        }
        _ => Decision {
            answers: vec![Answer::Text("hello"), Answer::AskName],
            step: Step::Name,
            remember,
            ..Decision::default()
        },
    }
}

/// Whether a text asks for something: by its mark, or by its first words.
fn is_question(text: &str) -> bool {
    text.contains(['?', '؟']) || locale::asks(text)
}

/// A name as somebody wrote it: a few words with a letter among them, neither a keyword nor a question.
fn name(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = name.chars().count() <= NAME_LIMIT
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(char::is_control)
        && locale::keyword(&name).is_none()
        && !is_question(&name);
    fits.then_some(name)
}

/// The language that a text names: by its code or by its own name.
fn language_of(facts: &Facts<'_>, text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    LANGUAGES
        .into_iter()
        .filter(|language| facts.languages.iter().any(|known| known == language))
        .find(|language| {
            *language == text || locale::text(language, "language-name", &[]).to_lowercase() == text
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
