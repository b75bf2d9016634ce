//! Meta's rules for buttons: each by itself, and all of them together.

use kazi_platform::Phone;

use super::super::{
    Category, DraftButton, DraftButtonKind as Kind, FlowAction, OtpType, shape::variables,
};
use crate::violations::Violations;

const MOST: usize = 10;
const TEXT: usize = 25;
const URL: usize = 2_000;
const PHONE: usize = 20;
const COUPON: usize = 15;
const FLOW_ID: usize = 50;
const SCREEN: usize = 80;
const APPS: std::ops::RangeInclusive<usize> = 1..=5;
const PACKAGE: usize = 224;
const SIGNATURE: usize = 11;

/// Checks the buttons of a template that is no authentication template.
pub(super) fn check(
    violations: &mut Violations,
    pointer: &str,
    buttons: &[DraftButton],
    category: Category,
) {
    let few = buttons.len() <= MOST;
    violations.unless(few, pointer, "too_many", "must be at most 10");
    for (kind, most) in [
        (Kind::Url, 2),
        (Kind::PhoneNumber, 1),
        (Kind::CopyCode, 1),
        (Kind::Flow, 1),
    ] {
        let count = buttons.iter().filter(|button| button.kind == kind).count();
        let rule = format!("must have at most {most} of the type {kind}");
        violations.unless(count <= most, pointer, "too_many", rule);
    }
    let replies: Vec<bool> = buttons
        .iter()
        .map(|one| one.kind == Kind::QuickReply)
        .collect();
    let turns = replies.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let rule = "must have the quick replies together, before or behind the others";
    violations.unless(turns <= 1, pointer, "order", rule);
    for (n, button) in buttons.iter().enumerate() {
        let at = format!("{pointer}/{n}");
        let here = button.kind != Kind::OneTimePassword;
        let rule = "is for authentication only";
        violations.unless(here, format!("{at}/type"), "category", rule);
        let here = button.kind != Kind::CopyCode || category == Category::Marketing;
        let rule = "is for marketing only";
        violations.unless(here, format!("{at}/type"), "category", rule);
        let words =
            !button.text.is_empty() && buttons[..n].iter().any(|other| other.text == button.text);
        let rule = "must differ from the other buttons";
        violations.unless(!words, format!("{at}/text"), "duplicate", rule);
        button.check(violations, &at);
    }
}

