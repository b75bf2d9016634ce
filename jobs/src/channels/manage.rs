//! What members do with their channels: connect, rename, pace, pause, give new credentials, take out of use. Secrets go in
//! and never come out again, but for the tokens that the provider's dashboard is to be told.

use kazi_platform::{
    Timestamp, WorkspaceId,
    actor::Actor,
    crypto::{CryptoError, Keyring},
    database,
    invalid::Invalid,
};
use kazi_queue::{
    Job,
    lanes::{self, Limits, Scope},
    trace::TraceId,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    ChannelId, ChannelKind, Credentials,
    check::{self, Check, Verdict},
    store::manage as store,
};
use crate::{
    Context,
    audit::{self, Change},
    faults::{Faults, fault},
    pools,
};

/// Longest name, in characters.
const MAX_NAME: usize = 100;
/// Digits of a provider's id.
const MAX_ID: usize = 32;
/// Meta's tokens have about 250 characters.
const MAX_SECRET: usize = 1_000;

/// A channel to be connected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// `whatsapp` or `greenapi`.
    pub kind: ChannelKind,
    /// What it is called: 1 to 100 characters.
    pub name: String,
    /// The phone number id, or the instance id: digits.
    pub external_id: String,
    /// WhatsApp: the business account (WABA): digits.
    #[serde(default)]
    pub account_id: Option<String>,
    /// For sending.
    pub token: SecretString,
    /// WhatsApp: signs the webhooks. Needed unless the program has one for all channels.
    #[serde(default)]
    pub app_secret: Option<SecretString>,
}

/// New secrets for a channel. What is left out stays as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSecrets {
    /// For sending.
    pub token: SecretString,
    /// WhatsApp: signs the webhooks.
    #[serde(default)]
    pub app_secret: Option<SecretString>,
}

/// How fast a channel may send.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Messages a second: at most 1000 for WhatsApp, 50 for Green API.
    pub per_second: f64,
    /// How many may go at once.
    pub burst: u32,
}

/// A channel as its members see it. Without its secrets.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelDetails {
    /// Its id.
    pub id: ChannelId,
    /// `whatsapp` or `greenapi`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// The phone number id, or the instance id.
    pub external_id: String,
    /// The business account (WABA).
    pub account_id: Option<String>,
    /// The number as customers see it.
    pub display_phone: Option<String>,
    /// `active` or `paused`.
    pub status: String,
    /// Why it is paused.
    pub status_reason: Option<String>,
    /// Paused since the provider refuses it: it wants a new token, or help from the provider.
    pub refused: bool,
    /// The last four characters of the token.
    pub token_hint: String,
    /// When its secrets were last replaced.
    pub rotated_at: Option<Timestamp>,
    /// When the provider was last asked.
    pub checked_at: Option<Timestamp>,
    /// `ok`, `refused`, `unreachable`, or Green API's word: `notAuthorized` …
    pub check_state: Option<String>,
    /// The provider's words, where it is not ok.
    pub check_detail: Option<String>,
    /// WhatsApp: GREEN, YELLOW, RED or UNKNOWN.
    pub quality_rating: Option<String>,
    /// WhatsApp: the name that customers see.
    pub verified_name: Option<String>,
    /// Messages a second; `None`: as all.
    pub rate: Option<f64>,
    /// How many may go at once; `None`: as all.
    pub burst: Option<i32>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When it was last changed: its version.
    pub updated_at: Timestamp,
}

/// What the provider's dashboard is to be told, ready to paste.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where webhooks go; without an address of ours, the path.
    pub webhook_url: String,
    /// WhatsApp: the verify token. Green API: the webhook token.
    pub token: SecretString,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such channel.
    #[error("there is no such channel")]
    NotFound,
    /// The number or instance is connected, here or in another workspace.
    #[error("this number or instance is connected already")]
    Taken,
    /// The provider does not answer: nothing is known of the credentials.
    #[error("the provider cannot be asked now, try again: {0}")]
    Unreachable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
}

impl From<CryptoError> for ChannelError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}

