//! Meta's limits of the parts of a template (Meta, "Message templates", 2026). All who write or fill one use these.

/// Characters of the body.
pub const BODY: usize = 1_024;
/// Characters of a header's text and of the footer.
pub const HEADER_FOOTER: usize = 60;
/// Characters of a card's body.
pub const CARD_BODY: usize = 160;
/// Characters of the end of a button's address.
pub const URL: usize = 2_000;
/// Characters of a coupon.
pub const COUPON: usize = 15;
/// Characters that a quick reply sends back.
pub const PAYLOAD: usize = 256;
pub const BUTTONS: usize = 10;
pub const CARD_BUTTONS: usize = 2;
pub const CARDS: usize = 10;
