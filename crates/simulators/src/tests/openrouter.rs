//! OpenRouter: answers from the context only, and the provider's refusals.

use kazi_clients::openrouter::{
    Completion, Embedding, Error, Message, NoTool, Privacy, Request, Tool, ToolCall,
};

use super::*;
use crate::Fault;

const CONTEXT: &str = "You are the assistant of a shop. Answer in French. Open questions go to a person.\n\
    Context:\n- We are open from 9:00 to 18:00, Monday to Friday.\n- Delivery in Haifa costs 15 ILS.\n\
    - Ceramic mug (12.50 EUR), in stock: A mug of 300 ml.\n- डिलीवरी तीन दिन में होती है।";

fn request(system: &str, question: &str, max_tokens: u32) -> Request {
    Request {
        models: vec!["vendor/small".into(), "vendor/large".into()],
        messages: vec![
            Message::turn("system", system),
            Message::turn("user", "Hi"),
            Message::turn("assistant", "Hi"),
            Message::turn("user", question),
        ],
        max_tokens,
        temperature: 0.2,
        provider: Privacy::default(),
        tools: Vec::new(),
        tool_choice: None,
    }
}

async fn ask(scene: &Scene, question: &str) -> Completion {
    scene
        .openrouter(KEY)
        .complete(&request(CONTEXT, question, 200))
        .await
        .unwrap()
}

#[tokio::test]
async fn answers_stand_in_the_context() {
    let scene = Scene::new().await;
    for (question, answer) in [
        (
            "When do you open?",
            "We are open from 9:00 to 18:00, Monday to Friday.",
        ),
        (
            "How much is delivery to Haifa?",
            "Delivery in Haifa costs 15 ILS.",
        ),
        (
            "do you have mugs",
            "Ceramic mug (12.50 EUR), in stock: A mug of 300 ml.",
        ),
        ("डिलीवरी कितने दिन में?", "डिलीवरी तीन दिन में होती है।"),
        (
            "Do you sell bicycles?",
            "Je ne sais pas. Rien de ce que j'ai reçu ne répond à cette question.",
        ),
    ] {
        let first = ask(&scene, question).await;
        assert_eq!(first.text, answer, "{question}");
        assert_eq!(ask(&scene, question).await.text, answer, "again");
        assert_eq!(first.model, "vendor/small");
        assert!(first.usage.prompt_tokens > 50 && first.usage.completion_tokens > 5);
        assert!(first.usage.cost > 0.0);
    }
    let asked = request("You know nothing.", "Où est ma commande ?", 200);
    let unknown = scene.openrouter(KEY).complete(&asked).await.unwrap();
    assert_eq!(
        unknown.text,
        "I do not know. Nothing that I was given answers this."
    );
}

#[tokio::test]
async fn a_request_is_refused_as_openrouter_refuses_it() {
    let scene = Scene::new().await;
    let client = scene.openrouter(KEY);
    assert_eq!(client.key().await.unwrap().limit_remaining, Some(100.0));
    let fine = request(CONTEXT, "Hi", 200);
    let wrong = scene.openrouter("wrong");
    let refused = wrong.complete(&fine).await.unwrap_err().error;
    assert!(matches!(refused, Error::Credential));
    let long = request(&"many words ".repeat(60_000), "Hi", 200);
    let refused = client.complete(&long).await.unwrap_err().error;
    assert!(matches!(refused, Error::BadRequest(text) if text.contains("context length")));
    let mut odd = fine.clone();
    odd.models = vec!["gpt".into()];
    let refused = client.complete(&odd).await.unwrap_err().error;
    assert!(matches!(refused, Error::BadRequest(_)));
    for (status, retry_after) in [(402, None), (429, Some(9)), (502, None)] {
        let fault = Fault {
            status: Some(status),
            retry_after,
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        };
        scene.sim.fault(fault);
        let error = client.complete(&fine).await.unwrap_err().error;
        match (status, &error) {
            (402, Error::NoCredit) | (502, Error::Unavailable(502)) => {}
            (429, Error::Busy { retry_after, .. }) => {
                assert_eq!(*retry_after, Some(Duration::from_secs(9)))
            }
            _ => panic!("{status}: {error}"),
        }
    }
    // An answer with status 200 that carries an error.
    let body = serde_json::json!({"error": {"code": 403, "message": "flagged"}});
    scene.sim.fault(Fault {
        body: Some(body),
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    });
    let refused = client.complete(&fine).await.unwrap_err().error;
    assert!(matches!(refused, Error::Moderated));
    let ledger = serde_json::to_string(&scene.sim.ledger(Service::OpenRouter)).unwrap();
    assert!(!ledger.contains(KEY));
}

#[tokio::test]
async fn instructions_are_not_taken_for_facts() {
    let scene = Scene::new().await;
    let known = |passages: &str| {
        format!(
            "You help the customers of a shop.\n\nUse only what is written below about the business. Offer the menu.\n\
             {passages}\n\nAnswer in Español, in at most five short sentences."
        )
    };
    let unknown = "No lo sé. Nada de lo que tengo responde a esta pregunta.";
    let passages =
        "\n- Returns\nYou may return anything within 30 days.\n- Parking is free, see below.";
    for (passages, question, answer) in [
        (
            passages,
            "Within how many days may I return it?",
            "You may return anything within 30 days.",
        ),
        (passages, "Is there parking?", "Parking is free, see below."),
        (
            passages,
            "What does the menu of the business say in five sentences?",
            unknown,
        ),
        ("", "Do you help customers of a business?", unknown),
    ] {
        let asked = request(&known(passages), question, 200);
        let completion = scene.openrouter(KEY).complete(&asked).await.unwrap();
        assert_eq!(completion.text, answer, "{question}");
    }
}

