//! A draft in Meta's form.

use serde_json::{Value, json};

use super::{
    Category, DraftButton, DraftButtonKind, DraftCard, DraftHeader, DraftText, HeaderFormat,
    NewDraft, OtpType, ParameterFormat,
    shape::{variables, word},
};

impl NewDraft {
    /// The parts in Meta's form.
    pub fn components(&self) -> Value {
        if self.category == Category::Authentication {
            return self.of_a_code();
        }
        let mut all = Vec::new();
        if let Some(header) = &self.header {
            all.push(header.component(self.parameter_format));
        }
        if let Some(offer) = &self.limited_time_offer {
            let offer = json!({"text": offer.text, "has_expiration": offer.has_expiration});
            all.push(json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": offer}));
        }
        all.push(self.body.component(self.parameter_format));
        if let Some(footer) = &self.footer {
            all.push(json!({"type": "FOOTER", "text": footer}));
        }
        all.extend(buttons(&self.buttons));
        if !self.cards.is_empty() {
            let cards = self.cards.iter();
            let cards: Vec<Value> = cards
                .map(|card| card.component(self.parameter_format))
                .collect();
            all.push(json!({"type": "CAROUSEL", "cards": cards}));
        }
        all.into()
    }

    fn of_a_code(&self) -> Value {
        let recommends = self.add_security_recommendation;
        let mut all = vec![json!({"type": "BODY", "add_security_recommendation": recommends})];
        if let Some(minutes) = self.code_expiration_minutes {
            all.push(json!({"type": "FOOTER", "code_expiration_minutes": minutes}));
        }
        all.extend(buttons(&self.buttons));
        all.into()
    }

    /// The text of the body. Until Meta has written that of an authentication template, it is Meta's English one.
    pub fn text(&self) -> &str {
        match (self.category, self.add_security_recommendation) {
            (Category::Authentication, true) => {
                "*{{1}}* is your verification code. For your security, do not share this code."
            }
            (Category::Authentication, false) => "*{{1}}* is your verification code.",
            _ => &self.body.text,
        }
    }
}

impl DraftHeader {
    fn component(&self, format: ParameterFormat) -> Value {
        let kind = self.format.name().to_uppercase();
        let mut part = json!({"type": "HEADER", "format": kind});
        match self.format {
            HeaderFormat::Text => {
                let text = self.text.as_deref().unwrap_or_default();
                part["text"] = text.into();
                match (variables(text).0.as_slice(), self.examples.first()) {
                    ([name], Some(example)) if format == ParameterFormat::Named => {
                        let named = json!([{"param_name": name, "example": example}]);
                        part["example"] = json!({"header_text_named_params": named});
                    }
                    ([_], Some(example)) => part["example"] = json!({"header_text": [example]}),
                    _ => {}
                }
            }
            HeaderFormat::Location => {}
            _ => part["example"] = json!({"header_handle": [self.handle]}),
        }
        part
    }
}

impl DraftText {
    fn component(&self, format: ParameterFormat) -> Value {
        let mut part = json!({"type": "BODY", "text": self.text});
        if self.examples.is_empty() {
            return part;
        }
        part["example"] = match format {
            ParameterFormat::Positional => json!({"body_text": [self.examples]}),
            ParameterFormat::Named => {
                let (names, _) = variables(&self.text);
                let named = names.iter().zip(&self.examples);
                let named: Vec<Value> = named
                    .map(|(name, example)| json!({"param_name": name, "example": example}))
                    .collect();
                json!({"body_text_named_params": named})
            }
        };
        part
    }
}

impl DraftCard {
    fn component(&self, format: ParameterFormat) -> Value {
        let mut all = vec![self.header.component(format)];
        all.extend(self.body.as_ref().map(|body| body.component(format)));
        all.extend(buttons(&self.buttons));
        json!({"components": all})
    }
}

fn buttons(all: &[DraftButton]) -> Option<Value> {
    let buttons: Vec<Value> = all.iter().map(DraftButton::component).collect();
    (!buttons.is_empty()).then(|| json!({"type": "BUTTONS", "buttons": buttons}))
}

impl DraftButton {
    fn component(&self) -> Value {
        let text = &self.text;
        match self.kind {
            DraftButtonKind::QuickReply => json!({"type": "QUICK_REPLY", "text": text}),
            DraftButtonKind::PhoneNumber => {
                json!({"type": "PHONE_NUMBER", "text": text, "phone_number": self.phone_number})
            }
            DraftButtonKind::Url => {
                let mut button = json!({"type": "URL", "text": text, "url": self.url});
                let url = self.url.as_deref().unwrap_or_default();
                if !variables(url).0.is_empty() {
                    button["example"] = json!([self.example]);
                }
                button
            }
            DraftButtonKind::CopyCode => json!({"type": "COPY_CODE", "example": self.example}),
            DraftButtonKind::Flow => {
                let action = self.flow_action.map_or("navigate", |action| action.name());
                let mut button = json!({
                    "type": "FLOW", "text": text, "flow_id": self.flow_id, "flow_action": action,
                });
                if let Some(screen) = &self.navigate_screen {
                    button["navigate_screen"] = screen.as_str().into();
                }
                button
            }
            DraftButtonKind::OneTimePassword => self.of_a_code(),
        }
    }

    fn of_a_code(&self) -> Value {
        let kind = self.otp_type.unwrap_or(OtpType::CopyCode);
        let mut button = json!({"type": "OTP", "otp_type": kind.name().to_uppercase()});
        if !self.text.is_empty() {
            button["text"] = self.text.as_str().into();
        }
        if let Some(text) = &self.autofill_text {
            button["autofill_text"] = text.as_str().into();
        }
        if !self.supported_apps.is_empty() {
            button["supported_apps"] = json!(self.supported_apps);
        }
        if kind == OtpType::ZeroTap {
            button["zero_tap_terms_accepted"] = self.zero_tap_terms_accepted.into();
        }
        button
    }
}

/// Says whether two templates in Meta's form read the same. Meta adds fields of its own, and answers with an address in place
/// of a sample's handle.
pub(super) fn reads_the_same(one: &Value, other: &Value) -> bool {
    said(one) == said(other)
}

/// The texts, the kinds and the addresses of the parts.
fn said(parts: &Value) -> Vec<[String; 4]> {
    let mut all = Vec::new();
    for part in parts.as_array().into_iter().flatten() {
        let text = |key: &str| part[key].as_str().unwrap_or_default().to_owned();
        let kind = word(&part["type"]);
        // WhatsApp writes these words itself.
        let words = if kind == "COPY_CODE" {
            String::new()
        } else {
            text("text")
        };
        all.push([kind, word(&part["format"]), words, text("url")]);
        for inner in ["buttons", "cards", "components"] {
            all.extend(said(&part[inner]));
        }
    }
    // Meta returns the parts in an order of its own.
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metas_copy_of_a_draft_reads_the_same() {
        let ours = json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::a"]}},
            {"type": "BODY", "text": "Tea {{1}}.", "example": {"body_text": [["1"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "TEA"}]},
        ]);
        let metas = json!([
            {"type": "BODY", "text": "Tea {{1}}."},
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://cdn.test/a"]}},
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy offer code", "example": ["TEA"]}]},
        ]);
        assert!(reads_the_same(&ours, &metas));
        let mut changed = metas.clone();
        changed[0]["text"] = "Coffee {{1}}.".into();
        assert!(!reads_the_same(&ours, &changed));
    }
}
