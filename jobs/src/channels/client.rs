//! The provider's API, as a channel calls it.

use kazi_clients::{greenapi::GreenApi, whatsapp::WhatsApp};

use super::{Channel, ChannelKind};
use crate::Context;

impl Channel {
    /// The address of the provider.
    pub(crate) fn base<'a>(&'a self, ctx: &'a Context) -> &'a str {
        let configured = match self.kind {
            ChannelKind::WhatsApp => &ctx.providers.whatsapp_base_url,
            ChannelKind::GreenApi => &ctx.providers.greenapi_base_url,
        };
        self.base_url.as_deref().unwrap_or(configured)
    }

    pub(crate) fn whatsapp(&self, ctx: &Context) -> WhatsApp {
        WhatsApp::new(
            ctx.http.clone(),
            self.base(ctx),
            &ctx.providers.whatsapp_version,
            &self.external_id,
            self.credentials.token.clone(),
            ctx.providers.send_time_out,
        )
    }

    pub(crate) fn greenapi(&self, ctx: &Context) -> GreenApi {
        GreenApi::new(
            ctx.http.clone(),
            self.base(ctx),
            &self.external_id,
            self.credentials.token.clone(),
            ctx.providers.send_time_out,
        )
    }
}
