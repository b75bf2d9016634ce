//! The shape of a template: the values that it needs, read from its parts in Meta's form.

use serde_json::Value;

/// The values that a template needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub header: Header,
    /// The variables of the body, in the order of the parameters: `1`, `2` … or names.
    pub body: Vec<String>,
    /// The variables have names.
    pub named: bool,
    /// The buttons that need a value: the index from 0, the kind, and the text on the button.
    pub buttons: Vec<(u8, Wanted, String)>,
    /// The indexes of the quick replies. A quick reply may have a payload.
    pub replies: Vec<u8>,
    /// The indexes of the buttons that this program fills by itself: forms and catalogues.
    pub own: Vec<(u8, Own)>,
    /// The cards of a carousel.
    pub cards: Vec<Card>,
    /// The message shows when its offer ends.
    pub offer_ends: bool,
    /// The reason why this program cannot fill the template at all.
    pub unfillable: Option<String>,
}

/// A card of a carousel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The text of its body. Empty: it has none.
    pub text: String,
    pub shape: Shape,
}

/// The value that a header needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Header {
    #[default]
    Nothing,
    /// A text for the variable of this name.
    Text(String),
    /// The address of a file.
    Media(Media),
    /// A place on a map.
    Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Image,
    Video,
    Document,
}

impl Media {
    /// The name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "an image",
            Self::Video => "a video",
            Self::Document => "a document",
        }
    }
}

/// The value that a button needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The end of its address, or the code for the button of a one-time code.
    Url,
    /// The coupon that a tap copies.
    Code,
}

/// A button that needs its place in a message, and no value of the sender's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A form. Its token is the id of the message.
    Flow,
    /// The catalogue at Meta.
    Catalog,
}

impl Wanted {
    /// The name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "the end of its address",
            Self::Code => "the code that it copies",
        }
    }
}

impl Shape {
    /// Reads the parts. `body` is the text of the body.
    pub(super) fn of(body: &str, components: &Value) -> Self {
        let (body, named) = variables(body);
        let mut shape = Self {
            body,
            named,
            ..Self::default()
        };
        for part in components.as_array().into_iter().flatten() {
            match word(&part["type"]).as_str() {
                "HEADER" => shape.read_header(part),
                "BUTTONS" => shape.read_buttons(part),
                "BODY" | "FOOTER" => {}
                "CAROUSEL" => shape.read_cards(part),
                "LIMITED_TIME_OFFER" => {
                    let offer = &part["limited_time_offer"];
                    shape.offer_ends = offer["has_expiration"] == true;
                }
                other => shape.refuse(&format!(
                    "it has the part {}, which is not known here",
                    cut(other)
                )),
            }
        }
        shape
    }

    fn read_cards(&mut self, part: &Value) {
        for card in part["cards"].as_array().into_iter().flatten() {
            let parts = &card["components"];
            let mut all = parts.as_array().into_iter().flatten();
            let body = all.find(|part| word(&part["type"]) == "BODY");
            let text = body.and_then(|body| body["text"].as_str());
            let text = text.unwrap_or_default().to_owned();
            let shape = Self::of(&text, parts);
            if let Some(why) = &shape.unfillable {
                self.refuse(why);
            }
            self.cards.push(Card { text, shape });
        }
        let media = |card: &Card| matches!(card.shape.header, Header::Media(_));
        if self.cards.is_empty() || !self.cards.iter().all(media) {
            self.refuse("its cards have no images or videos, but products or the like");
        }
    }

    fn read_header(&mut self, part: &Value) {
        self.header = match word(&part["format"]).as_str() {
            "TEXT" | "" => {
                let (variables, _) = variables(part["text"].as_str().unwrap_or_default());
                variables
                    .into_iter()
                    .next()
                    .map_or(Header::Nothing, Header::Text)
            }
            "IMAGE" => Header::Media(Media::Image),
            "VIDEO" => Header::Media(Media::Video),
            "DOCUMENT" => Header::Media(Media::Document),
            "LOCATION" => Header::Location,
            _ => {
                self.refuse("it has a product or the like on top, which cannot be given here");
                Header::Nothing
            }
        };
    }

