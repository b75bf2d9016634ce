//! A model helps a customer to book, and the customer books.

use kazi_simulators::{Fault, Line};

use super::{chat::tap, *};
use crate::channels::ChannelKind;

async fn says(salon: &Salon, text: &str) -> Line {
    salon.shop.hear(text, text).await;
    salon.shop.drain().await;
    let lines = salon.shop.phone(ChannelKind::WhatsApp).transcript();
    let mut lines = lines.into_iter();
    lines.rfind(|line| line.direction == "in").unwrap()
}

async fn greeted() -> Salon {
    let salon = Salon::open().await;
    says(&salon, "Amina").await;
    says(&salon, "English").await;
    salon
}

async fn booked(salon: &Salon) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM bookings")
        .fetch_one(&salon.shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_model_finds_a_time_and_the_customer_confirms_it() {
    let salon = greeted().await;
    let asked = says(&salon, "Please book a haircut for me").await;
    assert_eq!(booked(&salon).await, 0);
    let yes = asked
        .buttons
        .iter()
        .find(|one| one.id.starts_with("book:yes:"));
    let yes = yes.unwrap_or_else(|| panic!("{asked:?}")).id.clone();
    assert!(
        asked.text.contains("Haircut with Wanjiru"),
        "{}",
        asked.text
    );
    let done = tap(&salon, &yes).await;
    assert!(done.text.starts_with("✅ Booked"), "{}", done.text);
    assert_eq!(booked(&salon).await, 1);
    // Services, times, the question, the answer.
    assert_eq!(salon.shop.sent(Service::OpenRouter).len(), 4);
}

#[tokio::test]
async fn a_model_reads_the_hours_and_asks_for_no_time_that_is_taken() {
    let salon = greeted().await;
    let taken = salon.ahead(30);
    salon.book(taken).await;
    let with = json!({
        "offering_id": salon.offering.id, "staff_id": salon.staff.id, "starts_at": taken.to_rfc3339(),
    });
    let day = json!({
        "offering_id": salon.offering.id, "staff_id": salon.staff.id, "day": taken.date_naive(),
    });
    salon.shop.providers.fault(Fault::calling(&[
        ("opening_hours", "{}"),
        ("ask_to_book", &with.to_string()),
        ("free_times", &day.to_string()),
    ]));
    says(&salon, "I come then").await;
    let request = salon.shop.sent(Service::OpenRouter).pop().unwrap().body;
    let results = request["messages"].as_array().unwrap().iter();
    let results: Vec<Value> = results
        .filter(|message| message["role"] == "tool")
        .map(|result| serde_json::from_str(result["content"].as_str().unwrap()).unwrap())
        .collect();
    let [hours, refused, times] = &results[..] else {
        panic!("{results:?}")
    };
    assert_eq!(hours["bookable"][0]["week"]["Monday"][0], "00:00–24:00");
    assert!(
        refused["error"].as_str().unwrap().contains("not free"),
        "{refused}"
    );
    let times = times["free_times"].as_array().unwrap();
    assert_eq!(times.len(), 20);
    assert_eq!(booked(&salon).await, 1);
}
