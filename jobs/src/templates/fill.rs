//! Fills a template. It refuses what Meta would refuse, before that costs a request.

use kazi_clients::whatsapp::{Body, ButtonParameter, HeaderParameter, TemplateText};

use super::{
    Template,
    shape::{Header, Media, Own, Shape, Wanted, fill_in, tidy, word},
};

/// Characters of a filled body (Meta, "Message templates").
const BODY_LIMIT: usize = 1_024;
/// Characters of a filled header.
const HEADER_LIMIT: usize = 60;
/// Characters of the end of an address, of a coupon, and of a payload.
const URL_LIMIT: usize = 2_000;
const CODE_LIMIT: usize = 15;
const PAYLOAD_LIMIT: usize = 256;

/// The value for a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// The value of its variable.
    Text(String),
    /// The https address of its file.
    Link(String),
}

/// Why a template cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The number of parameters is wrong.
    #[error("the template wants {wanted} parameters and was given {given}")]
    Parameters {
        /// The number that the body has.
        wanted: usize,
        /// The number that the caller gave.
        given: usize,
    },
    /// A parameter is empty.
    #[error("parameter {0} is empty")]
    Empty(usize),
    /// A filled part is longer than Meta allows.
    #[error("filled in it has more than {0} characters")]
    TooLong(usize),
    /// The value for the header is missing or of another kind.
    #[error("the header wants {0}")]
    Header(&'static str),
    /// The value for a button is missing or of another kind.
    #[error("button {index} wants {wanted}")]
    Button {
        /// The index of the button, from 0.
        index: u8,
        wanted: &'static str,
    },
    /// The template has a part that this program cannot fill.
    #[error("{0}")]
    Unfillable(String),
}

impl Template {
    /// Returns the parts that a message must fill.
    pub fn shape(&self) -> Shape {
        Shape::of(&self.body, &self.components)
    }

    /// The address of a button, with the mark of its variable.
    pub fn address_of_button(&self, index: u8) -> Option<&str> {
        let parts = self.components.as_array()?.iter();
        let mut buttons = parts.filter_map(|part| part["buttons"].as_array());
        buttons.next()?.get(usize::from(index))?["url"].as_str()
    }

    /// Fills the template. Line breaks and runs of spaces become single spaces, because Meta refuses them in a
    /// parameter.
    pub fn fill(
        &self,
        parameters: &[String],
        header: Option<&HeaderValue>,
        buttons: Vec<ButtonParameter>,
    ) -> Result<Body, FillError> {
        let shape = self.shape();
        if let Some(why) = shape.unfillable {
            return Err(FillError::Unfillable(why));
        }
        let (wanted, given) = (shape.body.len(), parameters.len());
        if wanted != given {
            return Err(FillError::Parameters { wanted, given });
        }
        let mut filled = Vec::with_capacity(given);
        for (parameter, number) in parameters.iter().zip(1..) {
            let text = tidy(parameter);
            if text.is_empty() {
                return Err(FillError::Empty(number));
            }
            filled.push(text);
        }
        let value = |name: &str| {
            let at = shape.body.iter().position(|known| known == name)?;
            filled.get(at).map(String::as_str)
        };
        let body = fill_in(&self.body, value);
        if body.chars().count() > BODY_LIMIT {
            return Err(FillError::TooLong(BODY_LIMIT));
        }
        let header = self.header(&shape, header)?;
        let buttons = buttons_of(&shape, buttons)?;
        let shown = Some(self.shown(body, header.as_ref()));
        Ok(Body::Template {
            name: self.name.clone(),
            language: self.language.clone(),
            parameters: filled,
            names: if shape.named { shape.body } else { Vec::new() },
            header,
            buttons,
            shown,
        })
    }

    /// The parts as the phone shows them, around the filled body.
    fn shown(&self, body: String, header: Option<&HeaderParameter>) -> TemplateText {
        let parts = || self.components.as_array().into_iter().flatten();
        let part = |kind: &str| parts().find(|part| word(&part["type"]) == kind);
        let text = |kind: &str| {
            let text = part(kind)?["text"].as_str()?;
            (!text.is_empty()).then_some(text)
        };
        let title = match header {
            Some(HeaderParameter::Text { text, .. }) => Some(text.as_str()),
            _ => None,
        };
        let buttons = part("BUTTONS").and_then(|part| part["buttons"].as_array());
        let words = |button: &serde_json::Value| {
            let words = button["text"].as_str().unwrap_or_default();
            (!words.is_empty()).then(|| words.to_owned())
        };
        TemplateText {
            header: text("HEADER").map(|text| fill_in(text, |_| title)),
            body,
            footer: text("FOOTER").map(str::to_owned),
            buttons: buttons.into_iter().flatten().filter_map(words).collect(),
        }
    }

