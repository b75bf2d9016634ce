//! The business of the tests: what it is, what it offers, and how it is reached.

use kazi_platform::WorkspaceId;

use crate::{
    Across, Context, Work,
    ai::{self, Format, NewDocument, NewPrompt},
    catalog::{self, NewProduct, Text},
    channels::{self, ChannelId, ChannelKind, Credentials, NewChannel},
    workspaces::{self, Changes, NewWorkspace},
};

/// Adds a channel, or gives one that is there its credentials anew.
pub(super) async fn add_channel(
    work: &mut Work,
    ctx: &Context,
    kind: ChannelKind,
    external_id: &str,
) -> ChannelId {
    let secret = || Some("secret".to_owned().into());
    let credentials = Credentials {
        token: "token".to_owned().into(),
        app_secret: secret(),
        verify_token: None,
        webhook_token: secret(),
    };
    let new = NewChannel {
        kind,
        name: "Test",
        external_id,
        account_id: None,
        display_phone: None,
        base_url: None,
        credentials: &credentials,
    };
    channels::add(work, &ctx.keyring, &new).await.unwrap()
}

/// The workspace of the business.
pub(super) async fn workspace(across: &mut Across) -> WorkspaceId {
    let new = NewWorkspace {
        name: "Zuri",
        default_language: "en",
        languages: &["en".to_owned(), "fr".to_owned()],
        country: Some("KE"),
        currency: "USD".parse().unwrap(),
    };
    workspaces::create(across.conn(), &new).await.unwrap()
}

/// Sets the seconds for which the bot waits for more lines of a question. `None`: the default.
pub async fn gather_for(work: &mut Work, seconds: Option<i32>) {
    let before = workspaces::lock(work).await.unwrap();
    let mut settings = before.settings.clone();
    settings.gather_seconds = seconds;
    let changes = Changes {
        settings: Some(settings),
        ..Changes::default()
    };
    workspaces::update(work, before, changes).await.unwrap();
}

/// A menu of three, two products and something to know, in English and French.
pub(super) async fn offers(work: &mut Work) {
    let text = |en: &str, fr: &str| {
        Text::from([
            ("en".to_owned(), en.to_owned()),
            ("fr".to_owned(), fr.to_owned()),
        ])
    };
    for (key, order, en, fr) in [
        ("shop", 1, "Shop", "Boutique"),
        ("hours", 2, "Hours", "Horaires"),
        ("agent", 3, "Person", "Quelqu’un"),
    ] {
        catalog::add_menu_item(work, key, order, &text(en, fr), &Text::new())
            .await
            .unwrap();
    }
    for (sku, minor, texts) in [
        (
            "COF",
            1250,
            [
                ("en", "Kenyan coffee", "Arabica beans, roasted"),
                ("fr", "Café du Kenya", "Grains d’arabica torréfiés"),
            ],
        ),
        (
            "TEA",
            680,
            [
                ("en", "Black tea", "Leaves from Kericho"),
                ("fr", "Thé noir", "Feuilles de Kericho"),
            ],
        ),
    ] {
        let price = kazi_platform::Money {
            minor,
            currency: "USD".parse().unwrap(),
        };
        let image_url = Some("https://shop.test/coffee.jpg");
        let new = NewProduct {
            sku,
            price,
            image_url,
            stock: 3,
            texts: &texts,
        };
        catalog::add_product(work, &new).await.unwrap();
    }
    for (language, title, body) in [
        ("en", "Opening hours", "We open at 8:00 and close at 19:00."),
        ("fr", "Horaires", "Nous ouvrons à 8 h et fermons à 19 h."),
    ] {
        let new = NewDocument {
            title: title.into(),
            language: language.into(),
            format: Format::Text,
            body: body.into(),
        };
        ai::create_document(work, &new).await.unwrap();
    }
    let new = NewPrompt {
        name: "Test".into(),
        channel_id: None,
        body: "You are Zuri's assistant.".into(),
        models: vec!["a/b".into()],
        temperature: 0.0,
        max_tokens: 200,
        tools: true,
    };
    let prompt = ai::create_prompt(work, &new).await.unwrap();
    ai::activate_prompt(work, &prompt).await.unwrap();
}
