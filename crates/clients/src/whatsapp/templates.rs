//! Message templates of a business account (WABA): made, listed, deleted.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, WhatsApp};
use crate::{http::Failure, json as lenient};

/// A template as Meta tells of it.
#[derive(Clone, Debug, Deserialize)]
pub struct RemoteTemplate {
    /// Meta's id of it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Small letters, digits, underscores.
    #[serde(default, deserialize_with = "lenient::word")]
    pub name: String,
    /// Like `en_US`.
    #[serde(default, deserialize_with = "lenient::word")]
    pub language: String,
    /// APPROVED, PENDING, REJECTED, PAUSED, DISABLED …
    #[serde(default, deserialize_with = "lenient::word")]
    pub status: String,
    /// MARKETING, UTILITY, AUTHENTICATION.
    #[serde(default, deserialize_with = "lenient::word")]
    pub category: String,
    /// HEADER, BODY, FOOTER, BUTTONS.
    #[serde(default)]
    pub components: Value,
    /// Why it was rejected; NONE for nothing.
    #[serde(default, deserialize_with = "lenient::text")]
    pub rejected_reason: Option<String>,
    /// How well customers like it.
    #[serde(default)]
    pub quality_score: Option<Value>,
}

impl RemoteTemplate {
    /// GREEN, YELLOW, RED or UNKNOWN.
    pub fn quality(&self) -> Option<&str> {
        self.quality_score.as_ref()?["score"].as_str()
    }
}

/// A page of templates.
#[derive(Clone, Debug)]
pub struct TemplatePage {
    /// In Meta's order.
    pub templates: Vec<RemoteTemplate>,
    /// For the page after this one; `None` on the last.
    pub after: Option<String>,
}

/// A template to be made.
#[derive(Clone, Debug, Serialize)]
pub struct NewTemplate<'a> {
    /// Small letters, digits, underscores.
    pub name: &'a str,
    /// Like `en_US`.
    pub language: &'a str,
    /// MARKETING, UTILITY, AUTHENTICATION.
    pub category: &'a str,
    /// HEADER, BODY, FOOTER, BUTTONS, with examples where there are variables.
    pub components: &'a Value,
}

/// What Meta says of a template that it took.
#[derive(Clone, Debug, Deserialize)]
pub struct CreatedTemplate {
    /// Meta's id of it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Mostly PENDING.
    #[serde(default, deserialize_with = "lenient::word")]
    pub status: String,
    /// Meta may have chosen another one.
    #[serde(default, deserialize_with = "lenient::word")]
    pub category: String,
}

#[derive(Deserialize)]
struct List {
    data: Vec<RemoteTemplate>,
    #[serde(default)]
    paging: Value,
}

/// Templates of one page.
const PAGE: u32 = 100;

impl WhatsApp {
    /// A page of the account's templates, from behind a cursor on.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn templates(
        &self,
        account: &str,
        after: Option<&str>,
    ) -> Result<TemplatePage, Error> {
        let fields = "id,name,language,status,category,components,rejected_reason,quality_score";
        let limit = PAGE.to_string();
        let after = after.map(|after| ("after", after));
        let query = [("fields", fields), ("limit", limit.as_str())].into_iter();
        let url = self.of_account(account, query.chain(after))?;
        let list: List = self.answer(self.http.get(url)).await?.parse()?;
        // Meta names the cursor of the last page too; only `next` says that there is another one.
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
    /// See [`Error`]; after an ambiguous failure it may be there.
    pub async fn create_template(
        &self,
        account: &str,
        new: &NewTemplate<'_>,
    ) -> Result<CreatedTemplate, Error> {
        let url = self.of_account(account, [])?;
        Ok(self.answer(self.http.post(url).json(new)).await?.parse()?)
    }

    /// Deletes one language of a template; `id` is Meta's.
    ///
    /// # Errors
    /// See [`Error`]; 100 where it is gone already.
    pub async fn delete_template(&self, account: &str, id: &str, name: &str) -> Result<(), Error> {
        let url = self.of_account(account, [("hsm_id", id), ("name", name)])?;
        self.answer(self.http.delete(url)).await?;
        Ok(())
    }

    /// The address of an account's templates.
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
