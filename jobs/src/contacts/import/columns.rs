//! Which column is what, and what a row's cells make.

use std::collections::BTreeMap;

use kazi_platform::Phone;
use serde_json::{Map, Value};

use super::{
    RowFault,
    cells::{self, Person},
    file::FileRow,
    garbled::garbled,
    targets::{PhoneUse, Target, guess, named, plain},
};
use crate::{
    contacts::{Field, FieldKind, MAX_TAGS, rules},
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
    /// Finds out what the columns are: as the mapping says, else by their headers. A kind that the mapping names is in no
    /// other columns.
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
        let mut named_targets: Vec<Target> = Vec::new();
        let mut targets: Vec<Option<Target>> = Vec::new();
        for header in &headers {
            let target = match mapping.iter().find(|(column, _)| is(header, column)) {
                Some((_, target)) => {
                    let target = named(target, fields)
                        .map_err(|(_, detail)| format!("{header}: {detail}"))?;
                    named_targets.extend(target.clone());
                    target
                }
                None => None,
            };
            targets.push(target);
        }
        for (header, target) in headers.iter().zip(&mut targets) {
            if !mapping.keys().any(|column| is(header, column)) {
                let guessed = guess(header, fields);
                *target = guessed
                    .filter(|target| !named_targets.iter().any(|known| known.is_like(target)));
            }
        }
        if !targets.iter().flatten().any(Target::is_phone) {
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

    /// Says whether a row has texts that somebody decoded wrongly, and gives the first. Headers count as texts too.
    pub fn garbled<'a>(&self, cells: &'a [String]) -> Option<&'a str> {
        let mut texts = self.targets.iter().zip(cells).filter_map(|(target, cell)| {
            let is_text = match target {
                Some(Target::Phone(_) | Target::Email | Target::Language) | None => false,
                Some(Target::Field(field)) => field.kind == FieldKind::Text,
                Some(_) => true,
            };
            is_text.then_some(cell.as_str())
        });
        texts.find(|cell| garbled(cell))
    }

    /// The header that Kazi cannot read, if there is one.
    pub fn garbled_header(&self) -> Option<&str> {
        let mut headers = self.headers.iter().map(String::as_str);
        headers.find(|header| garbled(header))
    }

    /// The contact of a row, or the first thing that is wrong with it. Of several columns of one kind the first that is
    /// filled counts; of several phones or addresses the first that is valid.
    pub fn read(&self, row: &FileRow, cells: &[String]) -> Result<NewRow, RowFault> {
        let line = row.line;
        let mut person = Person::default();
        let (mut phones, mut emails) = (Vec::new(), Vec::new());
        let mut language = None;
        let mut attributes = Map::new();
        let mut tags = self.tags.clone();
        for (place, (header, target)) in self.headers.iter().zip(&self.targets).enumerate() {
            let Some(target) = target else { continue };
            let at = |fault: Violation| fault_at(line, header, fault);
            if let Some((_, fault)) = row.lost.iter().find(|(lost, _)| *lost == place) {
                return Err(at(fault.clone()));
            }
            let cell = cells::unprotected(cells.get(place).map_or("", String::as_str));
            if cell.is_empty() {
                continue;
            }
            let name = || rules::name(cell).map_err(at);
            match target {
                Target::Phone(phone_use) => phones.push((*phone_use, header, cell)),
                Target::Email => emails.push((header, cell)),
                Target::Name if person.name.is_none() => person.name = name()?,
                Target::FirstName if person.first.is_none() => person.first = name()?,
                Target::MiddleName if person.middle.is_none() => person.middle = name()?,
                Target::LastName if person.last.is_none() => person.last = name()?,
                Target::Language if language.is_none() => {
                    language = rules::language(cell).map_err(at)?;
                }
                Target::Tags => {
                    for tag in cells::tags(cell) {
                        tags.push(rules::tag(tag).map_err(at)?);
                    }
                }
                Target::Field(field) if !attributes.contains_key(&field.key) => {
                    attributes.insert(field.key.clone(), field.read(cell).map_err(at)?);
                }
                _ => {}
            }
        }
        phones.sort_by_key(|(phone_use, ..)| *phone_use);
        let (phone, doubt) = self.phone(line, &phones)?;
        let email = first_valid(line, &emails, cells::emails, rules::email)?;
        tags.sort();
        tags.dedup();
        if tags.len() > MAX_TAGS {
            let fault = (
                "too_many_tags",
                format!("a contact has at most {MAX_TAGS} tags"),
            );
            return Err(fault_at(
                line,
                self.column(|target| *target == Target::Tags),
                fault,
            ));
        }
        let is_first = |target: &Target| *target == Target::FirstName;
        let name = rules::name(&person.whole())
            .map_err(|fault| fault_at(line, self.column(is_first), fault))?;
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

    /// The first valid phone. Without one, a phone that only WhatsApp may know, with the doubt about it.
    fn phone(
        &self,
        line: u64,
        phones: &[(PhoneUse, &String, &str)],
    ) -> Result<(Phone, Option<RowFault>), RowFault> {
        let cells: Vec<(&String, &str)> = phones
            .iter()
            .map(|(_, header, cell)| (*header, *cell))
            .collect();
        let country = self.country.as_deref();
        let read = |cell: &str| rules::phone(&cells::digits(cell)?, country);
        let valid = |cell: &str| matches!(read(cell), Ok(Some(_)));
        let pieces = |cell| cells::phones(cell, valid);
        match first_valid(line, &cells, pieces, read) {
            Ok(Some(phone)) => Ok((phone, None)),
            Ok(None) => {
                let fault = ("required", "the phone is missing".into());
                Err(fault_at(line, self.column(Target::is_phone), fault))
            }
            Err(fault) => {
                let mut stored = cells
                    .iter()
                    .map(|(_, cell)| Phone::from_stored(cell.trim()));
                match stored.find_map(|phone| phone) {
                    Some(phone) => Ok((phone, Some(fault))),
                    None => Err(fault),
                }
            }
        }
    }

    fn column(&self, is: impl Fn(&Target) -> bool) -> &str {
        let mut columns = self.headers.iter().zip(&self.targets);
        columns
            .find(|(_, target)| target.as_ref().is_some_and(&is))
            .map_or("", |(header, _)| header)
    }
}

