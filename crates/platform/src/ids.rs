//! Typed ids: a readable prefix and a UUID of version 7, like `wsp_019f…`. Ids of one type sort by their time of creation.

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use uuid::Uuid;

use crate::Timestamp;

/// The digits after the prefix in examples.
const EXAMPLE_DIGITS: &str = "0190a5b2c3d4e5f60718293a4b5c6d7e";

/// A text is not an id of the expected type.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected an id like {prefix}{EXAMPLE_DIGITS}: the prefix {prefix} and 32 hex digits")]
pub struct IdError {
    /// The prefix of the expected type, like `ctc_`.
    pub prefix: &'static str,
}

/// Makes a new random UUID of version 7 that carries the time `at`, to the millisecond.
pub fn uuid_at(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

/// Returns the smallest UUID of version 7 that carries the time `at`. Partitions have such bounds.
pub fn first_uuid_of(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// Returns a UUID that depends on `from` and `step` only. A job uses it for a row that must exist once, although the job
/// may write it several times. The UUID sorts after `from` and before the UUIDs of later milliseconds. A collision with
/// another row is as unlikely as with a random id.
pub fn derived(from: Uuid, step: u16) -> Uuid {
    // Version and variant stand above the last 62 bits.
    const RANDOM: u128 = (1 << 62) - 1;
    let from = from.as_u128();
    Uuid::from_u128(from & !RANDOM | (from + u128::from(step)) & RANDOM)
}

/// Describes an id type in the OpenAPI document: a string with its pattern and an example.
pub fn schema(prefix: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^{prefix}[0-9A-Fa-f]{{32}}$")))
        .examples([format!("{prefix}{EXAMPLE_DIGITS}")])
        .into()
}

/// Declares an id type: `id!(/// A contact. pub struct ContactId, "ctc_");`
///
/// The type reads and writes itself as text with its prefix, is stored as a UUID, and is a component of the OpenAPI
/// document under its own name.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* pub struct $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// The text before the digits.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id that carries the current time.
            #[expect(clippy::new_without_default, reason = "every call makes another id")]
            pub fn new() -> Self {
                Self(::uuid::Uuid::now_v7())
            }

            /// Makes a new id that carries the time `at`.
            pub fn at(at: $crate::Timestamp) -> Self {
                Self($crate::ids::uuid_at(at))
            }

            /// Returns the id that depends on `from` and `step` only. See [`derived`]($crate::ids::derived).
            pub fn derived(from: ::uuid::Uuid, step: u16) -> Self {
                Self($crate::ids::derived(from, step))
            }

            /// Returns the UUID, without the prefix, as the database stores it.
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

        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                $crate::ids::schema($prefix)
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::std::stringify!($name))
            }
        }
    };
}

id!(
    /// The id of a workspace. A workspace is a tenant: one business.
    pub struct WorkspaceId, "wsp_"
);

id!(
    /// The id of a conversation. Domains below the conversations name them too.
    pub struct ConversationId, "cnv_"
);

impl WorkspaceId {
    /// Stands for the platform itself. Its data key seals values that belong to no workspace, like a user's secrets. The
    /// keyring treats this key like that of a workspace.
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
    fn the_api_document_shows_the_pattern_and_an_example_of_an_id() {
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "only its schema is read")]
        struct Body {
            id: WorkspaceId,
            other: Option<WorkspaceId>,
        }
        let body = serde_json::to_value(<Body as utoipa::PartialSchema>::schema()).unwrap();
        let reference = "#/components/schemas/WorkspaceId";
        assert_eq!(body["properties"]["id"]["$ref"], reference);
        assert!(body["properties"]["other"].to_string().contains(reference));
        let mut components = Vec::new();
        <Body as utoipa::ToSchema>::schemas(&mut components);
        let (_, schema) = components
            .iter()
            .find(|(name, _)| name == "WorkspaceId")
            .unwrap();
        let schema = serde_json::to_value(schema).unwrap();
        assert_eq!(schema["type"], "string");
        assert_eq!(schema["pattern"], "^wsp_[0-9A-Fa-f]{32}$");
        let example = schema["examples"][0].as_str().unwrap();
        assert!(example.parse::<WorkspaceId>().is_ok(), "{example}");
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
