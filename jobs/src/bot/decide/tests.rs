use super::{Answer::*, *};

fn languages() -> Vec<String> {
    LANGUAGES.map(str::to_owned).to_vec()
}

fn say(registered: bool, step: BotStep, text: &str) -> Decision {
    told(registered, step, &[], &Input::Text(text.into()))
}

fn tap(registered: bool, step: BotStep, id: &str) -> Decision {
    told(
        registered,
        step,
        &[],
        &Input::Tap {
            id: id.into(),
            title: "T".into(),
        },
    )
}

fn told(registered: bool, step: BotStep, options: &[&str], said: &Input) -> Decision {
    let languages = languages();
    let facts = Facts {
        registered,
        name: Some("Amina"),
        languages: &languages,
        handed_over: false,
        owner_talks: false,
        of_an_album: false,
        file: None,
        opt_out_button: false,
        in_scene: false,
        opted_out: false,
    };
    let state = State {
        step,
        options: options.iter().map(|id| offer(id)).collect(),
        ..State::default()
    };
    heard(&facts, &state, said)
}

fn offer(id: &str) -> Offer {
    Offer {
        id: id.to_owned(),
        title: format!("Title of {id}"),
    }
}

/// Decides as the job does: a number is what it stands for.
fn heard(facts: &Facts<'_>, state: &State, said: &Input) -> Decision {
    match numbered(state, facts.handed_over, said).cloned() {
        Some(Offer { id, title }) => decide(facts, state, &Input::Tap { id, title }),
        None => decide(facts, state, said),
    }
}

#[test]
fn the_bot_answers_its_own_menu_items_itself() {
    for key in MENU_KEYS {
        let tapped = tap(true, BotStep::Ready, &format!("svc:{key}"));
        assert!(!tapped.answers.contains(&Ask), "{key}: {tapped:?}");
    }
}

#[test]
fn somebody_new_is_asked_for_a_name_and_a_language_and_gets_the_menu() {
    let hello = say(false, BotStep::New, "Do you have coffee?");
    assert_eq!(
        (hello.answers, hello.step),
        (vec![Text("hello"), AskName], BotStep::Name)
    );

    let named = say(false, BotStep::Name, "  Amina \n Odhiambo ");
    assert_eq!(named.effects, [Effect::Name("Amina Odhiambo".into())]);
    assert_eq!(
        (named.answers, named.step),
        (vec![AskLanguage("ask-language")], BotStep::Language)
    );
    assert_eq!(
        tap(false, BotStep::Name, PROFILE_NAME).effects,
        [Effect::Name("Amina".into())]
    );

    for chosen in [
        tap(false, BotStep::Language, "lang:fr"),
        say(false, BotStep::Language, "français"),
        say(false, BotStep::Language, "FR"),
    ] {
        assert_eq!(
            chosen.effects,
            [Effect::Language("fr".into()), Effect::Register]
        );
        assert_eq!(
            (chosen.answers, chosen.step),
            (vec![Menu("welcome")], BotStep::Ready)
        );
    }
}

#[test]
fn what_is_not_a_name_or_a_language_is_asked_again() {
    for text in ["12345", "menu", "", "🙂", &"x".repeat(61)] {
        let again = say(false, BotStep::Name, text);
        assert_eq!(
            (again.effects.as_slice(), again.answers.as_slice()),
            (&[][..], &[Text("ask-name-again")][..]),
            "{text}"
        );
    }
    assert_eq!(
        say(false, BotStep::Language, "Klingon").answers,
        [AskLanguage("ask-language-again")]
    );
    assert_eq!(
        tap(false, BotStep::Language, "lang:tlh").answers,
        [AskLanguage("ask-language-again")]
    );
}

#[test]
fn a_workspace_of_one_language_does_not_ask_for_one() {
    let facts = Facts {
        registered: false,
        name: None,
        languages: &["en".to_owned()],
        handed_over: false,
        owner_talks: false,
        of_an_album: false,
        file: None,
        opt_out_button: false,
        in_scene: false,
        opted_out: false,
    };
    let state = State {
        step: BotStep::Name,
        ..State::default()
    };
    let named = decide(&facts, &state, &Input::Text("Amina".into()));
    assert_eq!(
        named.effects,
        [Effect::Name("Amina".into()), Effect::Register]
    );
    assert_eq!(named.answers, [Menu("welcome")]);
}

