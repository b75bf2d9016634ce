use serde_json::{Value, json};

use super::*;

fn meta(message: Value) -> Heard {
    whatsapp(serde_json::from_value(message).unwrap())
}

fn green(data: Value) -> Heard {
    greenapi(serde_json::from_value(data).unwrap())
}

fn text(text: &str) -> Input {
    Input::Text(text.into())
}

/// What is kept of a message, and what the bot makes of it.
fn check(heard: &Heard, kind: &str, body: &str, said: &Input) {
    assert_eq!(
        (heard.kind.as_str(), heard.body.as_str(), &heard.said),
        (kind, body, said)
    );
}

#[test]
fn every_kind_of_the_cloud_api_is_readable() {
    for (given, kind, body, said) in [
        (
            json!({"type": "text", "text": {"body": "Hi"}}),
            "text",
            "Hi",
            text("Hi"),
        ),
        (
            json!({"type": "image", "image": {"id": "1", "caption": "this?"}}),
            "image",
            "this?",
            text("this?"),
        ),
        (
            json!({"type": "image", "image": {"id": "1", "caption": " "}}),
            "image",
            "[image]",
            Input::Unreadable,
        ),
        (
            json!({"type": "audio", "audio": {"id": "1", "voice": true}}),
            "audio",
            "[voice message]",
            Input::Unreadable,
        ),
        (
            json!({"type": "audio", "audio": {"id": "1"}}),
            "audio",
            "[audio]",
            Input::Unreadable,
        ),
        (
            json!({"type": "document", "document": {"id": "1", "filename": "menu.pdf"}}),
            "document",
            "[document: menu.pdf]",
            Input::Unreadable,
        ),
        (
            json!({"type": "document", "document": {"id": "1", "filename": "Price_List 2.pdf", "caption": "price list 2.PDF "}}),
            "document",
            "[document: Price_List 2.pdf]",
            Input::Unreadable,
        ),
        (
            json!({"type": "document", "document": {"id": "1", "filename": "Price list.pdf", "caption": "Price list"}}),
            "document",
            "[document: Price list.pdf]",
            Input::Unreadable,
        ),
        (
            json!({"type": "document", "document": {"id": "1", "filename": "Price list.pdf", "caption": "price list?"}}),
            "document",
            "price list?",
            text("price list?"),
        ),
        (
            json!({"type": "contacts", "contacts": [
                {"name": {"first_name": "Otieno", "last_name": "Ouma"}, "phones": [{"phone": "+254 700 2"}]},
                {"name": {"formatted_name": " "}, "org": {"company": "Zuri Ltd"}},
                {"phones": [{"phone": "+254 700 3"}]}, {}]}),
            "contacts",
            "👤 Otieno Ouma, +254 700 2\n👤 Zuri Ltd\n👤 +254 700 3\n👤 [contact card]",
            Input::Kept,
        ),
        (
            json!({"type": "sticker", "sticker": {"id": "1", "animated": true}}),
            "sticker",
            "[sticker]",
            Input::Unreadable,
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": "m", "emoji": "👍"}}),
            "reaction",
            "👍",
            Input::Nothing,
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": "m"}}),
            "reaction",
            "[reaction taken back]",
            Input::Nothing,
        ),
        (
            json!({"type": "location", "location": {"latitude": -4.05, "longitude": 39.66, "name": "Fort", "address": "Nkrumah Rd"}}),
            "location",
            "📍 Fort, Nkrumah Rd\n-4.05, 39.66",
            Input::Kept,
        ),
        (
            json!({"type": "contacts", "contacts": [
                {"name": {"formatted_name": "Otieno"}, "phones": [{"phone": "+254 700 1"}, {"wa_id": "2547002"}], "emails": [{"email": "o@x.test"}]},
                {"phones": [{"phone": "112"}]},
            ]}),
            "contacts",
            "👤 Otieno, +254 700 1, 2547002, o@x.test\n👤 112",
            Input::Kept,
        ),
        (
            json!({"type": "order", "order": {"catalog_id": "9", "text": "Before six", "product_items": [
                {"product_retailer_id": "MUG", "quantity": 3, "item_price": 4.5, "currency": "USD"},
                {"product_retailer_id": "BAG"},
            ]}}),
            "order",
            "🛒 3 × MUG, 4.5 USD each\n🛒 1 × BAG\nBefore six",
            Input::Order,
        ),
        (
            json!({"type": "order", "order": {}}),
            "order",
            "🛒",
            Input::Order,
        ),
        (
            json!({"type": "edit", "edit": {"original_message_id": "m1", "message": {"type": "text", "text": {"body": "Two, please"}}}}),
            "edit",
            "✏️ Two, please",
            Input::Corrected {
                of: "m1".into(),
                text: "Two, please".into(),
            },
        ),
        (
            json!({"type": "edit", "edit": {"original_message_id": "m1", "message": {"type": "image", "image": {"caption": "New"}}}}),
            "edit",
            "✏️ New",
            Input::Corrected {
                of: "m1".into(),
                text: "New".into(),
            },
        ),
        (
            json!({"type": "edit"}),
            "edit",
            "[edited a message]",
            Input::Nothing,
        ),
        (
            json!({"type": "revoke", "revoke": {"original_message_id": "m1"}}),
            "revoke",
            "[deleted a message]",
            Input::Deleted { of: "m1".into() },
        ),
        (
            json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [{"code": 131051, "title": "Unknown type"}]}),
            "unsupported",
            "[unsupported: poll_creation]",
            Input::Unreadable,
        ),
        (
            json!({"type": "ephemeral", "errors": [{"code": 131051, "title": "Unknown type"}]}),
            "ephemeral",
            "[ephemeral: Unknown type]",
            Input::Unreadable,
        ),
        (
            json!({"type": "request_welcome"}),
            "request_welcome",
            "[opened the chat]",
            Input::Opened,
        ),
        (
            json!({"type": "system", "system": {"type": "user_changed_number", "wa_id": "1"}}),
            "system",
            "[user_changed_number]",
            Input::Nothing,
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "call_permission_reply", "call_permission_reply": {}}}),
            "interactive",
            "[call_permission_reply]",
            Input::Nothing,
        ),
        (
            json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}),
            "button",
            "Yes",
            Input::Tap {
                id: "P".into(),
                title: "Yes".into(),
            },
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r1", "title": "Row"}}}),
            "interactive",
            "Row",
            Input::Tap {
                id: "r1".into(),
                title: "Row".into(),
            },
        ),
        (
            json!({"type": "hologram", "hologram": [1]}),
            "hologram",
            "[hologram]",
            Input::Unreadable,
        ),
        (json!({}), "unknown", "[unknown]", Input::Unreadable),
    ] {
        check(&meta(given), kind, body, &said);
    }
}

