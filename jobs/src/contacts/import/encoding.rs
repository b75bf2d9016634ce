//! Finds out in which encoding a text file was saved.
//!
//! Names go into messages, so a text that is read wrongly must not become contacts. Kazi guesses an encoding only where
//! one reading makes words. Otherwise it asks: the caller names the encoding and sends the file again.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, KOI8_U, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257,
};

use super::{
    file::FileError,
    garbled::{Script, Word, judge, may_stand_for_letters, words},
    latin,
};

/// What spreadsheets on Windows write, one encoding per region.
const WINDOWS: [&Encoding; 9] = [
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1251,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    WINDOWS_874,
];
/// Kazi tries these when no encoding of Windows makes words.
const OTHERS: [&Encoding; 3] = [MACINTOSH, IBM866, KOI8_U];

/// The guess looks at no more bytes than this.
const SAMPLE_BYTES: usize = 64 * 1024;
/// From so many letters on, the detector tells the encodings of different scripts apart.
const ENOUGH_LETTERS: usize = 20;
/// One word in so many may make no sense: a real file has broken words too.
const WORDS_PER_BROKEN: usize = 50;
/// One word in so many may be odd, like the Polish “żółć”.
const WORDS_PER_ODD: usize = 4;

#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: &'static Encoding,
}

/// Reads a text: by its mark, else by the encoding that the caller has told, else as UTF-16 or UTF-8 where it is valid, else
/// by a guess. The country decides where the letters alone do not.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    told: Option<&'static Encoding>,
    country: Option<&str>,
) -> Result<Decoded<'a>, FileError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return whole(&bytes[mark..], encoding);
    }
    if let Some(encoding) = told.or_else(|| utf16(bytes)) {
        return whole(bytes, encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded {
            text: text.into(),
            encoding: UTF_8,
        });
    }
    whole(bytes, guess(bytes, country)?)
}

/// Decodes all of a text, or says where it cannot be decoded.
fn whole<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Decoded<'a>, FileError> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if !broken {
        return Ok(Decoded { text, encoding });
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = (1..)
        .zip(lines.split('\n'))
        .filter(|(_, line)| line.contains('\u{fffd}'));
    Err(FileError::Undecodable {
        encoding: encoding.name(),
        lines: lines.map(|(number, _)| number).take(5).collect(),
    })
}

/// Says whether a text without a mark is UTF-16: in it, the second byte of a Latin letter, a digit or a delimiter is zero. A
/// file of another encoding has zeros too, when a program wrote them into its cells, but few beside its letters.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(4_000)].as_chunks::<2>();
    let (mut little, mut big, mut letters) = (0, 0, 0);
    for pair in pairs {
        match pair {
            [1..=u8::MAX, 0] => little += 1,
            [0, 1..=u8::MAX] => big += 1,
            [0x20..0x7f, 0x20..0x7f] => letters += 1,
            _ => {}
        }
    }
    let is =
        |zeros: usize, others: usize| zeros * 8 > pairs.len() && zeros > 4 * (others + letters);
    if is(little, big) {
        Some(UTF_16LE)
    } else {
        is(big, little).then_some(UTF_16BE)
    }
}

/// How a candidate reads the sample.
struct Reading {
    encoding: &'static Encoding,
    text: String,
    latin: bool,
    letters: usize,
}

impl Reading {
    fn candidate(&self) -> latin::Candidate<'_> {
        let is_latin = |word: &&str| matches!(judge(word), Word::Of(Script::Latin) | Word::Odd);
        latin::Candidate {
            encoding: self.encoding,
            words: words(&self.text).into_iter().filter(is_latin).collect(),
        }
    }
}

