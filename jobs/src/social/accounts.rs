//! The accounts of social networks. A network checks a token before it is stored, and the token is never shown again.

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
    notifications::{self, Kind, Notification, To},
    violations::{Violations, invalid},
};

const KIND: &str = "social_account";
/// Digits of a network's id.
const MAX_ID: usize = 32;
/// Meta's tokens have about 250 characters.
const MAX_TOKEN: usize = 1_000;
/// Characters of a network's text that are kept.
const MAX_WORDS: usize = 300;
/// Time-out of the network's answer while a person waits.
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

/// The client of an account.
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

/// Asks a network for the name of an account.
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

/// The violation for a token that the network has refused.
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

/// Checks the token of a new account with its network. The caller holds no connection, because the network may take
/// long. [`add_account`] stores the account in a transaction of the caller.
///
/// # Errors
/// A token that the network refuses is a violation of the field.
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

/// Stores an account whose token was checked. `name` is the network's name for it.
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
    let account = store::account(work, id).await?;
    let account = account.ok_or(SocialError::NotFound("account"))?;
    work.audit(&Change::created(
        "social.connect_account",
        (KIND, id),
        &account,
    ))
    .await?;
    Ok(account)
}

/// Adds an account without asking its network, or replaces its token: for the operator.
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
    let before = lock_account(work, id).await?;
    let token = (&new.token, new.token_expires_at);
    store::set_token(work, &ctx.keyring, id, token).await?;
    rotated(work, &before).await?;
    Ok(id)
}

/// Locks the account until the transaction ends.
pub async fn lock_account(work: &mut Work, id: AccountId) -> Result<Account, SocialError> {
    if !store::lock(work, id).await? {
        return Err(SocialError::NotFound("account"));
    }
    let account = store::account(work, id).await?;
    account.ok_or(SocialError::NotFound("account"))
}

/// Replaces an account's token after the network has accepted it. Until then the old token works. The caller holds no
/// connection.
///
/// # Errors
/// A token that the network refuses is a violation of the field.
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
    let before = lock_account(&mut work, id).await?;
    let token = (&new.token, new.token_expires_at);
    store::set_token(&mut work, &ctx.keyring, id, token).await?;
    store::set_checked(&mut work, id, Some(&name)).await?;
    let account = rotated(&mut work, &before).await?;
    work.commit().await?;
    Ok(account)
}

async fn rotated(work: &mut Work, before: &Account) -> Result<Account, SocialError> {
    let after = lock_account(work, before.id).await?;
    let (action, subject) = ("social.rotate_token", (KIND, before.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Disconnects a locked account and deletes its token. Its scheduled posts are cancelled, and posts that are being
/// published fail.
pub async fn disconnect(work: &mut Work, id: AccountId) -> Result<(), SocialError> {
    let before = lock_account(work, id).await?;
    for schedule in schedules::cancel_of(work, id).await? {
        let subject = (super::schedules::KIND, schedule);
        let (was, is) = (
            json!({"status": "scheduled"}),
            json!({"status": "cancelled"}),
        );
        work.audit(&Change::updated("social.cancel", subject, &was, &is))
            .await?;
    }
    store::disconnect(work, id).await?;
    let (action, subject) = ("social.disconnect_account", (KIND, id));
    work.audit(&Change::deleted(action, subject, &before))
        .await?;
    Ok(())
}

/// Stops an account whose token the network refuses, and notifies the admins, in the caller's transaction. Does nothing
/// when the account is stopped already or has another token now.
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
    // Only an active account is stopped here.
    let before = json!({"status": "active", "status_reason": null});
    let after = json!({"status": "refused", "status_reason": words});
    let (action, subject) = ("social.refuse_account", (KIND, id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    let title = format!("{name} needs a new token: {words}");
    tell(work, Kind::SOCIAL_ACCOUNT, &title, &json!({"account": id})).await
}

/// Notifies the admins.
pub(super) async fn tell(
    work: &mut Work,
    kind: Kind,
    title: &str,
    data: &Value,
) -> Result<(), sqlx::Error> {
    let notification = Notification { kind, title, data };
    notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    Ok(())
}
