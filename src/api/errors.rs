//! Turns the errors of domains into problems. The name of a constraint becomes its problem only here. The errors of a
//! domain with a single file of routes stand in that file.

use axum::http::{HeaderValue, StatusCode, header};
use kazi_jobs::{
    appointments::AppointmentError,
    campaigns::CampaignError,
    catalog::{CategoryError, ProductError},
    channels::ChannelError,
    contacts::ContactError,
    idempotency::IdempotencyError,
    identity::IdentityError,
    news::NewsError,
    orders::OrderError,
    payments::PaymentError,
    templates::TemplateError,
    workspaces::WorkspaceError,
};
use kazi_platform::crypto::CryptoError;
use kazi_queue::EnqueueError;

use super::{
    auth::{FORBIDDEN, REALM},
    etag,
};
use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

const TAKEN: Problem = Problem::new(
    StatusCode::CONFLICT,
    "already_exists",
    "Something else has this already.",
);
const IN_USE: Problem = Problem::new(
    StatusCode::CONFLICT,
    "in_use",
    "Something else depends on this.",
);

/// The problem for a broken constraint.
fn of_constraint(name: &str) -> Option<Problem> {
    Some(match name {
        "categories_workspace_id_slug_key" => {
            TAKEN.about("/slug", "taken", "another category has this slug")
        }
        "news_articles_external_id" => TAKEN.about(
            "/external_id",
            "taken",
            "another article has this external id",
        ),
        "news_articles_url" => TAKEN.about("/url", "taken", "another article has this address"),
        "news_subscriptions_contact" => {
            TAKEN.about("/contact", "taken", "the contact has a subscription")
        }
        "products_sku" => TAKEN.about("/sku", "taken", "another product has this number"),
        "products_workspace_id_category_id_fkey" => IN_USE.detail("Products are in this category."),
        _ => return None,
    })
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => NOT_FOUND,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "the database cannot be used");
                UNAVAILABLE
            }
            sqlx::Error::Database(said) => {
                if let Some(problem) = said.constraint().and_then(of_constraint) {
                    return problem;
                }
                match said.code().as_deref() {
                    // A unique constraint.
                    Some("23505") => TAKEN,
                    // U+0000, in a text or in JSON: PostgreSQL has no such character.
                    Some("22021" | "22P05") => {
                        Self::field("", "not_storable", "U+0000 cannot be stored")
                    }
                    // Cancelled, waited too long for a lock, lost against another transaction, shutting down, full.
                    Some("57014" | "55P03" | "40001" | "40P01" | "57P01" | "57P03" | "53300") => {
                        tracing::warn!(%error, "the database could not do it now");
                        UNAVAILABLE
                    }
                    _ => Self::internal(error),
                }
            }
            _ => Self::internal(error),
        }
    }
}

impl From<IdempotencyError> for Problem {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

impl From<CategoryError> for Problem {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::Invalid(invalid) => invalid.into(),
            CategoryError::Database(error) => error.into(),
        }
    }
}

impl From<NewsError> for Problem {
    fn from(error: NewsError) -> Self {
        match error {
            NewsError::Invalid(invalid) => invalid.into(),
            NewsError::Contact(error) => error.into(),
            NewsError::Queue(error) => Self::internal(error),
            NewsError::Database(error) => error.into(),
        }
    }
}

impl From<ContactError> for Problem {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::NotFound => NOT_FOUND,
            ContactError::Stale => etag::CHANGED,
            ContactError::PhoneTaken { holder } => {
                let who = holder.map_or_else(
                    || "another contact has this phone".to_owned(),
                    |holder| format!("the contact {holder} has this phone"),
                );
                TAKEN.about("/phone", "taken", &who)
            }
            ContactError::NameTaken => TAKEN.about("/name", "taken", "there is one with this name"),
            ContactError::Invalid(invalid) => invalid.into(),
            ContactError::Database(error) => error.into(),
        }
    }
}

/// A state that does not allow the change.
pub(super) const fn conflict(code: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, title)
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Invalid(invalid) => invalid.into(),
            PaymentError::NotFound => NOT_FOUND,
            PaymentError::Taken => {
                TAKEN.about("/key", "taken", "another workspace has this account")
            }
            PaymentError::OtherAccount => conflict(
                "another_account",
                "The key is of another account than the one in use: take that one out of use first.",
            ),
            PaymentError::Waiting => conflict(
                "payments_wait",
                "Payments wait for money through this account: let them end first.",
            ),
            PaymentError::Running => conflict("already_running", "A reconciliation runs already."),
            PaymentError::NothingToRefund => conflict(
                "nothing_to_refund",
                "No money came by this payment, or nothing is left of it.",
            ),
            PaymentError::Unreachable(words) => UNAVAILABLE.detail(words),
            PaymentError::Database(error) => error.into(),
            PaymentError::Sealed(error) => Self::internal(error),
            PaymentError::Enqueue(error) => Self::internal(error),
        }
    }
}

impl From<WorkspaceError> for Problem {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Invalid(invalid) => invalid.into(),
            WorkspaceError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            WorkspaceError::Forbidden(rule) => FORBIDDEN.detail(rule),
            WorkspaceError::LastOwner => conflict(
                "last_owner",
                "A workspace needs an owner: make somebody else one first.",
            ),
            WorkspaceError::AlreadyMember => {
                conflict("already_member", "This user is a member already.")
            }
            WorkspaceError::AlreadyInvited => conflict(
                "already_invited",
                "This address is invited already: send the invitation again, or revoke it.",
            ),
            WorkspaceError::InvitationOver => conflict(
                "invitation_over",
                "This invitation is over: ask for another.",
            ),
            WorkspaceError::OtherAddress => Self::new(
                StatusCode::FORBIDDEN,
                "other_address",
                "This invitation was sent to another address.",
            ),
            WorkspaceError::Database(error) => error.into(),
            WorkspaceError::Sealed(error) => Self::internal(error),
        }
    }
}

