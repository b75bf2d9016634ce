//! Reads each list page by page.

use kazi_platform::Timestamp;

use super::{
    Wanted,
    cells::{
        BOOKING, CAMPAIGN, CONTACT, FEEDBACK, MESSAGE, Names, ORDER, PAYMENT, People, booking,
        campaign, contact, message, opinion, order, payment,
    },
    recipients::{RECIPIENT, recipient},
    table::Cell,
};
use crate::{
    Work,
    appointments::{self, BookingFilter, BookingId},
    campaigns::{self, Campaign, CampaignStatus, RecipientFilter},
    contacts::{self, ContactError, ContactFilter, ContactId, Field, Key, Sort},
    conversations::MessageId,
    feedback::{self, FeedbackFilter, FeedbackId},
    messages::{self, CampaignId, WrittenFilter},
    orders::{self, OrderFilter},
    payments::{self, PaymentFilter, PaymentId},
};

/// Rows of a page.
const PAGE: i64 = 1_000;
/// Of each campaign the figures are counted.
const PAGE_OF_CAMPAIGNS: i64 = 50;

/// A list that is read, and where its next page begins.
pub enum Rows {
    Contacts(ContactFilter, Vec<Field>, Option<Key>),
    Orders(OrderFilter, Option<i64>),
    Payments(PaymentFilter, Option<PaymentId>),
    Messages(WrittenFilter, Option<(Timestamp, MessageId)>),
    Bookings(BookingFilter, Names, Option<(Timestamp, BookingId)>),
    Campaigns(Option<CampaignStatus>, Option<CampaignId>),
    Feedback(FeedbackFilter, Option<FeedbackId>),
    /// `None`: the campaign is gone.
    Recipients(Option<Box<Campaign>>, Option<ContactId>),
}

impl Rows {
    pub async fn open(work: &mut Work, wanted: Wanted) -> Result<Self, ContactError> {
        Ok(match wanted {
            Wanted::Contacts(filter) => Self::Contacts(filter, contacts::fields(work).await?, None),
            Wanted::Orders(wanted) => {
                let filter = OrderFilter {
                    status: wanted.status,
                    contact: wanted.contact_id,
                    number: None,
                };
                Self::Orders(filter, None)
            }
            Wanted::Payments(wanted) => {
                let filter = PaymentFilter {
                    status: wanted.status,
                    contact: wanted.contact_id,
                    ..PaymentFilter::default()
                };
                Self::Payments(filter, None)
            }
            Wanted::Messages(filter) => Self::Messages(filter, None),
            Wanted::Bookings(wanted) => {
                let filter = BookingFilter {
                    staff: wanted.provider_id,
                    offering: wanted.offering_id,
                    contact: wanted.contact_id,
                    status: wanted.status,
                    from: wanted.from,
                    until: wanted.until,
                    unreachable: None,
                };
                Self::Bookings(filter, Names::read(work).await?, None)
            }
            Wanted::Campaigns(wanted) => Self::Campaigns(wanted.status, None),
            Wanted::Feedback(filter) => Self::Feedback(filter, None),
            Wanted::CampaignRecipients(wanted) => {
                let campaign = campaigns::get(work, wanted.campaign_id).await?;
                Self::Recipients(campaign.map(Box::new), None)
            }
        })
    }

