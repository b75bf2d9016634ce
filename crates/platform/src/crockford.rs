//! Codes that people read and type: 32 digits and letters that nobody takes for another (Crockford's base 32). Each stands
//! for five bits.

/// In the order of their values.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes a code of random bytes: a character of each.
pub fn code(dice: &[u8]) -> String {
    let chars = dice
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    chars.collect()
}

/// A code as [`code`] has made it, of what somebody has typed: with spaces and dashes, small letters, and the letters that
/// look like a digit. What is no character of a code stays as it is.
pub fn plain(typed: &str) -> String {
    let meant = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    meant
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

/// Whether a plain text has only characters of a code.
pub fn is_code(plain: &str) -> bool {
    plain.bytes().all(|byte| ALPHABET.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let made = code(&[0, 31, 32, 63, 10, 255]);
        assert_eq!(made, "0Z0ZAZ");
        for typed in ["0Z0Z-AZ", " 0z0z az ", "oZ-OzAz"] {
            assert_eq!(plain(typed), made, "{typed}");
        }
        assert_eq!(plain("il1"), "111");
        assert!(is_code("0Z"));
        for wrong in ["0U", "é", "0?", "0z"] {
            assert!(!is_code(wrong), "{wrong}");
        }
    }
}
