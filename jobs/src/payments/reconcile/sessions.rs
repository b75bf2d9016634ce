//! Compares Stripe's sessions with the payments, and settles those that have moved at Stripe.

use std::collections::HashMap;

use chrono::TimeDelta;
use kazi_clients::stripe::{Error, Session, SessionStatus};
use serde_json::json;
use uuid::Uuid;

use super::{BATCH, LATE, Look, ReconcileError};
use crate::{
    Work,
    payments::{
        Cause, PaymentId, Status,
        apply_event::{apply_session, complete, fetch},
        settle::{self, has_paid},
        store::{self, Known},
    },
};

/// The longest life of a session, and a little more: a session from before the window may have been paid within it.
const SESSION_LIVES: TimeDelta = TimeDelta::hours(25);

impl Look<'_> {
    /// Settles the sessions that have moved further at Stripe than here.
    pub(super) async fn sessions(&mut self) -> Result<(), ReconcileError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.page(SESSION_LIVES, after.as_deref());
            let list = self.stripe.sessions(&page).await?;
            self.tally.sessions += i32::try_from(list.data.len()).unwrap_or(i32::MAX);
            let ids: Vec<Uuid> = list
                .data
                .iter()
                .filter_map(ours)
                .map(PaymentId::uuid)
                .collect();
            let mut work = Work::of(self.ctx, self.desk.workspace).await?;
            let known = store::known(&mut work, &ids).await?;
            drop(work);
            let known: HashMap<PaymentId, Known> =
                known.into_iter().map(|known| (known.id, known)).collect();
            after = list.data.last().map(|session| session.id.clone());
            let more = list.has_more && after.is_some();
            for session in list.data {
                let known = ours(&session).and_then(|id| known.get(&id));
                if is_behind(known, &session) {
                    self.bring_up(session).await?;
                }
            }
            if !more {
                return Ok(());
            }
        }
    }

    async fn bring_up(&mut self, session: Session) -> Result<(), ReconcileError> {
        let (id, payment) = (session.id.clone(), ours(&session));
        let fetched = complete(self.stripe, session).await?;
        let mut work = Work::of(self.ctx, self.desk.workspace).await?;
        match apply_session(&mut work, self.desk, &fetched).await? {
            Some(true) => {
                self.tally.repaired += 1;
                let detail = json!({"session": id});
                self.found(&mut work, Cause::Behind, &id, payment, &detail)
                    .await?;
            }
            Some(false) => {}
            None => self.tally.differences += 1,
        }
        Ok(work.commit().await?)
    }

    /// Settles payments past their time that no list contained.
    pub(super) async fn overdue(&mut self) -> Result<(), ReconcileError> {
        let mut after = Uuid::nil();
        loop {
            let mut work = Work::of(self.ctx, self.desk.workspace).await?;
            let (workspace, account) = (self.desk.workspace, self.desk.account);
            let before = self.until - LATE;
            let page = store::overdue(&mut work, account, before, after, BATCH).await?;
            drop(work);
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = last.uuid();
            for (payment, session) in page {
                let fetched = match fetch(self.stripe, &session).await {
                    Ok(fetched) => fetched,
                    Err(Error::Refused(refusal)) if refusal.is_missing() => {
                        let mut work = Work::of(self.ctx, workspace).await?;
                        let detail = json!({"session": session});
                        let cause = Cause::MissingAtStripe;
                        self.found(&mut work, cause, &session, Some(payment), &detail)
                            .await?;
                        settle::give_up(&mut work, payment).await?;
                        work.commit().await?;
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                };
                let mut work = Work::of(self.ctx, workspace).await?;
                if apply_session(&mut work, self.desk, &fetched).await? == Some(true) {
                    self.tally.repaired += 1;
                    let detail = json!({"session": session});
                    self.found(&mut work, Cause::Behind, &session, Some(payment), &detail)
                        .await?;
                }
                work.commit().await?;
            }
        }
    }
}

fn ours(session: &Session) -> Option<PaymentId> {
    session.client_reference_id.as_deref()?.parse().ok()
}

/// Returns true when settling would change something.
fn is_behind(known: Option<&Known>, session: &Session) -> bool {
    let paid = has_paid(session);
    let Some(known) = known else {
        return paid;
    };
    if known.session.as_ref() != Some(&session.id) {
        // A second session, or one whose answer was lost.
        return known.session.is_none() || session.status != SessionStatus::Expired;
    }
    match session.status {
        _ if paid => !known.received,
        SessionStatus::Open => known.status == Status::Requested,
        _ => known.status.waits(),
    }
}
