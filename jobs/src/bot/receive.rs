//! Stores an inbound message and carries out the bot's decision, in one transaction.

mod asking;
mod changes;

use std::borrow::Cow;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(super) use self::changes::hand_over;
use super::{
    compose::{self, Speaker},
    decide::{self, Effect, Facts, Input},
    early::apply_early,
    read::{self, Inbound},
    scenes,
    user_ids::{self, Update},
};
use crate::{
    Context, Work,
    channels::{self, Event, WebhookEventId},
    contacts::{self, Contact},
    conversations::{self, Conversation, Held, MessageId, Say, State, Talk},
    endpoints::{Type, announce_in},
    inbox, locale,
    messages::{self, Cause, NewInbound, NewOutbound},
    pools, support, templates,
    workspaces::{self, Workspace},
};

#[derive(Debug, Serialize, Deserialize)]
pub struct Receive {
    pub workspace: WorkspaceId,
    pub event: WebhookEventId,
}

impl Job for Receive {
    type Context = Context;
    const NAME: &'static str = "conversations.receive";
    const POOL: Pool = pools::INTERACTIVE;

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(event) = channels::event(&mut work, self.event).await? else {
            tracing::warn!(event.id = %self.event, "no such event");
            return Ok(());
        };
        let inbound = read::read(&event).map_err(|error| read::unreadable(&error))?;
        let Some(inbound) = inbound else {
            return Ok(());
        };
        let mut exchange = match Exchange::begin(&mut work, ctx, &event, &inbound, job).await? {
            Some(exchange) => exchange,
            // An earlier run has committed.
            None => return Ok(()),
        };
        exchange.answer(&mut work, job, &inbound).await?;
        work.commit().await?;
        kazi_queue::ring(pools::WHATSAPP);
        Ok(())
    }
}

/// Files of one kind within this time of the file before get one answer.
const ALBUM: TimeDelta = TimeDelta::minutes(1);

/// The kind of an album. Pictures and videos share one.
fn album_of(kind: &str) -> &str {
    match kind {
        "video" => "image",
        kind => kind,
    }
}

/// A message and its answers.
struct Exchange<'a> {
    event: &'a Event,
    contact: Contact,
    conversation: Conversation,
    /// The bot's state before the message.
    state: State,
    /// The input. A number is replaced by its choice.
    said: Input,
    message: MessageId,
    now: Timestamp,
    /// The number of answers so far.
    answers: u16,
}

impl<'a> Exchange<'a> {
    /// Stores the message. Returns `None` when an earlier run has stored it.
    async fn begin(
        work: &mut Work,
        ctx: &Context,
        event: &'a Event,
        inbound: &Inbound,
        job: &Running,
    ) -> Result<Option<Self>, JobError> {
        let now = ctx.clock.now();
        let mut contact = contacts::resolve(work, event.channel, &inbound.identity).await?;
        if let Some(to) = &inbound.moved_to {
            let from = &inbound.identity;
            contacts::change_number(work, event.channel, contact.id, from, to).await?;
        }
        if let Some(current) = &inbound.renamed_to {
            let update = Update {
                identity: inbound.identity.clone(),
                current: current.clone(),
                at: inbound.at,
            };
            let at = messages::told_at(inbound.at, event.received_at);
            contact = user_ids::follow(work, event.channel, contact, &update, at).await?;
        }
        let mut peer = inbound.moved_to.clone().unwrap_or(inbound.peer.clone());
        if inbound.identity.user_id.as_ref() == Some(&peer) {
            // A late message by an id that was replaced is answered to the new one.
            peer = contacts::user_now(work, event.channel, contact.id, &peer).await?;
        }
        let conversation = conversations::open(
            work,
            contact.id,
            event.channel,
            &peer,
            (event.received_at, inbound.heard.kind != "system"),
            inbound.heard.said.is_talk(),
        )
        .await?;
        let mut state = conversations::state(work, conversation.id).await?;
        let heard = &inbound.heard;
        let mut body = Cow::Borrowed(heard.body.as_str());
        let mut content = heard.content.clone();
        let mut said = heard.said.clone();
        let with_a_person = conversation.is_with_a_person(event.received_at);
        if let Some(offer) = decide::numbered(&state, with_a_person, &heard.said) {
            // People and models read the meaning of the number.
            content = json!({"id": offer.id, "title": offer.title, "number": heard.body});
            body = Cow::Owned(offer.title.clone());
            said = Input::Tap {
                id: offer.id.clone(),
                title: offer.title.clone(),
            };
        }
        // The event's id always gives the same message id, so a second run is harmless.
        let message = MessageId::derived(event.id.uuid(), 0);
        let new = NewInbound {
            id: message,
            conversation: &conversation,
            kind: &heard.kind,
            body: &body,
            content,
            file: heard.file.as_ref(),
            provider_id: &inbound.provider_id,
            trace: job.trace,
            at: event.received_at,
        };
        if !messages::record_in(work, new).await? {
            return Ok(None);
        }
        let of = (inbound.provider_id.as_str(), true);
        if let Some(early) = apply_early(work, &conversation, &mut state, of).await? {
            said = early.text.map_or(Input::Nothing, Input::Text);
        }
        announce_in(work, Type::MESSAGE_RECEIVED, conversation.id, message).await?;
        Ok(Some(Self {
            event,
            contact,
            conversation,
            state,
            said,
            message,
            now,
            answers: 0,
        }))
    }

