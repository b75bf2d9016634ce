//! What a model may do for a customer who wants to come. It books nothing: the customer sees the time with a button to
//! confirm it.

use chrono::{DateTime, TimeDelta, Utc};
use kazi_platform::Timestamp;
use kazi_queue::JobError;
use serde_json::{Map, Value, json};

use super::{AppointmentsScene, SHOWN, step::Choice};
use crate::{
    Work,
    appointments::{
        OfferingId, StaffId,
        offering::price_words,
        store::{offerings, staff},
    },
    conversations::{Arguments, Parameter, ParameterKind, Talk, Tool, ToolReply, dates},
    workspaces::{self, Opening, SpecialDay},
};

/// Staff whose hours a model gets.
const STAFF: i64 = 10;
/// Days with hours of their own that a model gets of each.
const SPECIAL_DAYS: i64 = 14;
/// Free times in one answer.
const TIMES: usize = 20;
/// Days in which times are looked for without a day.
const DAYS_AHEAD: i64 = 7;
const WEEK: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const OFFERING: Parameter = Parameter {
    name: "offering_id",
    about: "The id of what is booked, from bookable_services.",
    kind: ParameterKind::Text(60),
    required: true,
};

pub(in crate::appointments) const OPENING_HOURS: Tool = Tool {
    name: "opening_hours",
    about: "Reads the weekly opening hours of the business and of everybody who can be booked, and the days with other hours.",
    parameters: &[],
    run: |work, talk, _| Box::pin(hours(work, talk)),
};

pub(in crate::appointments) const SERVICES: Tool = Tool {
    name: "bookable_services",
    about: "Lists what can be booked, with the price, the minutes and the staff.",
    parameters: &[],
    run: |work, talk, _| Box::pin(services(work, talk)),
};

pub(in crate::appointments) const FREE_TIMES: Tool = Tool {
    name: "free_times",
    about: "Lists the times at which something can be booked.",
    parameters: &[
        OFFERING,
        Parameter {
            name: "staff_id",
            about: "Only with this member of the staff.",
            kind: ParameterKind::Text(60),
            required: false,
        },
        Parameter {
            name: "day",
            about: "Only on this day. Without it: the next seven days.",
            kind: ParameterKind::Day,
            required: false,
        },
    ],
    run: |work, talk, with| Box::pin(times(work, talk, with)),
};

pub(in crate::appointments) const BOOK: Tool = Tool {
    name: "ask_to_book",
    about: "Asks the customer to confirm a booking with a button. Nothing is booked before the customer presses it. Call it \
            when the customer has chosen one of the free_times.",
    parameters: &[
        OFFERING,
        Parameter {
            name: "staff_id",
            about: "The id of the staff, from free_times.",
            kind: ParameterKind::Text(60),
            required: true,
        },
        Parameter {
            name: "starts_at",
            about: "The beginning, as free_times has it.",
            kind: ParameterKind::Text(40),
            required: true,
        },
    ],
    run: |work, talk, with| Box::pin(book(work, talk, with)),
};

fn unknown(what: &str) -> ToolReply {
    ToolReply::refused(&format!("there is no such {what}"))
}

/// Hours as a model reads them.
fn in_words(week: &[Opening], special: &[SpecialDay]) -> Value {
    let mut days = Map::new();
    for opening in week {
        let day = usize::try_from(opening.weekday - 1).ok();
        let Some(day) = day.and_then(|day| WEEK.get(day)) else {
            continue;
        };
        let hours = format!("{}–{}", opening.from, opening.until);
        let there = days.entry(*day).or_insert_with(|| json!([]));
        if let Value::Array(there) = there {
            there.push(hours.into());
        }
    }
    let special = special.iter().map(|day| {
        let hours = day.hours.iter();
        let hours = hours.map(|one| format!("{}–{}", one.from, one.until));
        (day.day.to_string(), hours.collect::<Vec<_>>().into())
    });
    let special: Map<String, Value> = special.collect();
    json!({"week": days, "days_with_other_hours": special})
}

async fn hours(work: &mut Work, talk: &Talk<'_>) -> Result<ToolReply, JobError> {
    let clock = workspaces::business_clock(work).await?;
    let business = clock.hours.map(|hours| {
        let mut told = in_words(&hours.week, &hours.special);
        told["time_zone"] = clock.zone.name().into();
        told
    });
    let mut all = Vec::new();
    for one in staff::all_staff(work, Some(true), None, STAFF).await? {
        let today = talk.now.with_timezone(&one.tz()?).date_naive();
        let week = staff::week(work, one.id).await?;
        let special = staff::special(work, one.id, today, SPECIAL_DAYS).await?;
        let mut told = in_words(&week, &special);
        told["who"] = one.name.into();
        told["time_zone"] = one.zone.into();
        told["today"] = json!(today);
        all.push(told);
    }
    Ok(match (business.is_none(), all.is_empty()) {
        (true, true) => {
            ToolReply::refused("the hours stand only in what is written of the business")
        }
        _ => ToolReply::of(json!({"business": business, "bookable": all})),
    })
}

