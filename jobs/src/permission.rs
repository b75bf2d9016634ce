//! Who may do what in a workspace. Each domain declares its permissions with [`permissions!`] and offers them in its `DOMAIN`.
//!
//! A permission's name is stored in the scopes of API keys and shown to clients: never rename one.

use std::{fmt, str::FromStr};

use kazi_platform::texts::TextError;
use serde::{Serialize, Serializer};

use crate::{Role, domain::offers};

/// Something that a route asks for. As a scope of an API key it has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    name: &'static str,
    rule: Rule,
}

/// Who has a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The least role that has it. A later role has all permissions of an earlier one.
    pub least: Role,
    /// Whether a member who has TOTP must have entered a code of it lately: money leaving, mass sending, secrets.
    pub step_up: bool,
    /// Whether an API key may have it as a scope. Programs get no permission for what only a person may decide.
    pub keys: bool,
}

/// The permissions of a domain, as its `DOMAIN` offers them.
pub(crate) struct Permissions(pub &'static [Permission]);

/// Declares the permissions of a domain: constants of [`Permission`], and `PERMISSIONS` for the domain's offers.
///
/// After the name stands the least role, and then the marks `step_up` and `not_for_keys` where they hold.
macro_rules! permissions {
    ($($(#[$doc:meta])* $permission:ident = $name:literal, $least:ident $(, $mark:ident)*;)+) => {
        impl $crate::Permission {
            $(
                $(#[$doc])*
                pub const $permission: Self = Self::new($name, $crate::Role::$least)$(.$mark())*;
            )+
        }

        const PERMISSIONS: $crate::permission::Permissions =
            $crate::permission::Permissions(&[$($crate::Permission::$permission),+]);
    };
}
pub(crate) use permissions;

impl Permission {
    pub(crate) const fn new(name: &'static str, least: Role) -> Self {
        let rule = Rule {
            least,
            step_up: false,
            keys: true,
        };
        Self { name, rule }
    }

    pub(crate) const fn step_up(mut self) -> Self {
        self.rule.step_up = true;
        self
    }

    pub(crate) const fn not_for_keys(mut self) -> Self {
        self.rule.keys = false;
        self
    }

    /// The permissions of all domains.
    pub fn all() -> impl Iterator<Item = Self> {
        offers::<Permissions>().flat_map(|own| own.0).copied()
    }

    /// As it is stored and shown: `contacts.read`.
    pub const fn name(self) -> &'static str {
        self.name
    }

    pub const fn rule(self) -> Rule {
        self.rule
    }
}

impl Role {
    /// Whether somebody in this role has the permission.
    pub fn allows(self, permission: Permission) -> bool {
        self >= permission.rule.least
    }
}

impl FromStr for Permission {
    type Err = TextError;

    fn from_str(name: &str) -> Result<Self, TextError> {
        let found = Self::all().find(|known| known.name == name);
        found.ok_or_else(|| TextError::new(name, Self::all().map(Self::name)))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_read_back_and_no_two_domains_have_the_same() {
        let mut names = BTreeSet::new();
        for permission in Permission::all() {
            assert_eq!(permission.name().parse(), Ok(permission));
            assert!(names.insert(permission.name()), "{permission}");
        }
        assert!(names.contains("tickets.read"));
        assert!("contacts.fly".parse::<Permission>().is_err());
    }
}
