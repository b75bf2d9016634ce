//! Identity as values: what is asked for, what is answered, and the rules that need no database.

use std::{net::IpAddr, time::Duration};

use chrono::TimeDelta;
use kazi_platform::{
    Phone, Timestamp, UserId, WorkspaceId,
    actor::{Actor, ActorKind},
    id,
};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::contacts::ContactId;

id!(
    /// A session: a log-in, and all refresh tokens that follow from it.
    pub struct SessionId, "ses_"
);
id!(
    /// A one-time code.
    pub struct CodeId, "otc_"
);

/// Life of a refresh token.
pub(super) const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);
/// Life of a session on a device that does not remember its user, from the log-in on: a working day.
const SHORT_LIFE: TimeDelta = TimeDelta::hours(12);
/// Time in which a used refresh token gives the same answer again, because the first answer may have been lost.
pub(super) const GRACE: TimeDelta = TimeDelta::seconds(10);
/// Life of a code after it was sent.
pub(super) const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);
/// Tries of a code at most.
pub(super) const CODE_TRIES: i16 = 5;
/// Between two codes to one address.
const RESEND_AFTER: TimeDelta = TimeDelta::seconds(60);
/// Codes to one address in [`RESEND_WINDOW`].
const RESEND_MOST: usize = 5;
pub(super) const RESEND_WINDOW: TimeDelta = TimeDelta::hours(1);
/// Time in which a log-in waits for its second factor.
pub(super) const CHALLENGE_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Time after a second factor was shown in which no other is asked for.
const STEP_UP_LIFE: TimeDelta = TimeDelta::minutes(10);
/// Time for which an address or a device is remembered as the user's own.
pub(super) const KNOWN_FOR: TimeDelta = TimeDelta::days(90);

/// From where a call comes.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The caller's address; behind a proxy, the one that the proxy tells.
    pub address: Option<IpAddr>,
    /// As the caller says.
    pub user_agent: Option<String>,
    /// What an earlier log-in gave this device ([`LoggedIn::device`]): it is known by it, from wherever it comes.
    pub device: Option<SecretString>,
    /// The call, for the audit log.
    pub request: Option<String>,
}

impl Origin {
    pub(super) fn actor(&self, user: UserId) -> Actor {
        Actor {
            kind: ActorKind::Member,
            id: Some(user.uuid()),
            address: self.address,
            request: self.request.clone(),
        }
    }

    /// For counting tries; calls without an address count together.
    pub(super) fn place(&self) -> String {
        match self.address {
            // A caller with one IPv6 address has all addresses of its network.
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Some(address) => address.to_string(),
            None => "nowhere".into(),
        }
    }
}

/// A log-in that succeeded.
#[derive(Debug)]
pub struct LoggedIn {
    pub subject: Subject,
    pub session: SessionId,
    /// For the next access token: 256 bits, good once.
    pub refresh_token: SecretString,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    pub is_remembered: bool,
    /// The device keeps it and shows it at the next log-in. Failed log-ins from elsewhere then cannot lock the device out.
    pub device: SecretString,
}

/// How a log-in went on, after the right password.
#[derive(Debug)]
pub enum LoginOutcome {
    /// It is done.
    Done(LoggedIn),
    /// A code of the authenticator is wanted: [`log_in_totp`](super::log_in_totp).
    NeedsTotp {
        /// Good for one log-in, five minutes.
        challenge: SecretString,
        /// When it ends.
        expires_at: Timestamp,
    },
    /// The e-mail address is not proven yet: [`verify_email`](super::verify_email).
    NeedsVerification,
}

/// Answer of [`refresh`](super::refresh).
#[derive(Debug)]
pub struct Refreshed {
    /// Whose session it is.
    pub subject: Subject,
    pub session: SessionId,
    /// The next token. The one that was shown is used up.
    pub refresh_token: SecretString,
    /// When it ends.
    pub refresh_expires_at: Timestamp,
    pub is_remembered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    User(UserId),
    /// A contact of a workspace.
    Customer {
        workspace: WorkspaceId,
        contact: ContactId,
    },
}