    fn header(
        &self,
        shape: &Shape,
        given: Option<&HeaderValue>,
    ) -> Result<Option<HeaderParameter>, FillError> {
        let parameter = match (&shape.header, given) {
            (Header::Nothing, None) => return Ok(None),
            (Header::Nothing, Some(_)) => return Err(FillError::Header("nothing")),
            (Header::Text(variable), Some(HeaderValue::Text(text))) => {
                let text = tidy(text);
                if text.is_empty() {
                    return Err(FillError::Header("a text"));
                }
                let top = self.components.as_array().into_iter().flatten();
                let mut top =
                    top.filter_map(|part| Some((part["format"].as_str()?, part["text"].as_str()?)));
                let whole = top.next().map_or(0, |(_, whole)| {
                    fill_in(whole, |_| Some(&text)).chars().count()
                });
                if whole > HEADER_LIMIT {
                    return Err(FillError::TooLong(HEADER_LIMIT));
                }
                let name = variable.parse::<u32>().is_err().then(|| variable.clone());
                HeaderParameter::Text { text, name }
            }
            (Header::Text(_), _) => return Err(FillError::Header("a text")),
            (Header::Media(media), Some(HeaderValue::Link(link))) => {
                let link = link.clone();
                match media {
                    Media::Image => HeaderParameter::Image { link },
                    Media::Video => HeaderParameter::Video { link },
                    Media::Document => HeaderParameter::Document { link },
                }
            }
            (Header::Media(media), _) => return Err(FillError::Header(media.name())),
        };
        Ok(Some(parameter))
    }

    /// Returns the parameters that the template has a button for. Some templates have fewer buttons than a notice offers.
    pub fn taken(&self, buttons: &[ButtonParameter]) -> Vec<ButtonParameter> {
        let shape = self.shape();
        let taken = buttons.iter().filter(|button| takes(&shape, button));
        taken.cloned().collect()
    }
}

/// Returns true when the template has such a button at this place.
fn takes(shape: &Shape, button: &ButtonParameter) -> bool {
    let wants = |wanted| {
        let mut all = shape.buttons.iter();
        all.any(|(index, kind, _)| *index == button.index() && *kind == wanted)
    };
    match button {
        ButtonParameter::Url { .. } => wants(Wanted::Url),
        ButtonParameter::Code { .. } => wants(Wanted::Code),
        ButtonParameter::Payload { index, .. } => shape.replies.contains(index),
        ButtonParameter::Flow { index } => shape.own.contains(&(*index, Own::Flow)),
        ButtonParameter::Catalog { index } => shape.own.contains(&(*index, Own::Catalog)),
    }
}

