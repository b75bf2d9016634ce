//! What a shop announces to an endpoint.

use crate::{
    endpoints::{self, NewEndpoint},
    testing::Shop,
};

impl Shop {
    /// Adds an endpoint for all events. Nobody answers there.
    pub async fn listen(&self) {
        let new = NewEndpoint {
            url: "http://127.0.0.1:1/".into(),
            description: String::new(),
            event_types: None,
        };
        let mut work = self.work().await;
        let with = (&self.ctx.keyring, &self.ctx.providers.endpoints);
        endpoints::create(&mut work, with, &new).await.unwrap();
        work.commit().await.unwrap();
    }

    /// The types of events that were announced about `order`, `booking` and so on, in their order.
    pub async fn announced(&self, about: &str) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT a.event_type FROM announcements a
             JOIN deliveries d ON d.workspace_id = a.workspace_id AND d.announcement_id = a.id
             WHERE a.event_type LIKE $1 || '.%' ORDER BY d.number",
        )
        .bind(about)
        .fetch_all(&self.ctx.owner)
        .await
        .unwrap()
    }
}
