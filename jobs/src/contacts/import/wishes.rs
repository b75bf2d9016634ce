//! What a file says about who wants offers: the columns of consents, opt-outs and blocks, as programs export them.
//!
//! A “no” of the file always counts. A “yes” is no proof, so it counts only for an import that says where the consent
//! is from.

use super::targets::plain;
use crate::locale::simple;
use crate::{contacts::rules, violations::Violation};

/// What a “yes” in a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Marketing,
    /// The contact has opted out.
    OptOut,
    Blocked,
    /// Says it in words, such as “unsubscribed”. Its other words are about something else.
    Status,
}

/// What a row says of offers. Of several cells the greatest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// The file has no column about it.
    #[default]
    NotAsked,
    /// There is such a column, and no answer in it.
    NoAnswer,
    Yes,
    /// With the column and its value, for the history.
    No(String),
}

impl Said {
    /// Says whether the consent of an import holds for the contact.
    pub fn agrees(&self) -> bool {
        matches!(self, Self::NotAsked | Self::Yes)
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    None,
}

/// How a mapping names the wishes.
pub(super) const NAMES: [(&str, Wish); 3] = [
    ("marketing", Wish::Marketing),
    ("opt_out", Wish::OptOut),
    ("blocked", Wish::Blocked),
];

/// Words of a header that do not change what is asked.
const FILLERS: &str = "e mail mails email emails sms mms text texts texting whatsapp wa phone push call calls message messages \
    messaging channel status state flag to for of the a from all is has have been me us we our can i you your by via on this \
    customer contact user person promotional \
    le la les l de du des d à a par pour aux au en un une client contacts mes nos message courriel courriels statut etat \
    el los las del al lo por para correo correos electronico mensaje mensajes cliente estado ha sido \
    o os as da dos das e um uma situacao mensagem mensagens \
    علي من في عبر الي العميل حاله الحاله البريد رسائل \
    के की का को से लिए है ईमेल एसएमएस व्हाट्सएप ग्राहक स्थिति";
/// They tell when somebody opted out: a column that is filled then.
const TIMES: &str = "at date time timestamp datetime since le fecha data hora heure";

/// Headers of each wish, without their fillers: a bar stands between two.
const MARKETING: &str = "marketing|accepts marketing|accept marketing|accepts|accepts offers|accepts promotions|marketing consent|\
    consent|consents|consented|consent marketing|consented marketing|consent given|consent granted|\
    marketing consented|gdpr|gdpr consent|opt in|optin|opted in|optedin|opt ins|marketing opt in|marketing opted in|\
    marketing optin|opt in marketing|opted in marketing|marketing permission|permission|marketing permissions|\
    subscribed|subscribe|marketing subscribed|subscribed marketing|newsletter|newsletter subscribed|\
    newsletter opt in|newsletter subscription|newsletter consent|subscribed newsletter|allow|allows|allow marketing|\
    allows marketing|marketing allowed|allow broadcast|allow broadcasts|allowbroadcast|allowsms|allowcampaign|\
    allow campaign|allow campaigns|allow promotions|allow offers|receive offers|receives offers|receive marketing|\
    receives marketing|receive promotions|wants offers|wants marketing|agree marketing|agrees marketing|\
    agreed marketing|agree receive marketing|marketing preference|marketing preferences|marketing communications|\
    marketing subscription|marketing agreement|acceptsmarketing|acceptsemailmarketing|acceptssmsmarketing|\
    marketingconsent|marketing eligible|buyer accepts marketing|consentement|consentement marketing|accepte|\
    accepte marketing|accepte offres|accepte promotions|accepte publicite|accepte recevoir offres|\
    autorisation marketing|abonne|abonnee|abonne e|inscrit|inscrite|inscrit newsletter|abonne newsletter|infolettre|\
    accord marketing|rgpd|consentimiento|consentimiento marketing|acepta|acepta marketing|acepta ofertas|\
    acepta promociones|acepta publicidad|acepta recibir ofertas|permite marketing|permiso marketing|suscrito|\
    suscrita|suscripto|suscripta|suscrito newsletter|suscrito boletin|boletin|autoriza marketing|rgpd marketing|\
    consentimento|consentimento marketing|aceita|aceita marketing|aceita ofertas|aceita promocoes|\
    aceita publicidade|aceita receber ofertas|recebe ofertas|inscrito|inscrita|inscrito newsletter|assinante|\
    autoriza ofertas|permissao marketing|lgpd|consentimento lgpd|تسويق|التسويق|يقبل التسويق|قبول التسويق|موافقه|\
    الموافقه|موافقه التسويق|الموافقه التسويق|موافقه تسويقيه|الموافقه التسويقيه|مشترك|النشره البريديه|نشره|\
    يقبل العروض|قبول العروض|मार्केटिंग|मार्केटिंग सहमति|सहमति|विपणन सहमति|विपणन|सब्सक्राइब|सब्सक्राइब किया|ऑप्ट इन|\
    सदस्यता ली|न्यूज़लेटर|मार्केटिंग स्वीकार|ऑफ़र स्वीकार";
const OPT_OUT: &str = "unsubscribed|unsubscribe|unsub|unsubs|marketing unsubscribed|unsubscribed marketing|unsubscribed newsletter|\
    opt out|optout|opted out|optedout|opt outs|marketing opt out|marketing opted out|marketing optout|\
    opt out marketing|opted out marketing|hasoptedoutofemail|opted out marketing information|do not|do not contact|\
    donotcontact|donotcall|do not disturb|do not send|do not market|do not marketing|do not send marketing|don t|\
    don t send|don t disturb|dont|dont contact|dont send|dnd|dnc|no marketing|no offers|no promotions|not marketing|\
    suppressed|suppression|suppressions|marketing suppressed|blocklisted|blacklisted|blocklist|blacklist|withdrawn|\
    consent withdrawn|withdrawn consent|marketing withdrawn|stop|stopped|declined marketing|refuses marketing|\
    desabonne|desabonnee|desabonne e|desabonnement|desinscrit|desinscrite|desinscription|ne pas contacter|\
    ne pas appeler|ne pas deranger|ne pas solliciter|ne pas envoyer|refus|refuse|refus marketing|refuse marketing|\
    refuse publicite|opposition|opposition marketing|stop pub|baja|dado baja|dada baja|no contactar|no llamar|\
    no molestar|no enviar|no desea|no publicidad|desuscrito|desuscrita|cancelo suscripcion|suscripcion cancelada|\
    rechaza marketing|rechaza publicidad|descadastrado|descadastrada|nao contatar|nao contactar|nao ligar|\
    nao perturbe|nao perturbar|nao enviar|cancelou inscricao|inscricao cancelada|desinscrito|desinscrita|\
    recusa marketing|الغي الاشتراك|الغاء الاشتراك|ملغي الاشتراك|غير مشترك|عدم الاتصال|عدم التواصل|عدم الازعاج|\
    لا تتصل|لا تتواصل|لا ترسل|رفض التسويق|رفض العروض|انسحب|अनसब्सक्राइब|अनसब्सक्राइब किया|ऑप्ट आउट|संपर्क न करें|\
    कॉल न करें|परेशान न करें|न भेजें";
const BLOCKED: &str = "blocked|block|banned|bloque|bloquee|bloqueado|bloqueada|محظور|محظوره|المحظور|अवरुद्ध|ब्लॉक|ब्लॉक किया";
/// A column that may say it in words; what is left of “Status” is nothing.
const STATUS: &str = "|subscription|subscriptions|subscriber|member|membership|abonnement|suscripcion|inscricao|inscription|\
    assinatura|الاشتراك|اشتراك|सदस्यता|lifecycle|lead";

/// Words that say everywhere that somebody wants no offers. Here and below, a bar stands between two texts.
const GONE: &str = "unsubscribed|unsubscribe|opted out|opt out|optout|optedout|do not contact|do not call|do not disturb|dnd|\
    suppressed|user suppressed|blocklisted|blacklisted|complained|spam complaint|reported spam|\
    globally unsubscribed|desabonne|desabonnee|desinscrit|desinscrite|ne pas contacter|dado de baja|dada de baja|\
    de baja|baja|desuscrito|desuscrita|no contactar|descadastrado|descadastrada|desinscrito|desinscrita|\
    nao contatar|nao contactar|nao perturbe|الغي الاشتراك|الغاء الاشتراك|ملغي الاشتراك|ملغي|غير مشترك|عدم الاتصال|\
    عدم الازعاج|अनसब्सक्राइब|अनसब्सक्राइब किया|ऑप्ट आउट|संपर्क न करें";
const NO: &str = "n|f|off|false|denied|declined|refused|rejected|revoked|withdrawn|withdrew|disagree|disagreed|disallowed|\
    not allowed|not granted|stop|stopped|blocked|cancelled|canceled|inactive|disabled|not accepted|never|refuse|\
    refus|rechazado|rechazada|rechaza|recusado|recusada|cancelado|cancelada|annule|bloqueado|bloque|مرفوض|رفض|محظور|\
    अस्वीकार|अस्वीकृत|non marketing contact|non marketing|✗|✘|❌|☐";
const YES: &str = "y|t|on|ok|subscribed|subscribe|opted in|opt in|optin|optedin|accepted|accepts|accept|granted|allowed|allow|\
    agree|agreed|i agree|consented|given|active|enabled|confirmed|explicit|implicit|single opt in|double opt in|\
    confirmed opt in|marketing contact|abonne|abonnee|inscrit|inscrite|accepte|acceptee|suscrito|suscrita|aceptado|\
    aceptada|acepta|inscrito|inscrita|assinante|aceito|aceita|ativo|activo|actif|مشترك|موافق|مقبول|सहमत|स्वीकृत|\
    स्वीकार|सब्सक्राइब किया|✓|✔|✔️|✅|☑|☑️";
const NO_ANSWER: &str = "|never subscribed|not subscribed|non subscribed|nonsubscribed|not opted in|pending|unconfirmed|not confirmed|\
    awaiting|unknown|none|null|nil|n a|na|not set|not specified|undefined|empty|cleaned|bounced|invalid|redacted|\
    transactional|not provided|no answer|no response|en attente|inconnu|pendiente|desconocido|pendente|desconhecido|\
    غير معروف|قيد الانتظار|अज्ञात|लंबित";

/// What people tick in forms.
const SENTENCES_OF_YES: &str = "i agree |i accept |i consent |i want |i would like |j accepte |je souhaite |acepto |quiero |aceito |quero |\
    اوافق |موافق علي |मैं सहमत ";
const SENTENCES_OF_NO: &str = "i do not |i don t |je n accepte |je ne |no acepto |no quiero |nao aceito |nao quero |لا اوافق |मैं सहमत नहीं";

/// Lower case, without marks and without the accents of Latin letters, so that “Désabonné” is “desabonne”.
fn folded(text: &str) -> String {
    let fold = |c: char| match c {
        '!' | '،' | '؟' | '¿' | '¡' | ';' | '&' | '|' | '+' | '“' | '”' => ' ',
        other => simple(other),
    };
    let text: String = plain(text).chars().map(fold).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without(header: &str, fillers: &[&str]) -> String {
    let left = header.split(' ').filter(|word| {
        !fillers
            .iter()
            .any(|known| known.split(' ').any(|k| k == *word))
    });
    left.collect::<Vec<_>>().join(" ")
}

/// What a column asks, by its header.
pub(super) fn of_header(header: &str) -> Option<Wish> {
    let header = folded(header);
    if header.is_empty() {
        return None;
    }
    let is = |words: &str, text: &str| words.split('|').any(|known| known == text);
    let short = without(&header, &[FILLERS]);
    let timeless = without(&header, &[FILLERS, TIMES]);
    // “Stop date” may be the end of a contract, and “No” alone is a number.
    let no_channel = short == "no" && header.starts_with("no ");
    let opted_out = is(OPT_OUT, &header) || is(OPT_OUT, &short);
    if opted_out || no_channel || (timeless != "stop" && is(OPT_OUT, &timeless)) {
        return Some(Wish::OptOut);
    }
    if is(BLOCKED, &header) || is(BLOCKED, &short) {
        return Some(Wish::Blocked);
    }
    if is(MARKETING, &header) || is(MARKETING, &short) {
        return Some(Wish::Marketing);
    }
    let says_status = header.split(' ').any(|word| {
        matches!(
            word,
            "status"
                | "state"
                | "statut"
                | "etat"
                | "estado"
                | "situacao"
                | "حاله"
                | "الحاله"
                | "स्थिति"
        )
    });
    let status = (says_status || !short.is_empty()) && is(STATUS, &short);
    status.then_some(Wish::Status)
}

/// What a cell says in a column. `None` for a cell that says nothing readable.
fn answer(wish: Wish, cell: &str) -> Option<Answer> {
    let text = folded(cell);
    let is = |words: &str| words.split('|').any(|known| known == text);
    if is(GONE) {
        return Some(match wish {
            // A column of opt-outs has the word for its “yes”.
            Wish::OptOut | Wish::Blocked => Answer::Yes,
            Wish::Marketing | Wish::Status => Answer::No,
        });
    }
    if is(NO_ANSWER) {
        return Some(Answer::None);
    }
    if wish == Wish::Status {
        let subscribed = "subscribed|opted in|abonne|abonnee|suscrito|suscrita|مشترك";
        return Some(if is(subscribed) {
            Answer::Yes
        } else {
            Answer::None
        });
    }
    let stated = rules::yes_or_no(cell.trim()).or_else(|| {
        if is(YES) {
            return Some(true);
        }
        if is(NO) {
            return Some(false);
        }
        let begins = |starts: &str| starts.split('|').any(|start| text.starts_with(start));
        if begins(SENTENCES_OF_NO) {
            return Some(false);
        }
        if begins(SENTENCES_OF_YES) {
            return Some(true);
        }
        // “Yes, send me offers” and “No, thanks”.
        let (first, _) = cell
            .trim()
            .split_once([',', '.', '-', '–', ':', ';', '!'])?;
        rules::yes_or_no(first.trim()).filter(|_| first.trim().chars().nth(1).is_some())
    });
    match stated {
        Some(true) => Some(Answer::Yes),
        Some(false) => Some(Answer::No),
        // The day on which they said so.
        None => kazi_platform::phone::is_date(cell).then_some(Answer::Yes),
    }
}

/// Reads a cell of such a column.
///
/// # Errors
/// It says neither yes nor no: nobody may guess what a contact wants.
pub(super) fn read(wish: Wish, cell: &str) -> Result<Answer, Violation> {
    answer(wish, cell).ok_or_else(|| {
        let rule = match wish {
            Wish::Blocked => "must say yes or no: the column tells who is blocked",
            Wish::OptOut => "must say yes or no: the column tells who wants no offers",
            Wish::Marketing | Wish::Status => {
                "must say yes or no: the column tells who wants offers"
            }
        };
        let rule = format!("{rule}. If it tells something else, map the column to ignore");
        ("invalid_consent", rule)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_consents_are_known_in_the_words_of_many_programs() {
        for header in [
            "marketing",
            "Accepts Marketing",
            "Accepts SMS Marketing",
            "Accepts Email Marketing",
            "Email Marketing Consent",
            "SMS Marketing Consent",
            "Opt-in",
            "WhatsApp Opted In",
            "Subscribed",
            "Allow Broadcast",
            "allowCampaign",
            "Newsletter",
            "Consent to marketing",
            "GDPR consent",
            "email_marketing_consent",
            "Email Marketing: Status",
            "Accepte le marketing",
            "Consentement",
            "Abonné(e)",
            "Acepta marketing por email",
            "Suscrito",
            "Aceita receber ofertas",
            "Inscrito",
            "الموافقة على التسويق",
            "مشترك",
            "मार्केटिंग सहमति",
            "ऑप्ट-इन",
        ] {
            assert_eq!(of_header(header), Some(Wish::Marketing), "{header}");
        }
        for header in [
            "Unsubscribed",
            "Opt-out",
            "Opted out of email: Marketing Information",
            "Unsubscribed from all email",
            "Do not contact",
            "Do Not Call",
            "DND",
            "UNSUB_TIME",
            "Unsubscribed at",
            "EMAIL_BLOCKLISTED",
            "Email Suppressions",
            "No SMS",
            "Désabonné",
            "Ne pas contacter",
            "Dado de baja",
            "No contactar",
            "Descadastrado",
            "Não contatar",
            "إلغاء الاشتراك",
            "عدم الاتصال",
            "अनसब्सक्राइब",
            "संपर्क न करें",
        ] {
            assert_eq!(of_header(header), Some(Wish::OptOut), "{header}");
        }
        for header in ["blocked", "Is blocked", "Bloqueado", "محظور", "अवरुद्ध"]
        {
            assert_eq!(of_header(header), Some(Wish::Blocked), "{header}");
        }
        for header in [
            "Status",
            "Email status",
            "Subscription status",
            "Statut",
            "Estado",
            "الحالة",
            "स्थिति",
        ] {
            assert_eq!(of_header(header), Some(Wish::Status), "{header}");
        }
        for header in [
            "",
            "Phone",
            "E-mail",
            "No",
            "No.",
            "Marketing source",
            "Consent date",
            "Subscriber since",
            "Newsletter form",
            "OPTIN_TIME",
            "Opt-in IP",
            "Note",
            "State of origin",
            "Customer",
            "Name",
            "Text",
            "Stop date",
            "SMS",
        ] {
            assert_eq!(of_header(header), None, "{header}");
        }
    }

    #[test]
    fn an_answer_is_read_in_six_languages_and_is_not_guessed() {
        for (wish, cell, wanted) in [
            (Wish::Marketing, "TRUE", Answer::Yes),
            (Wish::Marketing, "Oui", Answer::Yes),
            (Wish::Marketing, "Yes, send me offers", Answer::Yes),
            (Wish::Marketing, "SUBSCRIBED", Answer::Yes),
            (Wish::Marketing, "not_subscribed", Answer::None),
            (Wish::Marketing, "NEVER_SUBSCRIBED", Answer::None),
            (Wish::Marketing, "unsubscribed", Answer::No),
            (Wish::Marketing, "Não", Answer::No),
            (Wish::Marketing, "FAUX", Answer::No),
            (Wish::Marketing, "0", Answer::No),
            (Wish::Marketing, "No, thanks", Answer::No),
            (Wish::Marketing, "لا", Answer::No),
            (Wish::Marketing, "नहीं", Answer::No),
            (Wish::OptOut, "VERDADERO", Answer::Yes),
            (Wish::OptOut, "x", Answer::Yes),
            (Wish::OptOut, "2025-03-01 10:22:07", Answer::Yes),
            (Wish::OptOut, "USER_SUPPRESSED", Answer::Yes),
            (Wish::OptOut, "no", Answer::No),
            (Wish::Blocked, "نعم", Answer::Yes),
            (Wish::Status, "Unsubscribed", Answer::No),
            (Wish::Status, "Désinscrit", Answer::No),
            (Wish::Status, "shipped", Answer::None),
        ] {
            assert_eq!(read(wish, cell).unwrap(), wanted, "{wish:?} {cell}");
        }
        for (wish, cell) in [
            (Wish::Marketing, "perhaps"),
            (Wish::OptOut, "2"),
            (Wish::Blocked, "Amina"),
        ] {
            assert_eq!(read(wish, cell).unwrap_err().0, "invalid_consent", "{cell}");
        }
    }
}
