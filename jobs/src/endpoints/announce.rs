//! What endpoints can be told. Each domain declares the types of its events with [`types!`], and offers a [`Subject`] for
//! each kind of thing that they are about.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta};
use kazi_platform::{Timestamp, WorkspaceId, texts::TextError};
use kazi_queue::enqueue_all;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};
use uuid::Uuid;

use super::{
    AnnouncementId, Deliver, Delivery, DeliveryId, EndpointError, EndpointId, example,
    store::{self, deliveries},
};
use crate::{
    Work,
    audit::Change,
    domain::{Future, offers},
};

/// The version of the payload's form. A change that breaks receivers makes a new one.
const VERSION: u8 = 1;
/// The day of examples: 2030-05-01.
const EXAMPLE_DAY: i64 = 22_035;

/// A type of events: `order.paid`. Stored in rows and chosen by businesses: never rename one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    name: &'static str,
    about: &'static str,
}

/// Schemas by their names.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

type View = for<'a> fn(&'a mut Work, Uuid) -> Future<'a, Result<Option<Value>, sqlx::Error>>;

/// A kind of thing that events are about.
pub(crate) struct Subject {
    pub(super) types: &'static [Type],
    /// Shows the thing as the API does.
    view: View,
    /// The schema of the view, and those that it refers to.
    pub(super) schemas: fn() -> Schemas,
}

impl Subject {
    /// `view` shows a thing as [`shown`] makes it of a `T`.
    pub const fn of<T: ToSchema>(types: &'static [Type], view: View) -> Self {
        Self {
            types,
            view,
            schemas: || {
                let mut all = vec![(T::name().into_owned(), T::schema())];
                T::schemas(&mut all);
                all
            },
        }
    }
}

/// A thing for [`Subject::of`].
pub(crate) fn shown(thing: Option<impl Serialize>) -> Result<Option<Value>, sqlx::Error> {
    let shown = thing.map(serde_json::to_value).transpose();
    shown.map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Declares types of events: constants of [`Type`], and a list of them for a [`Subject`].
macro_rules! types {
    ($list:ident; $(#[doc = $about:literal] $kind:ident = $name:literal;)+) => {
        impl $crate::endpoints::Type {
            $(#[doc = $about] pub const $kind: Self = Self::new($name, $about);)+
        }

        const $list: &[$crate::endpoints::Type] = &[$($crate::endpoints::Type::$kind),+];
    };
}
pub(crate) use types;

impl Type {
    pub(crate) const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about }
    }

    /// The types of all domains.
    pub fn all() -> impl Iterator<Item = Self> {
        offers::<Subject>()
            .flat_map(|subject| subject.types)
            .copied()
    }

    /// The schemas of what events are about, for the API's document.
    pub fn schemas() -> Schemas {
        offers::<Subject>().flat_map(|of| (of.schemas)()).collect()
    }

    /// An example of the body of a call.
    pub fn payload(self, workspace: WorkspaceId) -> Value {
        let timestamp = DateTime::UNIX_EPOCH + TimeDelta::days(EXAMPLE_DAY);
        Payload {
            id: AnnouncementId::at(timestamp),
            kind: self,
            timestamp,
            test: false,
            data: &self.example(),
        }
        .body(workspace)
    }

    fn subject(self) -> Option<&'static Subject> {
        offers::<Subject>().find(|of| of.types.contains(&self))
    }

    /// An example of what an event of this type has in `data`, made of the schema.
    pub fn example(self) -> Value {
        let subject = self.subject();
        subject.map_or(Value::Null, |of| example::of(&(of.schemas)(), self.name))
    }

    /// As it is stored and shown: `order.paid`.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// One sentence.
    pub fn about(self) -> &'static str {
        self.about.trim()
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = <Cow<'de, str>>::deserialize(from)?;
        let found = Self::all().find(|known| known.name == name);
        found.ok_or_else(|| de::Error::custom(TextError::new(&name, Self::all().map(Self::name))))
    }
}

type Hear = for<'a> fn(&'a mut Work, Type, Uuid) -> Future<'a, Result<(), sqlx::Error>>;

/// A higher domain that follows events. It hears each in the transaction of the change, also when no endpoint wants it.
pub(crate) struct Listener {
    /// Hears the type of an event, and the id of what it is about. Most events are none of its own, so it says fast that it
    /// does not care.
    pub hear: Hear,
}

/// Announces a change to the endpoints that want it, in the transaction of the change. The caller has locked or written
/// the subject's row, and the row has its new state.
pub(crate) async fn announce(
    work: &mut Work,
    kind: Type,
    id: impl Into<Uuid>,
) -> Result<(), sqlx::Error> {
    let id = id.into();
    announce_in(work, kind, id, id).await
}

