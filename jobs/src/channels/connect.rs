//! The secrets of a channel. They are stored or replaced, and never shown again, except for the tokens that the
//! provider's dashboard needs.

use kazi_platform::{
    Timestamp, WorkspaceId,
    actor::Actor,
    crypto::{CryptoError, Keyring},
    invalid::Invalid,
};
use kazi_queue::{Job, trace::TraceId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ChannelError, ChannelId, ChannelKind, Credentials, NewChannel, channel,
    check::{self, Check, Verdict},
    manage::{ChannelDetails, KIND, MAX_NAME},
    store::manage as store,
};
use crate::{
    Context, Work,
    audit::Change,
    violations::{Violations, invalid},
};

/// Digits of a provider's id.
const MAX_ID: usize = 32;
/// Meta's tokens have about 250 characters.
const MAX_SECRET: usize = 1_000;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewChannel)]
pub struct Connect {
    /// `whatsapp` or `greenapi`.
    pub kind: ChannelKind,
    /// 1 to 100 characters.
    #[schema(example = "Front desk", min_length = 1, max_length = 100)]
    pub name: String,
    /// The phone number id or the instance id: digits.
    #[schema(example = "106540352242922", max_length = 32)]
    pub external_id: String,
    /// WhatsApp: the business account (WABA), digits.
    #[serde(default)]
    #[schema(example = "102290129340398", max_length = 32)]
    pub account_id: Option<String>,
    /// The token for sending. It is never shown again.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// WhatsApp: signs the webhooks. Needed unless the program has one for all channels.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only, max_length = 1000)]
    pub app_secret: Option<SecretString>,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelSecrets)]
pub struct NewSecrets {
    /// The token for sending. The provider checks it first; the old token stays until it is accepted.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// WhatsApp: signs the webhooks.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only, max_length = 1000)]
    pub app_secret: Option<SecretString>,
}

/// The values for the provider's dashboard, ready to paste.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The address for webhooks. Only the path when the program does not know its own address.
    pub webhook_url: String,
    /// WhatsApp: the verify token. Green API: the webhook token.
    pub token: SecretString,
}

impl Connect {
    fn check(&self, shared_app_secret: bool) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        violations.text("/name", &self.name, 1, MAX_NAME);
        let mut digits = |pointer, text: &str| {
            let fits =
                (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            violations.unless(
                fits,
                pointer,
                "digits",
                format!("must be 1 to {MAX_ID} digits"),
            );
        };
        digits("/external_id", &self.external_id);
        if let Some(account) = &self.account_id {
            digits("/account_id", account);
        }
        secret(&mut violations, self.kind, "/token", &self.token);
        match (self.kind, &self.app_secret) {
            (ChannelKind::WhatsApp, Some(app)) => {
                secret(&mut violations, self.kind, "/app_secret", app)
            }
            (ChannelKind::WhatsApp, None) => violations.unless(
                shared_app_secret,
                "/app_secret",
                "required",
                "is needed: without it no webhook can be trusted",
            ),
            (ChannelKind::GreenApi, app) => violations.unless(
                app.is_none(),
                "/app_secret",
                "not_used",
                "Green API has no app secret",
            ),
        }
        let account = self.kind == ChannelKind::WhatsApp || self.account_id.is_none();
        violations.unless(
            account,
            "/account_id",
            "not_used",
            "Green API has no business account",
        );
        violations.end()
    }
}

/// Checks a token. It goes into a header, and Green API's into a path, so some characters would change the request.
fn secret(violations: &mut Violations, kind: ChannelKind, pointer: &str, secret: &SecretString) {
    let text = secret.expose_secret();
    let (fits, rule) = match kind {
        ChannelKind::WhatsApp => (
            text.bytes().all(|b| b.is_ascii_graphic()),
            format!("must be 1 to {MAX_SECRET} characters without spaces"),
        ),
        ChannelKind::GreenApi => (
            text.bytes().all(|b| b.is_ascii_alphanumeric()),
            format!("must be 1 to {MAX_SECRET} letters and digits"),
        ),
    };
    let fits = fits && (1..=MAX_SECRET).contains(&text.len());
    violations.unless(fits, pointer, "characters", rule);
}

/// Connects a channel and enqueues its check. `shared_app_secret` says that the program has an app secret for all
/// WhatsApp channels. A number that this workspace had before gets its conversations back.
pub async fn connect(
    work: &mut Work,
    keyring: &Keyring,
    new: &Connect,
    shared_app_secret: bool,
) -> Result<ChannelId, ChannelError> {
    new.check(shared_app_secret)?;
    // Long and random.
    let ours = || Some(SecretString::from(TraceId::random().to_string()));
    let credentials = Credentials {
        token: new.token.clone(),
        app_secret: new.app_secret.clone(),
        verify_token: ours().filter(|_| new.kind == ChannelKind::WhatsApp),
        webhook_token: ours().filter(|_| new.kind == ChannelKind::GreenApi),
    };
    let id = store::connect(work, keyring, new, &credentials)
        .await?
        .ok_or(ChannelError::Taken)?;
    let made = channel(work, id).await?;
    work.audit(&Change::created("channels.connect", (KIND, id), &made))
        .await?;
    look_soon(work, id).await?;
    Ok(id)
}