impl Subject {
    /// User, workspace, contact, as stored.
    pub(super) fn columns(self) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
        match self {
            Self::User(user) => (Some(user.uuid()), None, None),
            Self::Customer { workspace, contact } => {
                (None, Some(workspace.uuid()), Some(contact.uuid()))
            }
        }
    }

    pub(super) fn of(
        user: Option<UserId>,
        workspace: Option<WorkspaceId>,
        contact: Option<ContactId>,
    ) -> Option<Self> {
        match (user, workspace, contact) {
            (Some(user), _, _) => Some(Self::User(user)),
            (None, Some(workspace), Some(contact)) => Some(Self::Customer { workspace, contact }),
            _ => None,
        }
    }
}

/// A user as their colleagues know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    /// Whether it is known to be theirs.
    pub is_proven: bool,
    /// What they are called.
    pub name: Option<String>,
}

/// A user's session that is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserState {
    pub user: UserId,
    pub session: SessionId,
    /// One of the platform's own people.
    pub is_staff: bool,
    pub locale: String,
    /// When a second factor was last shown in it.
    pub stepped_up_at: Option<Timestamp>,
    /// Whether the user has an authenticator.
    pub totp: bool,
}

impl UserState {
    /// Whether what wants a recent second factor may be done: it was shown in the last ten minutes, or the user has none.
    pub fn stepped_up(&self, now: Timestamp) -> bool {
        !self.totp || self.stepped_up_at.is_some_and(|at| now < at + STEP_UP_LIFE)
    }
}

/// A session as its user sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    pub id: SessionId,
    /// What the browser or program calls itself.
    pub user_agent: Option<String>,
    /// Where it was last used from.
    pub address: Option<String>,
    /// The log-in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When a token was last refreshed.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
    /// When it ends, however often it is used. `null`: the device remembers its user, and the session ends 30 days after
    /// its last use.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
}

/// A user as stored.
pub(super) struct User {
    pub id: UserId,
    pub email: String,
    pub phone: Option<Phone>,
    pub password_hash: String,
    pub name: Option<String>,
    pub locale: String,
    pub is_staff: bool,
    pub email_verified_at: Option<Timestamp>,
    pub phone_verified_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub totp: bool,
}

/// A user as they see themselves.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserView {
    pub id: UserId,
    /// Lower case.
    pub email: String,
    /// E.164.
    #[schema(value_type = Option<String>, example = "+254712345678")]
    pub phone: Option<Phone>,
    /// What they are called.
    pub name: Option<String>,
    /// Their language.
    pub locale: String,
    /// One of the platform's own people.
    pub is_staff: bool,
    /// When the address was proven to be theirs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub email_verified_at: Option<Timestamp>,
    /// When the phone was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub phone_verified_at: Option<Timestamp>,
    /// Whether an authenticator is asked for at log-in.
    pub totp: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            phone: user.phone,
            name: user.name,
            locale: user.locale,
            is_staff: user.is_staff,
            email_verified_at: user.email_verified_at,
            phone_verified_at: user.phone_verified_at,
            totp: user.totp,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

kazi_platform::texts! {
    /// What a code proves.
    pub(super) enum Purpose {
        VerifyEmail = "verify_email",
        VerifyPhone = "verify_phone",
        ResetPassword = "reset_password",
        Customer = "customer",
    }
}

/// What a code is for, and where it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub purpose: Purpose,
    /// An e-mail address or a phone.
    pub destination: &'a str,
    /// The user of the address or phone, if there is one.
    pub user: Option<UserId>,
    /// Of a customer.
    pub workspace: Option<WorkspaceId>,
}

/// A code that was asked for and not sent yet.
pub(super) struct Asked {
    pub purpose: String,
    pub destination: String,
    pub user: Option<UserId>,
    pub workspace: Option<WorkspaceId>,
    pub created_at: Timestamp,
}

/// How long to wait before another code goes to an address. `asked`: when codes did in the last [`RESEND_WINDOW`], the
/// newest first.
pub(super) fn resend_wait(asked: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let soon = asked.first().map(|newest| *newest + RESEND_AFTER);
    let often = asked
        .get(RESEND_MOST - 1)
        .map(|oldest| *oldest + RESEND_WINDOW);
    let wait = soon.into_iter().chain(often).max()? - now;
    wait.to_std().ok().filter(|wait| !wait.is_zero())
}

/// The end of a session that begins now. `None`: the device remembers its user, and the session lasts while it is used.
pub(super) fn end_of_session(now: Timestamp, remember: bool) -> Option<Timestamp> {
    (!remember).then(|| now + SHORT_LIFE)
}