#[test]
fn a_number_stands_for_what_was_offered_under_it() {
    let options = ["svc:hours", "svc:shop"];
    for two in ["2", "2.", "٢", "२"] {
        assert_eq!(
            told(true, BotStep::Ready, &options, &Input::Text(two.into())).answers,
            [Text("ask-search")],
            "{two}"
        );
    }
    // What was not offered is no choice.
    assert_eq!(
        told(true, BotStep::Ready, &options, &Input::Text("3".into())).answers,
        [Ask]
    );
    assert_eq!(
        told(true, BotStep::Ready, &options, &Input::Text("0".into())).answers,
        [Menu("menu-text")]
    );
}

#[test]
fn an_opt_out_is_heard_at_any_time() {
    for (registered, step) in [
        (false, BotStep::New),
        (false, BotStep::Name),
        (true, BotStep::Search),
        (true, BotStep::Ready),
    ] {
        let out = say(registered, step, "إيقاف");
        assert_eq!(
            (out.effects, out.answers, out.step),
            (vec![Effect::Consent(false)], vec![Text("opted-out")], step)
        );
    }
    assert_eq!(
        say(true, BotStep::Ready, "start").effects,
        [Effect::Consent(true)]
    );
}

#[test]
fn who_has_opted_out_can_opt_in_before_the_greeting_is_done() {
    let languages = languages();
    for (opted_out, effects) in [(true, vec![Effect::Consent(true)]), (false, vec![])] {
        let facts = Facts {
            registered: false,
            name: None,
            languages: &languages,
            handed_over: false,
            owner_talks: false,
            of_an_album: false,
            file: None,
            opt_out_button: false,
            in_scene: false,
            opted_out,
        };
        let heard = decide(&facts, &State::default(), &Input::Text("START".into()));
        assert_eq!(heard.effects, effects);
    }
}

#[test]
fn a_question_is_no_name_and_waits_for_the_greeting() {
    for text in [
        "How much is delivery?",
        "how much is delivery",
        "Quanto custa a entrega",
        "कितना लगेगा भाई",
        "متى تفتحون",
        "Delivery?",
    ] {
        for (step, answer) in [
            (BotStep::New, Text("hello")),
            (BotStep::Name, Text("ask-name-again")),
            (BotStep::Language, AskLanguage("ask-language-again")),
        ] {
            let heard = say(false, step, text);
            assert!(heard.remember && heard.effects.is_empty(), "{text}");
            assert_eq!(heard.answers[0], answer, "{text}");
        }
    }
    for name in [
        "Amina",
        "Maria da Conceição dos Santos",
        "Will Smith",
        "Quentin",
    ] {
        let heard = say(false, BotStep::Name, name);
        assert!(!heard.remember);
        assert_eq!(heard.effects, [Effect::Name(name.into())]);
    }
}

#[test]
fn a_person_takes_over_and_the_bot_is_silent_until_it_is_asked_back() {
    assert_eq!(
        say(true, BotStep::Search, "agent").effects,
        [Effect::HandOver(true)]
    );
    let languages = languages();
    let facts = Facts {
        registered: true,
        name: None,
        languages: &languages,
        handed_over: true,
        owner_talks: false,
        of_an_album: false,
        file: None,
        opt_out_button: false,
        in_scene: false,
        opted_out: false,
    };
    let state = State {
        step: BotStep::Ready,
        options: vec![offer("menu")],
        ..State::default()
    };
    let silent = decide(&facts, &state, &Input::Text("is anybody there?".into()));
    assert_eq!((silent.effects.len(), silent.answers.len()), (0, 0));
    // "1" is said to the person, also where it would have meant the menu.
    let number = heard(&facts, &state, &Input::Text("1".into()));
    assert_eq!((number.effects.len(), number.answers.len()), (0, 0));
    let back = decide(&facts, &state, &Input::Text("menu".into()));
    assert_eq!(
        (back.effects, back.answers),
        (vec![Effect::HandOver(false)], vec![Menu("menu-text")])
    );
}

