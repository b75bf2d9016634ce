//! What the bot decides. Pure: from the facts and the customer's input to changes and answers.

pub(super) use crate::messages::heard::Input;
use crate::{
    catalog::ProductId,
    conversations::{BotStep, Offer, State},
    locale::{self, Keyword, LANGUAGES},
};

/// What the bot knows of the contact and the workspace.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// The greeting is done.
    pub registered: bool,
    /// The name that the contact gave, or that of the profile.
    pub name: Option<&'a str>,
    /// The languages of the workspace.
    pub languages: &'a [String],
    /// A person answers, and the bot is silent.
    pub handed_over: bool,
    /// Somebody of the business has just written to the contact.
    pub owner_talks: bool,
    /// The contact has tapped a template's own button for no more offers.
    pub opt_out_button: bool,
    /// The contact has just sent another file of this kind. Several files get one answer.
    pub of_an_album: bool,
    /// The message is a file without a text: the words that stand for it.
    pub file: Option<&'a str>,
    /// A scene waits for a text.
    pub in_scene: bool,
    /// The contact wants no marketing.
    pub opted_out: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Sets the contact's name.
    Name(String),
    /// Sets the contact's language.
    Language(String),
    /// Ends the greeting.
    Register,
    /// Sets the consent to marketing.
    Consent(bool),
    /// Hands the conversation to a person, or back to the bot.
    HandOver(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A text by its key.
    Text(&'static str),
    AskName,
    /// Asks for the language, after a text.
    AskLanguage(&'static str),
    /// The menu, after a text.
    Menu(&'static str),
    /// Products that match. A model answers when there are none.
    Search(String),
    Product(ProductId),
    /// A model answers.
    Ask,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decision {
    /// Changes, in order.
    pub effects: Vec<Effect>,
    /// Answers, in order.
    pub answers: Vec<Answer>,
    /// What the bot waits for next.
    pub step: BotStep,
    /// The message is a question that waits for the end of the greeting.
    pub remember: bool,
}

/// The tap that shows the menu.
pub(super) const MENU: &str = "menu";
/// The tap that takes the name of the profile.
pub(super) const PROFILE_NAME: &str = "name";
/// The menu item that asks for a search text.
pub(super) const SHOP: &str = "svc:shop";
/// The menu item that asks for a person.
pub(super) const AGENT: &str = "svc:agent";
/// The menu item that asks for the language.
const CHOOSE_LANGUAGE: &str = "svc:language";
/// The keys of the menu items that the bot answers by itself.
pub(super) const MENU_KEYS: [&str; 3] = ["shop", "agent", "language"];
/// Prefix of a language code.
pub(super) const LANGUAGE: &str = "lang:";
/// Characters of a name.
const NAME_LIMIT: usize = 60;

/// The choice that a number in a text stands for, from the last answer. While a person answers, a number is for that
/// person.
pub(super) fn numbered<'a>(
    state: &'a State,
    with_a_person: bool,
    said: &Input,
) -> Option<&'a Offer> {
    match said {
        Input::Text(text) if !with_a_person => {
            locale::number(text).and_then(|number| state.options.get(number.checked_sub(1)?))
        }
        _ => None,
    }
}

/// Decides on the changes and answers. The caller has replaced a number by its tap: see [`numbered`].
pub(super) fn decide(facts: &Facts<'_>, state: &State, said: &Input) -> Decision {
    let stay = |answers: Vec<Answer>| Decision {
        effects: Vec::new(),
        answers,
        step: state.step,
        ..Decision::default()
    };
    let keyword = match said {
        // A word about consent also counts in a correction.
        Input::Text(text) | Input::Corrected { text, .. } => {
            locale::keyword(text).map(|(keyword, _)| keyword)
        }
        // A template's own button, which says stop by its payload or by its title.
        Input::Tap { id, title } if !is_ours(id) => [id, title]
            .into_iter()
            .filter_map(|words| locale::keyword(words))
            .map(|(keyword, _)| keyword)
            .find(|keyword| *keyword == Keyword::Stop)
            .or(facts.opt_out_button.then_some(Keyword::Stop)),
        _ => None,
    };
    // Consent comes first, at any time and in any language.
    match keyword {
        Some(Keyword::Stop) => {
            return Decision {
                effects: vec![Effect::Consent(false)],
                ..stay(vec![Answer::Text("opted-out")])
            };
        }
        // "Start" from a new contact only means hello, unless the contact has written "stop" before.
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
        keyword == Some(Keyword::Menu) || matches!(said, Input::Tap { id, .. } if id == MENU);
    if facts.handed_over {
        return match back_to_menu {
            true => Decision {
                effects: vec![Effect::HandOver(false)],
                answers: vec![Answer::Menu("menu-text")],
                step: BotStep::Ready,
                ..Decision::default()
            },
            false => stay(Vec::new()),
        };
    }
    let wants_a_person =
        keyword == Some(Keyword::Agent) || matches!(said, Input::Tap { id, .. } if id == AGENT);
    if facts.owner_talks && !back_to_menu && !wants_a_person {
        return stay(Vec::new());
    }
    if wants_a_person {
        return Decision {
            effects: vec![Effect::HandOver(true)],
            answers: vec![Answer::Text("handed-over")],
            step: if facts.registered {
                BotStep::Ready
            } else {
                state.step
            },
            ..Decision::default()
        };
    }
    match said {
        Input::Offered => return stay(Vec::new()),
        Input::Form => return stay(vec![Answer::Text("form-received")]),
        Input::Order => return stay(vec![Answer::Text("order-received")]),
        Input::Unreadable | Input::Kept if facts.of_an_album => return stay(Vec::new()),
        _ => {}
    }
    if !facts.registered {
        return greet(facts, state, said);
    }
    if let Input::Tap { id, .. } = said
        && let Some(decision) = tapped(facts, id)
    {
        return decision;
    }
    let menu = |answer| Decision {
        answers: vec![answer],
        step: BotStep::Ready,
        ..Decision::default()
    };
    if back_to_menu && facts.owner_talks {
        return Decision {
            effects: vec![Effect::HandOver(false)],
            ..menu(Answer::Menu("menu-text"))
        };
    }
    if back_to_menu
        || *said == Input::Opened
        || keyword == Some(Keyword::Hello)
        || matches!(said, Input::Text(text) if locale::number(text) == Some(0))
    {
        return menu(Answer::Menu("menu-text"));
    }
    if keyword == Some(Keyword::Language) && facts.languages.len() > 1 {
        return Decision {
            step: BotStep::Language,
            ..stay(vec![Answer::AskLanguage("choose-language")])
        };
    }
    match said {
        Input::Text(text) if text.trim().is_empty() => menu(Answer::Menu("menu-text")),
        Input::Text(text) if state.step == BotStep::Language => match language_of(facts, text) {
            Some(language) => in_language(language),
            None => stay(vec![Answer::Ask]),
        },
        Input::Text(text) if state.step == BotStep::Search => {
            stay(vec![Answer::Search(text.trim().to_owned())])
        }
        // The scene still waits for its text.
        Input::Unreadable | Input::Kept if facts.in_scene => stay(vec![Answer::Text("not-text")]),
        Input::Unreadable => menu(Answer::Menu("not-text")),
        Input::Kept => menu(Answer::Menu("kept")),
        _ => stay(vec![Answer::Ask]),
    }
}

/// Whether the bot or a scene has offered this. Its title may be a product's name, or a person's.
fn is_ours(id: &str) -> bool {
    id.starts_with("svc:")
        || id.starts_with(LANGUAGE)
        || [MENU, PROFILE_NAME].contains(&id)
        || id.parse::<ProductId>().is_ok()
}

/// Handles a tap by a registered contact. Returns `None` for an id that the bot does not know.
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
        MENU => ready(Answer::Menu("menu-text"), BotStep::Ready),
        SHOP => ready(Answer::Text("ask-search"), BotStep::Search),
        CHOOSE_LANGUAGE if facts.languages.len() > 1 => {
            ready(Answer::AskLanguage("choose-language"), BotStep::Language)
        }
        // Any other menu item is a question: a model answers from the business's knowledge.
        id if id.starts_with("svc:") => ready(Answer::Ask, BotStep::Ready),
        id => ready(Answer::Product(id.parse().ok()?), BotStep::Search),
    }
}

fn in_language(language: String) -> Decision {
    Decision {
        effects: vec![Effect::Language(language)],
        answers: vec![Answer::Menu("menu-text")],
        step: BotStep::Ready,
        ..Decision::default()
    }
}

/// The greeting asks for a name and a language, then shows the menu.
fn greet(facts: &Facts<'_>, state: &State, said: &Input) -> Decision {
    let ask_language = facts.languages.len() > 1;
    let remember = matches!(said, Input::Text(text) if is_question(text));
    // A file is no answer, and the question stands above it in the chat.
    let no_answer = match said {
        Input::Unreadable => Some(vec![Answer::Text("not-text")]),
        Input::Kept => Some(vec![Answer::Text("kept")]),
        Input::Opened => Some(Vec::new()),
        _ => None,
    };
    if let (BotStep::Name | BotStep::Language, Some(answers)) = (state.step, no_answer) {
        return Decision {
            answers,
            step: state.step,
            ..Decision::default()
        };
    }
    match state.step {
        BotStep::Name => {
            let name = match said {
                Input::Tap { id, .. } if id == PROFILE_NAME => facts.name.map(str::to_owned),
                Input::Text(text) => name(text),
                _ => None,
            };
            let Some(name) = name else {
                return Decision {
                    answers: vec![Answer::Text("ask-name-again")],
                    step: BotStep::Name,
                    remember,
                    ..Decision::default()
                };
            };
            match ask_language {
                true => Decision {
                    effects: vec![Effect::Name(name)],
                    answers: vec![Answer::AskLanguage("ask-language")],
                    step: BotStep::Language,
                    ..Decision::default()
                },
                false => Decision {
                    effects: vec![Effect::Name(name), Effect::Register],
                    answers: vec![Answer::Menu("welcome")],
                    step: BotStep::Ready,
                    ..Decision::default()
                },
            }
        }
        BotStep::Language => {
            let language = match said {
                Input::Tap { id, .. } => id
                    .strip_prefix(LANGUAGE)
                    .and_then(|code| language_of(facts, code)),
                Input::Text(text) => language_of(facts, text),
                _ => None,
            };
            match language {
                Some(language) => Decision {
                    effects: vec![Effect::Language(language), Effect::Register],
                    answers: vec![Answer::Menu("welcome")],
                    step: BotStep::Ready,
                    ..Decision::default()
                },
                None => Decision {
                    answers: vec![Answer::AskLanguage("ask-language-again")],
                    step: BotStep::Language,
                    remember,
                    ..Decision::default()
                },
            }
        }
        _ => Decision {
            answers: vec![Answer::Text("hello"), Answer::AskName],
            step: BotStep::Name,
            remember,
            ..Decision::default()
        },
    }
}

/// Returns true for a text with a question mark or a question word at its beginning.
fn is_question(text: &str) -> bool {
    text.contains(['?', '؟']) || locale::asks(text)
}

/// Reads a name: a few words with a letter, and neither a keyword nor a question.
fn name(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = name.chars().count() <= NAME_LIMIT
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(char::is_control)
        && locale::keyword(&name).is_none()
        && !is_question(&name);
    fits.then_some(name)
}

/// Reads a language by its code or its own name.
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
