//! Asks a customer, some hours after the event.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::whatsapp::{Body, ButtonParameter, ListRow};
use kazi_platform::{Phone, Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{About, FeedbackId, Settings, chat, model::BEST, settings::settings, store};
use crate::{
    Context, Work,
    appointments::{self, Status as BookingStatus},
    campaigns,
    channels::ChannelKind,
    contacts::{self, Contact, ContactId},
    conversations::{self, MessageId, Offer, Reach, dates},
    endpoints::Type,
    locale,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    orders::{self, Status as OrderStatus},
    pools, workspaces,
};

/// The days in which a contact is asked once at most.
const REST: TimeDelta = TimeDelta::days(30);

/// Hears an event, in the transaction of the change.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    let about = match kind {
        Type::ORDER_DELIVERED => About::Order(id.into()),
        Type::BOOKING_COMPLETED => About::Booking(id.into()),
        _ => return Ok(()),
    };
    let settings = settings(work).await?.settings;
    if !settings.ask_after(about) {
        return Ok(());
    }
    let job = Ask {
        workspace: work.workspace(),
        about,
    };
    let due = work.now() + TimeDelta::hours(settings.delay_hours.into());
    job.enqueue_with(work.conn(), job.options().due(due))
        .await?;
    Ok(())
}

/// Asks the customer of a thing, once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ask {
    pub workspace: WorkspaceId,
    pub about: About,
}

/// What becomes of a question.
enum Outcome {
    To(Box<Reach>),
    Skip(&'static str),
    Later(Timestamp),
}

impl Job for Ask {
    type Context = Context;
    const NAME: &'static str = "feedback.ask";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        let key = match self.about {
            About::Order(id) => id.to_string(),
            About::Booking(id) => id.to_string(),
        };
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let settings = settings(&mut work).await?.settings;
        // A member has switched it off meanwhile.
        if !settings.ask_after(self.about) {
            return Ok(());
        }
        let Some((contact, _)) = self.subject(&mut work, "en").await? else {
            return Ok(());
        };
        // Two things of one contact are asked about one after the other: the second finds the first.
        let locked = contacts::hold_contacts(&mut work, &[contact]).await?;
        let contact = contacts::get(&mut work, contact).await?;
        let home = workspaces::get(&mut work).await?.default_language;
        let language = contact.language.as_deref().unwrap_or(&home);
        let Some((now_of, words)) = self.subject(&mut work, language).await? else {
            return Ok(());
        };
        if now_of != contact.id {
            let soon = Duration::from_secs(1);
            return Err(JobError::snooze(soon, "two contacts became one meanwhile"));
        }
        if locked.is_empty() || store::is_known(&mut work, self.about).await? {
            return Ok(());
        }
        let id = FeedbackId::at(work.now());
        let skipped = match outcome(&mut work, &settings, &contact).await? {
            Outcome::Later(until) => {
                return Err(JobError::snooze_until(until, "the contact's quiet hours"));
            }
            Outcome::Skip(why) => Some(why),
            Outcome::To(reach) => {
                let question = Question {
                    id,
                    contact: contact.id,
                    language,
                    words,
                };
                ask(&mut work, &settings, &question, &reach).await?
            }
        };
        let contact = contact.id;
        store::insert(&mut work, id, (contact, self.about), skipped).await?;
        work.commit().await?;
        metrics::counter!("kazi_feedback_questions_total", "outcome" => skipped.unwrap_or("asked"))
            .increment(1);
        Ok(())
    }
}

impl Ask {
    /// The contact of the subject, and the question about it in a language. `None`: it is gone, or not so any more.
    async fn subject(
        &self,
        work: &mut Work,
        language: &str,
    ) -> Result<Option<(ContactId, String)>, sqlx::Error> {
        Ok(match self.about {
            About::Order(id) => {
                let order = orders::order(work, id).await?;
                let order = order.filter(|order| order.status == OrderStatus::Delivered);
                order.map(|order| {
                    let number = order.number.to_string();
                    let fill = [("number", number.as_str())];
                    let words = locale::text(language, "feedback-ask-order", &fill);
                    (order.contact_id, words)
                })
            }
            About::Booking(id) => {
                let booking = appointments::booking(work, id).await?;
                let booking = booking.filter(|booking| booking.status == BookingStatus::Completed);
                let Some(booking) = booking else {
                    return Ok(None);
                };
                let zone = workspaces::time_zone(work).await?;
                let day = booking.starts_at.with_timezone(&zone).date_naive();
                let date = dates::date(language, day);
                let words = locale::text(language, "feedback-ask-booking", &[("date", &date)]);
                Some((booking.contact_id, words))
            }
        })
    }
}