/// Like [`announce()`], in the order of another thing: the messages of a conversation have one order.
pub(crate) async fn announce_in(
    work: &mut Work,
    kind: Type,
    subject: impl Into<Uuid>,
    id: impl Into<Uuid>,
) -> Result<(), sqlx::Error> {
    let (subject, id) = (subject.into(), id.into());
    for listener in offers::<Listener>() {
        (listener.hear)(work, kind, id).await?;
    }
    let endpoints = store::wanting(work, kind.name).await?;
    if endpoints.is_empty() {
        return Ok(());
    }
    let data = match kind.subject() {
        Some(of) => (of.view)(work, id).await?,
        None => None,
    };
    let Some(data) = data else {
        tracing::error!(event.kind = kind.name, %id, "an event has no subject to show");
        return Ok(());
    };
    let payload = Payload {
        id: AnnouncementId::at(work.now()),
        kind,
        timestamp: work.now(),
        test: false,
        data: &data,
    };
    write(work, &payload, subject, &endpoints).await?;
    Ok(())
}

/// Sends an example to one endpoint. It says that it is a test.
pub async fn test(
    work: &mut Work,
    endpoint: EndpointId,
    kind: Type,
) -> Result<Delivery, EndpointError> {
    let found = store::endpoint(work, endpoint).await?;
    let found = found.ok_or(EndpointError::NotFound("endpoint"))?;
    if !found.enabled {
        return Err(EndpointError::Disabled);
    }
    let payload = Payload {
        id: AnnouncementId::at(work.now()),
        kind,
        timestamp: work.now(),
        test: true,
        data: &kind.example(),
    };
    // A subject of its own: it waits for no other event.
    let subject = payload.id.uuid();
    let written = write(work, &payload, subject, &[endpoint]).await?;
    let id = written.first().copied();
    let id = id.ok_or(EndpointError::NotFound("delivery"))?;
    work.audit(&Change::done("endpoints.test", ("endpoint", endpoint)))
        .await?;
    let delivery = deliveries::one(work, id).await?;
    delivery.ok_or(EndpointError::NotFound("delivery"))
}

struct Payload<'a> {
    id: AnnouncementId,
    kind: Type,
    timestamp: Timestamp,
    test: bool,
    data: &'a Value,
}

impl Payload<'_> {
    fn body(&self, workspace: WorkspaceId) -> Value {
        let mut body = json!({
            "id": self.id,
            "type": self.kind,
            "timestamp": self.timestamp,
            "version": VERSION,
            "workspace_id": workspace,
            "data": self.data,
        });
        if self.test {
            body["test"] = true.into();
        }
        body
    }
}

/// Writes an announcement with its deliveries and their jobs.
async fn write(
    work: &mut Work,
    payload: &Payload<'_>,
    subject: Uuid,
    endpoints: &[EndpointId],
) -> Result<Vec<DeliveryId>, sqlx::Error> {
    let new = deliveries::NewAnnouncement {
        id: payload.id,
        kind: payload.kind.name,
        subject,
        contact: contact_of(payload.data).filter(|_| !payload.test),
        payload: &payload.body(work.workspace()).to_string(),
    };
    deliveries::insert_announcement(work, &new).await?;
    let ids: Vec<DeliveryId> = endpoints
        .iter()
        .map(|_| DeliveryId::at(work.now()))
        .collect();
    deliveries::insert(work, payload.id, endpoints, &ids).await?;
    let workspace = work.workspace();
    let jobs = ids
        .iter()
        .zip(endpoints)
        .map(|(&delivery, &endpoint)| Deliver {
            workspace,
            endpoint,
            delivery,
            subject,
        });
    let jobs: Vec<Deliver> = jobs.collect();
    enqueue_all(work.conn(), &jobs).await?;
    Ok(ids)
}

/// The contact whose data this is: things of a contact say so in `contact_id`.
fn contact_of(data: &Value) -> Option<Uuid> {
    let (_, digits) = data["contact_id"].as_str()?.split_once('_')?;
    Uuid::try_parse(digits).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn types_read_back_and_no_two_domains_have_the_same() {
        let mut names = BTreeSet::new();
        for kind in Type::all() {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<Type>(&json).unwrap(), kind);
            assert!(names.insert(kind.name()), "{json}");
            let fits = |c: char| c.is_ascii_lowercase() || "._".contains(c);
            assert!(kind.name().chars().all(fits), "{json}");
            assert!(!kind.about().is_empty(), "{json}");
        }
        assert!(names.contains("ticket.opened"));
        assert!(serde_json::from_str::<Type>("\"rain.begun\"").is_err());
    }
}
