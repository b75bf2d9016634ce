//! SQL of the users.

use kazi_platform::{Phone, Timestamp, UserId};
use sqlx::PgConnection;

use crate::{
    identity::{Person, UserFilter, model::User},
    notifications::Mailbox,
};

/// Makes a user whose address is not proven yet. An unproven user with the same address is replaced: they do not own it.
/// `None` when the address has an owner.
pub(in crate::identity) async fn register(
    conn: &mut PgConnection,
    now: Timestamp,
    email: &str,
    password_hash: &str,
    name: Option<&str>,
    locale: &str,
) -> Result<Option<UserId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO users AS u (id, email, password_hash, name, locale, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6)
           ON CONFLICT (email) DO UPDATE SET password_hash = $3, name = $4, locale = $5, updated_at = $6
               WHERE u.email_verified_at IS NULL AND u.disabled_at IS NULL
           RETURNING id AS "id: UserId""#,
        UserId::at(now).uuid(),
        email,
        password_hash,
        name,
        locale,
        now
    )
    .fetch_optional(conn)
    .await
}

/// Makes a user whose address is known to be theirs; `None` when there is one with it.
pub(in crate::identity) async fn insert_verified(
    conn: &mut PgConnection,
    now: Timestamp,
    email: &str,
    password_hash: &str,
    name: Option<&str>,
    is_staff: bool,
) -> Result<Option<UserId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO users (id, email, password_hash, name, is_staff, email_verified_at, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6, $6) ON CONFLICT DO NOTHING RETURNING id AS "id: UserId""#,
        UserId::at(now).uuid(),
        email,
        password_hash,
        name,
        is_staff,
        now
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::identity) async fn people(
    conn: &mut PgConnection,
    users: &[UserId],
) -> Result<Vec<Person>, sqlx::Error> {
    let ids: Vec<uuid::Uuid> = users.iter().map(|user| user.uuid()).collect();
    sqlx::query_as!(
        Person,
        r#"SELECT id AS "id: UserId", email, email_verified_at IS NOT NULL AS "is_proven!", name
           FROM users WHERE id = ANY ($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await
}

/// The proven address of a user who is not shut out.
pub(in crate::identity) async fn mailbox(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<Option<Mailbox>, sqlx::Error> {
    sqlx::query_as!(
        Mailbox,
        "SELECT email AS address, locale AS language FROM users
         WHERE id = $1 AND email_verified_at IS NOT NULL AND disabled_at IS NULL",
        user.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::identity) async fn by_email(
    conn: &mut PgConnection,
    email: &str,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as!(
        User,
        r#"SELECT id AS "id: UserId", email, phone AS "phone: Phone", password_hash, name, locale, is_staff,
                  email_verified_at, phone_verified_at, disabled_at, created_at, updated_at,
                  EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "totp!"
           FROM users u WHERE email = $1"#,
        email
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::identity) async fn by_id(
    conn: &mut PgConnection,
    id: UserId,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as!(
        User,
        r#"SELECT id AS "id: UserId", email, phone AS "phone: Phone", password_hash, name, locale, is_staff,
                  email_verified_at, phone_verified_at, disabled_at, created_at, updated_at,
                  EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "totp!"
           FROM users u WHERE id = $1"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

/// The address is proven by whoever registered it with this password. `false` when somebody has registered it anew
/// meanwhile.
pub(in crate::identity) async fn verify_email(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE users SET email_verified_at = coalesce(email_verified_at, $3), updated_at = $3
         WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL",
        id.uuid(),
        password_hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The number is proven. `false` when it is not the user's any more.
pub(in crate::identity) async fn verify_phone(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    phone: &Phone,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE users SET phone_verified_at = $3, updated_at = $3 WHERE id = $1 AND phone = $2",
        id.uuid(),
        phone.as_str(),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a new password. The code was mailed, so the address is proven too.
pub(in crate::identity) async fn reset_password(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE users SET password_hash = $2, email_verified_at = coalesce(email_verified_at, $3), updated_at = $3
         WHERE id = $1 AND disabled_at IS NULL",
        id.uuid(),
        password_hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A new password in the place of the one that was shown; `false` when that is not the current one any more.
pub(in crate::identity) async fn change_password(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    old_hash: &str,
    new_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE users SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2",
        id.uuid(),
        old_hash,
        new_hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes what is given. Another phone is not proven yet.
pub(in crate::identity) async fn update(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    name: Option<&str>,
    locale: Option<&str>,
    phone: Option<&Phone>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE users SET name = coalesce($2, name), locale = coalesce($3, locale),
                phone_verified_at = CASE WHEN $4 <> phone THEN NULL ELSE phone_verified_at END,
                phone = coalesce($4, phone), updated_at = $5
         WHERE id = $1",
        id.uuid(),
        name,
        locale,
        phone.map(Phone::as_str),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Shuts a user out, or lets them in again. `false` when it is so already.
pub(in crate::identity) async fn set_disabled(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    disabled: bool,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE users SET disabled_at = CASE WHEN $2 THEN $3::timestamptz END, updated_at = $3
         WHERE id = $1 AND (disabled_at IS NOT NULL) <> $2",
        id.uuid(),
        disabled,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The users of a filter, the newest first, before the given one.
pub(in crate::identity) async fn search(
    conn: &mut PgConnection,
    filter: &UserFilter,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as!(
        User,
        r#"SELECT id AS "id: UserId", email, phone AS "phone: Phone", password_hash, name, locale, is_staff,
                  email_verified_at, phone_verified_at, disabled_at, created_at, updated_at,
                  EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "totp!"
           FROM users u
           WHERE ($1::uuid IS NULL OR id < $1)
             AND ($2::text IS NULL OR position(lower($2) IN email) > 0 OR position(lower($2) IN lower(name)) > 0)
             AND ($3::boolean IS NULL OR is_staff = $3) AND ($4::boolean IS NULL OR (disabled_at IS NOT NULL) = $4)
           ORDER BY id DESC LIMIT $5"#,
        after.map(UserId::uuid),
        filter.q,
        filter.is_staff,
        filter.disabled,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::identity) async fn set_staff(
    conn: &mut PgConnection,
    now: Timestamp,
    id: UserId,
    is_staff: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE users SET is_staff = $2, updated_at = $3 WHERE id = $1",
        id.uuid(),
        is_staff,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