/// Checks and cleans the parameters of the buttons. Each button that needs one must have one, and no other may.
fn buttons_of(
    shape: &Shape,
    given: Vec<ButtonParameter>,
) -> Result<Vec<ButtonParameter>, FillError> {
    for (index, wanted, _) in &shape.buttons {
        let mut all = given.iter();
        if !all.any(|button| button.index() == *index && takes(shape, button)) {
            return Err(FillError::Button {
                index: *index,
                wanted: wanted.name(),
            });
        }
    }
    let given = given.into_iter().map(|button| {
        let fault = |wanted| FillError::Button {
            index: button.index(),
            wanted,
        };
        if !takes(shape, &button) {
            return Err(fault("nothing like that"));
        }
        let tidied = |text: &str, most: usize| match tidy(text) {
            text if text.is_empty() => Err(fault("a text")),
            text if text.chars().count() > most => Err(FillError::TooLong(most)),
            text => Ok(text),
        };
        Ok(match &button {
            ButtonParameter::Url { index, text } => ButtonParameter::Url {
                index: *index,
                text: tidied(text, URL_LIMIT)?,
            },
            ButtonParameter::Code { index, text } => ButtonParameter::Code {
                index: *index,
                text: tidied(text, CODE_LIMIT)?,
            },
            ButtonParameter::Payload { index, payload } => ButtonParameter::Payload {
                index: *index,
                payload: tidied(payload, PAYLOAD_LIMIT)?,
            },
            // Below, for every message.
            ButtonParameter::Flow { .. } | ButtonParameter::Catalog { .. } => {
                return Err(fault("nothing from the sender"));
            }
        })
    });
    let own = shape.own.iter().map(|&(index, kind)| match kind {
        Own::Flow => ButtonParameter::Flow { index },
        Own::Catalog => ButtonParameter::Catalog { index },
    });
    given.chain(own.map(Ok)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::templates::{Category, TemplateId, TemplateStatus};

    fn template(body: &str) -> Template {
        Template {
            id: TemplateId::new(),
            account: "1".into(),
            name: "t".into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: body.into(),
            components: Value::Null,
            paused_until: None,
        }
    }

    #[test]
    fn what_meta_would_refuse_is_refused_here() {
        let two = template("Hello {{1}}, see you {{2}}.");
        let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            two.fill(&texts(&["A"]), None, Vec::new()),
            Err(FillError::Parameters {
                wanted: 2,
                given: 1
            })
        );
        assert_eq!(
            two.fill(&texts(&["A", " \n"]), None, Vec::new()),
            Err(FillError::Empty(2))
        );
        let long = "x".repeat(1_024);
        assert_eq!(
            two.fill(&texts(&["A", &long]), None, Vec::new()),
            Err(FillError::TooLong(1_024))
        );
        let Ok(Body::Template { parameters, .. }) =
            two.fill(&texts(&["A\nB", "at     8"]), None, Vec::new())
        else {
            panic!("it can be filled in")
        };
        assert_eq!(parameters, ["A B", "at 8"]);
    }

    #[test]
    fn a_template_is_filled_in_as_meta_wants_it() {
        let mut template = template("Hello {{guest}}, see you {{day}}.");
        template.components = serde_json::json!([
            {"type": "HEADER", "format": "IMAGE"},
            {"type": "FOOTER", "text": "Zuri"},
            {"type": "BUTTONS", "buttons": [
                {"type": "COPY_CODE", "text": "Copy"},
                {"type": "URL", "text": "Map", "url": "https://x.test/{{1}}"},
                {"type": "QUICK_REPLY", "text": "Yes"},
            ]},
        ]);
        let texts = ["A".to_owned(), "today".to_owned()];
        let picture = HeaderValue::Link("https://x.test/a.png".into());
        let code = |text: &str| ButtonParameter::Code {
            index: 0,
            text: text.into(),
        };
        let url = ButtonParameter::Url {
            index: 1,
            text: "north".into(),
        };
        let yes = |index| ButtonParameter::Payload {
            index,
            payload: "y".into(),
        };
        let all = vec![code("TEA"), url.clone(), yes(2)];
        let Ok(Body::Template {
            names,
            header,
            buttons,
            shown,
            ..
        }) = template.fill(&texts, Some(&picture), all.clone())
        else {
            panic!("it can be filled in")
        };
        let words = ["Copy", "Map", "Yes"].map(str::to_owned).to_vec();
        assert_eq!(
            shown,
            Some(TemplateText {
                header: None,
                body: "Hello A, see you today.".into(),
                footer: Some("Zuri".into()),
                buttons: words,
            })
        );
        assert_eq!(names, ["guest", "day"]);
        assert_eq!(
            header,
            Some(HeaderParameter::Image {
                link: "https://x.test/a.png".into()
            })
        );
        assert_eq!(buttons, all);
        let faults = |header, buttons| template.fill(&texts, header, buttons).unwrap_err();
        assert_eq!(faults(None, all.clone()), FillError::Header("an image"));
        let words = HeaderValue::Text("Hi".into());
        assert_eq!(
            faults(Some(&words), all.clone()),
            FillError::Header("an image")
        );
        for (buttons, index) in [
            (vec![url.clone()], 0),
            (vec![code("TEA")], 1),
            (vec![code("TEA"), url.clone(), yes(1)], 1),
            (vec![code("\u{3164}"), url.clone()], 0),
        ] {
            let fault = faults(Some(&picture), buttons);
            assert!(
                matches!(&fault, FillError::Button { index: at, .. } if *at == index),
                "{fault:?}"
            );
        }
        let long = vec![code("0123456789ABCDEF"), url];
        assert_eq!(faults(Some(&picture), long), FillError::TooLong(15));
        assert_eq!(template.taken(&[yes(1), yes(2)]), [yes(2)]);
    }

    #[test]
    fn a_text_on_top_is_shown_with_its_value() {
        let mut template = template("Thank you.");
        let shown = |template: &Template, header: Option<&HeaderValue>| {
            let filled = template.fill(&[], header, Vec::new());
            let Ok(Body::Template { shown, .. }) = filled else {
                panic!("{filled:?}")
            };
            shown.unwrap().header
        };
        assert_eq!(shown(&template, None), None);
        template.components = serde_json::json!([{"type": "header", "text": "Order {{1}}"}]);
        let value = HeaderValue::Text("{{1}} 7".into());
        assert_eq!(
            shown(&template, Some(&value)).as_deref(),
            Some("Order {{1}} 7")
        );
        template.components =
            serde_json::json!([{"type": "HEADER", "format": "TEXT", "text": "News"}]);
        assert_eq!(shown(&template, None).as_deref(), Some("News"));
    }
}
