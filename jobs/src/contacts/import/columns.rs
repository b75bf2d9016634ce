//! Which column is what, and what a row's cells make.

use std::collections::BTreeMap;

use kazi_platform::Phone;
use serde_json::Map;

use super::{
    RowFault,
    cells::{self, Person},
    file::FileRow,
    garbled::garbled,
    row::{NewRow, note},
    targets::{PhoneUse, Target, guess, labels, named, plain, use_of_label},
    wishes::{self, Answer, Said, Wish},
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
    /// What each column says of offers, whatever else it is.
    wishes: Vec<Option<Wish>>,
    /// The column with the labels of a column of phones.
    labels: Vec<Option<usize>>,
    country: Option<String>,
    /// On each contact.
    tags: Vec<String>,
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
        let wishes = headers.iter().zip(&targets).map(|(header, target)| {
            if mapping.keys().any(|column| is(header, column)) {
                return match target {
                    Some(Target::Wish(wish)) => Some(*wish),
                    _ => None,
                };
            }
            wishes::of_header(header)
        });
        let wishes = wishes.collect();
        let label_of = |(header, target): (&String, &Option<Target>)| {
            let labelled = |target: &&Target| {
                target.is_phone() && **target != Target::Phone(PhoneUse::Messages)
            };
            target.as_ref().filter(labelled)?;
            headers.iter().position(|other| labels(header, other))
        };
        let labels = headers.iter().zip(&targets).map(label_of).collect();
        Ok(Self {
            headers,
            targets,
            wishes,
            labels,
            country,
            tags,
        })
    }

    /// Says whether a row has texts that somebody decoded wrongly, and gives the first. Headers count as texts too.
    pub fn garbled<'a>(&self, cells: &'a [String]) -> Option<&'a str> {
        let mut texts = self.targets.iter().zip(cells).filter_map(|(target, cell)| {
            let is_text = match target {
                Some(Target::Phone(_) | Target::Email | Target::Language | Target::Wish(_))
                | None => false,
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
    /// filled counts; of several phones or addresses the first that is valid. A contact without a phone or with a name or a
    /// wish that nobody can read is none; the other values are left out where they are wrong, and the row's remark says so.
    pub fn read(&self, row: &FileRow, cells: &[String]) -> Result<NewRow, RowFault> {
        let line = row.line;
        let mut person = Person::default();
        let (mut phones, mut emails) = (Vec::new(), Vec::new());
        let mut language = None;
        let mut attributes = Map::new();
        let mut tags = self.tags.clone();
        let mut remark = None;
        for (place, (header, target)) in self.headers.iter().zip(&self.targets).enumerate() {
            let Some(target) = target else { continue };
            let at = |fault: Violation| fault_at(line, header, fault);
            if let Some((_, fault)) = row.lost.iter().find(|(lost, _)| *lost == place) {
                if target.is_phone() {
                    return Err(at(fault.clone()));
                }
                note(&mut remark, at(fault.clone()));
                continue;
            }
            let cell = cell_at(cells, place);
            if cell.is_empty() {
                continue;
            }
            let name = || rules::name(cell).map_err(at);
            let mut without = |fault| note(&mut remark, at(fault));
            match target {
                Target::Phone(phone_use) => {
                    let labels = self.labels[place].map_or("", |place| cell_at(cells, place));
                    phones.extend(labelled(*phone_use, header, cell, labels));
                }
                Target::Email => emails.push((header, cell)),
                Target::Name if person.name.is_none() => person.name = name()?,
                Target::FirstName if person.first.is_none() => person.first = name()?,
                Target::MiddleName if person.middle.is_none() => person.middle = name()?,
                Target::LastName if person.last.is_none() => person.last = name()?,
                Target::Language if language.is_none() => match rules::language(cell) {
                    Ok(read) => language = read,
                    Err(fault) => without(fault),
                },
                Target::Tags => {
                    for tag in cells::tags(cell) {
                        match rules::tag(tag) {
                            Ok(tag) => tags.push(tag),
                            Err(fault) => without(fault),
                        }
                    }
                }
                Target::Field(field) if !attributes.contains_key(&field.key) => {
                    match field.read(cell) {
                        Ok(value) => {
                            attributes.insert(field.key.clone(), value);
                        }
                        Err(fault) => without(fault),
                    }
                }
                _ => {}
            }
        }
        let (marketing, blocked) = self.wishes(line, row, cells)?;
        phones.sort_by_key(|(phone_use, ..)| *phone_use);
        let (phone, doubt) = self.phone(line, &phones)?;
        let email = match first_valid(line, &emails, cells::emails, rules::email) {
            Ok(email) => email,
            Err(fault) => {
                note(&mut remark, fault);
                None
            }
        };
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
            marketing,
            blocked,
            remark,
            doubt,
        })
    }

    /// What a row says of offers, and whether the contact is blocked.
    fn wishes(&self, line: u64, row: &FileRow, cells: &[String]) -> Result<(Said, bool), RowFault> {
        let (mut said, mut blocked) = (Said::NotAsked, false);
        for (place, (header, wish)) in self.headers.iter().zip(&self.wishes).enumerate() {
            let Some(wish) = *wish else { continue };
            if let Some((_, fault)) = row.lost.iter().find(|(lost, _)| *lost == place) {
                return Err(fault_at(line, header, fault.clone()));
            }
            let cell = cell_at(cells, place);
            let answer = match wishes::read(wish, cell) {
                Ok(answer) => answer,
                // The workspace has a field of its own for the column, with values of its own.
                Err(_) if matches!(self.targets[place], Some(Target::Field(_))) => continue,
                Err(fault) => return Err(fault_at(line, header, fault)),
            };
            let no = || Said::No(format!("{header}: {cell}").chars().take(300).collect());
            let this = match (wish, answer) {
                (Wish::Blocked, answer) => {
                    blocked |= answer == Answer::Yes;
                    continue;
                }
                (Wish::OptOut, Answer::Yes) | (Wish::Marketing | Wish::Status, Answer::No) => no(),
                (Wish::Marketing | Wish::Status, Answer::Yes) => Said::Yes,
                (Wish::Marketing, Answer::None) => Said::NoAnswer,
                (Wish::OptOut, _) | (Wish::Status, Answer::None) => continue,
            };
            said = said.max(this);
        }
        Ok((said, blocked))
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
                Err(fault_at(line, self.phone_column(), fault))
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

    /// What the file calls the first column of phones.
    pub fn phone_column(&self) -> &str {
        self.column(Target::is_phone)
    }

    fn column(&self, is: impl Fn(&Target) -> bool) -> &str {
        let mut columns = self.headers.iter().zip(&self.targets);
        columns
            .find(|(_, target)| target.as_ref().is_some_and(&is))
            .map_or("", |(header, _)| header)
    }
}

fn cell_at(cells: &[String], place: usize) -> &str {
    cells::unprotected(cells.get(place).map_or("", String::as_str))
}

/// The phones of a cell with what they are for: the header says it, or their labels do, one for each or one for all.
fn labelled<'a>(
    phone_use: PhoneUse,
    header: &'a String,
    cell: &'a str,
    labels: &str,
) -> Vec<(PhoneUse, &'a String, &'a str)> {
    if labels.is_empty() {
        return vec![(phone_use, header, cell)];
    }
    let labels: Vec<&str> = labels.split(cells::GOOGLE).map(str::trim).collect();
    let phones = cell.split(cells::GOOGLE).map(str::trim).enumerate();
    let used = phones.filter_map(|(place, phone)| {
        let label = labels.get(place).or(labels.last())?;
        Some((use_of_label(label)?, header, phone))
    });
    used.collect()
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
        imported: false,
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
        let kept = read(&["A", "B", "0712345678", "x"]).unwrap();
        let remark = kept.remark.unwrap();
        assert_eq!(
            (kept.email, remark.column.as_str(), remark.code.as_str()),
            (None, "Mail", "invalid_email")
        );
    }

    #[test]
    fn labels_say_which_phone_is_a_mobile() {
        let headers = [
            "Name",
            "Phone 1 - Label",
            "Phone 1 - Value",
            "Phone 2 - Label",
            "Phone 2 - Value",
        ];
        let old = [
            "Name",
            "Phone 1 - Type",
            "Phone 1 - Value",
            "Phone 2 - Type",
            "Phone 2 - Value",
        ];
        for (labels, wanted) in [
            (["Work", "Mobile"], "+254712345602"),
            (["Home", "* Mobile"], "+254712345602"),
            (["Mobile", "WhatsApp"], "+254712345602"),
            (["Bureau", "Portable"], "+254712345602"),
            (["Trabajo", "Móvil"], "+254712345602"),
            (["Trabalho", "Celular"], "+254712345602"),
            (["العمل", "الجوال"], "+254712345602"),
            (["काम", "मोबाइल"], "+254712345602"),
            (["Work Fax", "Home"], "+254712345602"),
            (["Work", "Main"], "+254712345602"),
            (["Mobile", "Work"], "+254712345601"),
            (["", "Work"], "+254712345601"),
        ] {
            for headers in [headers, old] {
                let columns = columns(&headers, &[]).unwrap();
                let cells = ["A", labels[0], "0712345601", labels[1], "0712345602"];
                assert_eq!(
                    columns.contact(2, &cells).unwrap().phone.as_str(),
                    wanted,
                    "{labels:?}"
                );
            }
        }
        let columns = columns(&headers, &[]).unwrap();
        let several = ["A", "Work ::: Mobile", "0712345601 ::: 0712345602", "", ""];
        assert_eq!(
            columns.contact(2, &several).unwrap().phone.as_str(),
            "+254712345602"
        );
        let fax = ["A", "Work Fax", "0712345601", "", ""];
        assert_eq!(columns.contact(2, &fax).unwrap_err().code, "required");
    }

    #[test]
    fn headers_are_known_by_their_words() {
        for (headers, phone) in [
            (["Customer Name", "Customer Mobile"], "0712345601"),
            (["Billing First Name", "Billing Phone"], "0712345601"),
            (["Full Name", "Phone Number (WhatsApp)"], "0712345601"),
            (["Name", "Tel./WhatsApp"], "0712345601"),
            (["Cust. Name", "Mob"], "0712345601"),
            (["Guest name", "Ph. No."], "0712345601"),
            (["Nome do cliente", "Telefone/WhatsApp"], "0712345601"),
            (["Nom du client", "N° de portable"], "0712345601"),
            (["Nombre del cliente", "Celular / WhatsApp"], "0712345601"),
            (["اسم العميل", "رقم جوال العميل"], "0712345601"),
            (["ग्राहक का नाम", "ग्राहक मोबाइल नंबर"], "0712345601"),
            (
                [
                    "What is your name?",
                    "Your WhatsApp number (with country code)",
                ],
                "0712345601",
            ),
            (["Client Name", "Cust. Mob. No"], "0712345601"),
        ] {
            let read =
                columns(&headers, &[]).unwrap_or_else(|error| panic!("{headers:?}: {error}"));
            let read = read.contact(2, &["Amina", phone]).unwrap();
            assert_eq!(
                (read.name.as_deref(), read.phone.as_str()),
                (Some("Amina"), "+254712345601"),
                "{headers:?}"
            );
        }
        for header in [
            "Customer number",
            "Client no",
            "Mother's phone",
            "Emergency contact phone",
            "Phone model",
            "Phone country code",
            "Company name",
            "Product name",
            "Driver mobile",
            "Phone type",
            "Mobile verified",
            "Customer phone list",
        ] {
            assert!(columns(&[header], &[]).is_err(), "{header}");
        }
        // A mobile comes before a phone at work, whatever their order.
        let outlook = columns(&["Business Phone", "Mobile Phone", "Work mobile"], &[]).unwrap();
        let read = outlook
            .contact(2, &["0712345601", "0712345602", ""])
            .unwrap();
        assert_eq!(read.phone.as_str(), "+254712345602");
    }

    #[test]
    fn a_row_says_who_wants_offers() {
        let said = |headers: &[&str], cells: &[&str]| {
            let headers = [&["Phone"], headers].concat();
            let cells = [&["0712345678"], cells].concat();
            let read = columns(&headers, &[]).unwrap().contact(2, &cells);
            read.map(|row| (row.marketing, row.blocked))
                .map_err(|fault| (fault.column, fault.code))
        };
        let no = |text: &str| Said::No(text.into());
        assert_eq!(said(&[], &[]), Ok((Said::NotAsked, false)));
        assert_eq!(
            said(&["marketing", "blocked"], &["false", "true"]),
            Ok((no("marketing: false"), true))
        );
        assert_eq!(
            said(&["marketing", "blocked"], &["", "false"]),
            Ok((Said::NoAnswer, false))
        );
        assert_eq!(
            said(
                &["Accepts Email Marketing", "Accepts SMS Marketing"],
                &["yes", "no"]
            ),
            Ok((no("Accepts SMS Marketing: no"), false))
        );
        assert_eq!(
            said(&["Opt-in", "Opt-out"], &["yes", ""]),
            Ok((Said::Yes, false))
        );
        assert_eq!(
            said(&["Opt-in", "Opt-out"], &["yes", "TRUE"]),
            Ok((no("Opt-out: TRUE"), false))
        );
        assert_eq!(
            said(&["Unsubscribed"], &["no"]),
            Ok((Said::NotAsked, false))
        );
        assert_eq!(
            said(&["Status"], &["unsubscribed"]),
            Ok((no("Status: unsubscribed"), false))
        );
        assert_eq!(said(&["Status"], &["paid"]), Ok((Said::NotAsked, false)));
        assert_eq!(
            said(&["Do not contact"], &["perhaps"]),
            Err(("Do not contact".into(), "invalid_consent".into()))
        );
        let mapped = columns(&["Phone", "Reklame"], &[("reklame", "opt_out")]).unwrap();
        assert_eq!(
            mapped.contact(2, &["0712345678", "ja"]).unwrap().marketing,
            no("Reklame: ja")
        );
        let ignored = columns(&["Phone", "Marketing"], &[("marketing", "ignore")]).unwrap();
        assert_eq!(
            ignored.contact(2, &["0712345678", "no"]).unwrap().marketing,
            Said::NotAsked
        );
    }

    #[test]
    fn a_wrong_value_beside_the_phone_is_left_out_with_a_remark() {
        let columns = columns(&["Name", "Phone", "Language", "Mail", "Tags"], &[]).unwrap();
        let long = "x".repeat(60);
        let read = columns
            .contact(3, &["A", "0712345678", "Swahili", "nobody", &long])
            .unwrap();
        assert_eq!(
            (read.name.as_deref(), read.language, read.email, read.tags),
            (Some("A"), None, None, vec!["fair".to_owned()])
        );
        let remark = read.remark.unwrap();
        assert_eq!(
            (remark.line, remark.column.as_str(), remark.code.as_str()),
            (3, "Language", "unknown_language")
        );
        assert!(
            remark.detail.contains("; Tags: ") && remark.detail.contains("; Mail: "),
            "{}",
            remark.detail
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
