//! The request to a channel's provider.

use kazi_clients::{
    greenapi,
    http::Failure,
    whatsapp::{self, Body, Outbound},
};

use crate::{
    Context,
    channels::{Channel, ChannelKind},
    media::{self, AtMeta, MediaId, Unsent},
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
    /// The file of the message is not here any more.
    FileGone,
}

impl From<Unsent> for Refusal {
    fn from(error: Unsent) -> Self {
        match error {
            Unsent::Gone => Self::FileGone,
            Unsent::Rejected(rejection) => Self::Meta(rejection),
            // The message has not left: its file comes first.
            Unsent::Failed(words) => Self::Failure(Failure::NotSent(words)),
        }
    }
}

fn id_of(media: &str) -> Result<MediaId, Refusal> {
    media.parse().map_err(|_| Refusal::FileGone)
}

/// A provider has taken a message.
pub(crate) struct Taken {
    /// What it calls the message.
    pub provider_id: String,
    /// What it calls the recipient, if it says so.
    pub recipient: Option<String>,
}

/// Gives Meta the file of a message that is not announced yet: a run that dies meanwhile leaves a message that has surely
/// not left. Green API gets the file with the message.
pub(super) async fn prepare(
    ctx: &Context,
    channel: &Channel,
    body: &Body,
) -> Result<Option<AtMeta>, Refusal> {
    let Some(media) = body
        .media()
        .filter(|_| channel.kind == ChannelKind::WhatsApp)
    else {
        return Ok(None);
    };
    Ok(Some(
        media::at_meta(ctx, channel, id_of(media)?, None).await?,
    ))
}

/// Asks the channel's provider to send a message. Returns the provider's id. `callback` comes back with the statuses.
/// `file` is what [`prepare`] has given to Meta.
pub(crate) async fn deliver(
    ctx: &Context,
    channel: &Channel,
    peer: &str,
    body: &Body,
    callback: &str,
    file: Option<AtMeta>,
) -> Result<Taken, Refusal> {
    match channel.kind {
        ChannelKind::WhatsApp => {
            let send = async |body: &Body| {
                let outbound = Outbound {
                    to: peer,
                    body,
                    callback,
                };
                let sent = channel.whatsapp(ctx).send(&outbound).await?;
                Ok::<_, Refusal>(Taken {
                    provider_id: sent.message_id,
                    recipient: sent.wa_id,
                })
            };
            let (Some(media), Some(file)) = (body.media(), file) else {
                return send(body).await;
            };
            match send(&with_id(body, &file.id)).await {
                // Perhaps Meta has forgotten the file before its time. It has refused the message, so a second request
                // is safe.
                Err(Refusal::Meta(rejection)) if file.is_known && rejection.code == 100 => {
                    let media = id_of(media)?;
                    let file = media::at_meta(ctx, channel, media, Some(&file.id)).await?;
                    send(&with_id(body, &file.id)).await
                }
                sent => sent,
            }
        }
        ChannelKind::GreenApi => {
            let instance = channel.greenapi(ctx);
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
                Body::File {
                    media: Some(media),
                    caption,
                    ..
                } => {
                    let file = media::outgoing(ctx, channel, id_of(media)?).await?;
                    instance.upload_file(peer, file, caption.as_deref()).await
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
        ChannelKind::WhatsApp => channel.whatsapp(ctx).read(message, typing).await?,
        ChannelKind::GreenApi => {
            let instance = channel.greenapi(ctx);
            match typing {
                true => instance.type_in(peer).await?,
                false => instance.read(peer, message).await?,
            }
        }
    }
    Ok(())
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

/// The body with Meta's id of its file.
fn with_id(body: &Body, id: &str) -> Body {
    let mut body = body.clone();
    if let Body::File { uploaded, .. } = &mut body {
        *uploaded = Some(id.to_owned());
    }
    body
}
