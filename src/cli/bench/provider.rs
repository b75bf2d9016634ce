//! The simulated provider of the measurements, and its customers.

use std::time::Duration;

use kazi_simulators::{Options, Phone, Simulators, WhatsAppAccount};

use super::{ACCOUNT, NUMBER, SECRET};
use crate::CliError;

/// Time-out of an answer to the greeting.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the provider without a limit of its own. It tells of each message after `status_delay`.
pub async fn start(status_delay: Duration) -> Result<Simulators, CliError> {
    let options = Options {
        status_delay,
        rate_per_second: None,
        ..Options::default()
    };
    Ok(Simulators::start(options).await?)
}

/// Adds the number of the business. What customers write to it goes to this address.
pub fn add_number(simulators: &Simulators, webhook_url: String) {
    simulators.add_whatsapp(WhatsAppAccount {
        phone_number_id: NUMBER.into(),
        business_account_id: ACCOUNT.into(),
        display_phone: "+254 20 555 0100".into(),
        token: "token".into(),
        app_secret: SECRET.into(),
        webhook_url,
    });
}

/// A customer says hello and their name, so that each later question is one message in and one message out.
pub async fn greet(phone: &Phone) -> Result<(), CliError> {
    for text in ["Hello", "Amina"] {
        let before = phone.heard();
        phone.say(text).await;
        phone
            .wait_for_more(before, PATIENCE)
            .await
            .ok_or("the greeting was not answered")?;
    }
    Ok(())
}