#[test]
fn the_answers_of_a_form_are_read_whatever_their_shape() {
    let form = |answers: Value| {
        meta(
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {
            "name": "flow", "body": "Sent", "response_json": answers}}}),
        )
    };
    let heard = form(json!(
        "{\"flow_token\":\"t\",\"guests\":4,\"when\":\"Fri\\nday\\u0000\",\"diet\":[\"vegan\",\"halal\"],\"who\":{\"name\":\"Neema\"}}"
    ));
    check(
        &heard,
        "interactive",
        "📝 diet: vegan, halal\nguests: 4\nwhen: Fri\nday\nwho name: Neema",
        &Input::Form,
    );
    assert_eq!(heard.content["answers"]["when"], "Fri\nday");
    let plain = form(json!({"guests": 2}));
    check(&plain, "interactive", "📝 guests: 2", &Input::Form);
    check(
        &form(json!("no json")),
        "interactive",
        "📝 no json",
        &Input::Form,
    );
    check(&form(Value::Null), "interactive", "📝 Sent", &Input::Form);
}

#[test]
fn what_led_to_a_message_stands_beside_it() {
    let heard = meta(
        json!({"type": "text", "text": {"body": "Is it still there?"},
        "context": {"id": "wamid.q", "referred_product": {"catalog_id": "9", "product_retailer_id": "MUG"}},
        "referral": {"headline": "Mugs for half", "source_url": "https://fb.test/1", "ctwa_clid": "c"}}),
    );
    check(
        &heard,
        "text",
        "Is it still there?\n[about the product MUG]\n[from the ad: Mugs for half, https://fb.test/1]",
        &text("Is it still there?"),
    );
    assert_eq!(heard.content["referral"]["ctwa_clid"], "c");
    assert_eq!(heard.content["quoted"], "wamid.q");
}

