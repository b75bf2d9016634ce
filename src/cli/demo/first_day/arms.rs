//! A campaign that tried two ways to say it, and whose winner went to the others.

use kazi_clients::http;
use serde_json::{Value, json};

use super::{
    Place,
    member::{Member, text},
    until,
};
use crate::{CliError, cli::demo::business::templates::SEASON};

const BY_NAME: &str = "By name";
const NEIGHBOUR: &str = "Neighbour";
/// Of so many who get an arm, one clicks.
const CLICKS_ONE_OF: [(&str, usize); 2] = [(BY_NAME, 2), (NEIGHBOUR, 8)];

pub async fn compare(owner: &Member, place: &Place<'_>) -> Result<(), CliError> {
    let channels = owner.list("channels").await?;
    let mut channels = channels.iter();
    let channel = channels.find(|channel| channel["kind"] == "whatsapp");
    let channel = channel.ok_or("there is no channel for WhatsApp")?;
    let link = json!({"link": {"url": "https://zuri.example/season"}});
    let says =
        |first: Value| json!({"kind": "template", "name": SEASON, "parameters": [first, link]});
    let name = json!({"field": {"name": "first_name", "fallback": "neighbour"}});
    let arms = json!([
        {"name": BY_NAME, "percent": 50},
        {"name": NEIGHBOUR, "percent": 50, "content": says(json!({"text": "neighbour"}))},
    ]);
    let campaign = json!({
        "name": "New season: with or without a name", "channel_id": channel["id"], "content": says(name),
        "audience": {"tags_any": ["vip"]},
        "experiment": {"arms": arms, "test_percent": 70, "holdout_percent": 15, "metric": "click",
                       "decide_after_hours": 24, "choice": "member"},
    });
    let campaign = text(&owner.post("messaging/campaigns", campaign).await?, "id")?;
    let path = format!("messaging/campaigns/{campaign}");
    owner.act(&format!("{path}/send")).await?;
    until("the end of a test", async || {
        let state = &owner.get(&path).await?["experiment_state"];
        Ok((!state["test_sent_at"].is_null()).then_some(()))
    })
    .await?;
    let recipients = owner.list(&format!("{path}/recipients?limit=100")).await?;
    for (arm, one_of) in CLICKS_ONE_OF {
        let got = recipients.iter().filter(|one| one["arm"] == arm);
        for one in got.step_by(one_of) {
            click(&one["parameters"][1], place).await?;
        }
    }
    let winner = json!({"arm": BY_NAME});
    owner
        .post(&format!("{path}/experiment/winner"), winner)
        .await?;
    until("the end of a campaign", async || {
        let campaign = owner.get(&path).await?;
        Ok((campaign["status"] == "completed").then_some(()))
    })
    .await
}

/// Follows a link as a browser does.
async fn click(link: &Value, place: &Place<'_>) -> Result<(), CliError> {
    let link = link.as_str().ok_or("a recipient has no link")?;
    let path = link.find("/l/").and_then(|at| link.get(at..));
    let path = path.ok_or("a recipient has no link")?;
    let browser = http::client()?.get(format!("{}{path}", place.own));
    let answer = browser.header("user-agent", "Mozilla/5.0").send().await?;
    match answer.status().as_u16() {
        302 => Ok(()),
        other => Err(format!("a link answers {other}").into()),
    }
}
