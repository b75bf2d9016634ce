//! Accounts are connected by a token, which the network is asked about first; it never comes out again.

use std::time::Duration;

use kazi_clients::{
    http::Failure,
    social::{Error, Facebook, Instagram, Profile, Reaction},
};
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{
    Account, AccountId, ConnectAccount, Network, NewToken, SocialError,
    store::{self, NewAccount, schedules},
};
use crate::{
    Context, Role, Work,
    audit::Change,
    notifications::{self, Kind, News, To},
    violations::{Violations, invalid},
};

/// Digits of a network's id.
const MAX_ID: usize = 32;
/// Meta's tokens have about 250 characters.
const MAX_TOKEN: usize = 1_000;
/// The longest words of a network that are kept, in characters.
const MAX_WORDS: usize = 300;
/// For the network to answer when a person waits.
const PATIENCE: Duration = Duration::from_secs(10);

fn check(
    token: &SecretString,
    expires_at: Option<Timestamp>,
    now: Timestamp,
    violations: &mut Violations,
) {
    let text = token.expose_secret();
    let fits = (1..=MAX_TOKEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    violations.unless(
        fits,
        "/token",
        "characters",
        format!("must be 1 to {MAX_TOKEN} characters without spaces"),
    );
    let ahead = expires_at.is_none_or(|at| at > now);
    violations.unless(ahead, "/token_expires_at", "past", "must be in the future");
}

/// An account's clients.
pub(super) fn instagram(
    ctx: &Context,
    external_id: &str,
    token: &SecretString,
    patience: Duration,
) -> Instagram {
    let providers = &ctx.providers;
    let (base, version) = (&providers.instagram_base_url, &providers.social_version);
    Instagram::new(
        ctx.http.clone(),
        base,
        version,
        external_id,
        token.clone(),
        patience,
    )
}

pub(super) fn facebook(
    ctx: &Context,
    external_id: &str,
    token: &SecretString,
    patience: Duration,
) -> Facebook {
    let providers = &ctx.providers;
    let (base, version) = (&providers.facebook_base_url, &providers.social_version);
    Facebook::new(
        ctx.http.clone(),
        base,
        version,
        external_id,
        token.clone(),
        patience,
    )
}

/// Asks a network what it knows an account as.
pub(super) async fn profile(
    ctx: &Context,
    network: Network,
    external_id: &str,
    token: &SecretString,
) -> Result<Profile, Error> {
    match network {
        Network::Instagram => instagram(ctx, external_id, token, PATIENCE).profile().await,
        Network::Facebook => facebook(ctx, external_id, token, PATIENCE).profile().await,
    }
}

/// What a person is told of a token that was tried.
async fn tried(
    ctx: &Context,
    network: Network,
    external_id: &str,
    token: &SecretString,
) -> Result<String, SocialError> {
    let refused = |words: String| invalid("/token", ("refused", words));
    match profile(ctx, network, external_id, token).await {
        Ok(profile) => Ok(profile.name.unwrap_or_else(|| external_id.to_owned())),
        Err(Error::Failed(Failure::NotSent(words) | Failure::Ambiguous(words))) => {
            Err(SocialError::Unreachable(words))
        }
        Err(Error::Rejected(rejection)) => match rejection.reaction() {
            Reaction::Transient | Reaction::Slower => {
                Err(SocialError::Unreachable(rejection.to_string()))
            }
            Reaction::Missing => {
                Err(refused(format!("this token does not see the account {external_id}")).into())
            }
            _ => Err(refused(rejection.to_string()).into()),
        },
    }
}

/// Connects an account, once the network has taken its token. The caller holds no connection: the network may take its
/// time. What is to be written is done by [`add_account`] in a transaction of the caller's.
///
/// # Errors
/// See [`SocialError`]. A token that the network refuses is a fault of the field.
pub async fn connect(ctx: &Context, new: &ConnectAccount) -> Result<String, SocialError> {
    let mut violations = Violations::default();
    let id = &new.external_id;
    let digits = (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    violations.unless(
        digits,
        "/external_id",
        "digits",
        format!("must be 1 to {MAX_ID} digits"),
    );
    check(
        &new.token,
        new.token_expires_at,
        ctx.clock.now(),
        &mut violations,
    );
    violations.end()?;
    tried(ctx, new.network, id, &new.token).await
}

/// Writes an account down whose token was tried; `name` is what the network calls it.
///
/// # Errors
/// See [`SocialError`].
pub async fn add_account(
    work: &mut Work,
    ctx: &Context,
    new: &ConnectAccount,
    name: &str,
) -> Result<Account, SocialError> {
    let account = NewAccount {
        network: new.network,
        external_id: &new.external_id,
        name,
        token: &new.token,
        token_expires_at: new.token_expires_at,
    };
    let id = store::insert(work, &ctx.keyring, &account).await?;
    let id = id.ok_or(SocialError::Connected)?;
    let after = json!({"network": new.network, "external_id": new.external_id, "name": name});
    record(work, "social.connect_account", id, Some(&after)).await?;
    let account = store::account(work, id).await?;
    account.ok_or(SocialError::NotFound("account"))
}

/// Adds an account that its network is not asked about, or gives the one with its id another token: for the operator.
///
/// # Errors
/// See [`SocialError`].
pub async fn put_account(
    work: &mut Work,
    ctx: &Context,
    new: &ConnectAccount,
    name: &str,
) -> Result<AccountId, SocialError> {
    let there = store::by_external_id(work, new.network, &new.external_id).await?;
    let Some(id) = there else {
        let made = add_account(work, ctx, new, name).await?;
        return Ok(made.id);
    };
    let token = (&new.token, new.token_expires_at);
    store::set_token(work, &ctx.keyring, id, token).await?;
    record(work, "social.rotate_token", id, None).await?;
    Ok(id)
}

/// An account, which nobody else changes until the transaction ends.
///
/// # Errors
/// See [`SocialError`].
pub async fn lock_account(work: &mut Work, id: AccountId) -> Result<Account, SocialError> {
    if !store::lock(work, id).await? {
        return Err(SocialError::NotFound("account"));
    }
    let account = store::account(work, id).await?;
    account.ok_or(SocialError::NotFound("account"))
}

/// Gives an account another token, after the network has taken it: until then the old one stays. The caller holds no
/// connection.
///
/// # Errors
/// See [`SocialError`]. A token that the network refuses is a fault of the field.
pub async fn rotate_token(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: AccountId,
    new: &NewToken,
) -> Result<Account, SocialError> {
    let now = ctx.clock.now();
    let mut violations = Violations::default();
    check(&new.token, new.token_expires_at, now, &mut violations);
    violations.end()?;
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let account = store::account(&mut work, id).await?;
    drop(work);
    let account = account.ok_or(SocialError::NotFound("account"))?;
    let name = tried(ctx, account.network, &account.external_id, &new.token).await?;
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    lock_account(&mut work, id).await?;
    let token = (&new.token, new.token_expires_at);
    store::set_token(&mut work, &ctx.keyring, id, token).await?;
    store::set_checked(&mut work, id, Some(&name)).await?;
    record(&mut work, "social.rotate_token", id, None).await?;
    let account = lock_account(&mut work, id).await?;
    work.commit().await?;
    Ok(account)
}

/// Takes an account that is locked out of use, and its token away. What waits for it is cancelled; what is being published
/// fails.
///
/// # Errors
/// See [`SocialError`].
pub async fn disconnect(work: &mut Work, id: AccountId) -> Result<(), SocialError> {
    let cancelled = schedules::cancel_of(work, id).await?;
    store::disconnect(work, id).await?;
    let after = json!({"status": "disconnected", "cancelled": cancelled});
    record(work, "social.disconnect_account", id, Some(&after)).await?;
    Ok(())
}

/// Stops an account whose token the network refuses, and tells the admins, in the caller's transaction; nothing when the
/// account was stopped already or has another token by now.
///
/// # Errors
/// The database failed.
pub async fn refuse(
    work: &mut Work,
    id: AccountId,
    words: &str,
    token: &SecretString,
) -> Result<(), sqlx::Error> {
    let words: String = words.chars().take(MAX_WORDS).collect();
    let Some(name) = store::set_refused(work, id, &words, token).await? else {
        return Ok(());
    };
    tracing::error!(account.id = %id, reason = words, "social account refused: a person must connect it anew");
    let after = json!({"status": "refused", "reason": words});
    record(work, "social.refuse_account", id, Some(&after)).await?;
    let title = format!("{name} needs a new token: {words}");
    tell(work, Kind::SOCIAL_ACCOUNT, &title, &json!({"account": id})).await
}

/// Tells the admins.
pub(super) async fn tell(
    work: &mut Work,
    kind: Kind,
    title: &str,
    data: &Value,
) -> Result<(), sqlx::Error> {
    let news = News { kind, title, data };
    notifications::notify(work, To::Role(Role::Admin), &news).await?;
    Ok(())
}

async fn record(
    work: &mut Work,
    action: &'static str,
    id: AccountId,
    after: Option<&Value>,
) -> Result<(), sqlx::Error> {
    let change = Change {
        action,
        subject_kind: "social_account",
        subject: id.uuid(),
        before: None,
        after,
    };
    work.audit(&change).await
}