/// The first valid of the values in some columns, else the first fault. The other values are left.
fn first_valid<'a, T>(
    line: u64,
    cells: &[(&String, &'a str)],
    pieces: impl Fn(&'a str) -> Vec<&'a str>,
    read: impl Fn(&str) -> Result<Option<T>, Violation>,
) -> Result<Option<T>, RowFault> {
    let mut first_fault = None;
    for (header, cell) in cells {
        for piece in pieces(cell) {
            match read(piece) {
                Ok(Some(value)) => return Ok(Some(value)),
                Ok(None) => {}
                Err(fault) => {
                    first_fault.get_or_insert_with(|| fault_at(line, header, fault));
                }
            }
        }
    }
    first_fault.map_or(Ok(None), Err)
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

    impl Columns {
        fn contact(&self, line: u64, cells: &[&str]) -> Result<NewRow, RowFault> {
            let of = FileRow {
                line,
                ..FileRow::default()
            };
            self.read(&of, &row(cells))
        }
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
                .contact(2, &["Amina", "0712345678", "A@x.com", "VIP; b"])
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
            .contact(2, &["Amina", "'+254712345678", "Nairobi"])
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
                .contact(7, cells)
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

    #[test]
    fn the_first_valid_of_several_phones_is_taken() {
        let columns =
            columns(&["Home phone", "Phone", "WhatsApp number", "Mobile 2"], &[]).unwrap();
        let phone = |cells: &[&str]| {
            columns
                .contact(2, cells)
                .map(|read| read.phone.as_str().to_owned())
        };
        assert_eq!(
            phone(&["0712345601", "0712345602", "0712345603", "0712345604"]).unwrap(),
            "+254712345603"
        );
        assert_eq!(
            phone(&["0712345601", "0712345602", "", "0712345604"]).unwrap(),
            "+254712345604"
        );
        assert_eq!(
            phone(&["0712345601", "", "12", ""]).unwrap(),
            "+254712345601"
        );
        assert_eq!(
            phone(&["", "12 / 0712345605; 0712345606", "", ""]).unwrap(),
            "+254712345606"
        );
        assert_eq!(
            phone(&["", "0712345605 / 0712345606", "", ""]).unwrap(),
            "+254712345605"
        );
        assert_eq!(
            phone(&["", "0712345605/06", "", ""]).unwrap_err().code,
            "invalid_phone"
        );
        assert_eq!(
            phone(&["", "1", "2", ""]).unwrap_err().column,
            "WhatsApp number"
        );
        let named = tests::columns(&["Phone", "Other"], &[("other", "phone")]).unwrap();
        assert_eq!(
            named.contact(2, &["0712345601", ""]).unwrap_err().column,
            "Other"
        );
    }
}
