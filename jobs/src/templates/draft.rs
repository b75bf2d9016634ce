//! What a member writes of a template. [`super::rules`] checks it, and [`super::parts`] turns it into Meta's form.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Category;
use crate::channels::ChannelId;

kazi_platform::texts! {
    /// How a template writes its variables.
    pub enum ParameterFormat {
        /// `{{1}}`, `{{2}}` …
        Positional = "positional",
        /// `{{first_name}}`: small letters, digits, underscores.
        Named = "named",
    }
}

const fn positional() -> ParameterFormat {
    ParameterFormat::Positional
}

kazi_platform::texts! {
    /// What stands above the body.
    pub enum HeaderFormat as "TemplateHeaderFormat" {
        Text = "text",
        Image = "image",
        Video = "video",
        Document = "document",
        /// A map. The place is given with each message.
        Location = "location",
    }
}

const fn text() -> HeaderFormat {
    HeaderFormat::Text
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTemplate)]
pub struct NewDraft {
    /// A WhatsApp number of the business account that gets the template.
    pub channel_id: ChannelId,
    /// Small letters, digits, underscores.
    #[schema(
        example = "spring_offer",
        min_length = 1,
        max_length = 512,
        pattern = "^[a-z0-9_]+$"
    )]
    pub name: String,
    /// In Meta's form: `en`, `en_US`.
    #[schema(example = "en")]
    pub language: String,
    /// The category that Meta charges. Meta may change it.
    pub category: Category,
    /// How the header and the body write their variables.
    #[serde(default = "positional")]
    pub parameter_format: ParameterFormat,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<DraftHeader>,
    /// The text, with an example for each variable. Meta writes the body of an authentication template.
    #[serde(default)]
    pub body: DraftText,
    /// The text below the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// At most 10: 2 of `url`, and 1 each of `phone_number`, `copy_code` and `flow`. Quick replies stand together.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub buttons: Vec<DraftButton>,
    /// The cards of a carousel, 2 to 10. They stand below the body, in place of a header, a footer and buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub cards: Vec<DraftCard>,
    /// For marketing: an offer that ends. It takes no footer, and its buttons are `copy_code` and then `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_time_offer: Option<DraftOffer>,
    /// For authentication: “For your security, do not share this code.” below the code.
    #[serde(default)]
    pub add_security_recommendation: bool,
    /// For authentication: the footer says that the code expires in so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 90)]
    pub code_expiration_minutes: Option<u8>,
    /// Meta drops a message that it cannot deliver in this time. Authentication: 30 to 900; utility: 30 to 43,200;
    /// marketing: 43,200 to 2,592,000. For authentication and utility, -1 is 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 600)]
    pub message_send_ttl_seconds: Option<i32>,
    /// Meta may choose another category in place of a refusal.
    #[serde(default)]
    pub allow_category_change: bool,
}

/// What stands above the body: a text, a file or a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateHeader)]
pub struct DraftHeader {
    #[serde(default = "text")]
    pub format: HeaderFormat,
    /// Of a text: at most 60 characters, with one variable at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, example = "Our spring sale")]
    pub text: Option<String>,
    /// The example of the variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1)]
    pub examples: Vec<String>,
    /// Of an image, a video or a document: the handle of its sample. See `POST /api/v1/templates/samples`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub handle: Option<String>,
}

/// A text with variables, and an example for each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateText)]
pub struct DraftText {
    #[schema(example = "Hello {{1}}, everything is cheaper this week.")]
    pub text: String,
    /// In the order of the variables: of their numbers, or of the names in the text.
    #[serde(default)]
    #[schema(example = json!(["Amina"]))]
    pub examples: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateButton)]
pub struct DraftButton {
    /// The action of a tap.
    #[serde(rename = "type")]
    pub kind: DraftButtonKind,
    /// The words on the button. WhatsApp writes those of `copy_code` itself, and of `one_time_password` unless they are
    /// given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 25, example = "Shop now")]
    pub text: String,
    /// `url`: https, with a variable `{{1}}` at its end or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, example = "https://shop.example/{{1}}")]
    pub url: Option<String>,
    /// The whole address, for a `url` with a variable. The coupon, for `copy_code`: at most 15 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://shop.example/tea")]
    pub example: Option<String>,
    /// `phone_number`: in international form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "+254711000001")]
    pub phone_number: Option<String>,
    /// `flow`: Meta's id of the published form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "1526103488016235")]
    pub flow_id: Option<String>,
    /// `flow`: what a tap does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action: Option<FlowAction>,
    /// `flow` that navigates: the id of the first screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "WELCOME")]
    pub navigate_screen: Option<String>,
    /// `one_time_password`: how the code comes into the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp_type: Option<OtpType>,
    /// `one_time_password` of `one_tap` and `zero_tap`: the words on the button that fills the code in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 25)]
    pub autofill_text: Option<String>,
    /// `one_time_password` of `one_tap` and `zero_tap`: the apps that may get the code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub supported_apps: Vec<SupportedApp>,
    /// `one_time_password` of `zero_tap`: the business has accepted Meta's terms for codes without a tap.
    #[serde(default)]
    pub zero_tap_terms_accepted: bool,
}

kazi_platform::texts! {
    /// The action of a button.
    pub enum DraftButtonKind as "TemplateButtonKind" {
        /// Its text comes back as the customer's message.
        QuickReply = "quick_reply",
        /// Opens an address.
        Url = "url",
        /// Calls a number.
        PhoneNumber = "phone_number",
        /// Copies a coupon.
        CopyCode = "copy_code",
        /// Opens a form.
        Flow = "flow",
        /// Copies a one-time code, or fills it into the business's app.
        OneTimePassword = "one_time_password",
    }
}

kazi_platform::texts! {
    /// What a tap on the button of a form does.
    pub enum FlowAction as "TemplateFlowAction" {
        /// Opens a screen.
        Navigate = "navigate",
        /// Asks the business's own server for the screen.
        DataExchange = "data_exchange",
    }
}

kazi_platform::texts! {
    /// How a one-time code comes into the app.
    pub enum OtpType as "TemplateOtpType" {
        /// The customer copies it.
        CopyCode = "copy_code",
        /// A tap fills it in (Android).
        OneTap = "one_tap",
        /// It is filled in without a tap (Android).
        ZeroTap = "zero_tap",
    }
}

/// An Android app that may get a one-time code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateApp)]
pub struct SupportedApp {
    #[schema(max_length = 224, example = "com.example.shop")]
    pub package_name: String,
    /// Eleven characters, which Google's tool makes of the app's signing key.
    #[schema(min_length = 11, max_length = 11, example = "K8a/AINcGX7")]
    pub signature_hash: String,
}

/// A card of a carousel. All cards have the same format, and buttons of the same kinds in the same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateCard)]
pub struct DraftCard {
    /// An image or a video.
    pub header: DraftHeader,
    /// At most 160 characters. All cards have one, or none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<DraftText>,
    /// One or two of `quick_reply`, `url` and `phone_number`.
    #[schema(min_items = 1, max_items = 2)]
    pub buttons: Vec<DraftButton>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateOffer)]
pub struct DraftOffer {
    #[schema(min_length = 1, max_length = 16, example = "Ends on Sunday!")]
    pub text: String,
    /// The message shows the time that is left. The end is given with each message.
    #[serde(default)]
    pub has_expiration: bool,
}