#[test]
fn every_kind_of_green_api_is_readable() {
    let tap = |id: &str, title: &str| Input::Tap {
        id: id.into(),
        title: title.into(),
    };
    for (given, kind, body, said) in [
        (
            json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": "Hi"}}),
            "text",
            "Hi",
            text("Hi"),
        ),
        (
            json!({"typeMessage": "quotedMessage", "extendedTextMessageData": {"text": "Yes"}, "quotedMessage": {"stanzaId": "Q"}}),
            "text",
            "Yes",
            text("Yes"),
        ),
        (
            json!({"typeMessage": "imageMessage", "fileMessageData": {"caption": "", "downloadUrl": "https://x.test/1"}}),
            "image",
            "[image]",
            Input::Unreadable,
        ),
        (
            json!({"typeMessage": "documentMessage", "fileMessageData": {"caption": "Mine", "fileName": "a.pdf"}}),
            "document",
            "Mine",
            text("Mine"),
        ),
        (
            json!({"typeMessage": "audioMessage", "fileMessageData": {}}),
            "audio",
            "[audio]",
            Input::Unreadable,
        ),
        (
            json!({"typeMessage": "editedMessage", "editedMessageData": {"stanzaId": "S", "textMessage": "Three"}}),
            "edit",
            "✏️ Three",
            Input::Corrected {
                of: "S".into(),
                text: "Three".into(),
            },
        ),
        (
            json!({"typeMessage": "deletedMessage", "deletedMessageData": {"stanzaId": "S"}}),
            "revoke",
            "[deleted a message]",
            Input::Deleted { of: "S".into() },
        ),
        (
            json!({"typeMessage": "reactionMessage", "extendedTextMessageData": {"text": "❤️"}, "quotedMessage": {"stanzaId": "S"}}),
            "reaction",
            "❤️",
            Input::Nothing,
        ),
        (
            json!({"typeMessage": "reactionMessage", "extendedTextMessageData": {"text": ""}}),
            "reaction",
            "[reaction taken back]",
            Input::Nothing,
        ),
        (
            json!({"typeMessage": "locationMessage", "locationMessageData": {"nameLocation": "Fort", "latitude": 1.5, "longitude": 2}}),
            "location",
            "📍 Fort\n1.5, 2",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "liveLocationMessage", "liveLocationMessageData": {"latitude": 1.5, "longitude": 2}}),
            "location",
            "📍 1.5, 2",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "contactMessage", "contactMessageData": {"displayName": "Otieno",
                "vcard": "BEGIN:VCARD\nFN:Otieno\nitem1.TEL;waid=2547001:+254 700 1\nEND:VCARD"}}),
            "contacts",
            "👤 Otieno, +254 700 1",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "contactsArrayMessage", "messageData": {"contacts": [{"displayName": "A", "vcard": ""}, {"displayName": "B", "vcard": "EMAIL:b@x.test"}]}}),
            "contacts",
            "👤 A\n👤 B, b@x.test",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "pollMessage", "pollMessageData": {"name": "When?", "options": [{"optionName": "Mon"}, {"optionName": "Tue"}]}}),
            "poll",
            "📊 When?: Mon, Tue",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "pollUpdateMessage", "pollMessageData": {"name": "When?", "votes": [
                {"optionName": "Mon", "optionVoters": []}, {"optionName": "Tue", "optionVoters": ["1@c.us"]}]}}),
            "poll_vote",
            "📊 When?: Tue",
            Input::Nothing,
        ),
        (
            json!({"typeMessage": "buttonsResponseMessage", "buttonsResponseMessage": {"selectedButtonId": "b", "selectedButtonText": "Yes"}}),
            "interactive",
            "Yes",
            tap("b", "Yes"),
        ),
        (
            json!({"typeMessage": "listResponseMessage", "listResponseMessage": {"title": "Row", "singleSelectReply": {"selectedRowId": "r"}}}),
            "interactive",
            "Row",
            tap("r", "Row"),
        ),
        (
            json!({"typeMessage": "templateButtonsReplyMessage", "templateButtonReplyMessage": {"selectedId": "t", "selectedDisplayText": "Go"}}),
            "interactive",
            "Go",
            tap("t", "Go"),
        ),
        (
            json!({"typeMessage": "templateButtonsReplyMessage", "templateButtonsReplyMessage": {"selectedIndex": 1, "selectedDisplayText": "Later"}}),
            "interactive",
            "Later",
            tap("Later", "Later"),
        ),
        (
            json!({"typeMessage": "listMessage", "listMessage": {"title": "Bank", "contentText": "Choose one", "footer": "24/7", "buttonText": "Open",
                "sections": [{"title": "All", "rows": [{"title": "Cards", "rowId": "1"}, {"title": "Loans", "rowId": "2"}]}]}}),
            "interactive",
            "Bank\nChoose one\n24/7\n[Cards]\n[Loans]",
            Input::Offered,
        ),
        (
            json!({"typeMessage": "templateMessage", "templateMessage": {"contentText": "Your code", "isForwarded": true,
                "buttons": [{"index": 1, "urlButton": {"displayText": "Site", "url": "https://x.test"}}, {"index": 2, "quickReplyButton": {"displayText": "No"}}]}}),
            "interactive",
            "Your code\n[Site]\n[No]",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "interactiveButtons", "interactiveButtons": {"titleText": "Hi", "contentText": "Pay", "footerText": "Soon",
                "buttons": [{"type": "url", "buttonId": "1", "buttonText": "Go"}]}}),
            "interactive",
            "Hi\nPay\nSoon\n[Go]",
            Input::Offered,
        ),
        (
            json!({"typeMessage": "interactiveButtonsReply", "interactiveButtonsReply": {"header": "Hi", "body": "Well?",
                "buttons": [{"buttonId": "1", "buttonText": "Yes"}]}}),
            "interactive",
            "Hi\nWell?\n[Yes]",
            Input::Offered,
        ),
        (
            json!({"typeMessage": "documentMessage", "fileMessageData": {"caption": "bill 7.pdf", "fileName": "bill_7.pdf", "downloadUrl": "https://x.test/b"}}),
            "document",
            "[document: bill_7.pdf]",
            Input::Unreadable,
        ),
        (
            json!({"typeMessage": "contactMessage", "contactMessageData": {"displayName": "",
                "vcard": "BEGIN:VCARD\nN:Ouma;Otieno;;;\nORG:Zuri;\nTEL:+254 700 4\nEND:VCARD"}}),
            "contacts",
            "👤 Ouma Otieno, +254 700 4",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "groupInviteMessage", "groupInviteMessageData": {"groupName": "Club"}}),
            "group_invite",
            "[invitation to the group Club]",
            Input::Kept,
        ),
        (
            json!({"typeMessage": "ephemeralMessage"}),
            "ephemeralMessage",
            "[ephemeralMessage]",
            Input::Unreadable,
        ),
        (json!({}), "unknown", "[unknown]", Input::Unreadable),
    ] {
        check(&green(given), kind, body, &said);
    }
}