    async fn answer(
        &mut self,
        work: &mut Work,
        job: &Running,
        inbound: &Inbound,
    ) -> Result<(), JobError> {
        let in_ticket = self.change(work).await?;
        if self.contact.blocked_at.is_some() {
            return Ok(());
        }
        let workspace = workspaces::get(work).await?;
        let registered = self.contact.registered_at.is_some();
        let name = self.contact.name.clone();
        let facts = Facts {
            registered,
            // For registered contacts it makes no difference.
            opted_out: !registered && contacts::opted_out(work, self.contact.id).await?,
            name: name.as_deref(),
            languages: &workspace.languages,
            // In a suspended workspace the bot is as silent as beside a person.
            handed_over: self.conversation.handed_over || workspace.suspended,
            owner_talks: self.conversation.is_quiet(self.event.received_at),
            opt_out_button: self.is_opt_out_button(work, inbound).await?,
            of_an_album: self.is_of_an_album(inbound),
            file: match (&inbound.heard.file, &self.said) {
                (Some(_), Input::Unreadable) => Some(&inbound.heard.body),
                _ => None,
            },
            in_scene: registered && self.state.scene.is_some(),
        };
        let country = self
            .contact
            .phone
            .as_ref()
            .and_then(kazi_platform::Phone::country);
        let words = match &self.said {
            Input::Text(words) => words.as_str(),
            _ => "",
        };
        if self.contact.language.is_none()
            && let Some(language) = locale::guess(words, country.as_deref(), &workspace.languages)
        {
            let language = language.to_owned();
            self.apply(work, &Effect::Language(language)).await?;
        }
        // The audit log names the customer for what a scene changes.
        work.on_behalf_of(Actor::customer(self.contact.id.uuid()));
        let mut state = self.state.clone();
        if inbound.heard.attached {
            state.attached_at = Some(self.event.received_at);
            state.attached = Some(album_of(&inbound.heard.kind).to_owned());
        }
        let spoken = self.said.clone();
        let mut answer = None;
        for turn in scenes::turns(&facts, &self.state, &spoken) {
            let speaker = self.speaker(&workspace);
            if let Some(reply) = turn.hear(work, &self.talk(&workspace, &speaker)).await? {
                answer = Some((turn.name(), speaker.say(&reply.says), reply.next));
                break;
            }
        }
        if let Some((scene, said, next)) = answer {
            state.scene = next.map(|at| Held {
                name: scene.to_owned(),
                at,
            });
            state.options = said.options.clone().unwrap_or_default();
            self.say(work, &said).await?;
            return self.remember(work, &state).await;
        }
        let decision = decide::decide(&facts, &self.state, &spoken);
        if matches!(spoken, Input::Text(_) | Input::Tap { .. } | Input::Opened) {
            // The scene ends, because the customer talks of something else.
            state.scene = None;
        }
        for effect in &decision.effects {
            self.apply(work, effect).await?;
        }
        let still = facts.handed_over && decision.effects.is_empty();
        let for_a_person = match spoken {
            // The reader of the ticket sees the correction.
            Input::Corrected { .. } => still,
            Input::Order => true,
            _ => (still && spoken.is_talk()) || decision.effects.contains(&Effect::HandOver(true)),
        };
        if for_a_person {
            let body = match &spoken {
                // Perhaps corrected before it came.
                Input::Text(text) => text,
                _ => &inbound.heard.body,
            };
            let words = match body.trim() {
                "" => format!("[{}]", inbound.heard.kind),
                words => words.to_owned(),
            };
            // A conversation that a member sees to needs no ticket.
            let told =
                inbox::tell_assignee(work, &self.conversation, self.event.received_at).await?;
            if !told && !in_ticket {
                let speaker = self.speaker(&workspace);
                let talk = self.talk(&workspace, &speaker);
                support::chat::for_a_person(work, &talk, &words).await?;
            }
        }
        let speaker = self.speaker(&workspace);
        let said = speaker.compose(work, &decision.answers).await?;
        self.say(work, &said).await?;
        if for_a_person {
            let (talk, language) = (&self.conversation, &speaker.language);
            let notice = support::closed_notice(work, talk, language).await?;
            let notice: Vec<Say> = notice.map(Say::Text).into_iter().collect();
            self.say(work, &speaker.say(&notice)).await?;
        }
        state.step = decision.step;
        if said.ask || !said.bodies.is_empty() {
            // A number chooses only from the last answer.
            state.options = said.options.unwrap_or_default();
        }
        if decision.remember {
            state.question = Some(self.message);
        }
        // A customer who taps has said all. One who writes may go on.
        if said.ask && matches!(spoken, Input::Text(_)) {
            self.gather(work, job, &mut state).await?;
        } else if said.ask {
            let earlier = state.gathered.take().map_or_else(Vec::new, |one| one.lines);
            self.ask(work, job, self.message, earlier).await?;
        } else if decision.effects.contains(&Effect::Register)
            && let Some(question) = state.question.take()
        {
            self.ask(work, job, question, Vec::new()).await?;
        }
        self.remember(work, &state).await
    }

