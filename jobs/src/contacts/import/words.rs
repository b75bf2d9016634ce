//! The words of which headers and labels are made, for those that `headers` has not as a whole.

use super::targets::PhoneUse;

/// Who a column is about: the contact. Such words do not change what it holds. Each constant has words between blanks.
pub(super) const PEOPLE: &str = "customer customers cust client clients clt buyer billing bill guest patient student lead \
    your my the of please enter provide what is valid current s \
    du de la le l d des votre vos acheteur facturation \
    del cliente el tu su facturación facturacion comprador \
    do da seu sua comprador cobrança cobranca \
    العميل الزبون للعميل عميل \
    ग्राहक का की के आपका आपकी";
pub(super) const CONTACT: &str = "contact contacts contacto contato جهة الاتصال संपर्क";
/// What is left of “Customer number” and “Client” is no phone and no name.
pub(super) const NOT_ALONE: &str = "number numéro numero número номер contact customer client cliente label labels group groups category \
    categories type ad tag";
/// Behind a header of phones.
pub(super) const ASIDES: [&str; 12] = [
    " with country code",
    " with code",
    " incl country code",
    " including country code",
    " include country code",
    " with area code",
    " international format",
    " in international format",
    " avec indicatif",
    " con código de país",
    " com ddd",
    " com código do país",
];

const MESSAGES: &str = "whatsapp whatsap watsapp whatsup wa واتساب الواتساب واتس الواتس व्हाट्सएप व्हाट्सऐप व्हाट्सअप वॉट्सऐप";
const MOBILE: &str = "mobile mob mobil cell cellphone cellular cel celular móvil movil portable gsm handy telemóvel telemovel \
    handphone hp msisdn iphone smartphone jawwal جوال الجوال موبايل الموبايل محمول المحمول خلوي मोबाइल मोबाईल handynummer \
    mobilnummer cellulare сотовый мобильный נייד";
const PHONE: &str = "phone telephone tel téléphone tél teléfono telefono telefone fone fon ph phn telf tlf tlfn هاتف الهاتف تليفون \
    التليفون تلفون फ़ोन फोन दूरभाष telefon telefonnummer телефон טלפון simu telepon τηλέφωνο";
const PLACE: &str = "home work office business landline house fixed fixe domicile bureau travail casa trabajo oficina fijo \
    residencial comercial trabalho fixo escritório company shipping delivery المنزل العمل المكتب منزل عمل مكتب घर कार्यालय काम privat \
    geschäftlich";
const FILLERS: &str = "number no num nr nbr nos n° nº numéro numero número de do da del du la le id and or & ou o y e main primary \
    principal personal رقم رقمك نمبر नंबर नम्बर номер nummer first";
pub(super) const FAX: &str = "fax pager beeper télécopie telecopie télécopieur فاكس الفاكس फ़ैक्स फैक्स";

/// Says whether one of the lists has a word.
pub(super) fn is(lists: &[&str], word: &str) -> bool {
    lists
        .iter()
        .any(|list| list.split_whitespace().any(|known| known == word))
}

/// What a phone with these words is for. `None`: no word tells.
pub(super) fn phone_use(words: &[&str]) -> Option<PhoneUse> {
    let has = |list: &str| words.iter().any(|word| is(&[list], word));
    [
        (MESSAGES, PhoneUse::Messages),
        (MOBILE, PhoneUse::Mobile),
        (PLACE, PhoneUse::Place),
        (PHONE, PhoneUse::Any),
    ]
    .into_iter()
    .find(|(list, _)| has(list))
    .map(|(_, phone_use)| phone_use)
}

/// What a phone is for whose header has these words. `None`: some word is of something else, or none is of a phone.
pub(super) fn all_of_a_phone(words: &[&str]) -> Option<PhoneUse> {
    let known = [MESSAGES, MOBILE, PHONE, PLACE, FILLERS];
    let phone = [MESSAGES, MOBILE, PHONE];
    let all = words.iter().all(|word| is(&known, word));
    let one = words.iter().any(|word| is(&phone, word));
    (all && one).then(|| phone_use(words)).flatten()
}
