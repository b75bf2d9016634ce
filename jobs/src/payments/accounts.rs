//! The workspace's account at Stripe. Its key and its webhook secret are stored and never shown again.

mod calls;

use std::time::Duration;

use kazi_clients::stripe::{self, Stripe};
use kazi_platform::{
    Timestamp, WorkspaceId, actor::Actor, crypto::CryptoError, database, invalid::Invalid,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

pub(super) use self::calls::{failed, open};
use super::{
    PaymentAccountId, PaymentError,
    store::{self, accounts as table},
};
use crate::{
    Context, Work,
    audit::Change,
    violations::{Violations, invalid},
};

/// Stripe's keys have about 110 characters.
const MAX_SECRET: usize = 255;
/// Time-out of an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// An account with its secrets.
#[derive(Clone, Debug)]
pub struct PaymentAccount {
    pub workspace: WorkspaceId,
    pub id: PaymentAccountId,
    /// Stripe's id of the account.
    pub account: String,
    pub live: bool,
    /// Whether Stripe accepts the key.
    pub active: bool,
    pub created_at: Timestamp,
    pub credentials: Credentials,
}

/// The secrets of an account, as they are encrypted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credentials {
    #[serde(serialize_with = "exposed")]
    key: SecretString,
    /// Signs the webhooks.
    #[serde(serialize_with = "maybe_exposed")]
    pub webhook_secret: Option<SecretString>,
}

fn exposed<S: Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

fn maybe_exposed<S: Serializer>(secret: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => exposed(secret, to),
        None => to.serialize_none(),
    }
}

impl Credentials {
    /// The last four characters of the key.
    pub(super) fn hint(&self) -> String {
        let key: Vec<char> = self.key.expose_secret().chars().collect();
        key[key.len().saturating_sub(4)..].iter().collect()
    }
}

impl PaymentAccount {
    pub(super) fn client(&self, ctx: &Context) -> Stripe {
        client(ctx, &self.credentials.key)
    }
}

fn client(ctx: &Context, key: &SecretString) -> Stripe {
    let base = &ctx.providers.stripe_base_url;
    Stripe::new(ctx.http.clone(), base, key.clone(), PATIENCE)
}

