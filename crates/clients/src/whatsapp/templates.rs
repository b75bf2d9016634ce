//! Message templates of a business account (WABA): make, list, change, unpause, delete.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, WhatsApp};
use crate::{http::Failure, json as lenient};

/// A template as Meta describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct RemoteTemplate {
    /// The id that Meta has given.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Lower-case letters, digits and underscores.
    #[serde(default, deserialize_with = "lenient::word")]
    pub name: String,
    /// A code like `en_US`.
    #[serde(default, deserialize_with = "lenient::word")]
    pub language: String,
    /// Like APPROVED, PENDING, REJECTED, PAUSED or DISABLED.
    #[serde(default, deserialize_with = "lenient::word")]
    pub status: String,
    /// MARKETING, UTILITY or AUTHENTICATION.
    #[serde(default, deserialize_with = "lenient::word")]
    pub category: String,
    /// The parts HEADER, BODY, FOOTER and BUTTONS.
    #[serde(default)]
    pub components: Value,
    /// The reason of a rejection, else NONE.
    #[serde(default, deserialize_with = "lenient::text")]
    pub rejected_reason: Option<String>,
    /// Meta's rating by the customers' reactions.
    #[serde(default)]
    pub quality_score: Option<Value>,
}

impl RemoteTemplate {
    /// Returns GREEN, YELLOW, RED or UNKNOWN.
    pub fn quality(&self) -> Option<&str> {
        self.quality_score.as_ref()?["score"].as_str()
    }
}

#[derive(Clone, Debug)]
pub struct TemplatePage {
    /// In Meta's order.
    pub templates: Vec<RemoteTemplate>,
    /// The cursor of the next page. `None` on the last page.
    pub after: Option<String>,
}

/// A template to make.
#[derive(Clone, Debug, Serialize)]
pub struct NewTemplate<'a> {
    /// Lower-case letters, digits and underscores.
    pub name: &'a str,
    /// A code like `en_US`.
    pub language: &'a str,
    /// MARKETING, UTILITY or AUTHENTICATION.
    pub category: &'a str,
    /// Meta may choose another category in place of a refusal.
    #[serde(skip_serializing_if = "is_false")]
    pub allow_category_change: bool,
    /// NAMED or POSITIONAL.
    pub parameter_format: &'a str,
    /// Meta drops a message that it cannot deliver in this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i32>,
    /// The parts HEADER, BODY, FOOTER and BUTTONS, with examples for variables.
    pub components: &'a Value,
}

/// New content of a template that Meta has.
#[derive(Clone, Debug, Serialize)]
pub struct ChangedTemplate<'a> {
    /// Meta changes it for rejected and paused templates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i32>,
    /// All parts: Meta replaces them together.
    pub components: &'a Value,
}

const fn is_false(value: &bool) -> bool {
    !*value
}

/// Meta's answer to the end of a pause.
#[derive(Clone, Debug, Deserialize)]
pub struct Unpaused {
    #[serde(default)]
    pub success: bool,
    /// Why the pause goes on.
    #[serde(default, deserialize_with = "lenient::text")]
    pub reason: Option<String>,
}

/// Meta's answer to a new template.
#[derive(Clone, Debug, Deserialize)]
pub struct CreatedTemplate {
    /// The id that Meta has given.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// In most cases PENDING.
    #[serde(default, deserialize_with = "lenient::word")]
    pub status: String,
    /// Meta may choose another category than the request.
    #[serde(default, deserialize_with = "lenient::word")]
    pub category: String,
}

#[derive(Deserialize)]
struct List {
    data: Vec<RemoteTemplate>,
    #[serde(default)]
    paging: Value,
}

/// The number of templates on a page.
const PAGE_TEMPLATES: u32 = 100;

impl WhatsApp {
    /// Fetches one page of the account's templates, from a cursor on.
    pub async fn templates(
        &self,
        account: &str,
        after: Option<&str>,
    ) -> Result<TemplatePage, Error> {
        let fields = "id,name,language,status,category,components,rejected_reason,quality_score";
        let limit = PAGE_TEMPLATES.to_string();
        let after = after.map(|after| ("after", after));
        let query = [("fields", fields), ("limit", limit.as_str())].into_iter();
        let url = self.of_account(account, query.chain(after))?;
        let list: List = self.answer(self.http.get(url)).await?.parse()?;
        // Meta also gives a cursor on the last page. Only `next` says that another page follows.
        let more = list.paging["next"].is_string();
        let after = list.paging["cursors"]["after"].as_str();
        Ok(TemplatePage {
            after: after.filter(|_| more).map(str::to_owned),
            templates: list.data,
        })
    }

    /// Asks Meta to review a new template.
    ///
    /// # Errors
    /// After an ambiguous failure the template may exist.
    pub async fn create_template(
        &self,
        account: &str,
        new: &NewTemplate<'_>,
    ) -> Result<CreatedTemplate, Error> {
        let url = self.of_account(account, [])?;
        Ok(self.answer(self.http.post(url).json(new)).await?.parse()?)
    }

    /// Asks Meta to review new content of a template. `id` is Meta's id.
    ///
    /// # Errors
    /// After an ambiguous failure the template may have the new content.
    pub async fn change_template(
        &self,
        id: &str,
        changed: &ChangedTemplate<'_>,
    ) -> Result<(), Error> {
        let url = format!("{}/{id}", self.base);
        self.answer(self.http.post(url).json(changed)).await?;
        Ok(())
    }

    /// Ends a pause that Meta began by pacing. `id` is Meta's id.
    pub async fn unpause_template(&self, id: &str) -> Result<Unpaused, Error> {
        let url = format!("{}/{id}/unpause", self.base);
        Ok(self.answer(self.http.post(url)).await?.parse()?)
    }

    /// Deletes one language of a template. `id` is Meta's id.
    ///
    /// # Errors
    /// Meta answers with code 100 when the template does not exist.
    pub async fn delete_template(&self, account: &str, id: &str, name: &str) -> Result<(), Error> {
        let url = self.of_account(account, [("hsm_id", id), ("name", name)])?;
        self.answer(self.http.delete(url)).await?;
        Ok(())
    }

    /// Returns the URL of an account's templates.
    fn of_account<'a>(
        &self,
        account: &str,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Url, Error> {
        let url = format!("{}/{account}/message_templates", self.base);
        let url = Url::parse_with_params(&url, query);
        url.map_err(|error| Failure::NotSent(error.to_string()).into())
    }
}