impl From<ChannelError> for Problem {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Invalid(invalid) => invalid.into(),
            ChannelError::NotFound => NOT_FOUND.detail("there is no such channel"),
            ChannelError::Taken => conflict(
                "channel_taken",
                "This number or instance is connected already.",
            ),
            ChannelError::Unreachable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "provider_unreachable",
                "The provider cannot be asked now: try again.",
            ),
            ChannelError::Database(error) => error.into(),
            ChannelError::Sealed(error) => Self::internal(error),
        }
    }
}

const WRONG_CREDENTIALS: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "wrong_credentials",
    "The e-mail address or the password is wrong.",
);
const WRONG_CODE: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "wrong_code",
    "The code is wrong or no longer valid.",
);
const TOO_MANY_TRIES: Problem = Problem::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too_many_tries",
    "These were too many tries: wait a little.",
);
const SESSION_ENDED: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "session_ended",
    "The session has ended, or the token is none: log in again.",
);

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        let challenge = HeaderValue::from_static(REALM);
        match error {
            IdentityError::Invalid(invalid) => invalid.into(),
            IdentityError::WrongCredentials => {
                WRONG_CREDENTIALS.header(header::WWW_AUTHENTICATE, challenge)
            }
            IdentityError::WrongCode => WRONG_CODE,
            IdentityError::TooMany(wait) => {
                // Whole seconds, rounded up, so that the wait is long enough.
                let seconds = HeaderValue::from(wait.as_secs() + 1);
                TOO_MANY_TRIES.header(header::RETRY_AFTER, seconds)
            }
            IdentityError::SessionEnded => {
                SESSION_ENDED.header(header::WWW_AUTHENTICATE, challenge)
            }
            IdentityError::NotFound(_) => NOT_FOUND,
            IdentityError::Conflict { code, detail } => Self::new(
                StatusCode::CONFLICT,
                code,
                "This cannot be done as things are.",
            )
            .detail(detail),
            IdentityError::Hashing => {
                tracing::warn!("a password could not be checked");
                UNAVAILABLE
            }
            IdentityError::Crypto(CryptoError::Database(error))
            | IdentityError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

impl From<AppointmentError> for Problem {
    fn from(error: AppointmentError) -> Self {
        match error {
            AppointmentError::Invalid(invalid) => invalid.into(),
            AppointmentError::NotFound(_) => NOT_FOUND,
            AppointmentError::Taken => conflict("slot_taken", "Somebody else has this time.")
                .about("/starts_at", "taken", "the provider is booked at this time"),
            AppointmentError::TooMany(most) => conflict(
                "too_many_bookings",
                "There are too many bookings ahead: cancel one first.",
            )
            .detail(format!("The most are {most}.")),
            AppointmentError::State(rule) => {
                conflict("wrong_state", "The booking cannot be changed so.").detail(rule)
            }
            AppointmentError::Stale => etag::CHANGED,
            AppointmentError::Enqueue(error) => Self::internal(error),
            AppointmentError::Database(error) => error.into(),
        }
    }
}

impl From<EnqueueError> for Problem {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error.into(),
            refused => Self::internal(refused),
        }
    }
}

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Invalid(invalid) => invalid.into(),
            ProductError::NotFound => NOT_FOUND,
            ProductError::Database(error) => error.into(),
            ProductError::Enqueue(error) => error.into(),
        }
    }
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        let said = error.to_string();
        match error {
            OrderError::Invalid(invalid) => invalid.into(),
            OrderError::NotFound(_) => NOT_FOUND.detail(said),
            OrderError::Empty => conflict("cart_empty", "There is nothing to order."),
            OrderError::Changed => conflict(
                "cart_changed",
                "The cart is not what was shown: look at it again.",
            ),
            OrderError::Short { .. } => {
                conflict("out_of_stock", "There are fewer left than wanted.").detail(said)
            }
            OrderError::Unavailable(_) => {
                conflict("product_unavailable", "This is not sold any more.").detail(said)
            }
            OrderError::MixedCurrency { .. } => {
                conflict("mixed_currency", "One order has one currency.").detail(said)
            }
            OrderError::Refused(_) => {
                conflict("wrong_state", "This cannot be done as things are.").detail(said)
            }
            OrderError::Database(error) => error.into(),
            OrderError::Enqueue(error) => error.into(),
        }
    }
}

/// The state of the thing does not allow the call.
fn stands_in_the_way(detail: String) -> Problem {
    conflict("wrong_state", "This cannot be done as things are.").detail(detail)
}

impl From<CampaignError> for Problem {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Invalid(invalid) => invalid.into(),
            CampaignError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            CampaignError::Conflict(detail) => stands_in_the_way(detail),
            CampaignError::Database(error) => error.into(),
            CampaignError::Enqueue(error) => Self::internal(error),
        }
    }
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Invalid(invalid) => invalid.into(),
            TemplateError::NotFound => NOT_FOUND.detail(error.to_string()),
            TemplateError::Conflict(detail) => stands_in_the_way(detail.to_owned()),
            TemplateError::Refused(_) => stands_in_the_way(error.to_string()),
            TemplateError::Unreachable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "provider_unreachable",
                "The provider cannot be asked now: try again.",
            ),
            TemplateError::Database(error) => error.into(),
            TemplateError::Enqueue(error) => Self::internal(error),
        }
    }
}
