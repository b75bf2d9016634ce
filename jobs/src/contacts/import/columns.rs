//! Which column is what, and what a row's cells make.

use std::collections::BTreeMap;

use kazi_platform::Phone;
use serde_json::{Map, Value};

use super::{
    RowFault,
    targets::{Target, guess, named, plain},
};
use crate::{
    contacts::{Field, MAX_TAGS, rules},
    violations::Violation,
};

/// Checks an explicit mapping before there is a file: the column and its fault.
pub fn check(columns: &BTreeMap<String, String>, fields: &[Field]) -> Vec<(String, Violation)> {
    let faults = columns
        .iter()
        .filter_map(|(column, target)| Some((column.clone(), named(target, fields).err()?)));
    faults.collect()
}

/// What makes a contact of a row.
#[derive(Clone, Debug)]
pub struct Columns {
    headers: Vec<String>,
    targets: Vec<Option<Target>>,
    country: Option<String>,
    /// On each contact.
    tags: Vec<String>,
}

/// A row that may become a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRow {
    pub line: u64,
    pub phone: Phone,
    pub name: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    pub attributes: Map<String, Value>,
    pub tags: Vec<String>,
    /// No plan has this phone. The row is right only if a contact has it: WhatsApp names some, and our export has them.
    pub doubt: Option<RowFault>,
}

impl NewRow {
    /// Takes what a later row for the same phone says.
    pub fn absorb(&mut self, later: Self) {
        self.name = later.name.or(self.name.take());
        self.email = later.email.or(self.email.take());
        self.language = later.language.or(self.language.take());
        self.attributes.extend(later.attributes);
        self.tags.extend(later.tags);
        self.tags.sort();
        self.tags.dedup();
    }
}

impl Columns {
    /// Finds out what the columns are: as the mapping says, else by their headers. The first of two that are the same
    /// counts.
    ///
    /// # Errors
    /// No column is a phone, or the mapping names one that is not there: a sentence for the member who sent the file.
    pub fn of(
        headers: Vec<String>,
        mapping: &BTreeMap<String, String>,
        fields: &[Field],
        country: Option<String>,
        tags: Vec<String>,
    ) -> Result<Self, String> {
        let is = |header: &str, column: &str| plain(header) == plain(column);
        if let Some(missing) = mapping
            .keys()
            .find(|column| !headers.iter().any(|header| is(header, column)))
        {
            return Err(format!(
                "the file has no column {missing:?}; it has: {}",
                shown(&headers)
            ));
        }
        let mut targets: Vec<Option<Target>> = Vec::new();
        for header in &headers {
            let target = match mapping.iter().find(|(column, _)| is(header, column)) {
                Some((_, target)) => {
                    named(target, fields).map_err(|(_, detail)| format!("{header}: {detail}"))?
                }
                None => guess(header, fields),
            };
            let doubled = target.is_some() && targets.contains(&target);
            targets.push(target.filter(|_| !doubled));
        }
        if !targets.contains(&Some(Target::Phone)) {
            return Err(format!(
                "no column is known to be the phone: say which one; there are: {}",
                shown(&headers)
            ));
        }
        Ok(Self {
            headers,
            targets,
            country,
            tags,
        })
    }

    /// The contact of a row, or the first thing that is wrong with it.
    pub fn read(&self, line: u64, cells: &[String]) -> Result<NewRow, RowFault> {
        let (mut phone, mut name, mut email, mut language) = (None, None, None, None);
        let (mut first, mut last, mut doubt) = (None, None, None);
        let mut attributes = Map::new();
        let mut tags = self.tags.clone();
        for ((header, target), cell) in self.headers.iter().zip(&self.targets).zip(cells) {
            // Exports protect spreadsheets from formulas so: see `export`.
            let cell = match cell.strip_prefix('\'') {
                Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
                _ => cell,
            };
            let (Some(target), false) = (target, cell.is_empty()) else {
                continue;
            };
            let at = |fault: Violation| fault_at(line, header, fault);
            match target {
                Target::Phone => {
                    phone = match rules::phone(cell, self.country.as_deref()).map_err(at) {
                        Ok(phone) => phone,
                        Err(fault) => match Phone::from_stored(cell.trim()) {
                            Some(stored) => {
                                doubt = Some(fault);
                                Some(stored)
                            }
                            None => return Err(fault),
                        },
                    }
                }
                Target::Name => name = rules::name(cell).map_err(at)?,
                Target::FirstName => first = rules::name(cell).map_err(at)?,
                Target::LastName => last = rules::name(cell).map_err(at)?,
                Target::Email => email = rules::email(cell).map_err(at)?,
                Target::Language => language = rules::language(cell).map_err(at)?,
                Target::Tags => {
                    for tag in cell
                        .split([',', ';', '|'])
                        .filter(|tag| !tag.trim().is_empty())
                    {
                        tags.push(rules::tag(tag).map_err(at)?);
                    }
                }
                Target::Field(field) => {
                    attributes.insert(field.key.clone(), field.read(cell).map_err(at)?);
                }
            }
        }
        let column = |target| {
            let place = self
                .targets
                .iter()
                .position(|known| known.as_ref() == Some(&target));
            place
                .and_then(|place| self.headers.get(place))
                .map_or("", String::as_str)
        };
        let Some(phone) = phone else {
            return Err(fault_at(
                line,
                column(Target::Phone),
                ("required", "the phone is missing".into()),
            ));
        };
        tags.sort();
        tags.dedup();
        if tags.len() > MAX_TAGS {
            let fault = (
                "too_many_tags",
                format!("a contact has at most {MAX_TAGS} tags"),
            );
            return Err(fault_at(line, column(Target::Tags), fault));
        }
        let whole = [first, last]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let name = match name {
            Some(name) => Some(name),
            None => rules::name(&whole)
                .map_err(|fault| fault_at(line, column(Target::FirstName), fault))?,
        };
        Ok(NewRow {
            line,
            phone,
            name,
            email,
            language,
            attributes,
            tags,
            doubt,
        })
    }
}

