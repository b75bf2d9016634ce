//! Makes Checkout sessions.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Account, StripeSession,
    errors::{bad, refuse},
    form::Form,
    money, now,
    state::Session,
};
use crate::{World, lock, server::Reply};

const FIELDS: &[&str] = &[
    "mode",
    "client_reference_id",
    "line_items[#][quantity]",
    "line_items[#][price_data][currency]",
    "line_items[#][price_data][unit_amount]",
    "line_items[#][price_data][unit_amount_decimal]",
    "line_items[#][price_data][tax_behavior]",
    "line_items[#][price_data][product_data][name]",
    "line_items[#][price_data][product_data][description]",
    "line_items[#][price_data][product_data][images][#]",
    "line_items[#][price_data][product_data][images][]",
    "line_items[#][price_data][product_data][metadata][*]",
    "success_url",
    "cancel_url",
    "expires_at",
    "customer_email",
    "customer_creation",
    "locale",
    "metadata[*]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[description]",
    "payment_intent_data[receipt_email]",
    "payment_intent_data[statement_descriptor]",
    "payment_intent_data[statement_descriptor_suffix]",
    "payment_method_types[]",
    "adaptive_pricing[enabled]",
    "automatic_tax[enabled]",
    "allow_promotion_codes",
    "billing_address_collection",
    "phone_number_collection[enabled]",
    "submit_type",
    "ui_mode",
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
    form.only(FIELDS)?;
    match form.need("mode")? {
        "payment" => {}
        // Stripe knows these: whoever needs them must see that it is the simulator that does not.
        "setup" | "subscription" => {
            return Err(bad("mode", "The simulator only knows mode=payment."));
        }
        _ => {
            let words = "Invalid mode: must be one of payment, setup, or subscription";
            return Err(bad("mode", words));
        }
    }
    let (amount, currency, description, mut items) = items(form)?;
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
    let success_url = link("success_url")?;
    let cancel_url = form.get("cancel_url").map(|_| link("cancel_url"));
    let cancel_url = cancel_url.transpose()?;
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
    for item in &mut items {
        item["id"] = state.id("li").into();
    }
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
        items,
        presented: None,
        metadata: form.metadata("metadata")?,
        intent_metadata: form.metadata("payment_intent_data[metadata]")?,
        created: now,
        expires_at,
    };
    let mut object = session.object();
    state.add_session(session);
    for path in form.list("expand") {
        state.expand(&mut object, path)?;
    }
    Ok(object)
}

/// Returns the sum, the currency, the first item's name, and the items without their ids.
fn items(form: &Form) -> Result<(i64, String, String, Vec<Value>), Reply> {
    let mut items = Vec::new();
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
        let total = amount.saturating_mul(quantity);
        sum = sum.saturating_add(total);
        let name = form.need(&item("[price_data][product_data][name]"))?;
        if name.chars().count() > 250 {
            return Err(bad("line_items", "A name has at most 250 characters."));
        }
        if number == 0 {
            description = name.to_owned();
        }
        items.push(json!({
            "object": "item", "description": name, "quantity": quantity, "currency": currency,
            "amount_subtotal": total, "amount_total": total, "amount_discount": 0, "amount_tax": 0,
            "price": {"object": "price", "currency": currency, "unit_amount": amount, "type": "one_time"},
        }));
    }
    money::check("line_items[0][price_data][unit_amount]", sum, &currency)?;
    Ok((sum, currency, description, items))
}
