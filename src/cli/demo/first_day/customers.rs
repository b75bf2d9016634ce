//! The regular customers, on their phones.

use futures_util::future::try_join_all;
use kazi_clients::http;
use kazi_simulators::{Line, Phone, SentFile, Service};

use super::{
    PATIENCE, Place,
    member::{Member, text},
};
use crate::{CliError, cli::demo::page};

/// As many as have something to do.
const REGULARS: usize = 14;
const HANDOVER: &str = "agent";

/// What each of them says after the bot knows their name and language. Behind `agent` a person is to answer.
pub const LINES: [&[&str]; 6] = [
    &[
        "How much is delivery?",
        "Do you have tea?",
        "Please add two bags of coffee to my cart",
    ],
    &["When do you open?", "Thank you!"],
    &[HANDOVER, "A jar of honey arrived broken."],
    &[HANDOVER, "My order has not come yet."],
    &["Can I pay in cash?"],
    &["menu"],
];

pub struct Customer {
    pub contact: String,
    pub phone: Phone,
}

pub async fn regulars(owner: &Member, place: &Place<'_>) -> Result<Vec<Customer>, CliError> {
    // Those who want no offers get no link, and nobody asks them how it was.
    let asked = "contacts?tag=vip&opted_out=false&blocked=false&limit=40";
    let contacts = owner.list(asked).await?;
    let customers = contacts.iter().take(REGULARS).map(|contact| {
        let phone = text(contact, "phone")?;
        let phone = place
            .simulators
            .phone(&phone, Service::WhatsApp, place.number);
        Ok(Customer {
            contact: text(contact, "id")?,
            phone: phone.named(&text(contact, "name")?),
        })
    });
    customers.collect()
}

/// They write, all at once.
pub async fn talk(talkers: &[Customer]) -> Result<(), CliError> {
    let talks = talkers.iter().zip(LINES).map(async |(customer, lines)| {
        let phone = &customer.phone;
        greet(phone).await?;
        let mut is_bot = true;
        for line in lines {
            match is_bot {
                true => answered(phone, async || Ok(phone.say(line).await)).await?,
                false => drop(phone.say(line).await),
            }
            is_bot &= *line != HANDOVER;
        }
        Ok::<_, CliError>(())
    });
    try_join_all(talks).await?;
    // It belongs to the ticket about the jar.
    if let (Some(customer), Some(bytes)) = (talkers.get(2), page::image_of("HON-500.jpg")) {
        let picture = SentFile {
            caption: Some("Look, the lid is gone".into()),
            ..SentFile::new("image", "image/jpeg", bytes)
        };
        customer.phone.send_file(picture).await;
    }
    Ok(())
}

/// Answers the bot's questions for the name and the language.
async fn greet(phone: &Phone) -> Result<(), CliError> {
    answered(phone, async || Ok(phone.say("Hello").await)).await?;
    answered(phone, async || phone.tap("name").await).await?;
    answered(phone, async || phone.tap("lang:en").await).await
}

/// Does something on a phone and waits for the answer.
async fn answered(
    phone: &Phone,
    act: impl AsyncFn() -> Result<String, String>,
) -> Result<(), CliError> {
    let before = phone.heard();
    act().await?;
    let answer = phone.wait_for_more(before, PATIENCE).await;
    answer
        .map(drop)
        .ok_or_else(|| "the bot does not answer".into())
}

impl Customer {
    /// Opens the newest link of Kazi's in the chat, as a browser does. Where it leads is not there, so nobody goes there.
    pub async fn follow_link(&self, place: &Place<'_>) -> Result<(), CliError> {
        let begins = format!("{}/l/", place.own);
        let said = |line: &Line| line.direction == "in" && line.text.contains(&begins);
        let lines = self
            .phone
            .wait_for(PATIENCE, |lines| lines.iter().any(said));
        let lines = lines.await.ok_or("a customer has got no link")?;
        let texts = lines.iter().rev().filter(|line| said(line));
        let mut words = texts.flat_map(|line| line.text.split_whitespace());
        let link = words.find(|word| word.starts_with(&begins));
        let browser = http::client()?.get(link.ok_or("a customer has got no link")?);
        let answer = browser.header("user-agent", "Mozilla/5.0").send().await?;
        match answer.status().as_u16() {
            302 => Ok(()),
            other => Err(format!("a link answers {other}").into()),
        }
    }
}
