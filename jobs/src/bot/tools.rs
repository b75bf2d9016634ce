//! The tools of a model's turn: those of all domains, and the bot's own.

use kazi_clients::openrouter;
use kazi_queue::JobError;
use serde_json::{Value, json};

use crate::{
    Work, catalog,
    conversations::{Arguments, Parameter, ParameterKind, Talk, Tool, ToolReply, fit},
    domain::offers,
};

/// Products that a model gets.
const PRODUCTS: i64 = 8;
/// Characters of a product's description.
const DESCRIPTION: usize = 300;

pub(super) const SEARCH_PRODUCTS: Tool = Tool {
    name: "search_products",
    about: "Searches the catalogue. Returns ids, names, prices and what is in stock.",
    parameters: &[Parameter {
        name: "query",
        about: "Words of the product's name or description, in the customer's language.",
        kind: ParameterKind::Text(200),
        required: true,
    }],
    run: |work, talk, with| Box::pin(search(work, talk, with)),
};

pub(super) const HAND_OVER: Tool = Tool {
    name: "hand_over",
    about: "Hands the conversation to a person of the business and ends your part. Call it when the customer wants a \
            person, complains, or needs what you cannot do.",
    parameters: &[],
    run: |_, _, _| {
        Box::pin(async {
            Ok(ToolReply {
                hands_over: true,
                ..ToolReply::of(json!({"note": "A person answers from here on."}))
            })
        })
    },
};

/// The tools as a model reads them.
pub(super) fn offered() -> Vec<openrouter::Tool> {
    let tools = offers::<Tool>();
    tools
        .map(|tool| openrouter::Tool::new(tool.name, tool.about, tool.schema()))
        .collect()
}

/// Runs a tool. A call that does not fit changes nothing, and the model reads why.
pub(super) async fn run(
    work: &mut Work,
    talk: &Talk<'_>,
    call: &openrouter::ToolCall,
) -> Result<ToolReply, JobError> {
    let Some(tool) = offers::<Tool>().find(|tool| tool.name == call.name) else {
        return Ok(ToolReply::refused("there is no such tool"));
    };
    match tool.read(&call.arguments) {
        Ok(arguments) => (tool.run)(work, talk, &arguments).await,
        Err(rule) => Ok(ToolReply::refused(&rule)),
    }
}

async fn search(work: &mut Work, talk: &Talk<'_>, with: &Arguments) -> Result<ToolReply, JobError> {
    let query = with.text("query").unwrap_or_default();
    let fallback = &talk.workspace.default_language;
    let found = catalog::search(work, talk.language, fallback, query, PRODUCTS).await?;
    let products = found.into_iter().map(|(product, _)| {
        json!({
            "product_id": product.id, "name": product.name, "price": product.price.to_string(),
            "in_stock": product.stock, "description": fit(&product.description, DESCRIPTION),
        })
    });
    let products: Vec<Value> = products.collect();
    Ok(match products.is_empty() {
        true => ToolReply::refused("no product fits: try other words"),
        false => ToolReply::of(json!({"products": products})),
    })
}
