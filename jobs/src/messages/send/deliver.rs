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
    match channel.kind {
        ChannelKind::WhatsApp => {
            let outbound = Outbound {
                to: peer,
                body,
                callback,
            };
            number(ctx, channel)
                .send(&outbound)
                .await
                .map(|accepted| Taken {
                    provider_id: accepted.message_id,
                    recipient: accepted.wa_id,
                })
                .map_err(Refusal::from)
        }
        ChannelKind::GreenApi => {
            let instance = instance(ctx, channel);
            let sent = match body {
                Body::Image { link, caption } => {
                    instance
                        .send_file(peer, link, caption.as_deref(), None)
                        .await
                }
                Body::File {
                    link: Some(link),
                    caption,
                    name,
                    ..
                } => {
                    let (caption, name) = (caption.as_deref(), name.as_deref());
                    instance.send_file(peer, link, caption, name).await
                }
                body => instance.send_message(peer, &model::readable(body)).await,
            };
            let sent = sent.map(|provider_id| Taken {
                provider_id,
                recipient: None,
            });
            sent.map_err(Refusal::from)
        }
    }
}

/// Tells the provider that the business has read a message of the customer, and with `typing` that it writes an answer.
pub(crate) async fn signal(
    ctx: &Context,
    channel: &Channel,
    peer: &str,
    message: &str,
    typing: bool,
) -> Result<(), Refusal> {
    match channel.kind {
        ChannelKind::WhatsApp => number(ctx, channel).read(message, typing).await?,
        ChannelKind::GreenApi => {
            let instance = instance(ctx, channel);
            match typing {
                true => instance.type_in(peer).await?,
                false => instance.read(peer, message).await?,
            }
        }
    }
    Ok(())
}

fn number(ctx: &Context, channel: &Channel) -> WhatsApp {
    let providers = &ctx.providers;
    let base = channel.base_url.as_deref();
    WhatsApp::new(
        ctx.http.clone(),
        base.unwrap_or(&providers.whatsapp_base_url),
        &providers.whatsapp_version,
        &channel.external_id,
        channel.credentials.token.clone(),
        providers.send_time_out,
    )
}

fn instance(ctx: &Context, channel: &Channel) -> GreenApi {
    let providers = &ctx.providers;
    let base = channel.base_url.as_deref();
    GreenApi::new(
        ctx.http.clone(),
        base.unwrap_or(&providers.greenapi_base_url),
        &channel.external_id,
        channel.credentials.token.clone(),
        providers.send_time_out,
    )
}

impl From<whatsapp::Error> for Refusal {
    fn from(error: whatsapp::Error) -> Self {
        match error {
            whatsapp::Error::Rejected(rejection) => Self::Meta(rejection),
            whatsapp::Error::Failed(failure) => Self::Failure(failure),
        }
    }
}

impl From<greenapi::Error> for Refusal {
    fn from(error: greenapi::Error) -> Self {
        match error {
            greenapi::Error::Failed(failure) => Self::Failure(failure),
            other => Self::Green(other),
        }
    }
}
