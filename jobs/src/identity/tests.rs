//! Identity against a real database and a mail server that speaks SMTP; time goes when a test says so.

mod account;
mod second_factor;
mod sessions;
mod sundry;

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{actor::Actor, database};
use kazi_queue::testing::Drained;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::*;
use crate::testing::Shop;
use kazi_platform::UserId;

const EMAIL: &str = "amina@example.com";
const PASSWORD: &str = "maize kettle orbit";
const HOME: &str = "192.0.2.1";
const ELSEWHERE: &str = "198.51.100.7";

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

fn from(address: &str) -> Origin {
    Origin {
        address: Some(address.parse().unwrap()),
        user_agent: Some("Test/1.0".into()),
        ..Origin::default()
    }
}

/// A user for the tests of other domains: nobody logs in as them, so no password is hashed.
pub(crate) async fn somebody(conn: &mut PgConnection) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO users (id, email, password_hash, created_at, updated_at) VALUES ($1, $2, '', now(), now())",
    )
    .bind(id)
    .bind(format!("{id}@example.com"))
    .execute(conn)
    .await
    .unwrap();
    id
}

struct Scene {
    shop: Shop,
}

impl Scene {
    async fn open() -> Self {
        let shop = Shop::open().await;
        // To a whole second: the database keeps microseconds.
        let part = shop.now().timestamp_subsec_nanos();
        shop.ctx
            .clock
            .advance(TimeDelta::nanoseconds(1_000_000_000 - i64::from(part)));
        Self { shop }
    }

    fn ctx(&self) -> &Context {
        &self.shop.ctx
    }

    fn wait(&self, seconds: i64) {
        self.shop.ctx.clock.advance(TimeDelta::seconds(seconds));
    }

    async fn register(&self, password: &str) -> Result<(), IdentityError> {
        let input = Register {
            email: EMAIL.into(),
            password: secret(password),
            name: Some("Amina".into()),
            locale: None,
        };
        register(self.ctx(), &input, &from(HOME)).await
    }

    /// A user whose address is proven.
    async fn user(&self) -> UserId {
        create_user(
            self.ctx(),
            &Actor::OPERATOR,
            EMAIL,
            &secret(PASSWORD),
            Some("Amina"),
            false,
        )
        .await
        .unwrap()
    }

    /// Sends what is to be sent; answers the subject and the code of the newest letter.
    async fn mailed(&self) -> (String, Option<String>) {
        let drained = self.shop.drain().await;
        assert_eq!((drained.retried, drained.dead), (0, 0));
        let mail = self.shop.providers.inbox().pop().unwrap();
        assert_eq!(mail.to, [EMAIL]);
        (mail.subject, code_in(&mail.text))
    }

    async fn code(&self) -> String {
        self.mailed().await.1.unwrap()
    }

    async fn log_in(&self, password: &str, origin: &Origin) -> Result<LoginOutcome, IdentityError> {
        self.log_in_as(password, true, origin).await
    }

    async fn log_in_as(
        &self,
        password: &str,
        remember: bool,
        origin: &Origin,
    ) -> Result<LoginOutcome, IdentityError> {
        let input = LogIn {
            email: EMAIL.into(),
            password: secret(password),
            remember,
        };
        log_in(self.ctx(), &input, origin).await
    }

    async fn logged_in(&self) -> LoggedIn {
        done(self.log_in(PASSWORD, &from(HOME)).await.unwrap())
    }

    async fn alive(&self, session: SessionId) -> Option<UserState> {
        let mut tx = database::platform(&self.ctx().db).await.unwrap();
        session_alive(&mut tx, self.shop.now(), session)
            .await
            .unwrap()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.ctx().owner)
            .await
            .unwrap()
    }

    async fn drained(&self) -> Drained {
        self.shop.drain().await
    }
}

fn code_in(text: &str) -> Option<String> {
    let digits = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    text.split_whitespace()
        .map(digits)
        .find(|word| word.len() == 6)
}

/// Another code than this one.
fn wrong(code: &str) -> SecretString {
    let last = if code.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &code[..5]).into()
}

fn done(outcome: LoginOutcome) -> LoggedIn {
    match outcome {
        LoginOutcome::Done(logged_in) => logged_in,
        other => panic!("{other:?}"),
    }
}

fn user_of(logged_in: &LoggedIn) -> UserId {
    match logged_in.subject {
        Subject::User(user) => user,
        Subject::Customer { .. } => panic!("a customer"),
    }
}

fn seconds(error: &IdentityError) -> Option<u64> {
    match error {
        IdentityError::TooMany(wait) => Some(Duration::as_secs(wait)),
        _ => None,
    }
}
