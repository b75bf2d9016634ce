//! A business of the measurement: its staff, contacts and bookings.

use chrono::TimeDelta;
use kazi_jobs::{
    Across, Context, Work,
    appointments::{
        self, BookingId, NewBooking, NewOffering, NewStaff, Offering, REMINDER_TEMPLATE, Staff,
    },
    channels::{self, ChannelId, ChannelKind, Credentials, NewChannel},
    contacts::{self, ContactId, Identity},
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    workspaces::{self, NewWorkspace, Opening},
};
use kazi_platform::{Phone, Timestamp, WorkspaceId, actor::Actor};
use kazi_simulators::WhatsAppAccount;
use serde_json::{Value, json};

use super::{ACCOUNT, TEMPLATE_BODY};
use crate::{CliError, cli::bench::SECRET};

/// Minutes of the offerings' reminders before the booking. The bookings of one staff begin at different times, so that
/// their reminders are due together.
const BEFORE: [u32; 5] = [10, 20, 30, 40, 50];

/// A workspace with its people, before anything is booked.
pub(super) struct Business {
    pub workspace: WorkspaceId,
    number: String,
    /// With one reminder each.
    offerings: Vec<Offering>,
    staff: Vec<Staff>,
    contacts: Vec<ContactId>,
}

impl Business {
    pub async fn make(ctx: &Context, number: u32, each: u32) -> Result<Self, CliError> {
        let new = NewWorkspace {
            name: &format!("Salon {number}"),
            default_language: "en",
            languages: &["en".to_owned()],
            country: None,
            currency: "USD".parse()?,
        };
        // The transaction creates the workspace that it fills.
        let mut across = Across::begin(&ctx.db, ctx.clock.now(), Actor::OPERATOR).await?;
        let workspace = workspaces::create(across.conn(), &new).await?;
        let mut work = across.within(workspace);
        let credentials = Credentials {
            token: "token".into(),
            app_secret: Some(SECRET.into()),
            verify_token: None,
            webhook_token: None,
        };
        let external_id = format!("1065403522{number:05}");
        let new = NewChannel {
            kind: ChannelKind::WhatsApp,
            name: "Bench",
            external_id: &external_id,
            account_id: Some(ACCOUNT),
            display_phone: None,
            base_url: None,
            credentials: &credentials,
        };
        let channel = channels::add(&mut work, &ctx.keyring, &new).await?;
        work.commit().await?;

        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let template = Template {
            id: TemplateId::new(),
            account: ACCOUNT.into(),
            name: REMINDER_TEMPLATE.into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: TEMPLATE_BODY.into(),
            components: Value::Null,
            paused_until: None,
        };
        templates::save(&mut work, &template).await?;
        let mut staff = Vec::new();
        let kinds = BEFORE.len();
        for place in 0..(each as usize).div_ceil(kinds) {
            let new =
                json!({"kind": "desk", "name": format!("Chair {place}"), "zone": "Africa/Nairobi"});
            let new: NewStaff = serde_json::from_value(new)?;
            let one = appointments::create_staff(&mut work, &new).await?;
            let always = |weekday| json!({"weekday": weekday, "from": "00:00", "until": "24:00"});
            let week: Vec<Opening> = serde_json::from_value((1..=7).map(always).collect())?;
            appointments::set_hours(&mut work, &one, &week).await?;
            staff.push(one);
        }
        let mut offerings = Vec::new();
        for before in BEFORE {
            let ids: Vec<_> = staff.iter().map(|one| one.id).collect();
            let new = json!({"names": {"en": "Haircut"}, "duration_minutes": 10, "reminder_minutes": [before], "provider_ids": ids});
            let new: NewOffering = serde_json::from_value(new)?;
            offerings.push(appointments::create_offering(&mut work, &new).await?);
        }
        let mut people = Vec::new();
        for place in 0..each {
            people.push(contact(&mut work, channel, number * 1_000 + place).await?);
        }
        work.commit().await?;
        Ok(Self {
            workspace,
            number: external_id,
            offerings,
            staff,
            contacts: people,
        })
    }

    pub fn account(&self, url: &str) -> WhatsAppAccount {
        WhatsAppAccount {
            phone_number_id: self.number.clone(),
            business_account_id: ACCOUNT.into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: SECRET.into(),
            webhook_url: url.to_owned(),
        }
    }

    /// Makes one booking for each contact. It begins as long after the due moment as its offering reminds before.
    pub async fn book(&self, ctx: &Context, due: Timestamp) -> Result<(), CliError> {
        let mut work = Work::by(ctx, self.workspace, Actor::OPERATOR).await?;
        let mut places = Vec::new();
        for one in &self.staff {
            for (offering, before) in self.offerings.iter().zip(BEFORE) {
                places.push((one.id, offering.id, before));
            }
        }
        for (contact, (staff, offering, before)) in self.contacts.iter().zip(places) {
            let new = NewBooking {
                offering_id: offering,
                provider_id: staff,
                contact_id: *contact,
                starts_at: due + TimeDelta::minutes(before.into()),
                note: None,
            };
            let id = BookingId::at(work.now());
            appointments::book(&mut work, id, &new).await?;
        }
        Ok(work.commit().await?)
    }
}

/// A contact whom the number knows, and who has never written.
async fn contact(work: &mut Work, channel: ChannelId, number: u32) -> Result<ContactId, CliError> {
    let phone = format!("2547{number:08}");
    let identity = Identity {
        phone: Phone::from_wa_id(&phone),
        chat_id: Some(phone),
        name: Some("Amina".into()),
        user_id: None,
    };
    Ok(contacts::resolve(work, channel, &identity).await?.id)
}
