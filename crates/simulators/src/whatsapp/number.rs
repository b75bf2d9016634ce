//! A phone number: its state, its business profile, and the files that it uploads.
//!
//! Source: Meta, "Phone Number", "Business Profiles" and "Upload Media" of the Cloud API.

use axum::http::Method;
use serde_json::{Value, json};

use super::{MEDIA_PREFIX, Number, errors, review::asked, validate::Checked};
use crate::{
    World, lock, media,
    options::WhatsAppAccount,
    server::{Call, Reply},
};

/// The fields that a request without `fields` gets.
const USUAL: [&str; 7] = [
    "id",
    "verified_name",
    "display_phone_number",
    "code_verification_status",
    "quality_rating",
    "platform_type",
    "throughput",
];
/// The fields of a business profile, with the most characters of the texts.
const PROFILE: [(&str, usize); 8] = [
    ("about", 139),
    ("address", 256),
    ("description", 512),
    ("email", 128),
    ("profile_picture_url", 0),
    ("profile_picture_handle", 10_000),
    ("websites", 0),
    ("vertical", 50),
];
/// Meta, "Business Profiles": the kinds of business.
const VERTICALS: [&str; 21] = [
    "",
    "UNDEFINED",
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "NOT_A_BIZ",
    "ALCOHOL",
];
const WEBSITES: usize = 2;
const URL: usize = 256;

fn whole(account: &WhatsAppAccount) -> Value {
    json!({
        "id": account.phone_number_id,
        "verified_name": "Test business",
        "display_phone_number": account.display_phone,
        "code_verification_status": "VERIFIED",
        "quality_rating": "GREEN",
        "quality_score": {"score": "GREEN"},
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "account_mode": "LIVE",
        "certificate": "",
        "country_dial_code": "1",
        "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
        "health_status": {"can_send_message": "AVAILABLE", "entities": [
            {"entity_type": "PHONE_NUMBER", "id": account.phone_number_id, "can_send_message": "AVAILABLE"},
            {"entity_type": "WABA", "id": account.business_account_id, "can_send_message": "AVAILABLE"},
        ]},
        "is_official_business_account": false,
        "is_on_biz_app": false,
        "is_pin_enabled": true,
        "is_preverified_number": false,
        "last_onboarded_time": "2026-01-05T10:00:00+0000",
        "messaging_limit_tier": "TIER_1K",
        "whatsapp_business_manager_messaging_limit": "TIER_1K",
        "search_visibility": "NON_VISIBLE",
        "webhook_configuration": {},
    })
}

/// Returns a number as it stands in the list of a business account.
pub(super) fn short(account: &WhatsAppAccount) -> Value {
    let mut state = whole(account);
    if let Value::Object(fields) = &mut state {
        fields.retain(|name, _| USUAL.contains(&name.as_str()));
    }
    state
}

/// Answers with the requested fields of a number, and always with its id.
pub(super) fn state(account: &WhatsAppAccount, call: &Call) -> Reply {
    let Some(asked) = asked(call, "fields") else {
        return Reply::json(200, short(account));
    };
    let mut state = whole(account);
    if let Value::Object(fields) = &mut state {
        let asked = names(&asked);
        if let Some(unknown) = asked.iter().find(|name| !fields.contains_key(**name)) {
            return errors::no_field(unknown, "WhatsAppBusinessPhoneNumber");
        }
        fields.retain(|name, _| name == "id" || asked.contains(&name.as_str()));
    }
    Reply::json(200, state)
}