#[test]
fn the_shop_is_searched_and_anything_else_is_for_a_model() {
    assert_eq!(tap(true, BotStep::Ready, SHOP).step, BotStep::Search);
    assert_eq!(
        say(true, BotStep::Search, " shea butter ").answers,
        [Search("shea butter".into())]
    );
    let id = ProductId::new();
    assert_eq!(
        tap(true, BotStep::Ready, &id.to_string()).answers,
        [Product(id)]
    );
    assert_eq!(
        say(true, BotStep::Ready, "when do you open?").answers,
        [Ask]
    );
    assert_eq!(tap(true, BotStep::Ready, "svc:hours").answers, [Ask]);
    // A button of long ago, or of a template.
    assert_eq!(tap(true, BotStep::Ready, "who knows").answers, [Ask]);
    assert_eq!(
        told(true, BotStep::Ready, &[], &Input::Unreadable).answers,
        [Menu("not-text")]
    );
    assert_eq!(told(true, BotStep::Ready, &[], &Input::Nothing).answers, []);
}

#[test]
fn a_templates_button_that_says_stop_is_an_opt_out_and_ours_is_not() {
    let facts = Facts {
        registered: true,
        name: Some("Amina"),
        languages: &["en".to_owned()],
        handed_over: false,
        owner_talks: false,
        of_an_album: false,
        file: None,
        opt_out_button: false,
        in_scene: false,
        opted_out: false,
    };
    let state = State {
        step: BotStep::Ready,
        ..State::default()
    };
    let tapped = |id: &str, title: &str| {
        let (id, title) = (id.to_owned(), title.to_owned());
        decide(&facts, &state, &Input::Tap { id, title })
    };
    for (id, title) in [
        ("Stop promotions", "Stop promotions"),
        ("promo:stop", "Parar promoções"),
        ("OPT_OUT", "No, thanks"),
        ("", "Arrêter les promotions"),
    ] {
        let decision = tapped(id, title);
        assert_eq!(decision.effects, [Effect::Consent(false)], "{id} {title}");
        assert_eq!(decision.answers, [Text("opted-out")]);
    }
    for (id, title) in [
        ("svc:hours", "Stop"),
        ("menu", "Stop"),
        ("start", "Start"),
        ("yes", "Yes"),
    ] {
        assert!(tapped(id, title).effects.is_empty(), "{id} {title}");
    }
}

#[test]
fn while_the_business_talks_only_wishes_for_the_bot_or_a_person_are_heard() {
    let languages = languages();
    let facts = Facts {
        registered: true,
        name: None,
        languages: &languages,
        handed_over: false,
        owner_talks: true,
        of_an_album: false,
        file: None,
        opt_out_button: false,
        in_scene: false,
        opted_out: false,
    };
    let state = State {
        step: BotStep::Ready,
        ..State::default()
    };
    let heard = |said: &Input| decide(&facts, &state, said);
    let text = |text: &str| heard(&Input::Text(text.into()));
    assert_eq!(text("how much?"), heard(&Input::Form));
    assert!(text("how much?").answers.is_empty());
    assert_eq!(text("stop").effects, [Effect::Consent(false)]);
    assert_eq!(text("agent").effects, [Effect::HandOver(true)]);
    let menu = text("menu");
    assert_eq!(
        (menu.effects, menu.answers),
        (vec![Effect::HandOver(false)], vec![Menu("menu-text")])
    );
}

#[test]
fn what_is_no_question_is_not_answered_with_one() {
    let said = |registered, said: Input| told(registered, BotStep::New, &[], &said).answers;
    for registered in [true, false] {
        assert_eq!(said(registered, Input::Form), [Text("form-received")]);
        assert_eq!(said(registered, Input::Order), [Text("order-received")]);
        let of = || "m".to_owned();
        assert_eq!(said(registered, Input::Deleted { of: of() }), []);
        let text = "hello".into();
        assert_eq!(said(registered, Input::Corrected { of: of(), text }), []);
        assert_eq!(said(registered, Input::Nothing), []);
    }
    assert_eq!(said(true, Input::Kept), [Menu("kept")]);
    assert_eq!(said(true, Input::Opened), [Menu("menu-text")]);
    assert_eq!(said(false, Input::Opened), [Text("hello"), AskName]);
}