/// The end of a refresh token that is made now. No token outlives its session.
pub(super) fn end_of_token(now: Timestamp, ends_at: Option<Timestamp>) -> Timestamp {
    let end = now + REFRESH_LIFE;
    ends_at.map_or(end, |ends_at| ends_at.min(end))
}

/// A refresh token that was shown, and its session.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub session: SessionId,
    pub subject: Subject,
    pub generation: i32,
    pub revoked: bool,
    /// When the session ends, if it is not remembered.
    pub ends_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// Whether the one after it is used too.
    pub next_used: bool,
    pub next_expires_at: Option<Timestamp>,
}

/// What a token that was shown leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefreshOutcome {
    /// It is used up and the next one is given.
    Next,
    /// The next one is given once more: its answer may have been lost.
    Again { expires_at: Timestamp },
    /// A copy of it was used: the family ends.
    Stolen,
    /// It is of no use any more.
    Dead,
}

impl Shown {
    pub fn turn(&self, now: Timestamp) -> RefreshOutcome {
        match (self.used_at, self.next_expires_at) {
            _ if self.revoked || self.expires_at <= now => RefreshOutcome::Dead,
            (None, _) => RefreshOutcome::Next,
            // The owner who used the next token got the answer.
            (Some(at), Some(expires_at)) if now < at + GRACE && !self.next_used => {
                RefreshOutcome::Again { expires_at }
            }
            (Some(_), _) => RefreshOutcome::Stolen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + seconds)
    }

    fn shown(used: Option<i64>, next_used: bool) -> Shown {
        Shown {
            session: SessionId::new(),
            subject: Subject::User(UserId::new()),
            generation: 1,
            revoked: false,
            ends_at: None,
            expires_at: at(1_000),
            used_at: used.map(at),
            next_used,
            next_expires_at: used.map(|_| at(2_000)),
        }
    }

    #[test]
    fn a_token_turns_once_again_within_the_grace_and_is_stolen_after_it() {
        assert_eq!(shown(None, false).turn(at(0)), RefreshOutcome::Next);
        let expires_at = at(2_000);
        assert_eq!(
            shown(Some(0), false).turn(at(9)),
            RefreshOutcome::Again { expires_at }
        );
        assert_eq!(shown(Some(0), false).turn(at(10)), RefreshOutcome::Stolen);
        assert_eq!(shown(Some(0), true).turn(at(1)), RefreshOutcome::Stolen);
        assert_eq!(shown(None, false).turn(at(1_000)), RefreshOutcome::Dead);
        let revoked = Shown {
            revoked: true,
            ..shown(Some(0), false)
        };
        assert_eq!(revoked.turn(at(1)), RefreshOutcome::Dead);
    }

    #[test]
    fn codes_to_one_address_are_a_minute_apart_and_five_an_hour() {
        assert_eq!(resend_wait(&[], at(0)), None);
        let seconds = Duration::from_secs;
        assert_eq!(resend_wait(&[at(0)], at(10)), Some(seconds(50)));
        assert_eq!(resend_wait(&[at(0)], at(60)), None);
        let five = [at(400), at(300), at(200), at(100), at(0)];
        assert_eq!(resend_wait(&five, at(1_000)), Some(seconds(2_600)));
        assert_eq!(resend_wait(&five[..4], at(1_000)), None);
        assert_eq!(resend_wait(&five, at(3_600)), None);
    }

    #[test]
    fn a_second_factor_counts_for_ten_minutes_and_is_not_asked_of_who_has_none() {
        let mut state = UserState {
            user: UserId::new(),
            session: SessionId::new(),
            is_staff: false,
            locale: "en".into(),
            stepped_up_at: None,
            totp: false,
        };
        assert!(state.stepped_up(at(0)));
        state.totp = true;
        assert!(!state.stepped_up(at(0)));
        state.stepped_up_at = Some(at(0));
        assert!(state.stepped_up(at(599)) && !state.stepped_up(at(600)));
    }

    #[test]
    fn addresses_of_one_network_of_ipv6_count_together() {
        let of = |text: &str| {
            let address = Some(text.parse().unwrap());
            Origin {
                address,
                ..Origin::default()
            }
            .place()
        };
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
    }
}
