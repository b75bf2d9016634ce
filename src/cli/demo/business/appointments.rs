//! The demo's salon: two hairdressers who work by day on every day of the week, with reminders minutes before.

use kazi_jobs::{
    Work,
    appointments::{self, NewOffering, NewStaff},
    catalog,
    locale::LANGUAGES,
    workspaces::Opening,
};
use serde_json::json;

use crate::CliError;

const MENU_ITEM: &str = "book";
/// Days of the week are counted from Monday.
const SATURDAY: i32 = 6;

/// Creates the salon if it is missing, and sets the menu item at each start.
pub async fn make(work: &mut Work) -> Result<(), CliError> {
    let titles = words([
        "Book a visit",
        "Prendre rendez-vous",
        "Reservar una cita",
        "Agendar",
        "حجز موعد",
        "अपॉइंटमेंट",
    ]);
    let about = words([
        "A haircut, every day",
        "Une coupe, tous les jours",
        "Un corte, todos los días",
        "Um corte, todos os dias",
        "قص الشعر كل يوم",
        "बाल कटवाएँ, हर दिन",
    ]);
    catalog::add_menu_item(work, MENU_ITEM, 50, &titles, &about).await?;
    if !appointments::offerings(work, None, None, 1)
        .await?
        .is_empty()
    {
        return Ok(());
    }
    let mut staff = Vec::new();
    for name in ["Wanjiru", "Otieno"] {
        let new = json!({"kind": "person", "name": name, "zone": "Africa/Nairobi"});
        let new: NewStaff = serde_json::from_value(new)?;
        let one = appointments::create_staff(work, &new).await?;
        let opening = |weekday| {
            let (from, until) = match weekday {
                SATURDAY.. => ("09:00", "18:00"),
                _ => ("08:00", "20:00"),
            };
            json!({"weekday": weekday, "from": from, "until": until})
        };
        let week: Vec<Opening> = serde_json::from_value((1..=7).map(opening).collect())?;
        appointments::set_hours(work, &one, &week).await?;
        staff.push(one.id);
    }
    // The booking of the next slot is reminded almost at once.
    let new = json!({
        "names": words(["Haircut", "Coupe de cheveux", "Corte de pelo", "Corte de cabelo", "قص الشعر", "बाल कटवाना"]),
        "duration_minutes": 5, "step_minutes": 5, "price_minor": 1_000, "reminder_minutes": [2, 1],
        "min_ahead_minutes": 2, "max_ahead_days": 14, "provider_ids": staff,
    });
    let new: NewOffering = serde_json::from_value(new)?;
    appointments::create_offering(work, &new).await?;
    Ok(())
}

/// In the order of [`LANGUAGES`].
fn words(texts: [&str; 6]) -> catalog::Text {
    let all = LANGUAGES.into_iter().zip(texts);
    all.map(|(language, text)| (language.to_owned(), text.to_owned()))
        .collect()
}