/// An account for its members, without its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PaymentAccount)]
pub struct AccountView {
    pub id: PaymentAccountId,
    /// Stripe's id of the account.
    #[schema(example = "acct_1032D82eZvKYlo2C")]
    pub account: String,
    /// Whether the money is real. `false`: Stripe's test mode.
    pub live: bool,
    /// The last four characters of the key.
    #[schema(example = "4Ld2")]
    pub key_hint: String,
    /// Without a secret, Kazi refuses all webhooks and sees payments only in reconciliations.
    pub has_webhook_secret: bool,
    /// `active`, or `refused`: Stripe does not accept the key.
    #[schema(example = "active")]
    pub status: String,
    /// Why it is refused.
    pub status_reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// The secrets of an account at Stripe.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentAccountSecrets)]
pub struct NewAccount {
    /// `sk_test_…`, `sk_live_…`, or a restricted key `rk_…` that may write Checkout sessions and refunds, and read
    /// events and balance transactions. Stripe checks it first. It is never shown again.
    #[schema(value_type = String, write_only, max_length = 255)]
    pub key: SecretString,
    /// `whsec_…`, from the endpoint in Stripe's dashboard. Left out: the present one stays.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only, max_length = 255)]
    pub webhook_secret: Option<SecretString>,
}

impl NewAccount {
    /// Returns true for a key of real money.
    fn check(&self) -> Result<bool, Invalid> {
        let mut violations = Violations::default();
        let key = self.key.expose_secret();
        let plain = |text: &str| {
            (1..=MAX_SECRET).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let live = key.starts_with("sk_live_") || key.starts_with("rk_live_");
        let test = key.starts_with("sk_test_") || key.starts_with("rk_test_");
        violations.unless(
            plain(key) && (live || test),
            "/key",
            "format",
            "must be a secret or restricted key: sk_live_…, sk_test_…, rk_live_… or rk_test_…",
        );
        if let Some(secret) = &self.webhook_secret {
            let secret = secret.expose_secret();
            violations.unless(
                plain(secret) && secret.starts_with("whsec_"),
                "/webhook_secret",
                "format",
                "must be the signing secret of a webhook endpoint: whsec_…",
            );
        }
        violations.end()?;
        Ok(live)
    }
}

/// An account for the log. Two keys may have one hint, and the webhook secret has none: a time says that they were replaced.
#[derive(Serialize)]
struct Rotated<'a> {
    #[serde(flatten)]
    view: &'a AccountView,
    key_rotated_at: Option<Timestamp>,
    webhook_secret_rotated_at: Option<Timestamp>,
}

/// The active account.
pub async fn account(work: &mut Work) -> Result<Option<AccountView>, sqlx::Error> {
    table::view(work).await
}

/// Connects an account, or replaces the secrets of the present one, after Stripe has accepted the key. The caller holds
/// no connection, because Stripe may take long.
///
/// # Errors
/// A key that Stripe refuses is a violation of the field.
pub async fn put_account(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    new: &NewAccount,
) -> Result<AccountView, PaymentError> {
    let live = new.check()?;
    let there = match client(ctx, &new.key).account().await {
        Ok(there) => there,
        Err(error @ (stripe::Error::Credential(_) | stripe::Error::Refused(_))) => {
            return Err(invalid("/key", ("refused", error.to_string())).into());
        }
        Err(error) => return Err(PaymentError::Unreachable(error.to_string())),
    };
    let now = ctx.clock.now();
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let before = table::view(&mut work).await?;
    let mut used = None;
    if let Some(id) = table::current(&mut work).await? {
        used = table::find(work.conn(), &ctx.keyring, id).await?;
    }
    if let Some(used) = &used
        && (used.account != there.id || used.live != live)
    {
        return Err(PaymentError::OtherAccount);
    }
    let kept = used
        .as_ref()
        .and_then(|used| used.credentials.webhook_secret.clone());
    let next = PaymentAccount {
        workspace,
        id: used
            .as_ref()
            .map_or_else(PaymentAccountId::new, |used| used.id),
        account: there.id,
        live,
        active: true,
        created_at: now,
        credentials: Credentials {
            key: new.key.clone(),
            webhook_secret: new.webhook_secret.clone().or(kept),
        },
    };
    table::put(work.conn(), &ctx.keyring, now, &next)
        .await
        .map_err(|error| match &error {
            CryptoError::Database(sqlx::Error::Database(said)) if said.is_unique_violation() => {
                PaymentError::Taken
            }
            _ => error.into(),
        })?;
    let view = table::view(&mut work).await?;
    let view = view.ok_or(PaymentError::NotFound)?;
    let (action, subject) = ("payments.put_account", ("payment_account", next.id));
    let change = match &before {
        None => Change::created(action, subject, &view),
        Some(before) => Change::updated(
            action,
            subject,
            &Rotated {
                view: before,
                key_rotated_at: None,
                webhook_secret_rotated_at: None,
            },
            &Rotated {
                view: &view,
                key_rotated_at: Some(now),
                webhook_secret_rotated_at: new.webhook_secret.as_ref().map(|_| now),
            },
        ),
    };
    work.audit(&change).await?;
    work.commit().await?;
    Ok(view)
}

/// Disconnects the account and deletes its secrets. Its payments stay.
pub async fn delete_account(work: &mut Work) -> Result<(), PaymentError> {
    let before = table::view(work).await?;
    let before = before.ok_or(PaymentError::NotFound)?;
    let id = before.id;
    // Without the key, nobody would learn the outcome of these payments.
    if store::any_waits(work, id).await? {
        return Err(PaymentError::Waiting);
    }
    table::disable(work, id).await?;
    let (action, subject) = ("payments.delete_account", ("payment_account", id));
    work.audit(&Change::deleted(action, subject, &before))
        .await?;
    Ok(())
}

/// The address for Stripe's webhooks of an account. `public_url` is Kazi's address on the internet.
pub fn webhook_url(public_url: &str, id: PaymentAccountId) -> String {
    format!("{}/webhooks/stripe/{id}", public_url.trim_end_matches('/'))
}

/// The account of a webhook, in any workspace.
///
/// # Errors
/// The database failed, or the secrets do not open with this master key.
pub async fn account_of_webhook(
    ctx: &Context,
    id: PaymentAccountId,
) -> Result<Option<PaymentAccount>, CryptoError> {
    // As the platform, because the account tells the workspace.
    let mut tx = database::platform(&ctx.db).await?;
    table::find(&mut tx, &ctx.keyring, id).await
}
