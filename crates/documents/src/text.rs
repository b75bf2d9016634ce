//! From a text to lines of placed glyphs.

use std::ops::Range;

use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_segmentation::UnicodeSegmentation;

use crate::fonts::{Fonts, Weight};

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub colour: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// A line of text, ready to be written.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub style: Style,
    pub width: f32,
    /// From left to right.
    pub runs: Vec<Run>,
}

/// Neighbours on a line that have one font and one direction.
#[derive(Clone, Debug)]
pub struct Run {
    pub face: usize,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

/// Breaks a text into lines of at most a width.
pub fn wrap(fonts: &Fonts, text: &str, style: Style, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let paragraph = clean(fonts, paragraph, style.weight);
        // A line that begins with a foreign word runs as the rest of its paragraph does.
        let level = ParagraphBidiInfo::new(&paragraph, None).paragraph_level;
        for line in broken(fonts, &paragraph, style, width) {
            lines.push(line_of(fonts, line.trim(), style, Some(level)));
        }
    }
    lines
}

/// A text on one line, however long.
pub fn line(fonts: &Fonts, text: &str, style: Style) -> Line {
    line_of(fonts, clean(fonts, text, style.weight).trim(), style, None)
}

/// A text without characters that show nothing here: control characters, those that turn the direction of what follows, and
/// pictures that no font has. A letter that no font has stays, as a box.
fn clean(fonts: &Fonts, text: &str, weight: Weight) -> String {
    let kept = text.chars().filter_map(|letter| match letter {
        '\t' => Some(' '),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' => None,
        _ if letter.is_control() => None,
        _ if letter.is_alphanumeric() || fonts.choose(weight, letter, None).is_some() => {
            Some(letter)
        }
        _ => None,
    });
    kept.collect()
}

/// The lines of a paragraph: broken at spaces, and inside a word that is wider than the line.
fn broken<'a>(fonts: &Fonts, text: &'a str, style: Style, width: f32) -> Vec<&'a str> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut used) = (0, 0, 0.0);
    for word in text.split_inclusive(' ') {
        let whole = line_of(fonts, word, style, None).width;
        let seen = line_of(fonts, word.trim_end(), style, None).width;
        if used > 0.0 && used + seen > width {
            lines.push(&text[start..end]);
            (start, used) = (end, 0.0);
        }
        if seen > width {
            for letter in word.graphemes(true) {
                let one = line_of(fonts, letter, style, None).width;
                if used > 0.0 && used + one > width {
                    lines.push(&text[start..end]);
                    (start, used) = (end, 0.0);
                }
                used += one;
                end += letter.len();
            }
        } else {
            used += whole;
            end += word.len();
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// Shapes a line. Without a level its direction is that of its first letter.
fn line_of(fonts: &Fonts, text: &str, style: Style, level: Option<Level>) -> Line {
    let mut line = Line {
        text: text.to_owned(),
        style,
        width: 0.0,
        runs: Vec::new(),
    };
    if text.is_empty() {
        return line;
    }
    let paragraph = ParagraphBidiInfo::new(text, level);
    let (levels, runs) = paragraph.visual_runs(0..text.len());
    for run in runs {
        let right_to_left = levels[run.start].is_rtl();
        let mut parts = parts(fonts, text, run, style.weight);
        if right_to_left {
            parts.reverse();
        }
        for (face, range) in parts {
            let shaped = shape(fonts, face, text, range, right_to_left);
            line.width += shaped.width * style.size;
            line.runs.push(shaped);
        }
    }
    line
}

/// Splits a run by fonts.
fn parts(
    fonts: &Fonts,
    text: &str,
    run: Range<usize>,
    weight: Weight,
) -> Vec<(usize, Range<usize>)> {
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    for (at, letter) in text[run.clone()].char_indices() {
        let at = run.start + at;
        let before = parts.last().map(|(face, _)| *face);
        let face = fonts.choose(weight, letter, before);
        let face = face.unwrap_or(Fonts::fallback(weight));
        match parts.last_mut() {
            Some((same, range)) if *same == face => range.end = at + letter.len_utf8(),
            _ => parts.push((face, at..at + letter.len_utf8())),
        }
    }
    parts
}

fn shape(fonts: &Fonts, face: usize, text: &str, range: Range<usize>, right_to_left: bool) -> Run {
    let shaper = &fonts.face(face).shaper;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text[range.clone()]);
    buffer.guess_segment_properties();
    buffer.set_direction(if right_to_left {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let shaped = rustybuzz::shape(shaper, &[], buffer);
    let infos = shaped.glyph_infos();
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let em = shaper.units_per_em() as f32;
    let mut run = Run {
        face,
        glyphs: Vec::with_capacity(infos.len()),
        width: 0.0,
    };
    for (info, place) in infos.iter().zip(shaped.glyph_positions()) {
        let start = info.cluster as usize;
        let next = starts.iter().copied().find(|other| *other > start);
        let end = next.unwrap_or(range.len());
        run.width += place.x_advance as f32 / em;
        run.glyphs.push(KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            place.x_advance as f32 / em,
            place.x_offset as f32 / em,
            place.y_offset as f32 / em,
            place.y_advance as f32 / em,
            range.start + start..range.start + end,
            None,
        ));
    }
    run
}
