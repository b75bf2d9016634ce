//! What a model may read of a customer's subscriptions.

use kazi_queue::JobError;
use serde_json::{Value, json};

use super::own;
use crate::{
    Work,
    conversations::{Talk, Tool, ToolReply},
    subscriptions::{people::Reader, subscribe},
};

pub(in crate::subscriptions) const SUBSCRIPTION_STATUS: Tool = Tool {
    name: "subscription_status",
    about: "Tells which plans the customer has, until when, and whether a payment is due.",
    parameters: &[],
    run: |work, talk, _| Box::pin(status(work, talk)),
};

async fn status(work: &mut Work, talk: &Talk<'_>) -> Result<ToolReply, JobError> {
    let reader = Reader::of(work, talk.contact.id).await?;
    let mut all: Vec<Value> = Vec::new();
    for one in own(work, talk).await? {
        let plan = subscribe::plan_of(work, &one).await?;
        let end = one.grace_until.or(one.ends_at);
        all.push(json!({
            "plan": plan.name(&[talk.language, &talk.workspace.default_language]),
            "price": plan.price.to_string(), "status": one.status.name(),
            "ends_on": end.map(|end| reader.date(end)), "is_not_renewed": one.auto_cancel,
        }));
    }
    Ok(match all.is_empty() {
        true => ToolReply::refused("the customer has no subscription"),
        false => ToolReply::of(json!({"subscriptions": all})),
    })
}