/// A request that offers two tools.
fn with_tools(question: &str) -> Request {
    let schema = || serde_json::json!({"type": "object", "properties": {}});
    Request {
        tools: vec![
            Tool::new("show_cart", "Shows the cart.", schema()),
            Tool::new("order_status", "Tells of orders.", schema()),
        ],
        ..request(CONTEXT, question, 200)
    }
}

#[tokio::test]
async fn tools_are_called_in_parallel_and_their_results_are_told() {
    let scene = Scene::new().await;
    let client = scene.openrouter(KEY);
    let mut asked = with_tools("What is in my cart, and where is my order?");
    let called = client.complete(&asked).await.unwrap();
    let names: Vec<&str> = called.calls.iter().map(|call| call.name.as_str()).collect();
    assert_eq!(
        (names, called.text.as_str()),
        (vec!["show_cart", "order_status"], "")
    );
    assert!(called.usage.cost > 0.0);
    asked.messages.push(Message::calls(&called.calls));
    let half = Message::result(&called.calls[0], "{\"total\": \"5 USD\"}");
    asked.messages.push(half);
    let refused = client.complete(&asked).await.unwrap_err().error;
    assert!(
        matches!(refused, Error::BadRequest(_)),
        "a call without its result: {refused}"
    );
    let rest = Message::result(&called.calls[1], "{\"order_id\": 7, \"status\": \"paid\"}");
    asked.messages.push(rest);
    let told = client.complete(&asked).await.unwrap();
    assert_eq!((told.text.as_str(), told.calls.len()), ("status: paid", 0));
}

#[tokio::test]
async fn tools_are_called_only_when_they_are_offered_and_wanted() {
    let scene = Scene::new().await;
    let client = scene.openrouter(KEY);
    let called = |said: Completion| (said.calls.len(), said.text.is_empty());
    let open = client.complete(&with_tools("When do you open?")).await;
    assert_eq!(called(open.unwrap()), (0, false));
    let none = Request {
        tool_choice: Some(NoTool::None),
        ..with_tools("What is in my cart?")
    };
    assert_eq!(called(client.complete(&none).await.unwrap()), (0, false));
    let not_offered = client
        .complete(&request(CONTEXT, "What is in my cart?", 200))
        .await;
    assert_eq!(called(not_offered.unwrap()), (0, false));
    // A script.
    scene
        .sim
        .fault(Fault::calling(&[("show_cart", "{"), ("unheard_of", "")]));
    let said = client.complete(&with_tools("Hm")).await.unwrap();
    let calls: Vec<(&str, &str)> = said
        .calls
        .iter()
        .map(|call| (call.name.as_str(), call.arguments.as_str()))
        .collect();
    assert_eq!(calls, [("show_cart", "{"), ("unheard_of", "")]);
    // Calls that nobody has offered are no answer.
    scene.sim.fault(Fault::calling(&[("show_cart", "{}")]));
    let unasked = client.complete(&request(CONTEXT, "Hm", 200)).await;
    assert!(matches!(unasked.unwrap_err().error, Error::Empty));
    // A result without a call, and a tool with a bad name.
    let mut alone = with_tools("Hm");
    let call = ToolCall {
        id: "call_1".into(),
        name: "show_cart".into(),
        arguments: String::new(),
    };
    alone.messages.push(Message::result(&call, "{}"));
    let mut bad = with_tools("Hm");
    bad.tools.push(Tool::new(
        "show cart",
        "",
        serde_json::json!({"type": "object"}),
    ));
    for wrong in [alone, bad] {
        let refused = client.complete(&wrong).await.unwrap_err().error;
        assert!(matches!(refused, Error::BadRequest(_)), "{refused}");
    }
}

#[tokio::test]
async fn texts_that_are_alike_have_vectors_that_are_near() {
    let scene = Scene::new().await;
    let client = scene.openrouter(KEY);
    let request = |input: &[&str]| Embedding {
        model: "vendor/vectors".into(),
        input: input.iter().map(|text| (*text).to_owned()).collect(),
        dimensions: 256,
        provider: Privacy::default(),
    };
    let texts = [
        "Parking: customers park behind the house",
        "where can I park my car?",
        "Who won the football match?",
        "Où se garer derrière la maison ?",
    ];
    let done = client.embed(&request(&texts)).await.unwrap();
    let near = |a: usize, b: usize| -> f32 {
        let pairs = done.vectors[a].iter().zip(&done.vectors[b]);
        pairs.map(|(a, b)| a * b).sum()
    };
    assert!(done.vectors.iter().all(|vector| vector.len() == 256));
    assert!((near(0, 0) - 1.0).abs() < 1e-5);
    assert!(near(0, 1) > 0.3 && near(0, 1) > near(0, 2) + 0.2 && near(0, 1) > near(0, 3));
    assert_eq!(done.model.as_deref(), Some("vendor/vectors"));
    assert!(done.usage.prompt_tokens > 10 && done.usage.cost > 0.0);
    let again = client.embed(&request(&texts)).await.unwrap();
    assert_eq!(again.vectors, done.vectors);

    let nameless = Embedding {
        model: "vectors".into(),
        ..request(&texts)
    };
    let wide = Embedding {
        dimensions: 5_000,
        ..request(&texts)
    };
    for refused in [request(&[]), request(&["a", ""]), nameless, wide] {
        let error = client.embed(&refused).await.unwrap_err().error;
        assert!(matches!(error, Error::BadRequest(_)), "{error}");
    }
    let stranger = scene.openrouter("other").embed(&request(&texts)).await;
    assert!(matches!(stranger.unwrap_err().error, Error::Credential));
}