    fn read_buttons(&mut self, part: &Value) {
        let buttons = part["buttons"].as_array().into_iter().flatten();
        for (index, button) in (0_u8..).zip(buttons) {
            let title = button["text"].as_str().unwrap_or_default().to_owned();
            let url = button["url"].as_str().unwrap_or_default();
            match word(&button["type"]).as_str() {
                "URL" if url.contains("{{") => self.buttons.push((index, Wanted::Url, title)),
                "OTP" => self.buttons.push((index, Wanted::Url, title)),
                "COPY_CODE" => self.buttons.push((index, Wanted::Code, title)),
                "QUICK_REPLY" => self.replies.push(index),
                "FLOW" => self.own.push((index, Own::Flow)),
                "CATALOG" => self.own.push((index, Own::Catalog)),
                // Meta takes these as they were approved. The life of a call's button is optional.
                "URL" | "PHONE_NUMBER" | "VOICE_CALL" => {}
                kind @ ("MPM" | "SPM") => self.refuse(&format!(
                    "it has a button of the kind {kind}, and its products cannot be given here"
                )),
                "ORDER_DETAILS" => self.refuse(
                    "it has a button of the kind ORDER_DETAILS, and its order cannot be given here",
                ),
                kind => self.refuse(&format!(
                    "it has a button of the kind {}, which is not known here",
                    cut(kind)
                )),
            }
        }
    }

    fn refuse(&mut self, why: &str) {
        self.unfillable = Some(why.to_owned());
    }
}

/// Reads a word of Meta. Meta writes it in upper or lower case.
pub(super) fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_ascii_uppercase()
}

/// The beginning of a name that Meta chose.
fn cut(name: &str) -> String {
    name.chars().take(40).collect()
}

/// A text in pieces: what is said, and the names of variables.
enum Piece<'a> {
    Said(&'a str),
    Mark { whole: &'a str, name: &'a str },
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut all, mut rest) = (Vec::new(), text);
    while let Some(begin) = rest.find("{{") {
        let Some(length) = rest[begin..].find("}}") else {
            break;
        };
        let (said, mark) = rest.split_at(begin);
        let (whole, after) = mark.split_at(length + 2);
        all.push(Piece::Said(said));
        let name = whole[2..length].trim();
        all.push(Piece::Mark { whole, name });
        rest = after;
    }
    all.push(Piece::Said(rest));
    all
}

/// Returns the variables of a text, each once, and whether they have names. Numbers are sorted. Names stay in the order
/// of the text.
pub(super) fn variables(text: &str) -> (Vec<String>, bool) {
    let mut all: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Mark { name, .. } = piece
            && !all.iter().any(|known| known == name)
        {
            all.push(name.to_owned());
        }
    }
    let numbers: Option<Vec<u32>> = all.iter().map(|name| name.parse().ok()).collect();
    match numbers {
        Some(mut numbers) => {
            numbers.sort_unstable();
            (numbers.iter().map(u32::to_string).collect(), false)
        }
        None => (all, true),
    }
}

/// Fills the variables of a text in one pass, so that `{{…}}` in a value stays as it is. A variable without a value
/// stays too.
pub(crate) fn fill_in<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let filled = pieces(text).into_iter().map(|piece| match piece {
        Piece::Said(said) => said.to_owned(),
        Piece::Mark { whole, name } => value(name).unwrap_or(whole).to_owned(),
    });
    filled.collect()
}

