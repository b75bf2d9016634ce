//! Authentication templates: Meta writes their texts and makes a URL of their button.
//!
//! Source: Meta, "Authentication templates".

use serde_json::{Value, json};

use super::{
    components::{Checked, refused, unless},
    templates::Made,
};

/// Meta writes the texts of an authentication template.
pub(super) fn read(made: &mut Made, parts: &[Value]) -> Checked {
    let mut built = Vec::new();
    for part in parts {
        match part["type"].as_str().unwrap_or_default() {
            "BODY" if part["text"].is_null() => {
                let recommends = part["add_security_recommendation"] == true;
                made.template.body = match recommends {
                    true => "*{{1}}* is your verification code. For your security, do not share this code.",
                    false => "*{{1}}* is your verification code.",
                }
                .to_owned();
                built.push(json!({"type": "BODY", "text": made.template.body,
                                  "add_security_recommendation": recommends}));
            }
            "FOOTER" if part["text"].is_null() => {
                let minutes = part["code_expiration_minutes"].as_u64();
                let minutes = minutes.filter(|minutes| (1..=90).contains(minutes));
                let Some(minutes) = minutes else {
                    return refused("FOOTER: code_expiration_minutes must be 1 to 90");
                };
                let text = format!("This code expires in {minutes} minutes.");
                built.push(
                    json!({"type": "FOOTER", "text": text, "code_expiration_minutes": minutes}),
                );
                made.template.footer = Some(text);
            }
            "BUTTONS" => {
                let all = part["buttons"].as_array().map_or(&[][..], Vec::as_slice);
                let [button] = all else {
                    return refused("BUTTONS: one button of type OTP is required");
                };
                let kind = otp(button)?;
                let text = button["text"].as_str().unwrap_or("Copy code");
                // Meta makes a URL of the button.
                let url =
                    format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}");
                let example = url.replace("{{1}}", "123456");
                let button = json!({"type": "URL", "text": text, "url": url, "example": [example]});
                made.template.buttons = vec![button.clone()];
                built.push(json!({"type": "BUTTONS", "buttons": [button]}));
            }
            _ => {
                return refused(
                    "components: an authentication template has a fixed BODY, FOOTER and BUTTONS",
                );
            }
        }
    }
    let whole = !made.template.body.is_empty() && !made.template.buttons.is_empty();
    unless(whole, "components: BODY and BUTTONS are required")?;
    made.components = built.into();
    Ok(())
}

fn otp(button: &Value) -> Checked<&str> {
    unless(button["type"] == "OTP", "BUTTONS: type must be OTP")?;
    let kind = button["otp_type"].as_str().unwrap_or_default();
    let apps = button["supported_apps"].as_array().map_or(0, Vec::len);
    let fits = match kind {
        "COPY_CODE" => apps == 0,
        "ONE_TAP" => (1..=5).contains(&apps),
        "ZERO_TAP" => (1..=5).contains(&apps) && button["zero_tap_terms_accepted"] == true,
        _ => false,
    };
    unless(fits, "BUTTONS: otp_type, its apps or its terms do not fit")?;
    Ok(kind)
}
