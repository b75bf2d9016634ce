//! The fonts of this crate, and which of them has a character.

use krilla::text::Font;
use rustybuzz::Face;

use crate::DocumentError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// One font file, for the two who need it: the shaper, and the writer of the PDF.
pub struct Typeface {
    pub shaper: Face<'static>,
    pub written: Font,
}

/// Latin, Greek and Cyrillic; Arabic; Devanagari. Regular and bold.
pub struct Fonts {
    faces: Vec<Typeface>,
}

macro_rules! files {
    ($($name:literal),*) => { [$(($name, include_bytes!(concat!("../fonts/", $name, ".ttf")))),*] };
}

static FILES: [(&str, &[u8]); 6] = files!(
    "NotoSans-Regular",
    "NotoSansArabic-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSans-Bold",
    "NotoSansArabic-Bold",
    "NotoSansDevanagari-Bold"
);
const SCRIPTS: usize = 3;

impl Fonts {
    pub fn load() -> Result<Self, DocumentError> {
        let face = |bytes: &'static [u8]| {
            Some(Typeface {
                shaper: Face::from_slice(bytes, 0)?,
                written: Font::new(bytes.into(), 0)?,
            })
        };
        let faces = FILES
            .iter()
            .map(|(name, bytes)| face(bytes).ok_or(DocumentError::Font(name)));
        Ok(Self {
            faces: faces.collect::<Result<_, _>>()?,
        })
    }

    pub fn face(&self, index: usize) -> &Typeface {
        &self.faces[index]
    }

    /// The font for a character: that of the character before it, if it has the character. Spaces and marks so stay with
    /// their word.
    pub fn choose(&self, weight: Weight, letter: char, before: Option<usize>) -> Option<usize> {
        let first = match weight {
            Weight::Regular => 0,
            Weight::Bold => SCRIPTS,
        };
        let has = |face: &usize| self.faces[*face].shaper.glyph_index(letter).is_some();
        before
            .filter(has)
            .or_else(|| (first..first + SCRIPTS).find(has))
    }

    /// The font whose box stands for a letter that no font has.
    pub const fn fallback(weight: Weight) -> usize {
        match weight {
            Weight::Regular => 0,
            Weight::Bold => SCRIPTS,
        }
    }
}
