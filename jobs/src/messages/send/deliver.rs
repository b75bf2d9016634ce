//! The request to a channel's provider.

use kazi_clients::{
    greenapi::{self, GreenApi},
    http::Failure,
    whatsapp::{self, Body, Outbound, WhatsApp},
};

use crate::{
    Context,
    channels::{Channel, ChannelKind},
    messages::model,
};

/// Why a call failed.
pub(crate) enum Refusal {
    /// Meta's table decides.
    Meta(whatsapp::Rejection),
    /// A refusal by Green API.
    Green(greenapi::Error),
    /// No usable answer.
    Failure(Failure),
}

/// A provider has taken a message.
pub(crate) struct Taken {
    /// What it calls the message.
    pub provider_id: String,
    /// What it calls the recipient, if it says so.
    pub recipient: Option<String>,
}

/// Asks the channel's provider to send a message. Returns the provider's id. `callback` comes back with the statuses.
pub(crate) async fn deliver(
    ctx: &Context,
    channel: &Channel,
    peer: &str,
    body: &Body,
    callback: &str,
) -> Result<Taken, Refusal> {
    let providers = &ctx.providers;
    let token = channel.credentials.token.clone();
    let time_out = providers.send_time_out;
    match channel.kind {
        ChannelKind::WhatsApp => {
            let base = channel
                .base_url
                .as_deref()
                .unwrap_or(&providers.whatsapp_base_url);
            let version = &providers.whatsapp_version;
            let number = WhatsApp::new(
                ctx.http.clone(),
                base,
                version,
                &channel.external_id,
                token,
                time_out,
            );
            let outbound = Outbound {
                to: peer,
                body,
                callback,
            };
            number
                .send(&outbound)
                .await
                .map(|accepted| Taken {
                    provider_id: accepted.message_id,
                    recipient: accepted.wa_id,
                })
                .map_err(|error| match error {
                    whatsapp::Error::Rejected(rejection) => Refusal::Meta(rejection),
                    whatsapp::Error::Failed(failure) => Refusal::Failure(failure),
                })
        }
        ChannelKind::GreenApi => {
            let base = channel
                .base_url
                .as_deref()
                .unwrap_or(&providers.greenapi_base_url);
            let instance = GreenApi::new(
                ctx.http.clone(),
                base,
                &channel.external_id,
                token,
                time_out,
            );
            let sent = match body {
                Body::Image { link, caption } => {
                    instance.send_file(peer, link, caption.as_deref()).await
                }
                body => instance.send_message(peer, &model::readable(body)).await,
            };
            let sent = sent.map(|provider_id| Taken {
                provider_id,
                recipient: None,
            });
            sent.map_err(|error| match error {
                greenapi::Error::Failed(failure) => Refusal::Failure(failure),
                other => Refusal::Green(other),
            })
        }
    }
}
