//! Knows the button of a template that says "no more offers", in whatever language the template is.
//!
//! Meta's button for it is a quick reply like others, and its payload is its text, in the language of the template. The
//! bot knows the words of six languages. For all others the template itself tells.

use serde_json::Value;

use super::{Category, shape::word, store};
use crate::{
    Work,
    locale::{self, Keyword, LANGUAGES},
};

/// Returns true when a tap on a quick reply with this text says "no more offers". `account` is the business account.
pub async fn is_opt_out(work: &mut Work, account: &str, title: &str) -> Result<bool, sqlx::Error> {
    let title = title.trim();
    if is_known(title) || title.is_empty() {
        return Ok(!title.is_empty());
    }
    let all = store::like_those_with_button(work, account, title).await?;
    Ok(told_by(&all, title))
}

/// A template with its versions in other languages.
pub(super) struct Version {
    pub name: String,
    pub language: String,
    pub category: Category,
    pub components: Value,
}

/// Returns true when a template with such a button tells that it says stop.
fn told_by(all: &[Version], title: &str) -> bool {
    let tapped = all.iter().filter_map(|version| {
        let at = replies(&version.components)
            .into_iter()
            .find(|(_, text)| *text == title)?;
        Some((version, at.0))
    });
    tapped.into_iter().any(|(version, index)| {
        let mut same = all.iter().filter(|other| other.name == version.name);
        let elsewhere = same.any(|other| {
            replies(&other.components)
                .iter()
                .any(|(at, text)| *at == index && is_known(text))
        });
        elsewhere || offers_to_stop(version, title)
    })
}

/// Meta's footer comes with its button and names it: "Not interested? Tap Stop promotions". In a language of the bot the
/// words are known, and another question ("Interested? Tap Yes") is possible: there the footer does not count.
fn offers_to_stop(version: &Version, title: &str) -> bool {
    let language = version.language.split(['_', '-']).next();
    if version.category != Category::Marketing
        || language.is_some_and(|language| LANGUAGES.contains(&language))
    {
        return false;
    }
    let parts = version.components.as_array().into_iter().flatten();
    let mut footers = parts.filter(|part| word(&part["type"]) == "FOOTER");
    footers.any(|footer| {
        let text = footer["text"].as_str().unwrap_or_default().to_lowercase();
        text.contains(['?', '؟', '？', ';', '՞']) && text.contains(&title.to_lowercase())
    })
}

/// The quick replies of a template: their indexes and texts.
fn replies(components: &Value) -> Vec<(usize, &str)> {
    let parts = components.as_array().into_iter().flatten();
    let buttons = parts.filter_map(|part| part["buttons"].as_array());
    let buttons = buttons.flat_map(|buttons| buttons.iter().enumerate());
    buttons
        .filter(|(_, button)| word(&button["type"]) == "QUICK_REPLY")
        .filter_map(|(index, button)| Some((index, button["text"].as_str()?.trim())))
        .collect()
}

/// Words in the languages of Meta's templates that the bot does not speak: the beginnings of words for stopping, and of
/// words for offers. A button with both says "no more offers".
const STOPPING: [&str; 44] = [
    "stop",
    "beend",
    "abbestell",
    "abmeld",
    "interromp",
    "disattiv",
    "hentik",
    "berhenti",
    "durdur",
    "iptal",
    "останов",
    "отключ",
    "прекрат",
    "зупин",
    "припин",
    "спри",
    "zatrzym",
    "wstrzym",
    "zastav",
    "ukonč",
    "obustav",
    "ustavi",
    "leáll",
    "opri",
    "oprește",
    "acha",
    "sitisha",
    "ngừng",
    "dừng",
    "หยุด",
    "停止",
    "取消",
    "중지",
    "중단",
    "avslutt",
    "avsluta",
    "lopeta",
    "afslut",
    "lõpeta",
    "διακοπ",
    "σταμάτ",
    "הפסק",
    "הפסיק",
    "روک",
];
const OFFERS: [&str; 37] = [
    "promo",
    "werb",
    "angebot",
    "reklam",
    "offert",
    "pubblicit",
    "penawaran",
    "iklan",
    "kampanya",
    "teklif",
    "промо",
    "реклам",
    "акци",
    "предложени",
    "пропозиц",
    "oferte",
    "oferty",
    "ofert",
    "nabíd",
    "ponud",
    "ajánlat",
    "matangazo",
    "ofa",
    "khuyến mãi",
    "quảng cáo",
    "โปรโมช",
    "โฆษณา",
    "プロモ",
    "宣伝",
    "促銷",
    "促销",
    "推广",
    "推廣",
    "프로모션",
    "προσφορ",
    "מבצע",
    "پروموش",
];

