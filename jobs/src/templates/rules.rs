//! Meta's rules for templates, checked before Meta is asked. A violation names its field.
//!
//! Source: Meta, "Template components", "Authentication templates", "Limited-time offer templates", "Media card carousel
//! templates" and "Configure message time-to-live", 2026.

mod buttons;
#[cfg(test)]
mod tests;

use kazi_platform::invalid::Invalid;

use super::{
    Category, DraftButtonKind, DraftCard, DraftHeader, DraftText, HeaderFormat, NewDraft,
    ParameterFormat, limits,
    shape::{fill_in, variables},
};
use crate::violations::Violations;

// Lengths are in characters.
const NAME: usize = 512;
const OFFER_BODY: usize = 600;
const OFFER_TEXT: usize = 16;
const HANDLE: usize = 2_000;
const CARDS: std::ops::RangeInclusive<usize> = 2..=limits::CARDS;
const CODE_MINUTES: std::ops::RangeInclusive<u8> = 1..=90;
/// Line breaks in a row.
const MOST_BREAKS: &str = "\n\n\n";
/// The codes of languages that Meta takes.
const LANGUAGES: &str = "af ar ar_AE ar_EG ar_LB ar_MA ar_QA az be_BY bg bn bn_IN ca cs da de de_AT de_CH el en en_AE \
    en_AU en_CA en_GB en_GH en_IE en_IN en_JM en_MY en_NZ en_QA en_SG en_UG en_US en_ZA es es_AR es_CL es_CO es_CR \
    es_DO es_EC es_ES es_HN es_MX es_PA es_PE es_UY et fa fi fil fr fr_BE fr_CA fr_CH fr_CI fr_MA ga gu ha he hi hr hu \
    id it ja ka kk kn ko ky_KG lo lt lv mk ml mr ms nb nl nl_BE pa pl prs_AF ps_AF pt_BR pt_PT ro ru rw_RW si_LK sk sl \
    sq sr sv sw ta te th tr uk ur uz vi zh_CN zh_HK zh_TW zu";

