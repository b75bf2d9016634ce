//! Finds a way to reach a contact: the channel, the conversation, and whether any text may be sent there or only a
//! template.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use chrono::TimeDelta;
use kazi_platform::{Phone, Timestamp};

use super::{Conversation, store};
use crate::{
    Work,
    channels::{self, ChannelId, ChannelKind, Sender},
    contacts::{self, Contact, ContactId},
    templates::takes_no_marketing,
};

/// Time after a customer's message in which any text may be sent: 24 hours (Meta, "Customer service windows"), less the
/// time that a message may wait in the queue.
const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 10);

#[derive(Clone, Debug)]
pub struct Reach {
    pub conversation: Conversation,
    pub sender: Sender,
    /// Any text may be sent. Otherwise only a template.
    pub open: bool,
}

impl Reach {
    /// Returns true for a way over which no template of marketing goes: see [`takes_no_marketing`].
    pub fn takes_no_marketing(&self) -> bool {
        let peer = &self.conversation.peer;
        let phone = contacts::phone_of_chat(peer);
        let address = phone.as_ref().map_or(peer.as_str(), Phone::as_str);
        takes_no_marketing(self.sender.kind, address)
    }
}

/// Finds the way to a contact: over the given channel, or else over the channel of the contact's last message, or else
/// over the first channel that can use the phone. Begins the conversation if there is none, and locks it until the
/// transaction ends. Returns `None` when there is no way.
pub async fn reach(
    work: &mut Work,
    contact: &Contact,
    channel: Option<ChannelId>,
) -> Result<Option<Reach>, sqlx::Error> {
    let mut all = reach_each(work, &[(contact, channel)]).await?;
    Ok(all.pop().flatten())
}

/// Like [`reach`], for several contacts with a channel for each, in their order, with a few statements for all.
pub async fn reach_each(
    work: &mut Work,
    wanted: &[(&Contact, Option<ChannelId>)],
) -> Result<Vec<Option<Reach>>, sqlx::Error> {
    let ids: Vec<ContactId> = wanted.iter().map(|(contact, _)| contact.id).collect();
    let chats = contacts::chats_of(work, &ids).await?;
    let by_phone = wanted
        .iter()
        .any(|(contact, channel)| channel.is_none() && contact.phone.is_some());
    let active = match by_phone {
        true => channels::active(work).await?,
        false => Vec::new(),
    };
    let mut senders: HashMap<ChannelId, Option<Sender>> = HashMap::new();
    // Sorted, so that two transactions that lock the same conversations wait for each other and do not deadlock.
    let mut peers: BTreeMap<(ChannelId, ContactId), String> = BTreeMap::new();
    let mut ways = Vec::with_capacity(wanted.len());
    for (contact, channel) in wanted {
        let chats = chats.get(&contact.id).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<ChannelId> = match channel {
            Some(channel) => vec![*channel],
            None if contact.phone.is_some() => {
                let known = chats.iter().map(|(channel, _)| channel);
                known.chain(&active).copied().collect()
            }
            None => chats.iter().map(|(channel, _)| *channel).collect(),
        };
        let mut way = None;
        for candidate in candidates {
            let sender = match senders.entry(candidate) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(channels::sender(work, candidate).await?),
            };
            // A requested channel is used even while it is paused: the message waits.
            let usable = sender.as_ref();
            let usable = usable.filter(|sender| sender.active || channel.is_some());
            let peer = usable.and_then(|sender| peer(sender, chats, contact.phone.as_ref()));
            if let Some(peer) = peer {
                peers.insert((candidate, contact.id), peer);
                way = Some((candidate, contact.id));
                break;
            }
        }
        ways.push(way);
    }
    let found = store::reach(work, &peers).await?;
    Ok(ways
        .into_iter()
        .map(|way| {
            let (channel, contact) = way?;
            let sender = senders.get(&channel)?.clone()?;
            let (conversation, last_inbound_at) = found.get(&(channel, contact))?.clone();
            let open = is_open(&sender, last_inbound_at, work.now());
            Some(Reach {
                conversation,
                sender,
                open,
            })
        })
        .collect())
}

/// How a channel calls somebody with these chats: by the number as the provider writes it, which may be an older one, else
/// by the phone, else by the user id of one who shows no number. `None` where it cannot.
pub fn peer(
    sender: &Sender,
    chats: &[(ChannelId, String)],
    phone: Option<&Phone>,
) -> Option<String> {
    let mut theirs = chats
        .iter()
        .filter(|(there, _)| *there == sender.id)
        .map(|(_, name)| name);
    let hidden = theirs.clone().next();
    let number = theirs.find(|name| contacts::phone_of_chat(name).is_some());
    let by_phone = || {
        let digits = phone?.wa_id();
        Some(match sender.kind {
            ChannelKind::WhatsApp => digits.to_owned(),
            ChannelKind::GreenApi => format!("{digits}@c.us"),
        })
    };
    number
        .cloned()
        .or_else(by_phone)
        .or_else(|| hidden.cloned())
}

/// Finds the ways to many contacts over one channel, in their order. Each contact comes with the channel's name for it.
/// Begins missing conversations. A contact whose conversation is closed at this moment is left out.
pub async fn reach_all(
    work: &mut Work,
    sender: &Sender,
    contacts: &[(ContactId, String)],
) -> Result<Vec<Reach>, sqlx::Error> {
    let found = store::reach_all(work, sender.id, contacts).await?;
    Ok(found
        .into_iter()
        .map(|(conversation, last_inbound_at)| Reach {
            conversation,
            sender: sender.clone(),
            open: is_open(sender, last_inbound_at, work.now()),
        })
        .collect())
}

/// Returns true when any text may be sent, and not only a template.
fn is_open(sender: &Sender, last_inbound_at: Option<Timestamp>, now: Timestamp) -> bool {
    sender.kind != ChannelKind::WhatsApp || last_inbound_at.is_some_and(|at| now - at < WINDOW)
}
