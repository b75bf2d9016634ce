//! What the customer gets instead of a model's answer.

use kazi_queue::JobError;

use super::{Asked, Reply, rounds::shown};
use crate::{
    Context, Work,
    ai::{self, Call},
    bot::{compose::Composed, decide::Answer, question::Question},
    messages::Cause,
};

impl Reply {
    /// Says that nothing in the knowledge answers the question, and logs what was found.
    pub(super) async fn refuse(
        &self,
        ctx: &Context,
        asked: &Asked,
        call: Call<'_>,
    ) -> Result<(), JobError> {
        let call = Call {
            conversation: Some(self.conversation),
            purpose: "reply",
            ..call
        };
        ai::count(&call);
        let answer = self.above_menu(ctx, asked, "ai-unknown").await?;
        self.write(ctx, asked, &answer, Cause::Bot, Some(&call))
            .await
    }

    /// What tools show the customer, or else the menu and the way to a person.
    pub(super) async fn without_a_model(
        &self,
        ctx: &Context,
        asked: &Asked,
        question: &Question,
    ) -> Result<Composed, JobError> {
        let says = shown(&question.rounds);
        if says.is_empty() {
            return self.menu(ctx, asked).await;
        }
        Ok(asked.speaker().say(&says))
    }

    /// The menu and the way to a person, in place of an answer.
    pub(super) async fn menu(&self, ctx: &Context, asked: &Asked) -> Result<Composed, JobError> {
        metrics::counter!("kazi_ai_fallbacks_total").increment(1);
        self.above_menu(ctx, asked, "ai-unavailable").await
    }

    /// A text, the menu and the way to a person.
    async fn above_menu(
        &self,
        ctx: &Context,
        asked: &Asked,
        text: &'static str,
    ) -> Result<Composed, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let menu = [Answer::Menu(text)];
        Ok(asked.speaker().compose(&mut work, &menu).await?)
    }
}