/// Cleans a parameter for Meta: one line, single spaces, and no marks that change the direction of writing. The result is
/// empty when the text has no visible character.
pub(crate) fn tidy(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if kept.chars().all(is_invisible) {
        return String::new();
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters without ink. Some of them are letters by their class, and people use them as an empty name.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shape_tells_all_that_a_template_wants() {
        let shape = Shape::of(
            "Dear {{guest}}, table {{table}} for {{guest}}.",
            &json!([
                {"type": "HEADER", "format": "DOCUMENT"},
                {"type": "BODY", "text": "…"},
                {"type": "FOOTER", "text": "…"},
                {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Yes"},
                    {"type": "URL", "text": "Map", "url": "https://x.test/{{1}}"},
                    {"type": "URL", "text": "Site", "url": "https://x.test"},
                    {"type": "COPY_CODE", "text": "Copy"},
                    {"type": "PHONE_NUMBER", "text": "Call"},
                ]},
            ]),
        );
        assert_eq!(
            (shape.body, shape.named),
            (vec!["guest".into(), "table".into()], true)
        );
        assert_eq!(shape.header, Header::Media(Media::Document));
        let wanted: Vec<(u8, Wanted)> = shape.buttons.iter().map(|b| (b.0, b.1)).collect();
        assert_eq!(wanted, [(1, Wanted::Url), (3, Wanted::Code)]);
        assert_eq!((shape.replies, shape.unfillable), (vec![0], None));
        let numbered = Shape::of(
            "{{2}} and {{1}}",
            &json!([{"type": "header", "format": "text", "text": "No. {{1}}"}]),
        );
        assert_eq!(
            (numbered.body, numbered.named),
            (vec!["1".into(), "2".into()], false)
        );
        assert_eq!(numbered.header, Header::Text("1".into()));
        for part in [
            json!({"type": "CAROUSEL", "cards": []}),
            json!({"type": "CAROUSEL", "cards": [{"components": [{"type": "HEADER", "format": "PRODUCT"}]}]}),
            json!({"type": "HEADER", "format": "PRODUCT"}),
            json!({"type": "BUTTONS", "buttons": [{"type": "MPM"}]}),
            json!({"type": "HOLOGRAM"}),
        ] {
            assert!(
                Shape::of("Hi", &json!([part])).unfillable.is_some(),
                "{part}"
            );
        }
    }

    #[test]
    fn a_place_an_offer_and_cards_are_wanted() {
        let shape = Shape::of(
            "Hi",
            &json!([
                {"type": "header", "format": "location"},
                {"type": "limited_time_offer", "limited_time_offer": {"text": "!", "has_expiration": true}},
                {"type": "carousel", "cards": [{"components": [
                    {"type": "header", "format": "image"},
                    {"type": "body", "text": "Only {{1}}."},
                    {"type": "buttons", "buttons": [{"type": "url", "text": "Buy", "url": "https://x.test/{{1}}"}]},
                ]}]},
            ]),
        );
        assert_eq!(shape.unfillable, None);
        assert_eq!((shape.header, shape.offer_ends), (Header::Location, true));
        let [card] = shape.cards.as_slice() else {
            panic!("{:?}", shape.cards)
        };
        assert_eq!(card.shape.header, Header::Media(Media::Image));
        assert_eq!(card.shape.body, ["1"]);
        assert_eq!(card.shape.buttons, [(0, Wanted::Url, "Buy".to_owned())]);
    }

    #[test]
    fn a_button_is_filled_or_refused_by_name() {
        let of = |button: Value| {
            Shape::of(
                "Hi",
                &json!([{"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "No"}, button]}]),
            )
        };
        assert_eq!(
            of(json!({"type": "FLOW", "flow_id": "9"})).own,
            [(1, Own::Flow)]
        );
        assert_eq!(of(json!({"type": "catalog"})).own, [(1, Own::Catalog)]);
        for kind in [
            "FLOW",
            "CATALOG",
            "URL",
            "PHONE_NUMBER",
            "VOICE_CALL",
            "QUICK_REPLY",
        ] {
            assert_eq!(of(json!({"type": kind})).unfillable, None, "{kind}");
        }
        for kind in ["MPM", "SPM", "ORDER_DETAILS", "REMINDER", "PAYMENT_REQUEST"] {
            let shape = of(json!({"type": kind}));
            assert!(
                shape.unfillable.is_some_and(|why| why.contains(kind)),
                "{kind}"
            );
        }
        assert!(of(json!({"text": "?"})).unfillable.is_some());
    }

    #[test]
    fn a_parameter_is_one_line_that_somebody_can_see() {
        for (given, tidied) in [
            (
                "Line 1\r\nLine 2\tand     five\u{a0}",
                "Line 1 Line 2 and five",
            ),
            ("\u{3164}", ""),
            ("\u{200b}\u{200d} \u{2060}\n", ""),
            ("\u{202e}animA", "animA"),
            ("\u{0}\u{7}", ""),
            // These joiners belong to what they join.
            ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("{{2}} {{1}}", "{{2}} {{1}}"),
        ] {
            assert_eq!(tidy(given), tidied, "{given:?}");
        }
    }

    #[test]
    fn what_a_value_says_is_no_variable() {
        let values = ["{{2}}", "x"];
        let filled = fill_in("Hi {{1}}, {{ 2 }} {{3}} {{", |name| {
            let number: usize = name.parse().ok()?;
            values.get(number - 1).copied()
        });
        assert_eq!(filled, "Hi {{2}}, x {{3}} {{");
    }
}
