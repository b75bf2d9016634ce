//! What a reader relies on: the text can be selected, nothing is lost, and the file is small.

use crate::{Party, Row, Sheet, Total, pdf};

const LARGEST: usize = 150_000;

fn sheet(rows: usize) -> Sheet {
    let row = |number| Row {
        cells: vec![
            format!("Product {number}"),
            "2".into(),
            "KES 1,250.00".into(),
            "KES 2,500.00".into(),
        ],
        detail: "SKU-1".into(),
    };
    Sheet {
        language: "en".into(),
        title: "Invoice".into(),
        number: "INV-000012".into(),
        seller: Party {
            name: "Zuri Coffee".into(),
            lines: vec!["Moi Avenue 12, Nairobi".into(), "PIN P051234567X".into()],
            ..Party::default()
        },
        buyer: Party {
            label: "Billed to".into(),
            name: "Amina Otieno".into(),
            lines: vec!["+254 712 345678".into()],
        },
        facts: vec![("Issued on".into(), "1 December 2026".into())],
        columns: ["Description", "Quantity", "Price", "Amount"]
            .map(String::from)
            .to_vec(),
        rows: (0..rows).map(row).collect(),
        totals: vec![Total {
            label: "Total".into(),
            value: "KES 2,500.00".into(),
            strong: true,
        }],
        stamp: Some("Paid".into()),
        notes: vec!["Thank you.".into()],
        footer: "Zuri Coffee Ltd".into(),
        ..Sheet::default()
    }
}

/// The text of all pages, as a reader copies it.
fn read(bytes: &[u8]) -> (usize, String) {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    (pages.len(), document.extract_text(&pages).unwrap())
}

#[test]
fn a_sheet_is_one_page_whose_text_can_be_selected() {
    let bytes = pdf(&sheet(2)).unwrap();
    let (pages, text) = read(&bytes);
    assert_eq!(pages, 1);
    for part in [
        "Invoice",
        "INV-000012",
        "Zuri Coffee",
        "Amina Otieno",
        "Product 1",
        "KES 2,500.00",
        "Paid",
        "Thank you.",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(bytes.len() < LARGEST, "{} bytes", bytes.len());
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    assert_eq!(pdf(&sheet(3)).unwrap(), pdf(&sheet(3)).unwrap());
}

#[test]
fn a_long_table_goes_on_over_the_pages_and_loses_no_line() {
    let bytes = pdf(&sheet(120)).unwrap();
    let (pages, text) = read(&bytes);
    assert!(pages > 2, "{pages} pages");
    for number in 0..120 {
        assert!(text.contains(&format!("Product {number}")), "{number}");
    }
    // Each page has the headings and its number.
    assert_eq!(text.matches("Description").count(), pages);
    assert!(text.contains(&format!("{pages} / {pages}")), "{text}");
    assert!(bytes.len() < LARGEST, "{} bytes", bytes.len());
}

#[test]
fn a_word_that_is_wider_than_the_page_is_broken() {
    let mut long = sheet(1);
    long.notes = vec!["w".repeat(2_000)];
    let (_, text) = read(&pdf(&long).unwrap());
    assert_eq!(text.matches('w').count(), 2_000);
}

#[test]
fn what_cannot_be_shown_is_left_out_and_nothing_fails() {
    let mut odd = sheet(1);
    odd.rows[0].cells[0] = "🍕 Pizza\u{202E}\u{0007} 東京".into();
    odd.buyer.name = String::new();
    odd.footer = String::new();
    odd.totals.clear();
    let (_, text) = read(&pdf(&odd).unwrap());
    assert!(text.contains("Pizza"), "{text}");
}
