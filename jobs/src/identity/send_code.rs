//! Sends a one-time code: by e-mail, or over WhatsApp. What it finds out (whose address it is, whether they have an account
//! already) it finds out here, so that who asked cannot tell by the answer or by its time.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::{
    http::Failure,
    smtp::Letter,
    whatsapp::{Body, ButtonParameter, Reaction},
};
use kazi_platform::{Phone, WorkspaceId, database};
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    CodeId, IdentityError, codes,
    model::{Asked, CODE_LIFE, Purpose},
    store,
};
use crate::{
    Context, Work,
    channels::{Channel, ChannelId, ChannelKind, DirectoryError},
    contacts, locale,
    messages::{self, Refusal},
    pools,
};

/// Sends a code.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendCode {
    pub code: CodeId,
}

/// Age after which a code is not sent any more.
const TOO_OLD: TimeDelta = TimeDelta::hours(1);

/// Where a code goes, and in which language.
struct Way {
    to: To,
    language: String,
}

enum To {
    Email {
        address: String,
        /// Of the subject and the text.
        key: &'static str,
    },
    /// On the first of these channels that works, under this name there.
    WhatsApp(Vec<(ChannelId, Option<String>)>, Phone),
}

impl Job for SendCode {
    type Context = Context;
    const NAME: &'static str = "identity.send_code";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(2), Duration::from_secs(120)).attempts(12);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // Users and their codes belong to no workspace.
        let mut tx = database::platform(&ctx.db).await?;
        let now = ctx.clock.now();
        let Some(asked) = store::codes::unsent(&mut tx, self.code).await? else {
            tracing::warn!(code.id = %self.code, "no such code to send");
            return Ok(());
        };
        drop(tx);
        if now - asked.created_at > TOO_OLD {
            tracing::warn!(code.id = %self.code, "a code was not sent in time; nobody waits for it any more");
            return Ok(());
        }
        let Some(way) = way(ctx, &asked).await? else {
            // The address has no user. Nothing is sent, and the caller does not learn it.
            return Ok(());
        };
        let mut tx = database::platform(&ctx.db).await?;
        let code = codes::derive(&mut tx, &ctx.keyring, self.code).await?;
        // Before it leaves, since it may arrive before we hear of it. A letter to somebody with an account has no code.
        if !matches!(way.to, To::Email { key: NOTICE, .. }) {
            store::codes::announce(&mut tx, self.code, now + CODE_LIFE).await?;
        }
        tx.commit().await?;
        // No connection is held while a server thinks. A process that dies here sends the same code once more.
        match &way.to {
            To::Email { address, key } => {
                self.mail(ctx, address, &way.language, key, &code).await?;
            }
            To::WhatsApp(channels, phone) => {
                self.whatsapp(ctx, channels, phone, &way.language, &code)
                    .await?;
            }
        }
        // As above: the code may belong to no workspace.
        let mut tx = database::platform(&ctx.db).await?;
        store::codes::mark_sent(&mut tx, self.code, ctx.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}

const NOTICE: &str = "mail-registered-again";

/// Whose address it is now, and what they are to get; `None`: nothing.
async fn way(ctx: &Context, asked: &Asked) -> Result<Option<Way>, JobError> {
    let purpose = asked.purpose.parse().ok();
    if let (Some(Purpose::Customer), Some(workspace)) = (purpose, asked.workspace) {
        return to_customer(ctx, workspace, &asked.destination).await;
    }
    let Some(user) = asked.user else {
        return Ok(None);
    };
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let user = store::users::by_id(&mut tx, user).await?;
    drop(tx);
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(None);
    };
    let address = asked.destination.clone();
    let to = match purpose {
        Some(Purpose::VerifyEmail) => To::Email {
            address,
            key: match user.email_verified_at {
                Some(_) => NOTICE,
                None => "mail-verify",
            },
        },
        Some(Purpose::ResetPassword) => To::Email {
            address,
            key: "mail-reset",
        },
        Some(Purpose::VerifyPhone) => {
            let channel = ctx.providers.code_channel.ok_or_else(|| {
                JobError::discard("no_channel", "no channel sends codes: set codes.channel")
            })?;
            let Some(phone) = Phone::from_stored(&asked.destination) else {
                return Ok(None);
            };
            To::WhatsApp(vec![(channel.into(), None)], phone)
        }
        Some(Purpose::Customer) | None => return Ok(None),
    };
    Ok(Some(Way {
        to,
        language: user.locale,
    }))
}

