//! All templates of the demo. The simulated Meta has them, and the business reads them from there, as every business
//! does.

use kazi_jobs::{
    appointments, channels::ChannelId, news, orders, subscriptions, templates as product,
};
use kazi_platform::WorkspaceId;
use kazi_simulators::{Simulators, Template};
use serde_json::{Value, json};

use super::BUSINESS_ACCOUNT;
use crate::{CliError, runtime::Runtime};

/// The campaign's template.
pub const OFFER: &str = "market_day_offer";

/// The template of a campaign with a tracked link.
pub const SEASON: &str = "new_season";

/// A button below a template.
enum Button {
    /// A tap sends back a value of the message.
    Reply(&'static str),
    /// Leads to the payment page of the simulated Stripe.
    Pay(&'static str),
}

use Button::{Pay, Reply};

/// A template in one language.
struct Row {
    name: &'static str,
    language: &'static str,
    category: &'static str,
    body: &'static str,
    buttons: &'static [Button],
}

const fn row(
    name: &'static str,
    language: &'static str,
    category: &'static str,
    body: &'static str,
    buttons: &'static [Button],
) -> Row {
    Row {
        name,
        language,
        category,
        body,
        buttons,
    }
}

const UTILITY: &str = "UTILITY";
const MARKETING: &str = "MARKETING";
const BOOKING: &str = appointments::REMINDER_TEMPLATE;

#[rustfmt::skip]
const ROWS: [Row; 13] = [
    // Variables: offering, time, staff.
    row(BOOKING, "en", UTILITY, "⏰ A reminder: {{1}}, {{2}}, with {{3}}.", &[Reply("I will come"), Reply("Cancel")]),
    row(BOOKING, "fr", UTILITY, "⏰ Un rappel : {{1}}, {{2}}, avec {{3}}.", &[Reply("Je viendrai"), Reply("Annuler")]),
    row(BOOKING, "es", UTILITY, "⏰ Un recordatorio: {{1}}, {{2}}, con {{3}}.", &[Reply("Iré"), Reply("Cancelar")]),
    row(BOOKING, "pt", UTILITY, "⏰ Um lembrete: {{1}}, {{2}}, com {{3}}.", &[Reply("Eu vou"), Reply("Cancelar")]),
    row(BOOKING, "ar", UTILITY, "⏰ تذكير: {{1}}، {{2}}، مع {{3}}.", &[Reply("سأحضر"), Reply("إلغاء")]),
    row(BOOKING, "hi", UTILITY, "⏰ याद दिलाना था: {{1}}, {{2}}, {{3}} के साथ।", &[Reply("मैं आऊँगा/आऊँगी"), Reply("रद्द करें")]),
    // Variables: plan, last day to pay.
    row(subscriptions::REMINDER, "en", UTILITY, "Your subscription {{1}} waits for you: please pay by {{2}}.", &[Pay("Pay")]),
    // Variables: plan, end.
    row(subscriptions::RENEWED, "en", UTILITY, "Thank you! Your subscription {{1}} runs until {{2}}.", &[]),
    // Variables: plan.
    row(subscriptions::ENDED, "en", UTILITY, "Your subscription {{1}} has ended. Write “plans” to begin again.", &[]),
    // Variables: order, text.
    row(orders::TEMPLATE, "en", UTILITY, "News of your order {{1}}: {{2}} Thank you for buying from us.", &[]),
    // Variables: business, headlines.
    row(news::TEMPLATE, "en", MARKETING, "Your news from {{1}}: {{2}} Tap below to read.", &[Reply("Read")]),
    // Variable: the first name.
    row(OFFER, "en", MARKETING, "Habari {{1}}! This Saturday everything at the market is 10 % cheaper. See you there?", &[Reply("I will come"), Reply("Not this time")]),
    // Variables: the first name, a link.
    row(SEASON, "en", MARKETING, "Habari {{1}}! The coffee of the new season is here. Have a look: {{2}} and come by on Saturday.", &[Reply("I will come"), Reply("Not this time")]),
];

/// Gives the approved templates to the simulated Meta.
pub fn register(simulators: &Simulators) {
    for row in ROWS {
        let button = |button: &Button| -> Value {
            match button {
                Reply(text) => json!({"type": "QUICK_REPLY", "text": text}),
                Pay(text) => {
                    let url = format!("{}/{{{{1}}}}", simulators.url());
                    json!({"type": "URL", "text": text, "url": url})
                }
            }
        };
        let template = Template {
            name: row.name.into(),
            language: row.language.into(),
            category: row.category.into(),
            body: row.body.into(),
            status: "APPROVED".into(),
            buttons: row.buttons.iter().map(button).collect(),
            ..Template::default()
        };
        simulators.add_template(BUSINESS_ACCOUNT, template);
    }
}

/// Lets the business read the templates.
pub async fn learn(
    runtime: &Runtime,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<(), CliError> {
    let learnt = product::sync(&runtime.ctx, workspace, channel).await;
    Ok(learnt.map_err(|error| format!("the templates: {error:?}"))?)
}
