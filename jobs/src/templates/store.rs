//! SQL of the templates.

pub(super) mod edit;
pub(super) mod manage;
pub(super) mod sync;

use kazi_platform::{Timestamp, texts::TextError};

use super::{Template, TemplateId, opt_out::Version};
use crate::Work;

/// The approved template with this name, in the first of these languages that it has. `en` also finds `en_US`.
pub async fn usable(
    work: &mut Work,
    account: &str,
    name: &str,
    languages: &[&str],
) -> Result<Option<Template>, sqlx::Error> {
    let languages: Vec<String> = languages.iter().map(|l| (*l).to_owned()).collect();
    let row = sqlx::query!(
        r#"SELECT id AS "id: TemplateId", account_id, name, language, category, status, body, components, paused_until
           FROM templates
           WHERE workspace_id = $1 AND account_id = $2 AND name = $3 AND status = 'approved'
             AND (language = ANY($4) OR split_part(language, '_', 1) = ANY($4))
           ORDER BY least(array_position($4, language), array_position($4, split_part(language, '_', 1))), language
           LIMIT 1"#,
        work.workspace().uuid(),
        account,
        name,
        &languages
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Template {
            id: row.id,
            account: row.account_id,
            name: row.name,
            language: row.language,
            category: read(&row.category)?,
            status: read(&row.status)?,
            body: row.body,
            components: row.components,
            paused_until: row.paused_until,
        })
    })
    .transpose()
}

/// The template of an account with this name and language, in any status.
pub async fn find(
    work: &mut Work,
    account: &str,
    name: &str,
    language: &str,
) -> Result<Option<Template>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: TemplateId", account_id, name, language, category, status, body, components, paused_until
           FROM templates WHERE workspace_id = $1 AND account_id = $2 AND name = $3 AND language = $4"#,
        work.workspace().uuid(),
        account,
        name,
        language
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Template {
            id: row.id,
            account: row.account_id,
            name: row.name,
            language: row.language,
            category: read(&row.category)?,
            status: read(&row.status)?,
            body: row.body,
            components: row.components,
            paused_until: row.paused_until,
        })
    })
    .transpose()
}

/// The templates of an account that have a button with this text, and their versions in other languages.
pub(super) async fn like_those_with_button(
    work: &mut Work,
    account: &str,
    title: &str,
) -> Result<Vec<Version>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT name, language, category, components FROM templates
         WHERE workspace_id = $1 AND account_id = $2 AND name IN (
             SELECT name FROM templates
             WHERE workspace_id = $1 AND account_id = $2
               AND jsonb_path_exists(components, '$[*].buttons[*] ? (@.text == $title)',
                                     jsonb_build_object('title', $3::text)))",
        work.workspace().uuid(),
        account,
        title
    )
    .fetch_all(work.conn())
    .await?;
    let all = rows.into_iter().map(|row| {
        Ok(Version {
            name: row.name,
            language: row.language,
            category: read(&row.category)?,
            components: row.components,
        })
    });
    all.collect()
}

/// Returns true when a template of this name was approved after `since`.
pub(crate) async fn approved_since(
    work: &mut Work,
    account: &str,
    name: &str,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM templates WHERE workspace_id = $1 AND account_id = $2 AND name = $3
                            AND status = 'approved' AND updated_at > $4) AS "yes!""#,
        work.workspace().uuid(),
        account,
        name,
        since
    )
    .fetch_one(work.conn())
    .await
}

/// Returns true when a template of this name is paused or reviewed: it may be approved again.
pub(crate) async fn comes_back(
    work: &mut Work,
    account: &str,
    name: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM templates WHERE workspace_id = $1 AND account_id = $2 AND name = $3
                            AND status IN ('paused', 'submitted')) AS "yes!""#,
        work.workspace().uuid(),
        account,
        name
    )
    .fetch_one(work.conn())
    .await
}

fn read<T: std::str::FromStr<Err = TextError>>(stored: &str) -> Result<T, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}
