//! A template as a value, and what can be filled into it.

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::{Timestamp, id};
use serde_json::Value;

id!(
    /// A message template.
    pub struct TemplateId, "tpl_"
);

/// The most characters of a body, filled in (Meta, "Message templates").
const BODY_LIMIT: usize = 1_024;

kazi_platform::texts! {
    /// What Meta charges and limits a template as.
    pub enum Category as "TemplateCategory" {
        /// Offers: only for those who have not opted out.
        Marketing = "marketing",
        /// About something the customer has asked for.
        Utility = "utility",
        /// One-time codes.
        Authentication = "authentication",
    }
}

kazi_platform::texts! {
    /// Where a template stands with Meta.
    pub enum TemplateStatus {
        /// Only here.
        Draft = "draft",
        /// Meta looks at it.
        Submitted = "submitted",
        /// It may be sent.
        Approved = "approved",
        /// It may not.
        Rejected = "rejected",
        /// Stopped for its quality, for some hours.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
    }
}

/// What Meta's word for a status or an event of one comes to; `None` for a word that says nothing of whether it may be
/// sent.
pub(super) fn from_meta(word: &str) -> Option<TemplateStatus> {
    Some(match word {
        // Flagged: customers complain, but it may be sent still.
        "APPROVED" | "REINSTATED" | "FLAGGED" | "ACTIVE" => TemplateStatus::Approved,
        "PENDING" | "PENDING_REVIEW" | "IN_REVIEW" | "IN_APPEAL" | "APPEAL_REQUESTED" => {
            TemplateStatus::Submitted
        }
        "REJECTED" => TemplateStatus::Rejected,
        "PAUSED" => TemplateStatus::Paused,
        "DISABLED" | "DELETED" | "PENDING_DELETION" | "ARCHIVED" | "LIMIT_EXCEEDED" => {
            TemplateStatus::Disabled
        }
        _ => return None,
    })
}

/// A message template.
#[derive(Clone, Debug)]
pub struct Template {
    pub id: TemplateId,
    /// The business account (WABA).
    pub account: String,
    /// Lower case letters, digits, underscores.
    pub name: String,
    /// As Meta writes it: `en`, `en_US`.
    pub language: String,
    /// What it is charged as.
    pub category: Category,
    /// Where it stands.
    pub status: TemplateStatus,
    /// With `{{1}}`, `{{2}}` … for its parameters.
    pub body: String,
    /// All parts as Meta has them.
    pub components: Value,
    /// Until when it is paused, where that is known.
    pub paused_until: Option<Timestamp>,
}

/// Why a template cannot be filled in so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// Another number of parameters than the body has.
    #[error("the template wants {wanted} parameters and was given {given}")]
    Parameters {
        /// That the body has.
        wanted: usize,
        /// That were given.
        given: usize,
    },
    /// A parameter without text.
    #[error("parameter {0} is empty")]
    Empty(usize),
    /// Filled in, the body is longer than Meta takes.
    #[error("filled in it has more than 1024 characters")]
    TooLong,
}

impl Template {
    /// How many parameters the body has.
    pub fn variables(&self) -> usize {
        (1..)
            .take_while(|n| self.body.contains(&format!("{{{{{n}}}}}")))
            .count()
    }

    /// Fills it in. Line breaks and runs of spaces, which Meta refuses within a parameter, become single spaces.
    ///
    /// # Errors
    /// See [`FillError`].
    pub fn fill(
        &self,
        parameters: &[String],
        buttons: Vec<ButtonParameter>,
    ) -> Result<Body, FillError> {
        let (wanted, given) = (self.variables(), parameters.len());
        if wanted != given {
            return Err(FillError::Parameters { wanted, given });
        }
        let mut filled = Vec::with_capacity(given);
        let mut length = self.body.chars().count();
        for (parameter, number) in parameters.iter().zip(1..) {
            let text = parameter.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() {
                return Err(FillError::Empty(number));
            }
            length += text.chars().count();
            filled.push(text);
        }
        // The marks themselves are not said; each has at least five characters.
        if length > BODY_LIMIT + 5 * wanted {
            return Err(FillError::TooLong);
        }
        Ok(Body::Template {
            name: self.name.clone(),
            language: self.language.clone(),
            parameters: filled,
            buttons,
        })
    }

    /// What a person reads of it, filled in.
    pub fn preview(&self, parameters: &[String]) -> String {
        let marks = parameters.iter().zip(1..);
        marks.fold(self.body.clone(), |text, (parameter, number)| {
            text.replace(&format!("{{{{{number}}}}}"), parameter)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(body: &str) -> Template {
        Template {
            id: TemplateId::new(),
            account: "1".into(),
            name: "t".into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: body.into(),
            components: Value::Null,
            paused_until: None,
        }
    }

    #[test]
    fn what_meta_would_refuse_is_refused_here() {
        let two = template("Hello {{1}}, see you {{2}}.");
        let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            two.fill(&texts(&["A"]), Vec::new()),
            Err(FillError::Parameters {
                wanted: 2,
                given: 1
            })
        );
        assert_eq!(
            two.fill(&texts(&["A", " \n"]), Vec::new()),
            Err(FillError::Empty(2))
        );
        let long = "x".repeat(1_024);
        assert_eq!(
            two.fill(&texts(&["A", &long]), Vec::new()),
            Err(FillError::TooLong)
        );
        let Ok(Body::Template { parameters, .. }) =
            two.fill(&texts(&["A\nB", "at     8"]), Vec::new())
        else {
            panic!("it can be filled in")
        };
        assert_eq!(parameters, ["A B", "at 8"]);
        assert_eq!(two.preview(&parameters), "Hello A B, see you at 8.");
    }
}