fn is_known(text: &str) -> bool {
    if matches!(locale::keyword(text), Some((Keyword::Stop, _))) {
        return true;
    }
    let text = text.to_lowercase();
    let has = |words: &[&str]| {
        words.iter().any(|word| {
            // A script without spaces has no beginnings of words.
            let anywhere = word.chars().all(|c| c > '\u{e00}');
            text.match_indices(word).any(|(at, _)| {
                anywhere
                    || !text[..at]
                        .chars()
                        .next_back()
                        .is_some_and(char::is_alphabetic)
            })
        })
    };
    has(&STOPPING) && has(&OFFERS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn version(name: &str, language: &str, footer: &str, buttons: &[&str]) -> Version {
        let buttons: Vec<Value> = buttons
            .iter()
            .map(|text| json!({"type": "QUICK_REPLY", "text": text}))
            .collect();
        Version {
            name: name.into(),
            language: language.into(),
            category: Category::Marketing,
            components: json!([{"type": "BODY", "text": "…"}, {"type": "FOOTER", "text": footer},
                               {"type": "BUTTONS", "buttons": buttons}]),
        }
    }

    #[test]
    fn the_words_of_the_button_are_known_in_many_languages() {
        for text in [
            "Werbeaktionen beenden",
            "Werbung stoppen",
            "Interrompi promozioni",
            "Hentikan promosi",
            "Promosyonları durdur",
            "Остановить рекламу",
            "Zatrzymaj promocje",
            "Ngừng khuyến mãi",
            "หยุดโปรโมชัน",
            "プロモーションを停止",
            "停止推广",
            "프로모션 중지",
            "Acha matangazo ya ofa",
            "Stop promoties",
            "Parar promoções",
        ] {
            assert!(is_known(text), "{text}");
        }
        for text in [
            "Angebote ansehen",
            "Bestellung stoppen",
            "Non-stop",
            "Ja, gern",
        ] {
            assert!(!is_known(text), "{text}");
        }
    }

    #[test]
    fn another_language_or_the_footer_of_a_template_tells_what_its_button_says() {
        let all = [
            version("spring", "en_US", "", &["Yes", "Stop promotions"]),
            version("spring", "ka", "", &["კი", "შეწყვეტა"]),
            version("autumn", "ka", "", &["კი", "არა"]),
        ];
        assert!(told_by(&all, "შეწყვეტა"));
        for other in ["კი", "არა", "Yes", "?"] {
            assert!(!told_by(&all, other), "{other}");
        }
        let footer = "არ გაინტერესებთ? შეეხეთ: შეწყვეტა";
        let own = [version("spring", "ka", footer, &["კი", "შეწყვეტა"])];
        assert!(told_by(&own, "შეწყვეტა") && !told_by(&own, "კი"));
        let english = [version("spring", "en", "Interested? Tap Yes", &["Yes"])];
        assert!(!told_by(&english, "Yes"));
        let mut utility = own;
        utility[0].category = Category::Utility;
        assert!(!told_by(&utility, "შეწყვეტა"));
    }
}