async fn to_customer(
    ctx: &Context,
    workspace: WorkspaceId,
    phone: &str,
) -> Result<Option<Way>, JobError> {
    let Some(phone) = Phone::from_stored(phone) else {
        return Ok(None);
    };
    let mut work = Work::of(ctx, workspace).await?;
    let contact = contacts::by_phone(&mut work, &phone).await?;
    let Some(contact) = contact.filter(|contact| contact.blocked_at.is_none()) else {
        return Ok(None);
    };
    // Where they have written from comes first; then any channel of the business.
    let chats = contacts::chats(&mut work, contact.id).await?;
    let mut channels: Vec<_> = chats
        .into_iter()
        .map(|(channel, chat)| (channel, Some(chat)))
        .collect();
    let others = crate::channels::active(&mut work).await?;
    channels.extend(others.into_iter().map(|channel| (channel, None)));
    Ok(Some(Way {
        to: To::WhatsApp(channels, phone),
        language: contact.language.unwrap_or_else(|| "en".into()),
    }))
}

impl SendCode {
    async fn mail(
        &self,
        ctx: &Context,
        address: &str,
        language: &str,
        key: &str,
        code: &SecretString,
    ) -> Result<(), JobError> {
        let subject = locale::text(language, &format!("{key}-subject"), &[]);
        let text = locale::text(language, key, &[("code", code.expose_secret())]);
        let letter = Letter {
            to: address,
            subject: &subject,
            text: &text,
            id: &self.code.to_string(),
            attachment: None,
        };
        ctx.providers.post(&letter).await
    }

    /// Not as a message of the conversation: those are kept, and read by others.
    async fn whatsapp(
        &self,
        ctx: &Context,
        channels: &[(ChannelId, Option<String>)],
        phone: &Phone,
        language: &str,
        code: &SecretString,
    ) -> Result<(), JobError> {
        let failed = |error: DirectoryError| JobError::retry("channel", error);
        let mut usable = None;
        for (id, name) in channels {
            let channel = ctx.channels().by_id(*id).await.map_err(failed)?;
            if let Some(channel) = channel.filter(|channel| channel.active) {
                let name = name.clone().unwrap_or_else(|| match channel.kind {
                    ChannelKind::WhatsApp => phone.wa_id().to_owned(),
                    ChannelKind::GreenApi => format!("{}@c.us", phone.wa_id()),
                });
                usable = Some((channel, name));
                break;
            }
        }
        let Some((channel, to)) = usable else {
            return Err(JobError::retry(
                "channel",
                "no channel can send the code now",
            ));
        };
        let text = Body::Text {
            text: locale::text(language, "code-message", &[("code", code.expose_secret())]),
        };
        match self.deliver(ctx, &channel, &to, &text).await {
            Err(Refusal::Meta(rejection)) if rejection.reaction() == Reaction::WindowClosed => {
                // They have not written for a day: only a template may open the conversation.
                let name = ctx.providers.code_template.clone().ok_or_else(|| {
                    JobError::discard("window", "outside the 24 hours: set codes.template")
                })?;
                let template = Body::Template {
                    name,
                    language: language.to_owned(),
                    parameters: vec![code.expose_secret().to_owned()],
                    names: Vec::new(),
                    header: None,
                    buttons: vec![ButtonParameter::Url {
                        index: 0,
                        text: code.expose_secret().to_owned(),
                    }],
                    cards: Vec::new(),
                    offer_ends: None,
                    shown: None,
                };
                let sent = self.deliver(ctx, &channel, &to, &template).await;
                sent.map_err(|refusal| refused(&refusal))
            }
            sent => sent.map_err(|refusal| refused(&refusal)),
        }
    }

    async fn deliver(
        &self,
        ctx: &Context,
        channel: &Channel,
        to: &str,
        body: &Body,
    ) -> Result<(), Refusal> {
        let callback = self.code.to_string();
        messages::deliver(ctx, channel, to, body, &callback, None).await?;
        Ok(())
    }
}

/// Every failure may be tried again: a code that arrives twice does no harm.
fn refused(refusal: &Refusal) -> JobError {
    match refusal {
        Refusal::Meta(rejection) => match rejection.reaction() {
            Reaction::Undeliverable | Reaction::OurFault | Reaction::TemplateFault => {
                JobError::discard("refused", rejection)
            }
            _ => JobError::retry("refused", rejection),
        },
        Refusal::FileGone => JobError::discard("file", "a code has no file"),
        Refusal::Green(error) => JobError::retry("refused", error),
        Refusal::Failure(failure @ Failure::NotSent(_)) => JobError::retry("not_sent", failure),
        Refusal::Failure(failure @ Failure::Ambiguous(_)) => JobError::retry("ambiguous", failure),
    }
}

impl From<IdentityError> for JobError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Database(error) => error.into(),
            IdentityError::Enqueue(error) => error.into(),
            other => Self::retry("identity", other),
        }
    }
}