struct Question<'a> {
    id: FeedbackId,
    contact: ContactId,
    language: &'a str,
    words: String,
}

/// Sends a question. Returns why it cannot be sent.
async fn ask(
    work: &mut Work,
    settings: &Settings,
    question: &Question<'_>,
    reach: &Reach,
) -> Result<Option<&'static str>, JobError> {
    let rows = rows(question.language, question.id);
    let payloads = (0..)
        .zip(&rows)
        .map(|(index, row)| ButtonParameter::Payload {
            index,
            payload: row.id.clone(),
        });
    let notice = Notice {
        id: MessageId::derived(question.id.uuid(), 1),
        contact: question.contact,
        channel: Some(reach.sender.id),
        body: body(reach.sender.kind, question.language, &question.words, &rows),
        template: TemplateUse {
            name: settings.template.as_deref().unwrap_or_default(),
            parameters: Vec::new(),
            buttons: payloads.collect(),
        },
        cause: Cause::Reminder,
        marketing: false,
        at: work.now(),
    };
    if let Notified::Unreachable(why) = messages::notify(work, &notice).await? {
        return Ok(Some(why.name()));
    }
    let offers = rows.into_iter().map(|row| Offer {
        id: row.id,
        title: row.title,
    });
    conversations::offer(work, reach.conversation.id, offers.collect()).await?;
    Ok(None)
}

/// Says whether a locked contact is asked now.
async fn outcome(
    work: &mut Work,
    settings: &Settings,
    contact: &Contact,
) -> Result<Outcome, JobError> {
    if contact.blocked_at.is_some() {
        return Ok(Outcome::Skip("blocked"));
    }
    if contacts::opted_out(work, contact.id).await? {
        return Ok(Outcome::Skip("opted_out"));
    }
    let since = work.now() - REST;
    if store::asked_since(work, contact.id, since).await? {
        return Ok(Outcome::Skip("asked_recently"));
    }
    let country = contact.phone.as_ref().and_then(Phone::country);
    if let Some(until) = campaigns::quiet_until(work, country.as_deref()).await? {
        return Ok(Outcome::Later(until));
    }
    Ok(match conversations::reach(work, contact, None).await? {
        None => Outcome::Skip("no_channel"),
        Some(reach) if !reach.open && settings.template.is_none() => Outcome::Skip("window_closed"),
        Some(reach) => Outcome::To(Box::new(reach)),
    })
}

/// The scores from 1 on: a customer may also answer with the number.
fn rows(language: &str, id: FeedbackId) -> Vec<ListRow> {
    let row = |score| ListRow {
        id: chat::tap(id, score),
        title: locale::text(language, &format!("feedback-score-{score}"), &[]),
        description: None,
    };
    (1..=BEST).map(row).collect()
}

/// A list, or numbered lines where the channel has no lists.
fn body(kind: ChannelKind, language: &str, words: &str, rows: &[ListRow]) -> Body {
    let say = |key: &str| locale::text(language, key, &[]);
    match kind {
        ChannelKind::WhatsApp => Body::List {
            text: words.to_owned(),
            button: say("choose"),
            rows: rows.to_vec(),
        },
        ChannelKind::GreenApi => {
            let lines: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
            let text = format!("{words}\n\n{}\n\n{}", lines.join("\n"), say("numbers-hint"));
            Body::Text { text }
        }
    }
}

#[cfg(test)]
mod tests {
    use kazi_clients::whatsapp::{LIST_BUTTON_LIMIT, ROW_TITLE_LIMIT};

    use super::*;
    use crate::locale::LANGUAGES;

    #[test]
    fn a_question_fits_the_providers_limits_and_its_numbers_are_the_scores() {
        let id = FeedbackId::new();
        for language in LANGUAGES {
            let rows = rows(language, id);
            for (score, row) in (1..).zip(&rows) {
                assert!(row.title.starts_with(&format!("{score} ")), "{row:?}");
                assert!(row.title.chars().count() <= ROW_TITLE_LIMIT, "{row:?}");
                assert_eq!(row.id, chat::tap(id, score));
            }
            let Body::List { button, rows, .. } =
                body(ChannelKind::WhatsApp, language, "How was it?", &rows)
            else {
                panic!("no list")
            };
            assert!(button.chars().count() <= LIST_BUTTON_LIMIT, "{button}");
            assert_eq!(rows.len(), 5);
        }
    }
}