impl Connect {
    fn check(&self, shared_app_secret: bool) -> Result<(), Invalid> {
        let mut faults = Faults::default();
        faults.text("/name", &self.name, 1, MAX_NAME);
        let mut digits = |pointer, text: &str| {
            let fits =
                (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            faults.unless(
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
        secret(&mut faults, self.kind, "/token", &self.token);
        match (self.kind, &self.app_secret) {
            (ChannelKind::WhatsApp, Some(app)) => {
                secret(&mut faults, self.kind, "/app_secret", app)
            }
            (ChannelKind::WhatsApp, None) => faults.unless(
                shared_app_secret,
                "/app_secret",
                "required",
                "is needed: without it no webhook can be trusted",
            ),
            (ChannelKind::GreenApi, app) => faults.unless(
                app.is_none(),
                "/app_secret",
                "not_used",
                "Green API has no app secret",
            ),
        }
        let account = self.kind == ChannelKind::WhatsApp || self.account_id.is_none();
        faults.unless(
            account,
            "/account_id",
            "not_used",
            "Green API has no business account",
        );
        faults.none()
    }
}

/// A token goes into a header, and Green API's into a path: what may not stand there would change the request.
fn secret(faults: &mut Faults, kind: ChannelKind, pointer: &str, secret: &SecretString) {
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
    faults.unless(fits, pointer, "characters", rule);
}

/// Connects a channel; the provider is asked about it soon after. `shared_app_secret`: the program has an app secret for
/// all WhatsApp channels. A number that this workspace had before gets its conversations back.
///
/// # Errors
/// See [`ChannelError`].
pub async fn connect(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
    actor: &Actor,
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
    let id = store::connect(&mut *conn, keyring, workspace, new, &credentials)
        .await?
        .ok_or(ChannelError::Taken)?;
    let after = json!({"kind": new.kind, "name": new.name, "external_id": new.external_id, "account_id": new.account_id});
    record(
        &mut *conn,
        workspace,
        actor,
        "channels.connect",
        id,
        (None, Some(&after)),
    )
    .await?;
    look_soon(conn, workspace, id).await?;
    Ok(id)
}

async fn look_soon(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<(), ChannelError> {
    let enqueued = Check { workspace, channel }.enqueue(conn).await;
    enqueued.map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    Ok(())
}

/// The channels in use, the oldest first, from the one after `after`.
///
/// # Errors
/// The database failed.
pub async fn channels(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    after: Option<ChannelId>,
    limit: i64,
) -> Result<Vec<ChannelDetails>, sqlx::Error> {
    let mut all = store::details(&mut *conn, workspace, None, after, limit).await?;
    let lanes: Vec<String> = all.iter().map(|channel| channel.id.to_string()).collect();
    for lane in lanes::some(conn, pools::WHATSAPP, &lanes).await? {
        let channel = all
            .iter_mut()
            .find(|channel| channel.id.to_string() == lane.lane);
        if let Some(channel) = channel {
            (channel.rate, channel.burst) = (lane.rate, lane.burst);
        }
    }
    Ok(all)
}

/// One channel in use.
///
/// # Errors
/// See [`ChannelError`].
pub async fn channel(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<ChannelDetails, ChannelError> {
    let mut found = store::details(&mut *conn, workspace, Some(id), None, 1)
        .await?
        .pop()
        .ok_or(ChannelError::NotFound)?;
    if let Some(lane) = lanes::some(conn, pools::WHATSAPP, &[id.to_string()])
        .await?
        .pop()
    {
        (found.rate, found.burst) = (lane.rate, lane.burst);
    }
    Ok(found)
}

/// Calls a channel otherwise.
///
/// # Errors
/// See [`ChannelError`].
pub async fn rename(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    name: &str,
) -> Result<(), ChannelError> {
    let was = channel(&mut *conn, workspace, id).await?;
    let mut faults = Faults::default();
    faults.text("/name", name, 1, MAX_NAME);
    faults.none()?;
    store::rename(&mut *conn, workspace, id, name).await?;
    let (before, after) = (json!({"name": was.name}), json!({"name": name}));
    record(
        conn,
        workspace,
        actor,
        "channels.rename",
        id,
        (Some(&before), Some(&after)),
    )
    .await
}

/// Sets how fast a channel sends, at once for all processes.
///
/// # Errors
/// See [`ChannelError`].
pub async fn set_rate(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    rate: Rate,
) -> Result<(), ChannelError> {
    let was = channel(&mut *conn, workspace, id).await?;
    // Meta: throughput of an upgraded number. Green API: requests a second.
    let most = if was.kind == ChannelKind::GreenApi.name() {
        50.0
    } else {
        1_000.0
    };
    if rate.per_second > most {
        return Err(fault("/per_second", "range", format!("must be at most {most}")).into());
    }
    let limits = Limits {
        rate: Some((rate.per_second, rate.burst)),
        // A little is kept for whoever waits for an answer.
        reserved: rate.burst / 4,
        max_running: None,
    };
    lanes::set(&mut *conn, pools::WHATSAPP, &id.to_string(), &limits)
        .await
        .map_err(|error| match error {
            lanes::LimitError::Invalid {
                field: "burst" | "reserved",
                rule,
            } => fault("/burst", "range", rule).into(),
            lanes::LimitError::Invalid { rule, .. } => fault("/per_second", "range", rule).into(),
            lanes::LimitError::Database(error) => ChannelError::from(error),
        })?;
    let (before, after) = (
        json!({"per_second": was.rate, "burst": was.burst}),
        json!(rate),
    );
    record(
        conn,
        workspace,
        actor,
        "channels.set_rate",
        id,
        (Some(&before), Some(&after)),
    )
    .await
}

/// Stops a channel from sending. Its messages wait; what customers write still comes in.
///
/// # Errors
/// See [`ChannelError`].
pub async fn stop(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    reason: &str,
) -> Result<(), ChannelError> {
    let mut faults = Faults::default();
    faults.text("/reason", reason, 0, MAX_NAME);
    faults.none()?;
    let was = channel(&mut *conn, workspace, id).await?;
    store::set_active(&mut *conn, workspace, id, false, Some(reason)).await?;
    // Both: the lane spares its jobs the look at the channel, and the channel's state is what a person sees.
    lanes::pause(&mut *conn, Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let (before, after) = (
        json!({"status": was.status}),
        json!({"status": "paused", "reason": reason}),
    );
    record(
        conn,
        workspace,
        actor,
        "channels.pause",
        id,
        (Some(&before), Some(&after)),
    )
    .await
}

/// Lets a channel send again, whoever has stopped it.
///
/// # Errors
/// See [`ChannelError`].
pub async fn resume(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
) -> Result<(), ChannelError> {
    let was = channel(&mut *conn, workspace, id).await?;
    store::set_active(&mut *conn, workspace, id, true, None).await?;
    lanes::resume(&mut *conn, Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let before = json!({"status": was.status, "reason": was.status_reason});
    let after = json!({"status": "active"});
    record(
        conn,
        workspace,
        actor,
        "channels.resume",
        id,
        (Some(&before), Some(&after)),
    )
    .await
}

/// Gives a channel new secrets, after the provider has accepted them: until then the old ones stay, so that there is never
/// a moment without any. The caller holds no connection: the provider may take its time.
///
/// # Errors
/// See [`ChannelError`]. A token that the provider refuses is a fault of the field.
pub async fn rotate(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    new: &NewSecrets,
) -> Result<(), ChannelError> {
    let there = ctx.channels.by_id(id).await?;
    let there = there
        .filter(|channel| channel.workspace == workspace)
        .ok_or(ChannelError::NotFound)?;
    let mut faults = Faults::default();
    secret(&mut faults, there.kind, "/token", &new.token);
    if let Some(app) = &new.app_secret {
        secret(&mut faults, there.kind, "/app_secret", app);
        let used = there.kind == ChannelKind::WhatsApp;
        faults.unless(
            used,
            "/app_secret",
            "not_used",
            "Green API has no app secret",
        );
    }
    faults.none()?;
    let found = check::probe(ctx, &there, &new.token).await;
    let words = found.detail.clone().unwrap_or_default();
    match found.verdict {
        Verdict::Works => {}
        Verdict::Refused => {
            return Err(fault(
                "/token",
                "refused",
                format!("the provider refuses it: {words}"),
            )
            .into());
        }
        Verdict::Unknown => return Err(ChannelError::Unreachable(words)),
    }
    let mut tx = database::tenant(&ctx.db, workspace).await?;
    let mut credentials = store::held_credentials(&mut tx, &ctx.keyring, workspace, id)
        .await?
        .ok_or(ChannelError::NotFound)?;
    credentials.token = new.token.clone();
    credentials.app_secret = new.app_secret.clone().or(credentials.app_secret);
    store::set_credentials(&mut tx, &ctx.keyring, workspace, id, &credentials).await?;
    let after = json!({"token_hint": credentials.hint(), "app_secret": new.app_secret.is_some()});
    record(
        &mut tx,
        workspace,
        actor,
        "channels.rotate",
        id,
        (None, Some(&after)),
    )
    .await?;
    tx.commit().await?;
    // Other processes look again within seconds.
    ctx.channels.clear();
    Ok(())
}

/// Takes a channel out of use and its secrets away. Its conversations stay; another workspace may connect the number.
///
/// # Errors
/// See [`ChannelError`].
pub async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
) -> Result<(), ChannelError> {
    let was = channel(&mut *conn, workspace, id).await?;
    store::disable(&mut *conn, workspace, id).await?;
    let before = json!({"kind": was.kind, "name": was.name, "external_id": was.external_id});
    record(
        conn,
        workspace,
        actor,
        "channels.delete",
        id,
        (Some(&before), None),
    )
    .await
}

/// What the provider's dashboard is to be told. It shows a secret, which is recorded.
///
/// # Errors
/// See [`ChannelError`].
pub async fn setup(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ChannelId,
    public_url: &str,
) -> Result<Setup, ChannelError> {
    let credentials = store::held_credentials(&mut *conn, keyring, workspace, id)
        .await?
        .ok_or(ChannelError::NotFound)?;
    let there = channel(&mut *conn, workspace, id).await?;
    record(conn, workspace, actor, "channels.reveal", id, (None, None)).await?;
    let token = match credentials {
        Credentials {
            verify_token: Some(token),
            ..
        }
        | Credentials {
            webhook_token: Some(token),
            ..
        } => token,
        // A number whose challenge is answered by the program's own verify token.
        _ => SecretString::default(),
    };
    Ok(Setup {
        webhook_url: webhook_url(public_url, &there.kind),
        token,
    })
}

/// Where a provider's webhooks go. `public_url` is ours as seen from outside; empty: only the path.
pub fn webhook_url(public_url: &str, kind: &str) -> String {
    format!("{}/webhooks/{kind}", public_url.trim_end_matches('/'))
}

async fn record(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    action: &'static str,
    id: ChannelId,
    (before, after): (Option<&Value>, Option<&Value>),
) -> Result<(), ChannelError> {
    let change = Change {
        action,
        subject_kind: "channel",
        subject: id.uuid(),
        before,
        after,
    };
    Ok(audit::record(conn, Some(workspace), actor, &change).await?)
}
