//! What members are told of. Each domain declares its kinds with [`kinds!`] and offers them in its `DOMAIN`.

use std::borrow::Cow;

use kazi_platform::texts::{self, TextError};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::domain::offers;

/// What members are told of, and may choose not to be. Stored in rows: never rename one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(&'static str);

/// The kinds of a domain, as its `DOMAIN` offers them.
pub(crate) struct Kinds(pub &'static [Kind]);

/// Declares what a domain tells members of: constants of [`Kind`], and `NOTIFICATIONS` for the domain's offers.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal;)+) => {
        impl $crate::notifications::Kind {
            $($(#[$doc])* pub const $kind: Self = Self::new($name);)+
        }

        const NOTIFICATIONS: $crate::notifications::Kinds =
            $crate::notifications::Kinds(&[$($crate::notifications::Kind::$kind),+]);
    };
}
pub(crate) use kinds;

impl Kind {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The kinds of all domains.
    pub fn all() -> impl Iterator<Item = Self> {
        offers::<Kinds>().flat_map(|own| own.0).copied()
    }

    /// As it is stored and shown: `ticket_opened`.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = <Cow<'de, str>>::deserialize(from)?;
        let found = Self::all().find(|known| known.0 == name);
        found.ok_or_else(|| de::Error::custom(TextError::new(&name, Self::all().map(Self::name))))
    }
}

impl PartialSchema for Kind {
    fn schema() -> RefOr<Schema> {
        let about =
            "What members are told of, and may choose not to be. Stored in rows: never rename one.";
        texts::schema(about, Self::all().map(Self::name))
    }
}

impl ToSchema for Kind {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("NotificationKind")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_back_and_no_two_domains_have_the_same() {
        let mut names = std::collections::BTreeSet::new();
        for kind in Kind::all() {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<Kind>(&json).unwrap(), kind);
            assert!(names.insert(kind.name()), "{json}");
        }
        assert!(names.contains("ticket_opened"));
        assert!(serde_json::from_str::<Kind>("\"rain\"").is_err());
    }
}