impl NewDraft {
    /// Checks the rules of Meta that are known.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        self.check_head(&mut violations);
        if self.category == Category::Authentication {
            self.check_code(&mut violations);
        } else {
            self.check_texts(&mut violations);
            self.check_offer(&mut violations);
            self.check_cards(&mut violations);
            buttons::check(&mut violations, "/buttons", &self.buttons, self.category);
        }
        violations.end()
    }

    fn check_head(&self, violations: &mut Violations) {
        let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let name = (1..=NAME).contains(&self.name.len()) && self.name.bytes().all(small);
        let rule = "must be 1 to 512 small letters, digits and underscores";
        violations.unless(name, "/name", "invalid", rule);
        let known = LANGUAGES.split(' ').any(|known| known == self.language);
        let rule = "must be a language that Meta has, like en or en_US";
        violations.unless(known, "/language", "invalid", rule);
        if let Some(seconds) = self.message_send_ttl_seconds {
            let (least, most) = match self.category {
                Category::Authentication => (30, 900),
                Category::Utility => (30, 43_200),
                Category::Marketing => (43_200, 2_592_000),
            };
            let month = seconds == -1 && self.category != Category::Marketing;
            let rule = format!("must be {least} to {most} for this category");
            let fits = month || (least..=most).contains(&seconds);
            violations.unless(fits, "/message_send_ttl_seconds", "range", rule);
        }
    }

    /// Of an authentication template, Meta writes all texts.
    fn check_code(&self, violations: &mut Violations) {
        let written = [
            ("/header", self.header.is_some()),
            ("/body", self.body != DraftText::default()),
            ("/footer", self.footer.is_some()),
            ("/cards", !self.cards.is_empty()),
            ("/limited_time_offer", self.limited_time_offer.is_some()),
        ];
        for (pointer, given) in written {
            let rule = "must be left out: Meta writes an authentication template";
            violations.unless(!given, pointer, "not_here", rule);
        }
        if let Some(minutes) = self.code_expiration_minutes {
            let rule = "must be 1 to 90";
            let fits = CODE_MINUTES.contains(&minutes);
            violations.unless(fits, "/code_expiration_minutes", "range", rule);
        }
        let one = self.buttons.len() == 1;
        let rule = "must be one button of the type one_time_password";
        violations.unless(one, "/buttons", "count", rule);
        for (n, button) in self.buttons.iter().enumerate() {
            let pointer = format!("/buttons/{n}");
            let fits = button.kind == DraftButtonKind::OneTimePassword;
            violations.unless(fits, format!("{pointer}/type"), "not_here", rule);
            button.check(violations, &pointer);
        }
    }

    fn check_texts(&self, violations: &mut Violations) {
        let rule = "must be left out: it is for authentication";
        let without = !self.add_security_recommendation;
        violations.unless(without, "/add_security_recommendation", "not_here", rule);
        let without = self.code_expiration_minutes.is_none();
        violations.unless(without, "/code_expiration_minutes", "not_here", rule);
        if let Some(header) = &self.header {
            header.check(violations, "/header", self.parameter_format);
        }
        let most = match self.limited_time_offer {
            Some(_) => OFFER_BODY,
            None => limits::BODY,
        };
        let format = self.parameter_format;
        self.body.check(violations, "/body", most, format);
        if let Some(footer) = &self.footer {
            violations.text("/footer", footer, 1, limits::HEADER_FOOTER);
            let plain = !footer.contains("{{");
            violations.unless(plain, "/footer", "variables", "must have no variables");
            one_line(violations, "/footer", footer);
        }
    }

    fn check_offer(&self, violations: &mut Violations) {
        let Some(offer) = &self.limited_time_offer else {
            return;
        };
        let marketing = self.category == Category::Marketing;
        let rule = "is for marketing only";
        violations.unless(marketing, "/limited_time_offer", "category", rule);
        violations.text("/limited_time_offer/text", &offer.text, 1, OFFER_TEXT);
        one_line(violations, "/limited_time_offer/text", &offer.text);
        let rule = "must be left out: a limited-time offer has none";
        violations.unless(self.footer.is_none(), "/footer", "not_here", rule);
        violations.unless(self.cards.is_empty(), "/cards", "not_here", rule);
        if let Some(header) = &self.header {
            let fits = matches!(header.format, HeaderFormat::Image | HeaderFormat::Video);
            let rule = "must be image or video above a limited-time offer";
            violations.unless(fits, "/header/format", "not_here", rule);
        }
        let kinds: Vec<DraftButtonKind> = self.buttons.iter().map(|button| button.kind).collect();
        let fits = match kinds.as_slice() {
            [DraftButtonKind::CopyCode, DraftButtonKind::Url] => true,
            [DraftButtonKind::Url] => !offer.has_expiration,
            _ => false,
        };
        let rule = "must be copy_code and then url; without an expiration, url alone will do";
        violations.unless(fits, "/buttons", "order", rule);
    }

    fn check_cards(&self, violations: &mut Violations) {
        let Some(first) = self.cards.first() else {
            return;
        };
        let marketing = self.category == Category::Marketing;
        violations.unless(marketing, "/cards", "category", "are for marketing only");
        let count = CARDS.contains(&self.cards.len());
        violations.unless(count, "/cards", "count", "must be 2 to 10");
        let rule = "must be left out: the cards stand in its place";
        violations.unless(self.header.is_none(), "/header", "not_here", rule);
        violations.unless(self.footer.is_none(), "/footer", "not_here", rule);
        violations.unless(self.buttons.is_empty(), "/buttons", "not_here", rule);
        for (n, card) in self.cards.iter().enumerate() {
            let pointer = format!("/cards/{n}");
            card.check(violations, &pointer, self.parameter_format);
            card.check_like(violations, &pointer, first);
            let buttons = format!("{pointer}/buttons");
            buttons::check(violations, &buttons, &card.buttons, self.category);
        }
    }
}

impl DraftCard {
    fn check(&self, violations: &mut Violations, pointer: &str, format: ParameterFormat) {
        let at = format!("{pointer}/header");
        let seen = matches!(
            self.header.format,
            HeaderFormat::Image | HeaderFormat::Video
        );
        let rule = "must be image or video";
        violations.unless(seen, format!("{at}/format"), "not_here", rule);
        self.header.check(violations, &at, format);
        if let Some(body) = &self.body {
            body.check(
                violations,
                &format!("{pointer}/body"),
                limits::CARD_BODY,
                format,
            );
        }
        let count = (1..=limits::CARD_BUTTONS).contains(&self.buttons.len());
        let rule = "must be one or two";
        violations.unless(count, format!("{pointer}/buttons"), "count", rule);
        for (n, button) in self.buttons.iter().enumerate() {
            let fits = matches!(
                button.kind,
                DraftButtonKind::QuickReply | DraftButtonKind::Url | DraftButtonKind::PhoneNumber
            );
            let at = format!("{pointer}/buttons/{n}/type");
            let rule = "must be quick_reply, url or phone_number on a card";
            violations.unless(fits, at, "not_here", rule);
        }
    }

    /// All cards are built like the first.
    fn check_like(&self, violations: &mut Violations, pointer: &str, first: &Self) {
        let rule = "must be like that of the first card";
        let same = self.header.format == first.header.format;
        violations.unless(same, format!("{pointer}/header/format"), "differs", rule);
        let same = self.body.is_some() == first.body.is_some();
        violations.unless(same, format!("{pointer}/body"), "differs", rule);
        let kinds = |card: &Self| -> Vec<DraftButtonKind> {
            card.buttons.iter().map(|button| button.kind).collect()
        };
        let same = kinds(self) == kinds(first);
        violations.unless(same, format!("{pointer}/buttons"), "differs", rule);
    }
}

