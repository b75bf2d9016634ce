//! The values that a message gives a template.

use kazi_clients::whatsapp::ButtonParameter;
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::violations::Violations;

/// Characters of the degrees, the name and the address of a place.
const DEGREES_LIMIT: usize = 20;
const PLACE_LIMIT: usize = 100;
const ADDRESS_LIMIT: usize = 300;

/// The values for a template's message.
#[derive(Clone, Debug, Default)]
pub struct Values<'a> {
    /// The variables of the body, in order.
    pub parameters: &'a [String],
    pub header: Option<&'a HeaderValue>,
    pub buttons: Vec<ButtonParameter>,
    /// The cards of a carousel, in order.
    pub cards: &'a [CardValues],
    /// When a limited-time offer ends.
    pub offer_ends_at: Option<Timestamp>,
}

/// The values for a card of a carousel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardValues {
    /// The https address of its image or video.
    pub link: String,
    /// The variables of its body, in order.
    pub parameters: Vec<String>,
    pub buttons: Vec<ButtonParameter>,
}

/// The value for a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = TemplateHeaderValue)]
pub enum HeaderValue {
    /// The value of its variable.
    Text(String),
    /// The https address of its file.
    Link(String),
    Location(Place),
}

/// A place on the map of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplatePlace)]
pub struct Place {
    /// Decimal degrees, -90 to 90.
    #[schema(example = "-1.2833")]
    pub latitude: String,
    /// Decimal degrees, -180 to 180.
    #[schema(example = "36.8219")]
    pub longitude: String,
    #[schema(min_length = 1, max_length = 100, example = "Zuri Tea")]
    pub name: String,
    #[schema(min_length = 1, max_length = 300, example = "Kimathi Street, Nairobi")]
    pub address: String,
}

impl Place {
    /// Checks that a map can show the place.
    pub fn check(&self, violations: &mut Violations, pointer: &str) {
        for (field, text, most) in [
            ("latitude", &self.latitude, 90.0),
            ("longitude", &self.longitude, 180.0),
        ] {
            let plain = text.len() <= DEGREES_LIMIT
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b"-.".contains(&b));
            let degrees: Option<f64> = text.parse().ok();
            let fits = plain && degrees.is_some_and(|degrees| degrees.abs() <= most);
            let rule = format!("must be decimal degrees from -{most} to {most}");
            violations.unless(fits, format!("{pointer}/{field}"), "degrees", rule);
        }
        violations.text(&format!("{pointer}/name"), &self.name, 1, PLACE_LIMIT);
        let at = format!("{pointer}/address");
        violations.text(&at, &self.address, 1, ADDRESS_LIMIT);
    }
}
