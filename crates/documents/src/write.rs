//! From placed glyphs to the bytes of a PDF.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::{Metadata, TextDirection},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
};

use crate::{
    DocumentError, Sheet,
    fonts::Fonts,
    layout::{HEIGHT, Mark, Page, WIDTH},
    text::{Colour, Line},
};

pub fn pdf(fonts: &Fonts, sheet: &Sheet, pages: &[Page]) -> Result<Vec<u8>, DocumentError> {
    let mut document = Document::new();
    for page in pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| DocumentError::Write("a page has no size".to_owned()))?;
        let mut written = document.start_page_with(size);
        let mut surface = written.surface();
        for mark in &page.marks {
            paint(&mut surface, fonts, mark);
        }
        surface.finish();
        written.finish();
    }
    // Without a date: the same sheet gives the same bytes.
    let metadata = Metadata::new()
        .title(format!("{} {}", sheet.title, sheet.number))
        .authors(vec![sheet.seller.name.clone()])
        .language(sheet.language.clone())
        .text_direction(match sheet.right_to_left {
            true => TextDirection::RightToLeft,
            false => TextDirection::LeftToRight,
        });
    document.set_metadata(metadata);
    document
        .finish()
        .map_err(|error| DocumentError::Write(format!("{error:?}")))
}

fn paint(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) {
    match mark {
        Mark::Text { x, y, line } => write(surface, fonts, (*x, *y), line),
        Mark::Area {
            x,
            y,
            width,
            height,
            colour,
        } => {
            let mut path = PathBuilder::new();
            if let Some(area) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(area);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn write(surface: &mut Surface<'_>, fonts: &Fonts, (x, y): (f32, f32), line: &Line) {
    surface.set_fill(Some(fill(line.style.colour)));
    let mut at = x;
    for run in &line.runs {
        surface.draw_glyphs(
            Point::from_xy(at, y),
            &run.glyphs,
            fonts.face(run.face).written.clone(),
            &line.text,
            line.style.size,
            false,
        );
        at += run.width * line.style.size;
    }
}

fn fill(Colour(red, green, blue): Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}
