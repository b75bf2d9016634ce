//! A template as a value, and its filling.

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::{Timestamp, id};
use serde_json::Value;

id!(
    pub struct TemplateId, "tpl_"
);

/// Characters of a filled body (Meta, "Message templates").
const BODY_LIMIT: usize = 1_024;

kazi_platform::texts! {
    /// The category that Meta charges and limits.
    pub enum Category as "TemplateCategory" {
        /// Only for contacts who have not opted out.
        Marketing = "marketing",
        /// About something that the customer has asked for.
        Utility = "utility",
        /// One-time codes.
        Authentication = "authentication",
    }
}

kazi_platform::texts! {
    /// Where a template stands with Meta.
    pub enum TemplateStatus {
        /// Known only here.
        Draft = "draft",
        /// Meta reviews it.
        Submitted = "submitted",
        /// It may be sent.
        Approved = "approved",
        Rejected = "rejected",
        /// Stopped for some hours because of its quality.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
    }
}

/// The status for Meta's word. Returns `None` for a word that does not decide whether the template may be sent.
pub(super) fn from_meta(word: &str) -> Option<TemplateStatus> {
    Some(match word {
        // Flagged: customers complain, but it may still be sent.
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

#[derive(Clone, Debug)]
pub struct Template {
    pub id: TemplateId,
    /// The business account (WABA).
    pub account: String,
    /// Small letters, digits, underscores.
    pub name: String,
    /// In Meta's form: `en`, `en_US`.
    pub language: String,
    /// The category that Meta charges.
    pub category: Category,
    pub status: TemplateStatus,
    /// The text, with variables `{{1}}`, `{{2}}` …
    pub body: String,
    /// All parts in Meta's form.
    pub components: Value,
    /// The end of the pause, if it is known.
    pub paused_until: Option<Timestamp>,
}

/// Why a template cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The number of parameters is wrong.
    #[error("the template wants {wanted} parameters and was given {given}")]
    Parameters {
        /// The number that the body has.
        wanted: usize,
        /// The number that the caller gave.
        given: usize,
    },
    /// A parameter is empty.
    #[error("parameter {0} is empty")]
    Empty(usize),
    /// The filled body is longer than Meta allows.
    #[error("filled in it has more than 1024 characters")]
    TooLong,
}

impl Template {
    /// The number of the body's variables.
    pub fn variables(&self) -> usize {
        (1..)
            .take_while(|n| self.body.contains(&format!("{{{{{n}}}}}")))
            .count()
    }

    /// Fills the template. Line breaks and runs of spaces become single spaces, because Meta refuses them in a
    /// parameter.
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
        // The variables themselves do not count. Each has at least five characters.
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

    /// The filled text for people.
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
