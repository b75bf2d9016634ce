//! Makes Checkout sessions.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Account, StripeSession,
    errors::{bad, refuse},
    form::Form,
    money, now,
    state::Session,
};
use crate::{World, lock, server::Reply};

const FIELDS: [&str; 16] = [
    "mode",
    "client_reference_id",
    "line_items[#][quantity]",
    "line_items[#][price_data][currency]",
    "line_items[#][price_data][unit_amount]",
    "line_items[#][price_data][product_data][name]",
    "line_items[#][price_data][product_data][description]",
    "success_url",
    "cancel_url",
    "expires_at",
    "customer_email",
    "locale",
    "metadata[*]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[description]",
    "expand[]",
];
/// How long a session may last, in seconds (Stripe, "expires_at"). The lower limit is 30 s below Stripe's 30 minutes,
/// because the request takes time.
const LIFE_SECONDS: std::ops::RangeInclusive<i64> = 30 * 60 - 30..=24 * 3_600;

pub(super) fn create(
    world: &Arc<World>,
    account: &Arc<Account>,
    form: &Form,
) -> Result<Value, Reply> {
    form.only(&FIELDS)?;
    if form.need("mode")? != "payment" {
        return Err(bad("mode", "The simulator only knows mode=payment."));
    }
    let (amount, currency, description) = items(form)?;
    let link = |name: &str| -> Result<String, Reply> {
        let url = form.need(name)?;
        let whole = url.starts_with("https://") || url.starts_with("http://");
        if !whole || url.len() > 5_000 {
            return Err(refuse(
                400,
                "Not a valid URL",
                Some("url_invalid"),
                Some(name),
            ));
        }
        Ok(url.to_owned())
    };
    let (success_url, cancel_url) = (link("success_url")?, link("cancel_url")?);
    let reference = form.get("client_reference_id");
    if reference.is_some_and(|text| text.is_empty() || text.chars().count() > 200) {
        return Err(bad("client_reference_id", "Must have 1 to 200 characters."));
    }
    let now = now(world);
    let expires_at = form.integer("expires_at")?.unwrap_or(now + 24 * 3_600);
    if !LIFE_SECONDS.contains(&(expires_at - now)) {
        return Err(bad(
            "expires_at",
            "The `expires_at` timestamp must be between 30 minutes and 24 hours after Checkout Session creation.",
        ));
    }
    let mut state = lock(&account.state);
    let id = state.id("cs_test");
    let session = Session {
        url: format!("{}/stripe/pay/{id}", world.url()),
        data: StripeSession {
            id,
            reference: reference.map(str::to_owned),
            status: "open".into(),
            payment_status: "unpaid".into(),
            payment_intent: None,
            amount,
            currency,
        },
        success_url,
        cancel_url,
        description,
        metadata: form.metadata("metadata")?,
        intent_metadata: form.metadata("payment_intent_data[metadata]")?,
        created: now,
        expires_at,
    };
    let object = session.object();
    state.add_session(session);
    Ok(object)
}

/// Returns the sum, the currency and the first item's name.
fn items(form: &Form) -> Result<(i64, String, String), Reply> {
    let (mut sum, mut currency, mut description) = (0_i64, String::new(), String::new());
    for number in 0..100 {
        let item = |field: &str| format!("line_items[{number}]{field}");
        if number > 0 && form.get(&item("[quantity]")).is_none() {
            break;
        }
        let quantity = form
            .need(&item("[quantity]"))
            .and_then(|_| form.integer(&item("[quantity]")))?;
        let quantity = quantity.filter(|count| (1..=999_999).contains(count));
        let quantity = quantity.ok_or_else(|| bad("line_items", "Invalid quantity."))?;
        let its = form.need(&item("[price_data][currency]"))?;
        if number > 0 && its != currency {
            return Err(bad("line_items", "All items must have the same currency."));
        }
        currency = its.to_owned();
        let unit = item("[price_data][unit_amount]");
        form.need(&unit)?;
        let amount = form.integer(&unit)?.unwrap_or_default();
        sum = sum.saturating_add(amount.saturating_mul(quantity));
        let name = form.need(&item("[price_data][product_data][name]"))?;
        if name.chars().count() > 250 {
            return Err(bad("line_items", "A name has at most 250 characters."));
        }
        if number == 0 {
            description = name.to_owned();
        }
    }
    money::check("line_items[0][price_data][unit_amount]", sum, &currency)?;
    Ok((sum, currency, description))
}