fn shown(headers: &[String]) -> String {
    let names = headers
        .iter()
        .take(30)
        .map(|header| header.chars().take(40).collect::<String>());
    names.collect::<Vec<_>>().join(", ")
}

pub fn fault_at(line: u64, column: &str, (code, detail): Violation) -> RowFault {
    RowFault {
        line: i64::try_from(line).unwrap_or(i64::MAX),
        column: column.chars().take(100).collect(),
        code: code.into(),
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::FieldKind;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn columns(headers: &[&str], mapping: &[(&str, &str)]) -> Result<Columns, String> {
        let mapping = mapping
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        let city = Field {
            key: "city".into(),
            label: "Ville".into(),
            kind: FieldKind::Text,
            choices: vec![],
        };
        Columns::of(
            row(headers),
            &mapping,
            &[city],
            Some("KE".into()),
            vec!["fair".into()],
        )
    }

    #[test]
    fn headers_are_known_in_every_language() {
        for headers in [
            ["Full name", "Phone_Number", "E-mail", "Tags"],
            ["Nom", "Téléphone", "Courriel", "Étiquettes"],
            ["Nombre", "Teléfono", "Correo electrónico", "Etiquetas"],
            ["Nome", "Telefone", "E-MAIL", "Etiquetas"],
            ["الاسم", "رقم الهاتف", "البريد الإلكتروني", "الوسوم"],
            ["नाम", "मोबाइल नंबर", "ईमेल", "टैग"],
        ] {
            let read = columns(&headers, &[])
                .unwrap()
                .read(2, &row(&["Amina", "0712345678", "A@x.com", "VIP; b"]))
                .unwrap();
            assert_eq!(
                (read.name.as_deref(), read.phone.as_str()),
                (Some("Amina"), "+254712345678"),
                "{headers:?}"
            );
            assert_eq!(
                (read.email.as_deref(), read.tags),
                (
                    Some("a@x.com"),
                    vec!["b".into(), "fair".into(), "vip".into()]
                )
            );
        }
    }

    #[test]
    fn a_mapping_goes_before_the_headers() {
        let read = columns(
            &["Name", "A", "VILLE"],
            &[("a", "phone"), ("name", "ignore")],
        )
        .unwrap();
        let read = read
            .read(2, &row(&["Amina", "'+254712345678", "Nairobi"]))
            .unwrap();
        assert_eq!(
            (read.name, read.attributes["city"].as_str()),
            (None, Some("Nairobi"))
        );
        assert!(
            columns(&["A"], &[("b", "phone")])
                .unwrap_err()
                .contains("\"b\"")
        );
        assert!(
            columns(&["Name", "Ville"], &[])
                .unwrap_err()
                .contains("Name, Ville")
        );
        let known = [("b".to_owned(), "nonsense".to_owned())].into();
        assert_eq!(check(&known, &[])[0].1.0, "unknown_target");
    }

    #[test]
    fn a_bad_row_says_where_and_why() {
        let columns = columns(&["First name", "Last name", "Mobile", "Mail"], &[]).unwrap();
        let read = |cells: &[&str]| {
            columns
                .read(7, &row(cells))
                .map_err(|fault| (fault.line, fault.column, fault.code))
        };
        assert_eq!(
            read(&["A", "B", "0712345678"]).unwrap().name.as_deref(),
            Some("A B")
        );
        let fault = |column: &str, code: &str| Err((7, column.to_owned(), code.to_owned()));
        assert_eq!(read(&["A", "B", "12"]), fault("Mobile", "invalid_phone"));
        assert_eq!(read(&["A", "B"]), fault("Mobile", "required"));
        assert_eq!(
            read(&["A", "B", "0712345678", "x"]),
            fault("Mail", "invalid_email")
        );
    }
}