/// Splits `a,b{c,d}` into `a` and `b`.
fn names(fields: &str) -> Vec<&str> {
    let (mut names, mut depth, mut begin) = (Vec::new(), 0_usize, 0);
    let name = |part: &'_ str| part.split(['{', '.']).next().map(str::trim).map(str::len);
    for (at, letter) in fields.char_indices().chain([(fields.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let part = fields[begin..at].trim();
                names.push(&part[..name(part).unwrap_or_default()]);
                begin = (at + 1).min(fields.len());
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Answers requests about the business profile of a number.
pub(super) fn profile(number: &Number, call: &Call) -> Reply {
    if call.method == Method::POST {
        return match check(&call.json) {
            Ok(()) => {
                let fields = call.json.as_object().cloned().unwrap_or_default();
                let fields = fields.into_iter();
                lock(&number.profile)
                    .extend(fields.filter(|(name, _)| name != "messaging_product"));
                Reply::json(200, json!({"success": true}))
            }
            Err(refusal) => refusal.reply(),
        };
    }
    let mut shown = lock(&number.profile).clone();
    shown.insert("messaging_product".into(), "whatsapp".into());
    if let Some(asked) = asked(call, "fields") {
        let asked = names(&asked);
        let known = |name: &str| PROFILE.iter().any(|(known, _)| *known == name);
        let unknown = asked
            .iter()
            .find(|name| !known(name) && **name != "messaging_product");
        if let Some(unknown) = unknown {
            return errors::no_field(unknown, "WhatsAppBusinessProfile");
        }
        shown.retain(|name, _| name == "messaging_product" || asked.contains(&name.as_str()));
    }
    Reply::json(200, json!({"data": [shown]}))
}

fn check(body: &Value) -> Checked {
    use super::validate::{invalid, only, optional};
    if body["messaging_product"] != "whatsapp" {
        return Err(invalid("The parameter messaging_product is required."));
    }
    let mut known: Vec<&str> = PROFILE.iter().map(|(name, _)| *name).collect();
    known.push("messaging_product");
    only(body, "whatsapp_business_profile", &known)?;
    for (name, limit) in PROFILE {
        if limit > 0 {
            optional(body, name, limit)?;
        }
    }
    let vertical = body["vertical"].as_str();
    if vertical.is_some_and(|vertical| !VERTICALS.contains(&vertical)) {
        let words = format!(
            "Param vertical must be one of {{{}}}",
            VERTICALS[1..].join(", ")
        );
        return Err(super::validate::value(&words));
    }
    let websites = match &body["websites"] {
        Value::Null => return Ok(()),
        Value::Array(websites) if websites.len() <= WEBSITES => websites,
        _ => {
            return Err(invalid(
                "Param websites must be an array of at most 2 URLs.",
            ));
        }
    };
    let url = |url: &Value| {
        url.as_str()
            .is_some_and(|url| url.starts_with("http") && url.chars().count() <= URL)
    };
    if websites.iter().all(url) {
        Ok(())
    } else {
        Err(invalid("Param websites must have valid URLs."))
    }
}

/// Takes a file for a later message.
pub(super) fn upload(world: &World, call: &Call) -> Reply {
    use super::validate::{invalid, missing_media, value};
    let Some(parts) = media::form(&call.headers, &call.body) else {
        return invalid("The parameter messaging_product is required.").reply();
    };
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    if part("messaging_product").is_none_or(|part| part.text() != "whatsapp") {
        return invalid("The parameter messaging_product is required.").reply();
    }
    let Some(file) = part("file").filter(|file| !file.bytes.is_empty()) else {
        return invalid("The parameter file is required.").reply();
    };
    let said = part("type").map(media::Part::text);
    let Some(mime) = said.or_else(|| file.mime.clone()) else {
        return value("Param file must be a file with one of the supported types").reply();
    };
    let Some(limit) = media::limit_of(&mime) else {
        let details =
            format!("Param file must be a file with one of the supported types, not {mime}");
        return invalid(&details).reply();
    };
    if file.bytes.len() > limit {
        return missing_media("Media upload error: the file is too large").reply();
    }
    let id = world.files.put(
        MEDIA_PREFIX,
        media::File {
            mime,
            name: file.file_name.clone(),
            bytes: file.bytes.clone(),
        },
    );
    Reply::json(200, json!({"id": id}))
}
