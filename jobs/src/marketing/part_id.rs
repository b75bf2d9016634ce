//! What a part is. Its id tells its kind: a broadcast's begins with `cmp_`, a content's with `sco_`, an automation's with `aut_`.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

use super::PartKind;
use crate::{automations::AutomationId, messages::CampaignId, social::ContentId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartId {
    Broadcast(CampaignId),
    Post(ContentId),
    Automation(AutomationId),
}

/// A text is no id of a part.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("must be the id of a campaign (cmp_…), a content (sco_…) or an automation (aut_…)")]
pub struct PartIdError;

impl PartId {
    pub(super) fn new(kind: PartKind, id: Uuid) -> Self {
        match kind {
            PartKind::Broadcast => Self::Broadcast(id.into()),
            PartKind::Post => Self::Post(id.into()),
            PartKind::Automation => Self::Automation(id.into()),
        }
    }

    pub(super) const fn kind(self) -> PartKind {
        match self {
            Self::Broadcast(_) => PartKind::Broadcast,
            Self::Post(_) => PartKind::Post,
            Self::Automation(_) => PartKind::Automation,
        }
    }

    pub(super) const fn uuid(self) -> Uuid {
        match self {
            Self::Broadcast(id) => id.uuid(),
            Self::Post(id) => id.uuid(),
            Self::Automation(id) => id.uuid(),
        }
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broadcast(id) => id.fmt(f),
            Self::Post(id) => id.fmt(f),
            Self::Automation(id) => id.fmt(f),
        }
    }
}

impl FromStr for PartId {
    type Err = PartIdError;

    fn from_str(text: &str) -> Result<Self, PartIdError> {
        let broadcast = text.parse().map(Self::Broadcast);
        let post = || text.parse().map(Self::Post);
        let automation = || text.parse().map(Self::Automation);
        broadcast
            .or_else(|_| post())
            .or_else(|_| automation())
            .map_err(|_| PartIdError)
    }
}

impl Serialize for PartId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl PartialSchema for PartId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "The id of a campaign, a content of posts, or an automation.",
            ))
            .pattern(Some("^(cmp|sco|aut)_[0-9a-f]{32}$"))
            .examples(["cmp_01890000000000000000000000000000"])
            .into()
    }
}

impl ToSchema for PartId {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("MarketingPartId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_kind_and_any_other_is_refused() {
        let id = Uuid::from_u128(7);
        for kind in PartKind::ALL {
            let part = PartId::new(kind, id);
            let read: PartId = part.to_string().parse().unwrap();
            assert_eq!((read, read.kind(), read.uuid()), (part, kind, id));
        }
        for wrong in ["", "cmp_1", "ctc_01890000000000000000000000000000"] {
            assert!(wrong.parse::<PartId>().is_err(), "{wrong}");
        }
    }
}
