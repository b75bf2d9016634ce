//! The cart in the menu, and what customers are told of their orders after a day of silence.

use kazi_jobs::{
    catalog::{self, Text},
    orders::TEMPLATE,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
};
use kazi_platform::WorkspaceId;
use serde_json::json;
use sqlx::PgConnection;

use super::BUSINESS_ACCOUNT;
use crate::Fault;

/// The templates, as the provider has approved them too.
pub const TEMPLATES: [(&str, &str); 1] = [(
    TEMPLATE,
    "News of your order {{1}}: {{2}} Thank you for buying from us.",
)];

/// Makes them, or leaves them as they are.
pub async fn make(conn: &mut PgConnection, workspace: WorkspaceId) -> Result<(), Fault> {
    let titles = [
        ("en", "🛒 My cart"),
        ("fr", "🛒 Mon panier"),
        ("es", "🛒 Mi carrito"),
        ("pt", "🛒 O meu carrinho"),
        ("ar", "🛒 سلتي"),
        ("hi", "🛒 मेरा कार्ट"),
    ];
    let titles: Text = titles
        .map(|(language, title)| (language.to_owned(), title.to_owned()))
        .into();
    catalog::add_service(&mut *conn, workspace, "cart", 15, &titles, &Text::new()).await?;
    for (name, body) in TEMPLATES {
        let template = Template {
            id: TemplateId::new(),
            account: BUSINESS_ACCOUNT.into(),
            name: name.into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: body.into(),
            components: json!([{"type": "BODY", "text": body}]),
            paused_until: None,
        };
        templates::save(&mut *conn, workspace, &template).await?;
    }
    Ok(())
}
