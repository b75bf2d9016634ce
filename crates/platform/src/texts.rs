//! Enums whose values have a text. The database, JSON, URLs and the OpenAPI document all use the same text.
//!
//! The crate `strum` would need a second and a third list of the texts, for serde and for sqlx. Its error does not name the
//! allowed texts.

use std::fmt;

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// How many characters of a refused text an error repeats.
const REPEATED_CHARACTERS: usize = 40;

/// A text is none of those that an enum has. The message lists the allowed ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    given: String,
    allowed: Vec<&'static str>,
}

impl TextError {
    /// Refuses `given`, where only the texts in `allowed` may stand.
    pub fn new(given: &str, allowed: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            given: given.chars().take(REPEATED_CHARACTERS).collect(),
            allowed: allowed.into_iter().collect(),
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = self.allowed.join(", ");
        write!(f, "{:?} is not one of: {allowed}", self.given)
    }
}

impl std::error::Error for TextError {}

/// Describes an enum in the OpenAPI document: a string that is one of `allowed`.
pub fn schema(description: &str, allowed: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    // The lines of a doc comment begin with the space after `///`.
    let lines: Vec<&str> = description.trim().lines().map(str::trim).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(lines.join("\n")))
        .enum_values(Some(allowed))
        .into()
}

/// Declares an enum and the text of each of its values.
///
/// ```
/// kazi_platform::texts! {
///     /// How far an order has come.
///     pub enum Status as "OrderStatus" {
///         /// The customer has not paid yet.
///         PendingPayment = "pending_payment",
///         /// The customer has paid.
///         Paid = "paid",
///     }
/// }
/// assert_eq!(Status::Paid.name(), "paid");
/// assert_eq!("paid".parse(), Ok(Status::Paid));
/// assert_eq!(Status::ALL.len(), 2);
/// ```
///
/// The enum is `Copy` and ordered as written. It gets:
/// - `ALL`, an array of its values in the written order, and `name()`, the text of a value;
/// - `Display`, and `FromStr` with a [`TextError`](crate::texts::TextError);
/// - serde by its text;
/// - sqlx by its text, for a column of the type `text` and for an array of them;
/// - `ToSchema` of utoipa. The component has the name after `as`, or else the enum's own name.
///
/// The calling crate needs serde, sqlx and utoipa. Rows and clients keep the texts: never change one.
#[macro_export]
macro_rules! texts {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $($(#[$meta:meta])* $value:ident = $text:literal),+ $(,)?
        }
    ) => {
        $crate::texts! {
            $(#[doc = $doc])*
            $vis enum $name as (::std::stringify!($name)) {
                $($(#[$meta])* $value = $text),+
            }
        }
    };
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident as $component:literal {
            $($(#[$meta:meta])* $value:ident = $text:literal),+ $(,)?
        }
    ) => {
        $crate::texts! {
            $(#[doc = $doc])*
            $vis enum $name as ($component) {
                $($(#[$meta])* $value = $text),+
            }
        }
    };
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident as ($component:expr) {
            $($(#[$meta:meta])* $value:ident = $text:literal),+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$meta])* $value),+
        }

        impl $name {
            /// All values, in the order of their declaration.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$value),+];

            /// Returns the text of this value, as stored and as clients see it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $text),+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::texts::TextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$value),)+
                    other => Err($crate::texts::TextError::new(other, [$($text),+])),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.name())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        impl ::sqlx::Type<::sqlx::Postgres> for $name {
            fn type_info() -> ::sqlx::postgres::PgTypeInfo {
                <str as ::sqlx::Type<::sqlx::Postgres>>::type_info()
            }

            fn compatible(column: &::sqlx::postgres::PgTypeInfo) -> bool {
                <str as ::sqlx::Type<::sqlx::Postgres>>::compatible(column)
            }
        }

        impl ::sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> ::sqlx::postgres::PgTypeInfo {
                <&str as ::sqlx::postgres::PgHasArrayType>::array_type_info()
            }

            fn array_compatible(column: &::sqlx::postgres::PgTypeInfo) -> bool {
                <&str as ::sqlx::postgres::PgHasArrayType>::array_compatible(column)
            }
        }

        impl<'q> ::sqlx::Encode<'q, ::sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut ::sqlx::postgres::PgArgumentBuffer,
            ) -> Result<::sqlx::encode::IsNull, ::sqlx::error::BoxDynError> {
                <&str as ::sqlx::Encode<'q, ::sqlx::Postgres>>::encode(self.name(), buffer)
            }
        }

        impl<'r> ::sqlx::Decode<'r, ::sqlx::Postgres> for $name {
            fn decode(
                value: ::sqlx::postgres::PgValueRef<'r>,
            ) -> Result<Self, ::sqlx::error::BoxDynError> {
                let text = <&str as ::sqlx::Decode<'r, ::sqlx::Postgres>>::decode(value)?;
                Ok(text.parse()?)
            }
        }

        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                let description = ::std::concat!($($doc, "\n"),*);
                $crate::texts::schema(description, [$($text),+])
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed($component)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    texts! {
        /// How far an order
        /// has come.
        pub enum Status as "OrderStatus" {
            /// The customer has not paid yet.
            PendingPayment = "pending_payment",
            Paid = "paid",
        }
    }

    texts! {
        enum Plain {
            Only = "only"
        }
    }

    #[test]
    fn each_value_reads_back_from_its_name() {
        assert_eq!(Status::ALL, [Status::PendingPayment, Status::Paid]);
        for status in Status::ALL {
            assert_eq!(status.name().parse(), Ok(status));
            assert_eq!(status.to_string(), status.name());
            let json = serde_json::to_string(&status).unwrap();
            assert_eq!(json, format!("\"{}\"", status.name()));
            assert_eq!(serde_json::from_str::<Status>(&json).unwrap(), status);
        }
        assert!(Status::PendingPayment < Status::Paid);
        assert_eq!(Plain::ALL.map(Plain::name), ["only"]);
    }

    #[test]
    fn an_error_lists_the_allowed_texts_and_repeats_little_of_the_refused_one() {
        let error = "Paid".parse::<Status>().unwrap_err().to_string();
        assert_eq!(error, "\"Paid\" is not one of: pending_payment, paid");
        let error = serde_json::from_str::<Status>("\"\"").unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with("\"\" is not one of: pending_payment, paid"));
        let error = serde_json::from_str::<Status>("5").unwrap_err().to_string();
        assert!(!error.contains("Status"), "{error}");
        let long = "x".repeat(100_000).parse::<Status>().unwrap_err();
        assert!(long.to_string().len() < 100);
    }

    #[test]
    fn a_value_can_be_the_key_of_a_json_object() {
        let counts = BTreeMap::from([(Status::Paid, 2)]);
        let json = serde_json::to_string(&counts).unwrap();
        assert_eq!(json, r#"{"paid":2}"#);
        let read: BTreeMap<Status, i32> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, counts);
    }

    #[test]
    fn the_api_document_names_the_texts() {
        assert_eq!(<Status as utoipa::ToSchema>::name(), "OrderStatus");
        assert_eq!(<Plain as utoipa::ToSchema>::name(), "Plain");
        let schema = serde_json::to_value(<Status as utoipa::PartialSchema>::schema()).unwrap();
        let expected = serde_json::json!({
            "type": "string",
            "description": "How far an order\nhas come.",
            "enum": ["pending_payment", "paid"],
        });
        assert_eq!(schema, expected);
    }

    #[cfg(feature = "testing")]
    #[tokio::test]
    async fn the_database_stores_the_text() {
        let database =
            crate::testing::TestDatabase::new("texts", async |_| Ok::<(), sqlx::Error>(())).await;
        let db = database.pool();
        let stored: (Status, Vec<Status>, String) =
            sqlx::query_as("SELECT $1::text, $2::text[], $1::text")
                .bind(Status::Paid)
                .bind(Status::ALL.to_vec())
                .fetch_one(db)
                .await
                .unwrap();
        let all = Status::ALL.to_vec();
        assert_eq!(stored, (Status::Paid, all, "paid".into()));
        let unknown = sqlx::query_scalar::<_, Status>("SELECT 'sold'")
            .fetch_one(db)
            .await;
        let unknown = unknown.unwrap_err().to_string();
        assert!(unknown.contains("not one of: pending_payment, paid"));
    }
}