    pub fn header(&self) -> Vec<String> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        match self {
            Self::Contacts(_, fields, _) => {
                let mut header: Vec<String> = names(&CONTACT);
                header.extend(fields.iter().map(|field| field.key.clone()));
                header
            }
            Self::Orders(..) => names(&ORDER),
            Self::Payments(..) => names(&PAYMENT),
            Self::Messages(..) => names(&MESSAGE),
            Self::Bookings(..) => names(&BOOKING),
            Self::Campaigns(..) => names(&CAMPAIGN),
            Self::Feedback(..) => names(&FEEDBACK),
            Self::Recipients(..) => names(&RECIPIENT),
        }
    }

    /// How many rows there are now.
    pub async fn count(&self, work: &mut Work) -> Result<i64, ContactError> {
        Ok(match self {
            Self::Contacts(filter, ..) => contacts::count(work, filter).await?,
            Self::Orders(filter, _) => orders::count(work, filter).await?,
            Self::Payments(filter, _) => payments::count(work, filter).await?,
            Self::Messages(filter, _) => messages::count_written(work, filter).await?,
            Self::Bookings(filter, ..) => appointments::count(work, filter).await?,
            Self::Campaigns(status, _) => campaigns::count(work, *status).await?,
            Self::Feedback(filter, _) => feedback::count(work, filter).await?,
            Self::Recipients(Some(campaign), _) => {
                campaigns::count_recipients(work, campaign.id).await?
            }
            Self::Recipients(None, _) => 0,
        })
    }

    /// The next page; empty at the end.
    pub async fn next(&mut self, work: &mut Work) -> Result<Vec<Vec<Cell>>, ContactError> {
        Ok(match self {
            Self::Contacts(filter, fields, after) => {
                let sort = Sort::Created;
                let rows = contacts::list(work, filter, sort, after.as_ref(), PAGE).await?;
                *after = rows.last().map(|row| sort.key(row)).or(after.take());
                rows.iter().map(|row| contact(row, fields)).collect()
            }
            Self::Orders(filter, after) => {
                let rows = orders::orders(work, filter, *after, PAGE).await?;
                *after = rows.last().map(|row| row.number).or(*after);
                let who = People::of(work, rows.iter().map(|row| row.contact_id)).await?;
                rows.into_iter().map(|row| order(row, &who)).collect()
            }
            Self::Payments(filter, after) => {
                let rows = payments::payments(work, filter, None, *after, PAGE).await?;
                *after = rows.last().map(|row| row.id).or(*after);
                let who = People::of(work, rows.iter().map(|row| row.contact_id)).await?;
                rows.into_iter().map(|row| payment(row, &who)).collect()
            }
            Self::Messages(filter, after) => {
                let rows = messages::written(work, filter, *after, PAGE).await?;
                *after = rows.last().map(|row| (row.created_at, row.id)).or(*after);
                let who = People::of(work, rows.iter().map(|row| row.contact_id)).await?;
                rows.into_iter().map(|row| message(row, &who)).collect()
            }
            Self::Bookings(filter, names, after) => {
                let rows = appointments::bookings(work, filter, *after, PAGE).await?;
                *after = rows.last().map(|row| (row.starts_at, row.id)).or(*after);
                let who = People::of(work, rows.iter().map(|row| row.contact_id)).await?;
                let cells = rows.into_iter().map(|row| booking(row, names, &who));
                cells.collect()
            }
            Self::Campaigns(status, after) => {
                let rows = campaigns::list(work, *status, *after, PAGE_OF_CAMPAIGNS).await?;
                *after = rows.last().map(|row| row.id).or(*after);
                let mut cells = Vec::new();
                for row in rows {
                    let funnel = campaigns::funnel(work, row.id).await?;
                    cells.push(campaign(row, &funnel));
                }
                cells
            }
            Self::Feedback(filter, after) => {
                let rows = feedback::list(work, filter, *after, PAGE).await?;
                *after = rows.last().map(|row| row.id).or(*after);
                let who = People::of(work, rows.iter().map(|row| row.contact_id)).await?;
                rows.into_iter().map(|row| opinion(row, &who)).collect()
            }
            Self::Recipients(None, _) => Vec::new(),
            Self::Recipients(Some(campaign), after) => {
                let all = RecipientFilter::default();
                let rows = campaigns::recipients(work, campaign, &all, *after, PAGE).await?;
                *after = rows.last().map(|(row, _)| row.contact_id).or(*after);
                let who = People::of(work, rows.iter().map(|(row, _)| row.contact_id)).await?;
                let cells = rows.into_iter();
                cells
                    .map(|(row, outcome)| recipient(row, outcome.as_ref(), &who))
                    .collect()
            }
        })
    }
}