impl DraftHeader {
    fn check(&self, violations: &mut Violations, pointer: &str, format: ParameterFormat) {
        let text = self.text.as_deref();
        if self.format == HeaderFormat::Text {
            let text = text.unwrap_or_default();
            let at = format!("{pointer}/text");
            let whole = DraftText {
                text: text.to_owned(),
                examples: self.examples.clone(),
            };
            violations.text(&at, text, 1, limits::HEADER_FOOTER);
            one_line(violations, &at, text);
            let plain = !fill_in(text, |_| Some("")).contains(['*', '_', '~', '`']);
            let rule = "must have no marks of formatting: * _ ~ `";
            violations.unless(plain, &at, "characters", rule);
            let few = variables(text).0.len() <= 1;
            let rule = "must have one variable at most";
            violations.unless(few, &at, "variables", rule);
            whole.check_variables(violations, pointer, format);
            whole.check_length(violations, &at, limits::HEADER_FOOTER);
        } else {
            let rule = "must be left out: only a text has it";
            violations.unless(text.is_none(), format!("{pointer}/text"), "not_here", rule);
            let at = format!("{pointer}/examples");
            violations.unless(self.examples.is_empty(), at, "not_here", rule);
        }
        let at = format!("{pointer}/handle");
        match (self.format, self.handle.as_deref()) {
            (HeaderFormat::Text | HeaderFormat::Location, handle) => {
                let rule = "must be left out: only a file has it";
                violations.unless(handle.is_none(), at, "not_here", rule);
            }
            (_, Some(handle)) => {
                violations.text(&at, handle, 1, HANDLE);
                let fits = !handle.contains("://");
                let rule = "must be the handle of a sample, and no address: upload the sample";
                violations.unless(fits, at, "invalid", rule);
            }
            (_, None) => violations.add(
                at,
                (
                    "required",
                    "must be the handle of a sample: upload the sample".into(),
                ),
            ),
        }
    }
}

impl DraftText {
    fn check(
        &self,
        violations: &mut Violations,
        pointer: &str,
        most: usize,
        format: ParameterFormat,
    ) {
        let at = format!("{pointer}/text");
        violations.text(&at, &self.text, 1, most);
        let breaks = !self.text.contains(MOST_BREAKS);
        let rule = "must have at most two line breaks in a row";
        violations.unless(breaks, &at, "line_breaks", rule);
        let trimmed = self.text.trim();
        let inside = !trimmed.starts_with("{{") && !trimmed.ends_with("}}");
        let rule = "must not begin or end with a variable";
        violations.unless(inside, &at, "variables", rule);
        let mut between = self.text.split("}}").skip(1);
        let apart = !between.any(|rest| rest.trim_start().starts_with("{{"));
        let rule = "must have words between two variables";
        violations.unless(apart, &at, "variables", rule);
        self.check_variables(violations, pointer, format);
        self.check_length(violations, &at, most);
    }

    /// The variables are written in the template's format, and each has an example.
    fn check_variables(&self, violations: &mut Violations, pointer: &str, format: ParameterFormat) {
        let at = format!("{pointer}/text");
        let (names, _) = variables(&self.text);
        let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let (fits, rule) = match format {
            ParameterFormat::Positional => {
                let counted = (1..).zip(&names).all(|(n, name)| *name == n.to_string());
                let rule = "must count its variables {{1}}, {{2}} … without a gap";
                (counted, rule)
            }
            ParameterFormat::Named => {
                let named = names.iter().all(|name| {
                    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(small)
                });
                let rule = "must name its variables in small letters, digits and underscores: {{first_name}}";
                (named, rule)
            }
        };
        // Meta takes no spaces between the brackets, and no bracket without its partner.
        let marks = names
            .iter()
            .map(|name| self.text.matches(&format!("{{{{{name}}}}}")).count());
        let whole: usize = marks.sum();
        let closed =
            whole == self.text.matches("{{").count() && whole == self.text.matches("}}").count();
        if !fits || !closed {
            return violations.add(at, ("variables", rule.into()));
        }
        let count = names.len();
        let full = self.examples.iter().all(|text| !text.trim().is_empty());
        violations.unless(
            self.examples.len() == count && full,
            format!("{pointer}/examples"),
            "examples",
            format!("must have an example of each of the {count} variables"),
        );
    }

    /// With its examples a text is as long as a message may be.
    fn check_length(&self, violations: &mut Violations, at: &str, most: usize) {
        let (names, _) = variables(&self.text);
        let filled = fill_in(&self.text, |name| {
            let at = names.iter().position(|known| known == name)?;
            self.examples.get(at).map(String::as_str)
        });
        let too_long = self.text.chars().count() <= most && filled.chars().count() > most;
        let rule = format!("must have at most {most} characters with its examples");
        violations.unless(!too_long, at, "length", rule);
    }
}

fn one_line(violations: &mut Violations, pointer: &str, text: &str) {
    let rule = "must be one line";
    violations.unless(!text.contains('\n'), pointer, "line_breaks", rule);
}