/// Adds a channel without asking its provider, or gives the existing channel new credentials: for the operator. A
/// channel of another workspace stays as it is.
pub async fn add(
    work: &mut Work,
    keyring: &Keyring,
    new: &NewChannel<'_>,
) -> Result<ChannelId, ChannelError> {
    let there = super::store::in_use(work, new.kind, new.external_id).await?;
    let before = match there {
        Some(id) => Some(channel(work, id).await?),
        None => None,
    };
    let added = super::store::add(work, keyring, there, new).await;
    let id = added.map_err(|error| match error {
        CryptoError::Database(sqlx::Error::RowNotFound) => ChannelError::Taken,
        other => other.into(),
    })?;
    let after = channel(work, id).await?;
    let (action, subject) = ("channels.add", (KIND, id));
    work.audit(&match before {
        Some(before) => Change::updated(action, subject, &before, &after),
        None => Change::created(action, subject, &after),
    })
    .await?;
    Ok(id)
}

async fn look_soon(work: &mut Work, channel: ChannelId) -> Result<(), ChannelError> {
    let workspace = work.workspace();
    let enqueued = Check { workspace, channel }.enqueue(work.conn()).await;
    enqueued.map_err(sqlx::Error::from)?;
    Ok(())
}

/// A channel for the log. The app secret has no hint: a time says that it was replaced.
#[derive(Serialize)]
struct Rotated<'a> {
    #[serde(flatten)]
    details: &'a ChannelDetails,
    app_secret_rotated_at: Option<Timestamp>,
}

/// Replaces the secrets of a channel after the provider has accepted them. Until then the old secrets work. The caller
/// holds no connection, because the provider may take long.
///
/// # Errors
/// A token that the provider refuses is a violation of the field.
pub async fn rotate(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    new: &NewSecrets,
) -> Result<(), ChannelError> {
    let there = ctx.channels().by_id(id).await?;
    let there = there
        .filter(|channel| channel.workspace == workspace)
        .ok_or(ChannelError::NotFound)?;
    let mut violations = Violations::default();
    secret(&mut violations, there.kind, "/token", &new.token);
    if let Some(app) = &new.app_secret {
        secret(&mut violations, there.kind, "/app_secret", app);
        let used = there.kind == ChannelKind::WhatsApp;
        violations.unless(
            used,
            "/app_secret",
            "not_used",
            "Green API has no app secret",
        );
    }
    violations.end()?;
    let found = check::probe(ctx, &there, &new.token).await;
    let words = found.detail.clone().unwrap_or_default();
    match found.verdict {
        Verdict::Works => {}
        Verdict::Refused => {
            return Err(invalid(
                "/token",
                ("refused", format!("the provider refuses it: {words}")),
            )
            .into());
        }
        Verdict::Unknown => return Err(ChannelError::Unreachable(words)),
    }
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let mut credentials = store::held_credentials(&mut work, &ctx.keyring, id)
        .await?
        .ok_or(ChannelError::NotFound)?;
    let before = channel(&mut work, id).await?;
    credentials.token = new.token.clone();
    credentials.app_secret = new.app_secret.clone().or(credentials.app_secret);
    store::set_credentials(&mut work, &ctx.keyring, id, &credentials).await?;
    let after = channel(&mut work, id).await?;
    let change = Change::updated(
        "channels.rotate",
        (KIND, id),
        &Rotated {
            details: &before,
            app_secret_rotated_at: None,
        },
        &Rotated {
            details: &after,
            app_secret_rotated_at: new.app_secret.as_ref().map(|_| work.now()),
        },
    );
    work.audit(&change).await?;
    work.commit().await?;
    // Other processes see the change within seconds.
    ctx.channels().clear();
    Ok(())
}

/// The values for the provider's dashboard. They contain a secret, so the audit log records the call.
pub async fn setup(
    work: &mut Work,
    keyring: &Keyring,
    id: ChannelId,
    public_url: &str,
) -> Result<Setup, ChannelError> {
    let credentials = store::held_credentials(work, keyring, id)
        .await?
        .ok_or(ChannelError::NotFound)?;
    let there = channel(work, id).await?;
    work.audit(&Change::done("channels.reveal", (KIND, id)))
        .await?;
    let token = match credentials {
        Credentials {
            verify_token: Some(token),
            ..
        }
        | Credentials {
            webhook_token: Some(token),
            ..
        } => token,
        // The program's own verify token answers the challenge of such a number.
        _ => SecretString::default(),
    };
    Ok(Setup {
        webhook_url: webhook_url(public_url, &there.kind),
        token,
    })
}

/// The address for a provider's webhooks. With an empty `public_url`, only the path.
pub fn webhook_url(public_url: &str, kind: &str) -> String {
    format!("{}/webhooks/{kind}", public_url.trim_end_matches('/'))
}