    /// Whether the message is a tap on a template's own button for no more offers.
    async fn is_opt_out_button(
        &self,
        work: &mut Work,
        inbound: &Inbound,
    ) -> Result<bool, sqlx::Error> {
        let Input::Tap { title, .. } = &inbound.heard.said else {
            return Ok(false);
        };
        if inbound.heard.kind != "button" {
            return Ok(false);
        }
        let sender = channels::sender(work, self.event.channel).await?;
        let account = sender.and_then(|sender| sender.account).unwrap_or_default();
        templates::is_opt_out(work, &account, title).await
    }

    /// Whether the message has come with others of its kind, which one answer is enough for. During the greeting the
    /// answer to all kinds is the question that waits already.
    fn is_of_an_album(&self, inbound: &Inbound) -> bool {
        let recent = |at| self.event.received_at - at < ALBUM;
        let same = self.state.attached.as_deref() == Some(album_of(&inbound.heard.kind));
        let greeted = self.contact.registered_at.is_some();
        self.state.attached_at.is_some_and(recent) && (same || !greeted)
    }

    fn speaker<'w>(&self, workspace: &'w Workspace) -> Speaker<'w> {
        let language = self.contact.language.clone();
        Speaker {
            workspace,
            kind: self.event.provider,
            language: language.unwrap_or_else(|| workspace.default_language.clone()),
            name: self.contact.name.clone(),
        }
    }

    fn talk<'w>(&'w self, workspace: &'w Workspace, speaker: &'w Speaker<'_>) -> Talk<'w> {
        Talk {
            workspace,
            contact: &self.contact,
            channel: self.event.channel,
            conversation: &self.conversation,
            language: &speaker.language,
            message: self.message,
            now: self.now,
        }
    }

    async fn say(&mut self, work: &mut Work, said: &compose::Composed) -> Result<(), JobError> {
        for body in &said.bodies {
            self.answers += 1;
            let new = NewOutbound {
                id: MessageId::derived(self.message.uuid(), self.answers),
                conversation: &self.conversation,
                body,
                cause: Cause::Bot,
                at: self.now,
            };
            messages::queue_out(work, &new).await?;
        }
        Ok(())
    }

    async fn remember(&self, work: &mut Work, state: &State) -> Result<(), JobError> {
        if *state != self.state {
            conversations::set_state(work, self.conversation.id, state).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