fn guess(bytes: &[u8], country: Option<&str>) -> Result<&'static Encoding, FileError> {
    let sample = sample(bytes);
    if half_utf8(&sample) {
        // The error says in which lines.
        return Ok(UTF_8);
    }
    let domain = country
        .map(str::to_ascii_lowercase)
        .filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()));
    let domain = domain.as_deref().map(str::as_bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let native = detector.guess(domain, Utf8Detection::Deny);
    detector.feed(&sample, true);
    let likely = detector.guess(domain, Utf8Detection::Deny);

    let mut candidates = WINDOWS.to_vec();
    if likely == native && !candidates.contains(&likely) {
        candidates.push(likely);
    }
    let mut readings = plausible(&candidates, &sample);
    if readings.is_empty() {
        readings = plausible(&OTHERS, &sample);
        // DOS wrote small letters with the bytes of others on a Mac. Only a Mac ends its lines with a carriage return alone.
        if !ends_lines_as_macs(bytes) {
            readings.retain(|reading| reading.encoding != MACINTOSH);
        }
    }
    let Some(first) = readings.first() else {
        return Err(FileError::UnknownEncoding);
    };
    let alike = readings.iter().all(|reading| reading.text == first.text);
    let is_latin = readings.iter().all(|reading| reading.latin);
    let of = |encoding| {
        let mut readings = readings.iter();
        readings.find(|reading| reading.encoding == encoding)
    };
    let by_language = || {
        let latin = readings.iter().filter(|reading| reading.latin);
        let candidates: Vec<_> = latin.map(Reading::candidate).collect();
        latin::choose(&candidates, country, likely).and_then(of)
    };
    let chosen = if first.encoding == MACINTOSH && readings.len() == 1 {
        Some(first)
    } else if is_latin {
        by_language()
    } else if alike {
        // Encodings of one family share most of their letters. To Thai nearly all strings of bytes are words.
        let sure = first.encoding != WINDOWS_874
            || native == WINDOWS_874
            || first.letters >= ENOUGH_LETTERS;
        sure.then_some(first)
    } else {
        let by_letters =
            of(likely).filter(|reading| likely == native || reading.letters >= ENOUGH_LETTERS);
        // The country's own alphabet reads as words.
        let by_country = of(native).filter(|reading| !reading.latin);
        match by_letters.or(by_country) {
            Some(reading) if reading.latin => by_language(),
            other => other,
        }
    };
    chosen
        .map(|reading| reading.encoding)
        .ok_or(FileError::UnknownEncoding)
}

fn ends_lines_as_macs(bytes: &[u8]) -> bool {
    bytes.contains(&b'\r') && !bytes.contains(&b'\n')
}

/// The lines that are not ASCII, as far as the guess looks.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        if sample.len() + line.len() > SAMPLE_BYTES && !sample.is_empty() {
            break;
        }
        if !line.is_ascii() {
            sample.extend_from_slice(&line[..line.len().min(SAMPLE_BYTES)]);
            sample.push(b'\n');
        }
    }
    sample
}

/// Says whether most letters are UTF-8: then the file is UTF-8 with broken places, such as two exports in one file.
fn half_utf8(sample: &[u8]) -> bool {
    let (mut good, mut broken) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    good > broken
}

fn plausible(candidates: &[&'static Encoding], sample: &[u8]) -> Vec<Reading> {
    let read = |encoding: &&'static Encoding| {
        let (text, broken) = encoding.decode_without_bom_handling(sample);
        let (mut letters, mut count, mut bad, mut odd, mut latin) = (0, 0, 0, 0, true);
        for word in words(&text) {
            let word_is = match judge(word) {
                Word::Of(Script::Hebrew) if pointed(word) => Word::Broken,
                Word::Of(Script::Arabic) if ended(word) => Word::Broken,
                other => other,
            };
            match word_is {
                Word::Plain => {}
                Word::Broken => {
                    count += 1;
                    bad += 1;
                }
                Word::Odd => {
                    count += 1;
                    odd += 1;
                }
                Word::Of(script) => {
                    count += 1;
                    latin &= script == Script::Latin;
                    letters += word.chars().filter(|c| !c.is_ascii()).count();
                }
            }
        }
        // Without a letter that shows the encoding, a mark within a word may be one.
        let doubtful = count == 0 && may_stand_for_letters(&text);
        let fits =
            !broken && !doubtful && bad * WORDS_PER_BROKEN <= count && odd * WORDS_PER_ODD <= count;
        fits.then(|| Reading {
            encoding,
            text: text.into_owned(),
            latin,
            letters,
        })
    };
    candidates.iter().filter_map(read).collect()
}

/// Hebrew with points: nobody keeps names so, but Russian in KOI8 reads like it.
fn pointed(word: &str) -> bool {
    word.contains(|c| matches!(c, '\u{591}'..='\u{5c7}' | '\u{5f0}'..='\u{5f4}'))
}

