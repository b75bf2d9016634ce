//! An Instagram account and a Facebook page, with something to post.

use kazi_jobs::{
    Work,
    social::{self, ConnectAccount, Media, NewContent},
};
use kazi_queue::trace::TraceId;
use kazi_simulators::{GraphAccount, Network};

use crate::{CliError, runtime::Runtime};

/// The accounts, for the simulated networks.
const ACCOUNTS: [(Network, social::Network, &str, &str); 2] = [
    (
        Network::Instagram,
        social::Network::Instagram,
        "17841400000000001",
        "zuri.market",
    ),
    (
        Network::Facebook,
        social::Network::Facebook,
        "104600000000001",
        "Mama Zuri Market",
    ),
];

/// Creates or finds them. The accounts get new tokens at each start.
pub async fn make(runtime: &Runtime, work: &mut Work) -> Result<Vec<GraphAccount>, CliError> {
    let ctx = &runtime.ctx;
    let mut made = Vec::new();
    for (simulated, network, id, name) in ACCOUNTS {
        let token = TraceId::random().to_string();
        let new = ConnectAccount {
            network,
            external_id: id.to_owned(),
            token: token.clone().into(),
            token_expires_at: None,
        };
        social::put_account(work, ctx, &new, name).await?;
        made.push(GraphAccount {
            network: simulated,
            id: id.to_owned(),
            name: name.to_owned(),
            token,
            daily_limit: 100,
        });
    }
    if social::contents(work, None, 1).await?.is_empty() {
        let new = NewContent {
            text: "Fresh tea from Kericho is in. Order over WhatsApp, and we bring it to your door. #tea #nairobi".into(),
            media: vec![Media {
                url: "https://zuri.example/images/tea.jpg".into(),
                alt: Some("A packet of tea on a wooden table".into()),
                media_id: None,
                mime: None,
            }],
            variants: [(
                social::Network::Instagram,
                "Fresh tea from Kericho! Write to us on WhatsApp. #tea #kericho #nairobi".to_owned(),
            )]
            .into(),
        };
        social::create_content(work, new).await?;
    }
    Ok(made)
}