async fn services(work: &mut Work, talk: &Talk<'_>) -> Result<ToolReply, JobError> {
    let mut all = Vec::new();
    for offering in offerings::offerings(work, Some(true), None, SHOWN).await? {
        let mut who = Vec::new();
        for id in &offering.provider_ids {
            let one = staff::staff(work, *id).await?;
            who.extend(
                one.filter(|one| one.active)
                    .map(|one| json!({"staff_id": one.id, "name": one.name})),
            );
        }
        all.push(json!({
            "offering_id": offering.id,
            "name": offering.name(talk.language, &talk.workspace.default_language),
            "price": price_words(offering.price_minor, offering.currency.as_deref()),
            "minutes": offering.duration_minutes, "staff": who,
        }));
    }
    Ok(ToolReply::of(json!({"services": all})))
}

fn id_of<T: std::str::FromStr>(with: &Arguments, name: &str) -> Option<T> {
    with.text(name)?.parse().ok()
}

async fn times(work: &mut Work, talk: &Talk<'_>, with: &Arguments) -> Result<ToolReply, JobError> {
    let offering = match id_of::<OfferingId>(with, OFFERING.name) {
        Some(id) => offerings::offering(work, id).await?,
        None => None,
    };
    let Some(offering) = offering else {
        return Ok(unknown("offering_id"));
    };
    let only: Option<StaffId> = match with.text("staff_id") {
        None => None,
        Some(_) => match id_of(with, "staff_id") {
            Some(id) => Some(id),
            None => return Ok(unknown("staff_id")),
        },
    };
    let (day, soon) = (with.day("day"), talk.now + TimeDelta::days(DAYS_AHEAD));
    let mut scene = AppointmentsScene { work, talk };
    let mut free = Vec::new();
    for id in &offering.provider_ids {
        let choice = Choice {
            offering: offering.id,
            staff: *id,
            moving: None,
        };
        let Some(pair) = scene.pair(&choice).await? else {
            continue;
        };
        if only.is_some_and(|only| only != *id) {
            continue;
        }
        let zone = pair.staff.tz()?;
        let slots = scene.free(&pair).await?.into_iter();
        let slots = slots.filter(|slot| match day {
            Some(day) => slot.day == day,
            None => slot.starts_at < soon,
        });
        free.extend(slots.map(|slot| {
            let told = json!({
                "staff_id": id, "who": pair.staff.name,
                "starts_at": slot.starts_at.with_timezone(&zone).to_rfc3339(),
                "in_words": dates::when(talk.language, zone, slot.starts_at),
            });
            (slot.starts_at, told)
        }));
    }
    free.sort_by_key(|(at, _)| *at);
    let more = free.len() > TIMES;
    let free: Vec<Value> = free.into_iter().take(TIMES).map(|(_, told)| told).collect();
    Ok(ToolReply::of(
        json!({"offering_id": offering.id, "free_times": free, "there_are_more": more}),
    ))
}

async fn book(work: &mut Work, talk: &Talk<'_>, with: &Arguments) -> Result<ToolReply, JobError> {
    let (Some(offering), Some(staff)) = (id_of(with, OFFERING.name), id_of(with, "staff_id"))
    else {
        return Ok(unknown("offering_id or staff_id"));
    };
    let at = with.text("starts_at").unwrap_or_default();
    let Ok(at) = DateTime::parse_from_rfc3339(at) else {
        return Ok(ToolReply::refused("starts_at must be as free_times has it"));
    };
    let at: Timestamp = at.with_timezone(&Utc);
    let choice = Choice {
        offering,
        staff,
        moving: None,
    };
    let mut scene = AppointmentsScene { work, talk };
    let Some(pair) = scene.pair(&choice).await? else {
        return Ok(unknown("offering_id or staff_id"));
    };
    let free = scene.free(&pair).await?;
    if !free.iter().any(|slot| slot.starts_at == at) {
        return Ok(ToolReply::refused(
            "this time is not free: offer one of the free_times",
        ));
    }
    Ok(ToolReply {
        says: scene.ask(&choice, at).await?,
        ..ToolReply::of(json!({
            "note": "The customer sees the booking below your answer, with a button to confirm it. Nothing is booked yet.",
        }))
    })
}
