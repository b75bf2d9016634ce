//! News on three topics: a dozen new articles each day, so that there is always something to read.

use chrono::TimeDelta;
use kazi_jobs::{
    Work,
    catalog::{self, Text},
    news::{self, NewArticle, NewArticles},
};

use crate::CliError;

/// Topic, headline, text.
const ARTICLES: [(&str, &str, &str); 12] = [
    (
        "local",
        "A second ferry for the morning",
        "The county has bought a second ferry. From Monday it leaves every twenty minutes between six and ten. The old one keeps the evening hours. Drivers had waited for up to an hour last month, and the queue reached the fish market. The county says that fares stay as they are until the end of the year.",
    ),
    (
        "local",
        "The night market stays open longer",
        "The night market on Biashara Street may now stay open until eleven. Traders had asked for it since spring. The street gets forty new lamps first, and a post where the police can be found. Neighbours will be asked again in three months whether they can sleep.",
    ),
    (
        "local",
        "New trees for the river walk",
        "Six hundred young trees were planted along the river on Saturday. Schools look after one stretch each. The city promises water for the first two dry seasons, which is when most of the last ones died. Anyone may adopt a tree and put a name on it.",
    ),
    (
        "local",
        "Library opens a room for small businesses",
        "The central library has opened a room with printers, quiet desks and somebody who knows the tax forms. It costs nothing for the first two hours a day. On the first morning all twelve places were taken before nine.",
    ),
    (
        "sports",
        "Late goal wins the derby",
        "A header in the last minute decided the derby. Forty thousand people had come, and most had begun to leave. The coach called it luck; the scorer called it Tuesday's training. The team is now second, two points behind, with a match in hand.",
    ),
    (
        "sports",
        "A marathon record falls by nine seconds",
        "In cool rain the course record fell by nine seconds. The winner ran alone for the last eight kilometres. She said that she had looked at her watch once, at the bridge, and then decided not to look again. Three of the first five train in the same village.",
    ),
    (
        "sports",
        "Volleyball team goes to the finals",
        "In five sets the women's volleyball team has reached the finals. They were two sets behind and saved four match points. The final is on Sunday at four; the last seats are sold at the gate.",
    ),
    (
        "sports",
        "Chess in the park every Friday",
        "From this week on there are boards in the park every Friday from five. Beginners get a teacher for an hour. The club has lost its room and has decided that the weather is good enough.",
    ),
    (
        "business",
        "Coffee prices rise for the third week",
        "Coffee has become dearer for the third week in a row. Rain came late in two of the large growing countries. Roasters here have bought ahead until June, so cafés expect to keep their prices for now. Farmers get a little more, though most had sold before the rise.",
    ),
    (
        "business",
        "Mobile payments get cheaper",
        "Two of the three large networks have cut what a small payment costs by half. The third says that it is thinking. Shops had complained that on a loaf of bread the fee was more than the profit. The regulator wants to look at it again in autumn.",
    ),
    (
        "business",
        "A maker of solar lamps hires two hundred",
        "A maker of solar lamps opens a second line and hires two hundred people. Orders from hospitals have doubled within a year. Half of the places are for people without a certificate, who are trained for three months on full pay.",
    ),
    (
        "business",
        "Market halls report a good month",
        "The market halls sold a tenth more than in the same month of last year. Vegetables and second-hand phones did best. Cloth did worst, which traders put down to the new shop by the station.",
    ),
];

/// Adds the news to the menu, and creates the articles of today.
pub async fn make(work: &mut Work) -> Result<(), CliError> {
    let titles = [
        ("en", "📰 News"),
        ("fr", "📰 Infos"),
        ("es", "📰 Noticias"),
        ("pt", "📰 Notícias"),
        ("ar", "📰 الأخبار"),
        ("hi", "📰 समाचार"),
    ];
    let titles =
        Text::from(titles.map(|(language, title)| (language.to_owned(), title.to_owned())));
    catalog::add_menu_item(work, "news", 70, &titles, &Text::new()).await?;
    let day = work.now().date_naive();
    let articles = ARTICLES
        .iter()
        .enumerate()
        .map(|(index, (topic, title, body))| {
            let hours = i64::try_from(index).unwrap_or_default();
            NewArticle {
                external_id: Some(format!("demo-{day}-{index}")),
                title: (*title).to_owned(),
                body: (*body).to_owned(),
                url: format!("https://news.example/{day}/{index}"),
                image_url: None,
                source: Some("The Island Post".into()),
                author: None,
                language: Some("en".into()),
                topics: vec![(*topic).to_owned()],
                breaking: false,
                published_at: Some(work.now() - TimeDelta::hours(hours)),
            }
        });
    let new = NewArticles {
        articles: articles.collect(),
    };
    news::create_articles(work, new).await?;
    Ok(())
}
