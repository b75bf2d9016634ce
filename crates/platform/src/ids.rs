//! Typed ids: a UUID of version 7 behind a readable prefix, `wsp_019f…`. They sort by their time of creation.

use uuid::Uuid;

use crate::Timestamp;

/// Why a text is not an id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "expected an id like {prefix}0190a5b2c3d4e5f60718293a4b5c6d7e: the prefix {prefix} and 32 hex digits"
)]
pub struct IdError {
    /// The prefix of the expected type.
    pub prefix: &'static str,
}

/// A new UUID of version 7, with the time that it carries.
pub fn uuid_at(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

/// The least UUID of version 7 of a time: the bound of a partition.
pub fn first_uuid_of(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// The UUID that always comes out of the same `from` and `step`: for a row that a job may write more than once and that
/// must exist once. It sorts behind `from`, and before what is made later. That another row has it already is as unlikely
/// as for any random id.
pub fn derived(from: Uuid, step: u16) -> Uuid {
    // Version and variant stand above the last 62 bits.
    const RANDOM: u128 = (1 << 62) - 1;
    let from = from.as_u128();
    Uuid::from_u128(from & !RANDOM | (from + u128::from(step)) & RANDOM)
}

/// Declares an id type: `id!(/// A contact. pub struct ContactId, "ctc_");`
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* pub struct $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// What stands before the digits.
            pub const PREFIX: &'static str = $prefix;

            /// A new id of this moment.
            #[expect(clippy::new_without_default, reason = "every call makes another id")]
            pub fn new() -> Self {
                Self(::uuid::Uuid::now_v7())
            }

            /// A new id of a given moment.
            pub fn at(at: $crate::Timestamp) -> Self {
                Self($crate::ids::uuid_at(at))
            }

            /// The id that always comes out of the same row's id and step. See [`derived`]($crate::ids::derived).
            pub fn derived(from: ::uuid::Uuid, step: u16) -> Self {
                Self($crate::ids::derived(from, step))
            }

            /// The UUID as stored.
            pub const fn uuid(self) -> ::uuid::Uuid {
                self.0
            }
        }

        impl From<::uuid::Uuid> for $name {
            fn from(id: ::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for ::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}{}", $prefix, self.0.simple())
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ids::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix($prefix)
                    .filter(|digits| digits.len() == 32)
                    .and_then(|digits| ::uuid::Uuid::try_parse(digits).ok())
                    .map(Self)
                    .ok_or($crate::ids::IdError { prefix: $prefix })
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A workspace: the tenant.
    pub struct WorkspaceId, "wsp_"
);

impl WorkspaceId {
    /// No workspace: whose key seals what belongs to none (a user's secrets). It is made, wrapped and wrapped anew like
    /// any other's.
    pub const PLATFORM: Self = Self(Uuid::nil());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_another_s_prefix_is_refused() {
        let id = WorkspaceId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        let wrong = id
            .to_string()
            .replace("wsp_", "ctc_")
            .parse::<WorkspaceId>();
        assert!(wrong.unwrap_err().to_string().contains("wsp_"));
        assert!("wsp_0190".parse::<WorkspaceId>().is_err());
    }

    #[test]
    fn a_derived_id_is_always_the_same_and_sorts_after_its_origin() {
        let from = WorkspaceId::new().uuid();
        assert_eq!(derived(from, 1), derived(from, 1));
        assert!(from < derived(from, 1) && derived(from, 1) < derived(from, 2));
    }

    #[test]
    fn ids_sort_by_their_time() {
        let early: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-01-01T00:00:00.001Z".parse().unwrap();
        assert!(WorkspaceId::at(early) < WorkspaceId::at(late));
        assert!(first_uuid_of(late) <= uuid_at(late) && uuid_at(early) < first_uuid_of(late));
    }
}
