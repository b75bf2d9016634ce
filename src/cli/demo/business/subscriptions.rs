//! Television by the month: two plans, and a customer whose reminder is due a minute after the first start.

use chrono::TimeDelta;
use kazi_jobs::{
    Work,
    catalog::{self, Text},
    contacts::{self, NewContact},
    subscriptions::{self, NewPlan, NewSubscription, Period, Unit},
};
use kazi_platform::{Currency, Money, Phone};

use crate::CliError;

/// The customer's phone. Write from this phone to be the customer.
const PHONE: &str = "254733000111";

fn text(words: [(&str, &str); 6]) -> Text {
    let words = words.map(|(language, words)| (language.to_owned(), words.to_owned()));
    Text::from(words)
}

pub async fn make(work: &mut Work, currency: Currency) -> Result<(), CliError> {
    let there = subscriptions::plans(work, None, None, 1).await?;
    if !there.is_empty() {
        return Ok(());
    }
    let titles = text([
        ("en", "📺 Television"),
        ("fr", "📺 Télévision"),
        ("es", "📺 Televisión"),
        ("pt", "📺 Televisão"),
        ("ar", "📺 التلفاز"),
        ("hi", "📺 टेलीविज़न"),
    ]);
    catalog::add_menu_item(work, "plans", 60, &titles, &Text::new()).await?;
    let monthly = plan(
        Money {
            minor: 500,
            currency,
        },
        1,
    );
    let monthly = subscriptions::create_plan(work, &monthly).await?;
    let quarterly = plan(
        Money {
            minor: 1_300,
            currency,
        },
        3,
    );
    subscriptions::create_plan(work, &quarterly).await?;

    let phone = Phone::from_wa_id(PHONE).ok_or("the demo's number is none")?;
    let contact = match contacts::by_phone(work, &phone).await? {
        Some(there) => there.id,
        None => {
            let new = NewContact {
                name: Some("Wanjiru".into()),
                phone: Some(phone.as_str().to_owned()),
                language: Some("en".into()),
                ..NewContact::default()
            };
            contacts::create(work, &new).await?.id
        }
    };
    let new = NewSubscription {
        contact_id: contact,
        plan_id: monthly.id,
        ends_at: Some(work.now() + TimeDelta::days(7) + TimeDelta::minutes(1)),
    };
    subscriptions::subscribe(work, &new).await?;
    Ok(())
}

fn plan(price: Money, months: u16) -> NewPlan {
    let n = months.to_string();
    let say = |one: &str, many: &str| match months {
        1 => one.to_owned(),
        _ => many.replace('#', &n),
    };
    let names = [
        ("en", say("TV, one month", "TV, # months")),
        ("fr", say("Télé, un mois", "Télé, # mois")),
        ("es", say("TV, un mes", "TV, # meses")),
        ("pt", say("TV, um mês", "TV, # meses")),
        ("ar", say("تلفاز، شهر", "تلفاز، # أشهر")),
        ("hi", say("टीवी, एक महीना", "टीवी, # महीने")),
    ];
    let descriptions = [
        ("en", "120 channels, on two screens"),
        ("fr", "120 chaînes, sur deux écrans"),
        ("es", "120 canales, en dos pantallas"),
        ("pt", "120 canais, em dois ecrãs"),
        ("ar", "120 قناة على شاشتين"),
        ("hi", "120 चैनल, दो स्क्रीन पर"),
    ];
    NewPlan {
        names: names
            .map(|(language, name)| (language.to_owned(), name))
            .into(),
        descriptions: text(descriptions),
        price,
        period: Period {
            unit: Unit::Month,
            count: months,
        },
        grace_days: 3,
        remind_days: vec![7, 3, 1],
    }
}
