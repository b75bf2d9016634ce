//! Notes what people have told WhatsApp, not us, that they want: no marketing from this business, or marketing again.

use kazi_clients::{json, whatsapp::webhook::Preferences};
use kazi_platform::{Phone, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{Identity, resolve, set_consent};
use crate::{
    Context, Work,
    channels::{self, WebhookEventId},
    pools,
};

/// Applies a `user_preferences` event.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyPreferences {
    pub workspace: WorkspaceId,
    pub event: WebhookEventId,
}

impl Job for ApplyPreferences {
    type Context = Context;
    const NAME: &'static str = "contacts.preferences";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(event) = channels::event(&mut work, self.event).await? else {
            tracing::warn!(event.id = %self.event, "no such event");
            return Ok(());
        };
        let said: Preferences =
            serde_json::from_str(&json::lenient(&event.payload)).unwrap_or_default();
        for preference in said.user_preferences {
            let granted = match preference.value.as_str() {
                "stop" => false,
                "resume" => true,
                _ => continue,
            };
            if preference.category != "marketing_messages" {
                continue;
            }
            let identity = Identity {
                phone: preference.wa_id.as_deref().and_then(Phone::from_wa_id),
                user_id: preference.user_id.filter(|id| !id.is_empty()),
                chat_id: preference.wa_id.filter(|id| !id.is_empty()),
                name: None,
            };
            if identity.user_id.is_none() && identity.chat_id.is_none() {
                continue;
            }
            let contact = resolve(&mut work, event.channel, &identity).await?;
            set_consent(&mut work, contact.id, granted, "provider").await?;
        }
        work.commit().await?;
        Ok(())
    }
}