/// An Arabic letter that ends a word, in the midst of one.
fn ended(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters
        .windows(2)
        .any(|two| matches!(two[0], 'ة' | 'ى') && two[1].is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], country: &str) -> Result<String, FileError> {
        decode(bytes, None, Some(country)).map(|decoded| decoded.text.into_owned())
    }

    #[test]
    fn every_region_s_encoding_is_recognised() {
        for (encoding, country, text) in [
            (
                WINDOWS_1252,
                "KE",
                "Nom;Ville\nJosé Muñoz;São Paulo\nÉmilie;Besançon\n",
            ),
            (WINDOWS_1252, "KE", "Name;Note\nO’Brien;5 € – ok\n"),
            (
                WINDOWS_1250,
                "PL",
                "Imię;Miasto\nŁukasz Żółć;Kraków\nŚwiętosława;Gdańsk\n",
            ),
            (
                WINDOWS_1251,
                "KE",
                "Имя;Город\nОльга Смирнова;Москва\nЮрий;Тверь\n",
            ),
            (WINDOWS_1251, "RU", "Фамилия;Phone\nСидоров;+79161234567\n"),
            (
                WINDOWS_1253,
                "GR",
                "Όνομα;Πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\n",
            ),
            (WINDOWS_1254, "TR", "Ad Soyad;Şehir\nŞükrü Yıldırım;İzmir\n"),
            (
                WINDOWS_1255,
                "IL",
                "שם;עיר\nדנה כהן;חיפה\nיוסי לוי;תל אביב\n",
            ),
            (
                WINDOWS_1256,
                "SA",
                "الاسم;المدينة\nخالد المطيري;جدة\nنورة;الرياض\n",
            ),
            (WINDOWS_1256, "SA", "Name;Phone\nخالد;+966501234569\n"),
            (
                WINDOWS_1256,
                "KE",
                "Name;Phone\nخالد المطيري;1\nنورة الشمري;2\nعبدالله القحطاني;3\n",
            ),
            (MACINTOSH, "FR", "Nom\rJosé\rZoë Lefèvre\r"),
            (UTF_8, "KE", "Nom\nJosé"),
        ] {
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{text}");
            let decoded = decode(&bytes, None, Some(country));
            let decoded = decoded.unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(decoded.text, text, "as {}", decoded.encoding.name());
        }
    }

    #[test]
    fn an_encoding_that_is_not_sure_is_asked_for() {
        // A single short word reads well in three alphabets.
        let (bytes, ..) = WINDOWS_1256.encode("Name;Phone\nعلي;+254712345678\n");
        assert!(matches!(
            read(&bytes, "KE"),
            Err(FileError::UnknownEncoding)
        ));
        assert!(read(&bytes, "EG").unwrap().contains("علي"));
        let told = decode(&bytes, Some(WINDOWS_1256), Some("KE")).unwrap();
        assert!(told.text.contains("علي"));
        // DOS wrote é as 0x82, which is a low quotation mark to Windows.
        assert!(matches!(
            read(b"Nom\nJos\x82 Ren\x82\n", "FR"),
            Err(FileError::UnknownEncoding)
        ));
    }

    #[test]
    fn an_alphabet_that_no_other_language_writes_is_recognised_without_its_country() {
        for (encoding, text) in [
            (
                WINDOWS_1254,
                "Ad;Tel\nÇağla Şen;1\nİsmail Öztürk;2\nAlparslan Yıldız;3\n",
            ),
            (
                WINDOWS_1250,
                "Nume;Tel\nŞtefania Ţîrlea;1\nCătălin Pătraşcu;2\n",
            ),
            (
                WINDOWS_1250,
                "Ime;Tel\nMateo Kovačić;1\nDejan Šarić;2\nŽeljka Đokić;3\n",
            ),
            (
                WINDOWS_1250,
                "Jméno;Tel\nŽaneta Dvořáčková;1\nOndřej Růžička;2\n",
            ),
            (
                WINDOWS_1257,
                "Vardas;Tel\nŽivilė Šimkutė;1\nGintarė Ąžuolienė;2\nRūta Čepaitė;3\n",
            ),
            (
                KOI8_U,
                "Name;Tel\nПётр Кузнецов;1\nАнна Волкова;2\nОлег Жуков;3\n",
            ),
        ] {
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{text}");
            assert_eq!(read(&bytes, "KE").unwrap(), text);
        }
    }

    #[test]
    fn a_few_words_that_two_alphabets_write_are_asked_about() {
        for (encoding, name) in [
            (WINDOWS_1254, "Ayşe Kılıç"),
            (WINDOWS_1250, "Ivan Perić"),
            (WINDOWS_1250, "Karel Němec"),
            (WINDOWS_1250, "Irena Mărgărit"),
            (WINDOWS_1257, "Eglė"),
        ] {
            let text = format!("Name;Tel\n{name};1\n");
            let (bytes, _, lost) = encoding.encode(&text);
            assert!(!lost, "{text}");
            match read(&bytes, "KE") {
                Ok(read) => assert_eq!(read, text),
                Err(error) => assert!(matches!(error, FileError::UnknownEncoding), "{error}"),
            }
        }
        // DOS.
        for bytes in [
            &b"Name\nJ\x81rgen\n"[..],
            b"Name\nH\x82l\x8ane\n",
            b"Name\nJ\x94rg\n",
            b"Name\nZo\x89\n",
        ] {
            for country in ["KE", "DE", "FR"] {
                assert!(
                    matches!(read(bytes, country), Err(FileError::UnknownEncoding)),
                    "{bytes:?} {country}"
                );
            }
        }
    }

    #[test]
    fn plain_names_are_read_in_the_encoding_of_their_country() {
        for (encoding, countries, names) in [
            (
                WINDOWS_1252,
                "FR SN KE",
                "Hélène Lefèvre;François Noël;Jérôme;Anaïs;Benoît;Maëlys",
            ),
            (
                WINDOWS_1252,
                "ES MX KE",
                "María García;José Muñoz;Begoña Peña;Íñigo;Raúl;Andrés;Mª Ángeles",
            ),
            (
                WINDOWS_1252,
                "PT BR KE",
                "João;Conceição;Luís Magalhães;Inês;Simões;Antônio",
            ),
            (WINDOWS_1252, "DE AT KE", "Jürgen Groß;Käthe;Björn Schröder"),
            (WINDOWS_1252, "DK NO KE", "Søren Kjær;Åse;Jørgen;Ærø"),
            (WINDOWS_1252, "SE", "Åsa Håkansson;Björn;Märta"),
            (
                WINDOWS_1252,
                "IS KE",
                "Þóra Guðrún;Björk Guðmundsdóttir;Ýrr;Æsa",
            ),
            (WINDOWS_1252, "KE", "María"),
            (WINDOWS_1252, "KE", "François"),
            (WINDOWS_1252, "KE", "João"),
            (WINDOWS_1252, "KE", "Peña"),
            (WINDOWS_1252, "FR", "Hélène"),
            (WINDOWS_1252, "ES", "Íñigo"),
            (WINDOWS_1250, "PL", "Stanisław Wałęsa;Agnieszka Gdańska"),
            (WINDOWS_1250, "CZ", "Karel Němec;Krčmář;Šťastný"),
            (WINDOWS_1250, "HU", "Erdős Pál;Szűcs"),
            (WINDOWS_1250, "RO", "Irena Mărgărit"),
            (WINDOWS_1254, "TR", "Ayşe Kılıç"),
            (WINDOWS_1257, "LT", "Eglė"),
            (WINDOWS_1257, "LV", "Jānis Bērziņš;Ķirsis"),
        ] {
            for country in countries.split(' ') {
                let text = format!("Name\n{}\n", names.replace(';', "\n"));
                let (bytes, _, lost) = encoding.encode(&text);
                assert!(!lost, "{text}");
                let said = read(&bytes, country);
                assert_eq!(
                    said.unwrap_or_else(|error| error.to_string()),
                    text,
                    "{country}"
                );
            }
        }
    }

    #[test]
    fn a_text_that_cannot_be_decoded_says_where() {
        let file = "Nom\nJosé\nZoë\n".to_owned().into_bytes();
        let broken = [&file[..], b"Ren\xe9\n"].concat();
        let Err(FileError::Undecodable { encoding, lines }) = read(&broken, "FR") else {
            panic!("it was read")
        };
        assert_eq!((encoding, lines), ("UTF-8", vec![4]));
        let half = decode(b"N\0o\0m\0\n\0\x3d\xd8", Some(UTF_16LE), None);
        assert!(matches!(half, Err(FileError::Undecodable { .. })));
    }

    #[test]
    fn utf16_is_known_without_its_mark_and_zeros_alone_are_none() {
        let text = "الاسم,Phone\r\nخالد,0501234567\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little, "SA").unwrap(), text);
        assert_eq!(read(&big, "SA").unwrap(), text);
        let zeros = "Name,Phone\nA\0m\0i\0n\0a\0,0712345678\nB\0\0\0r,1\n";
        assert_eq!(read(zeros.as_bytes(), "KE").unwrap(), zeros);
    }

    #[test]
    fn one_letter_of_dos_that_is_a_mark_to_windows_is_asked_about() {
        for name in [
            &b"Jos\x82"[..],
            b"Ren\x82e",
            b"Gonz\xa0lez",
            b"Mar\xa1a",
            b"L\xa2pez",
            b"Jes\xa3s",
            b"Mu\xa4oz",
            b"J\x94rg",
            b"M\x81ller",
            b"Fran\x87ois",
        ] {
            let file = [b"Nom;Phone\n", name, b";+33612345678\n"].concat();
            let said = read(&file, "FR").unwrap_err();
            assert!(matches!(said, FileError::UnknownEncoding), "{name:x?}");
            assert!(said.to_string().contains("save it as UTF-8"), "{said}");
        }
    }
}
