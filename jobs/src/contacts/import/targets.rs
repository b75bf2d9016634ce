//! What a column may hold, and the words that tell it.

use crate::{contacts::Field, violations::Violation};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Name,
    FirstName,
    LastName,
    Phone,
    Email,
    Language,
    Tags,
    Field(Field),
}

/// The words of each target, in the languages that we speak: in lower case, without marks between words.
const WORDS: [(Target, &[&str]); 7] = [
    (
        Target::Phone,
        &[
            "phone",
            "phone number",
            "phone no",
            "mobile",
            "mobile number",
            "mobile phone",
            "telephone",
            "telephone number",
            "tel",
            "cell",
            "cell phone",
            "whatsapp",
            "whatsapp number",
            "number",
            "msisdn",
            "téléphone",
            "numéro",
            "numéro de téléphone",
            "portable",
            "teléfono",
            "telefono",
            "móvil",
            "movil",
            "celular",
            "número",
            "número de teléfono",
            "telefone",
            "telemóvel",
            "número de telefone",
            "الهاتف",
            "هاتف",
            "رقم الهاتف",
            "جوال",
            "الجوال",
            "رقم الجوال",
            "واتساب",
            "फ़ोन",
            "फोन",
            "फ़ोन नंबर",
            "फोन नंबर",
            "मोबाइल",
            "मोबाइल नंबर",
            "व्हाट्सएप",
        ],
    ),
    (
        Target::Name,
        &[
            "name",
            "full name",
            "display name",
            "contact",
            "contact name",
            "customer",
            "customer name",
            "nom",
            "nom complet",
            "client",
            "nombre",
            "nombre completo",
            "cliente",
            "nome",
            "nome completo",
            "الاسم",
            "اسم",
            "الاسم الكامل",
            "नाम",
            "पूरा नाम",
        ],
    ),
    (
        Target::FirstName,
        &[
            "first name",
            "firstname",
            "given name",
            "prénom",
            "prenom",
            "primer nombre",
            "primeiro nome",
            "الاسم الأول",
            "पहला नाम",
        ],
    ),
    (
        Target::LastName,
        &[
            "last name",
            "lastname",
            "surname",
            "family name",
            "nom de famille",
            "apellido",
            "apellidos",
            "sobrenome",
            "apelido",
            "اللقب",
            "اسم العائلة",
            "उपनाम",
            "कुलनाम",
        ],
    ),
    (
        Target::Email,
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "courriel",
            "adresse e mail",
            "adresse email",
            "correo",
            "correo electrónico",
            "correo electronico",
            "endereço de e mail",
            "البريد الإلكتروني",
            "البريد",
            "ईमेल",
            "ई मेल",
        ],
    ),
    (
        Target::Language,
        &[
            "language",
            "lang",
            "locale",
            "langue",
            "idioma",
            "lengua",
            "língua",
            "lingua",
            "اللغة",
            "لغة",
            "भाषा",
        ],
    ),
    (
        Target::Tags,
        &[
            "tags",
            "tag",
            "labels",
            "label",
            "groups",
            "group",
            "étiquettes",
            "étiquette",
            "groupes",
            "etiquetas",
            "etiqueta",
            "grupos",
            "الوسوم",
            "وسوم",
            "المجموعات",
            "टैग",
            "समूह",
        ],
    ),
];

/// How an explicit mapping names the targets; a custom field by its key behind `attributes.`
const NAMES: [(&str, Target); 7] = [
    ("name", Target::Name),
    ("first_name", Target::FirstName),
    ("last_name", Target::LastName),
    ("phone", Target::Phone),
    ("email", Target::Email),
    ("language", Target::Language),
    ("tags", Target::Tags),
];

/// For a column that is not to be imported.
const IGNORE: &str = "ignore";

/// A header in lower case, without marks between its words.
pub(super) fn plain(header: &str) -> String {
    let spaced = header
        .to_lowercase()
        .replace(['_', '-', '.', ':', '*'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an explicit mapping says; `None`: nothing that is imported.
pub(super) fn named(target: &str, fields: &[Field]) -> Result<Option<Target>, Violation> {
    if target == IGNORE {
        return Ok(None);
    }
    let known = NAMES
        .iter()
        .find(|(name, _)| *name == target)
        .map(|(_, target)| target.clone());
    let custom = || {
        let key = target.strip_prefix("attributes.")?;
        fields
            .iter()
            .find(|field| field.key == key)
            .cloned()
            .map(Target::Field)
    };
    known.or_else(custom).map(Some).ok_or_else(|| {
        let names = NAMES.map(|(name, _)| name).join(", ");
        (
            "unknown_target",
            format!(
                "must be one of {names}, {IGNORE}, or attributes. and the key of a custom field"
            ),
        )
    })
}

/// By its header.
pub(super) fn guess(header: &str, fields: &[Field]) -> Option<Target> {
    let word = plain(header);
    let known = WORDS
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()))
        .map(|(target, _)| target.clone());
    let custom = || {
        let is = |field: &&Field| plain(&field.key) == word || plain(&field.label) == word;
        fields.iter().find(is).cloned().map(Target::Field)
    };
    known.or_else(custom)
}