impl DraftButton {
    pub(super) fn check(&self, violations: &mut Violations, pointer: &str) {
        self.check_fields(violations, pointer);
        let at = |field: &str| format!("{pointer}/{field}");
        match self.kind {
            Kind::CopyCode | Kind::OneTimePassword if self.text.is_empty() => {}
            Kind::CopyCode => {
                let rule = "must be left out: WhatsApp writes the words on this button";
                violations.add(at("text"), ("not_here", rule.into()));
            }
            _ => words(violations, &at("text"), &self.text),
        }
        match self.kind {
            Kind::QuickReply => {}
            Kind::PhoneNumber => {
                let phone = self.phone_number.as_deref().unwrap_or_default();
                let fits = phone.chars().count() <= PHONE && Phone::parse(phone, None).is_ok();
                let rule = "must be a phone number in international form";
                violations.unless(fits, at("phone_number"), "phone", rule);
            }
            Kind::Url => self.check_url(violations, pointer),
            Kind::CopyCode => {
                let example = self.example.as_deref().unwrap_or_default();
                violations.text(&at("example"), example, 1, COUPON);
            }
            Kind::Flow => {
                let id = self.flow_id.as_deref().unwrap_or_default();
                let fits = (1..=FLOW_ID).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_digit());
                let rule = "must be Meta's id of the form: digits";
                violations.unless(fits, at("flow_id"), "invalid", rule);
                let navigates = self.flow_action != Some(FlowAction::DataExchange);
                match &self.navigate_screen {
                    Some(screen) if navigates => {
                        violations.text(&at("navigate_screen"), screen, 1, SCREEN);
                    }
                    None if navigates => {
                        let rule = "must be the first screen of a form that navigates";
                        violations.add(at("navigate_screen"), ("required", rule.into()));
                    }
                    Some(_) => {
                        let rule = "must be left out: the business's server chooses the screen";
                        violations.add(at("navigate_screen"), ("not_here", rule.into()));
                    }
                    None => {}
                }
            }
            Kind::OneTimePassword => self.check_code(violations, pointer),
        }
    }

    /// A field of another type is a mistake.
    fn check_fields(&self, violations: &mut Violations, pointer: &str) {
        let is = |kind: Kind| self.kind == kind;
        let fields = [
            ("url", self.url.is_some(), is(Kind::Url)),
            (
                "example",
                self.example.is_some(),
                is(Kind::Url) || is(Kind::CopyCode),
            ),
            (
                "phone_number",
                self.phone_number.is_some(),
                is(Kind::PhoneNumber),
            ),
            ("flow_id", self.flow_id.is_some(), is(Kind::Flow)),
            ("flow_action", self.flow_action.is_some(), is(Kind::Flow)),
            (
                "navigate_screen",
                self.navigate_screen.is_some(),
                is(Kind::Flow),
            ),
            (
                "otp_type",
                self.otp_type.is_some(),
                is(Kind::OneTimePassword),
            ),
            (
                "autofill_text",
                self.autofill_text.is_some(),
                is(Kind::OneTimePassword),
            ),
            (
                "supported_apps",
                !self.supported_apps.is_empty(),
                is(Kind::OneTimePassword),
            ),
            (
                "zero_tap_terms_accepted",
                self.zero_tap_terms_accepted,
                is(Kind::OneTimePassword),
            ),
        ];
        for (field, given, taken) in fields {
            let rule = format!("must be left out of a button of the type {}", self.kind);
            let at = format!("{pointer}/{field}");
            violations.unless(!given || taken, at, "not_here", rule);
        }
    }

    fn check_url(&self, violations: &mut Violations, pointer: &str) {
        let url = self.url.as_deref().unwrap_or_default();
        let at = format!("{pointer}/url");
        if url.chars().count() > URL {
            let rule = "must have at most 2,000 characters";
            return violations.add(at, ("length", rule.into()));
        }
        let fixed = url.strip_suffix("{{1}}").unwrap_or(url);
        // Behind the host, so that no value of the variable changes it.
        let path = fixed.strip_prefix("https://").unwrap_or(fixed);
        let names_host = fixed == url || path.contains(['/', '?', '#']);
        if fixed.contains("{{") || !names_host {
            let rule = "must have its variable {{1}} at the end and behind the host, or none";
            violations.add(&at, ("variables", rule.into()));
        } else {
            violations.url(&at, fixed);
        }
        let host = path.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let own = host == "wa.me" || host == "whatsapp.com" || host.ends_with(".whatsapp.com");
        let rule = "must not lead to WhatsApp itself: use a quick reply or a phone number";
        violations.unless(!own, &at, "whatsapp", rule);
        let at = format!("{pointer}/example");
        match &self.example {
            _ if !variables(url).0.is_empty() => {
                let example = self.example.as_deref().unwrap_or_default();
                let short = example.chars().count() <= URL;
                violations.unless(short, &at, "length", "must have at most 2,000 characters");
                violations.url(&at, example);
            }
            Some(_) => {
                let rule = "must be left out: the address has no variable";
                violations.add(at, ("not_here", rule.into()));
            }
            None => {}
        }
    }

    fn check_code(&self, violations: &mut Violations, pointer: &str) {
        let at = |field: &str| format!("{pointer}/{field}");
        if !self.text.is_empty() {
            words(violations, &at("text"), &self.text);
        }
        let Some(kind) = self.otp_type else {
            let rule = "must be copy_code, one_tap or zero_tap";
            return violations.add(at("otp_type"), ("required", rule.into()));
        };
        let fills = kind != OtpType::CopyCode;
        if let Some(text) = &self.autofill_text {
            let rule = "must be left out: a code that is copied is not filled in";
            violations.unless(fills, at("autofill_text"), "not_here", rule);
            words(violations, &at("autofill_text"), text);
        }
        let count = self.supported_apps.len();
        let (fits, rule) = match fills {
            true => (APPS.contains(&count), "must be 1 to 5 apps"),
            false => (
                count == 0,
                "must be left out: a code that is copied has no app",
            ),
        };
        violations.unless(fits, at("supported_apps"), "count", rule);
        for (n, app) in self.supported_apps.iter().enumerate() {
            let at = format!("{pointer}/supported_apps/{n}");
            let fits = app.package_name.len() <= PACKAGE && is_package(&app.package_name);
            let rule = "must be the name of an Android package, like com.example.shop";
            violations.unless(fits, format!("{at}/package_name"), "invalid", rule);
            let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
            let hash = &app.signature_hash;
            let fits = hash.len() == SIGNATURE && hash.bytes().all(base64);
            let rule = "must be the 11 characters that Google's tool makes of the signing key";
            violations.unless(fits, format!("{at}/signature_hash"), "invalid", rule);
        }
        let accepted = self.zero_tap_terms_accepted == (kind == OtpType::ZeroTap);
        let rule = "must be true for zero_tap, and only there: the business accepts Meta's terms";
        violations.unless(accepted, at("zero_tap_terms_accepted"), "terms", rule);
    }
}

/// The words on a button.
fn words(violations: &mut Violations, pointer: &str, text: &str) {
    violations.text(pointer, text, 1, TEXT);
    let plain = !text.contains("{{");
    violations.unless(plain, pointer, "variables", "must have no variables");
    super::one_line(violations, pointer, text);
}

fn is_package(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    name.contains('.') && name.split('.').all(part)
}
